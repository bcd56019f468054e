package grades

import "math"

// Percent is a percentage as it is shown: an integer of hundredths, rounded
// once, half away from zero. In JSON it is a number with two decimals. Where
// there may be no grade a nil *Percent stands for it, and null in JSON.
type Percent int64

func percentDecimals() decimals { return decimals{places: 2, limit: math.MaxInt64} }

// String returns the percentage with two decimals, without a sign: "87.50".
func (p Percent) String() string { return string(percentDecimals().append(nil, int64(p))) }

// MarshalJSON writes p as a JSON number with two decimals.
func (p Percent) MarshalJSON() ([]byte, error) {
	return percentDecimals().append(make([]byte, 0, 24), int64(p)), nil
}

// UnmarshalJSON reads a JSON number of at most two decimals.
func (p *Percent) UnmarshalJSON(text []byte) error {
	n, err := percentDecimals().parse(string(text))
	*p = Percent(n)
	return err
}
