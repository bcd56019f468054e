package grades

import (
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"
)

func TestParseScore(t *testing.T) {
	for _, c := range []struct {
		text string
		want Score // millionths
	}{
		{"0", 0}, {"-0", 0}, {"91.5", 91_500_000}, {"-5", -5_000_000}, {"35.998", 35_998_000},
		{"0.000001", 1}, {"1000000", 1_000_000_000_000}, {"-1000000.000000", -1_000_000_000_000},
		{"1e3", 1_000_000_000}, {"9.15E+1", 91_500_000}, {"1000e-9", 1}, {"0.0000010", 1}, {"007", 7_000_000},
		{".5", 500_000}, {"5.", 5_000_000}, {"0e999999999999999999999", 0}, {strings.Repeat("0", 400) + "1", 1_000_000},
	} {
		got, err := ParseScore(c.text)
		if err != nil || got != c.want {
			t.Errorf("ParseScore(%q) = %d, %v, want %d", c.text, got, err, c.want)
		}
	}
}

func TestParseScoreRefuses(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", "is not a number"}, {"abc", "is not a number"}, {"1,5", "is not a number"}, {"NaN", "is not a number"},
		{"Inf", "is not a number"}, {"1e", "is not a number"}, {"--1", "is not a number"}, {"+1", "is not a number"},
		{"1e1.5", "is not a number"}, {".", "is not a number"}, {"0x10", "is not a number"}, {" 1", "is not a number"}, {"1.2.3", "is not a number"},
		{"1.1234567", "more than 6 decimals"}, {"1e-7", "more than 6 decimals"}, {"1e-99999999999999999999", "more than 6 decimals"},
		{"1000000.000001", "from -1000000 to 1000000"}, {"-1000001", "from -1000000 to 1000000"}, {"1e7", "out of range"},
		{"1e99999999999999999999", "out of range"}, {strings.Repeat("9", 400), "out of range"},
	} {
		if _, err := ParseScore(c.text); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("ParseScore(%q): %v, want an error with %q", c.text, err, c.want)
		}
	}
}

func TestDecimalsReadBack(t *testing.T) {
	for range 2000 {
		want := Score(rand.Int64N(2*maxScore+1) - maxScore)
		if got, err := ParseScore(want.String()); err != nil || got != want {
			t.Fatalf("%d millionths are written %q and read %d, %v", want, want, got, err)
		}
		percent := Percent(rand.Int64() - rand.Int64())
		var back Percent
		text, err := json.Marshal(percent)
		if err == nil {
			err = json.Unmarshal(text, &back)
		}
		if err != nil || back != percent {
			t.Fatalf("%d hundredths are written %s and read %d, %v", percent, text, back, err)
		}
	}
}

func FuzzParseScore(f *testing.F) {
	for _, seed := range []string{"91.5", "-1e-3", "1e400", "0.0000001", "9e9e9"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := ParseScore(text)
		if err != nil {
			return
		}
		if again, err := ParseScore(s.String()); err != nil || again != s {
			t.Fatalf("%q is %s, which is read as %s, %v", text, s, again, err)
		}
	})
}
