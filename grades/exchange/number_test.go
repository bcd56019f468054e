package exchange

import "testing"

func TestNumbers(t *testing.T) {
	const refused = "refused"
	for _, c := range []struct{ text, commas, semicolons string }{ // what a file with that separator reads
		{"91.5", "91.5", "91.5"},
		{"-3", "-3", "-3"},
		{"7,5", refused, "7.5"},
		{"0,125", refused, "0.125"},
		{"12,34", refused, "12.34"},
		{"1,234", refused, refused},
		{"-1,234", refused, refused},
		{"1.234", "1.234", refused},
		{"1.2340", "1.234", "1.234"},
		{"0.125", "0.125", "0.125"},
		{"1234,567", refused, "1234.567"},
		{"1,234.56", "1234.56", "1234.56"},
		{"12,345.6", "12345.6", "12345.6"},
		{"1.234,56", refused, "1234.56"},
		{"1,234,5", refused, refused},
		{"1,000,000", "1000000", "1000000"},
		{"1.000.000", refused, "1000000"},
		{"12,34.5", refused, refused},
		{"1,23,456.0", refused, refused},
		{"01,234.5", refused, refused},
		{",5", refused, "0.5"},
		{"1e2", "100", "100"},
		{"5 0", refused, refused},
		{"٣", refused, refused},
	} {
		for _, way := range []struct {
			semicolons bool
			want       string
		}{{false, c.commas}, {true, c.semicolons}} {
			got := refused
			if score, err := (&numbers{comma: way.semicolons}).parse(c.text); err == nil {
				got = score.String()
			}
			if got != way.want {
				t.Errorf("%q, semicolons %v: got %s, want %s", c.text, way.semicolons, got, way.want)
			}
		}
	}
}
