package column

import (
	"strings"
	"testing"
	"time"
)

func TestShape(t *testing.T) {
	tests := []struct{ text, want string }{
		{"", ""},
		{"no number", "no number"},
		{"path=/students/4711/grades status=201", "path=/students/#/grades status=#"},
		{"7", "#"},
		{"1.034ms 007", "#.#ms #"},
		{`{"req":"0123456789abcdef"}`, `{"req":"x16"}`},
		{"0af7651916cd43dd8448eb211c80319c", "x16x16"},
		{"550e8400-e29b-41d4-a716-446655440000", "x8-e#b-#d#-a#-#"},
		{"deadbeef facade", "deadbeef facade"}, // words
		{"1234567890abc", "x13"},
		{"grade12345678", "grade#"},
		{"0123456789ABCDEF", "#ABCDEF"},
		{"12345678901234567890123", "##"},
		{"größe7", "größe#"},
	}
	for _, test := range tests {
		shape, values, ok := cutShape(nil, nil, []byte(test.text))
		if !ok {
			t.Errorf("%q has no shape", test.text)
			continue
		}
		seen := strings.NewReplacer("\x01", "#", "\x02\x10", "x16", "\x02\x08", "x8", "\x02\x0d", "x13").Replace(string(shape))
		if seen != test.want {
			t.Errorf("%q: shape %q, want %q", test.text, seen, test.want)
		}
		if n := slots(shape); n != len(values) {
			t.Errorf("%q: %d slots for %d numbers", test.text, n, len(values))
		}
		got := appendShape(nil, shape, func(slot int) uint64 { return values[slot] })
		if string(got) != test.text {
			t.Errorf("%q became %q", test.text, got)
		}
	}
	for _, text := range []string{"\x00", "a\x01b", "7\x02", strings.Repeat("7 ", 1000)} {
		if _, _, ok := cutShape(nil, nil, []byte(text)); ok {
			t.Errorf("%.20q has a shape", text)
		}
	}
}

// A long text takes no longer, byte by byte, than a short one.
func TestShapeOfLongWord(t *testing.T) {
	for _, letter := range []string{"a", "7", "a7", "f "} {
		text := []byte(strings.Repeat(letter, (256<<10)/len(letter)))
		start := time.Now()
		cutShape(nil, nil, text)
		if took := time.Since(start); took > time.Second {
			t.Errorf("%q, repeated: %v", letter, took)
		}
	}
}

func TestDigits(t *testing.T) {
	for i, text := range []string{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "00", "01"} {
		if got := parseDigits([]byte(text)); got != uint64(i) {
			t.Errorf("%s is %d, want %d", text, got, i)
		}
	}
	for _, text := range []string{"99", "000", "0123", "1000000000000000000", "9999999999999999999", "0000000000000000000"} {
		if got := appendDigits(nil, parseDigits([]byte(text))); string(got) != text {
			t.Errorf("%s became %s", text, got)
		}
	}
}
