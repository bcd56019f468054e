package grades

import "fmt"

// Percent is a percentage as it is shown: an integer of hundredths, rounded
// once, half away from zero. In JSON it is a number with two decimals. Where
// there may be no grade a nil *Percent stands for it, and null in JSON.
type Percent int64

// String returns the percentage with two decimals, without a sign: "87.50".
func (p Percent) String() string { return string(p.append(nil)) }

func (p Percent) append(b []byte) []byte { return appendDecimal(b, int64(p), 2) }

// MarshalJSON writes p as a JSON number with two decimals.
func (p Percent) MarshalJSON() ([]byte, error) { return p.append(make([]byte, 0, 12)), nil }

// UnmarshalJSON reads a JSON number of at most two decimals.
func (p *Percent) UnmarshalJSON(text []byte) error {
	s, err := ParseScore(string(text))
	if err != nil {
		return err
	}
	if s%(scoreUnit/100) != 0 {
		return fmt.Errorf("%s has more than 2 decimals: round it to 2 or fewer", text)
	}
	*p = Percent(s / (scoreUnit / 100))
	return nil
}
