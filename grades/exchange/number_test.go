package exchange

import "testing"

func TestNumbers(t *testing.T) {
	const refused = "refused"
	for _, c := range []struct{ text, commas, semicolons, points, commaProof string }{ // what a file reads: without proof, by its separator; with proof of a point or a comma
		{"91.5", "91.5", "91.5", "91.5", "91.5"},
		{"-3", "-3", "-3", "-3", "-3"},
		{"7,5", "7.5", "7.5", "7.5", "7.5"},
		{"0,125", "0.125", "0.125", "0.125", "0.125"},
		{"12,34", "12.34", "12.34", "12.34", "12.34"},
		{"1,234", refused, refused, "1234", "1.234"},
		{"-1,234", refused, refused, "-1234", "-1.234"},
		{"1.234", "1.234", refused, "1.234", "1234"},
		{"1.2340", "1.234", "1.234", "1.234", "1.234"},
		{"0.125", "0.125", "0.125", "0.125", "0.125"},
		{"1234,567", "1234.567", "1234.567", "1234.567", "1234.567"},
		{"1,234.56", "1234.56", "1234.56", "1234.56", "1234.56"},
		{"12,345.6", "12345.6", "12345.6", "12345.6", "12345.6"},
		{"1.234,56", "1234.56", "1234.56", "1234.56", "1234.56"},
		{"1,234,5", refused, refused, refused, refused},
		{"1,000,000", "1000000", "1000000", "1000000", "1000000"},
		{"1.000.000", "1000000", "1000000", "1000000", "1000000"},
		{"12,34.5", refused, refused, refused, refused},
		{"1,23,456.0", refused, refused, refused, refused},
		{"01,234.5", refused, refused, refused, refused},
		{",5", "0.5", "0.5", "0.5", "0.5"},
		{"1e2", "100", "100", "100", "100"},
		{"5 0", refused, refused, refused, refused},
		{"1 234,5", "1234.5", "1234.5", "1234.5", "1234.5"},
		{"1\u202f234\u00a0567", refused, refused, refused, refused}, // over the limit
		{"12’345.6", "12345.6", "12345.6", "12345.6", "12345.6"},
		{"８５．５", "85.5", "85.5", "85.5", "85.5"},
		{"−3", "-3", "-3", "-3", "-3"},
		{"٣", refused, refused, refused, refused},
	} {
		for _, way := range []struct {
			name string
			numbers
			want string
		}{
			{"commas", decimalMark(0, 0, ','), c.commas}, {"semicolons", decimalMark(0, 0, ';'), c.semicolons},
			{"points", decimalMark(1, 0, ';'), c.points}, {"comma proof", decimalMark(0, 1, ','), c.commaProof},
		} {
			got := refused
			if score, _, err := way.parse(c.text); err == nil {
				got = score.String()
			}
			if got != way.want {
				t.Errorf("%q, %s: got %s, want %s", c.text, way.name, got, way.want)
			}
		}
	}
}

func TestProof(t *testing.T) {
	for text, want := range map[string]byte{
		"": 0, "12": 0, "1,234": 0, "-1.234": 0, "1.5e2": 0, "123.456": 0,
		"8.5": '.', "0.125": '.', ".125": '.', "1234.567": '.', "1,234.56": '.', "1,000,000": '.', "1,234.567": '.',
		"8,5": ',', "0,125": ',', "1.234,5": ',', "1.000.000": ',',
	} {
		if got := proof(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}
