package grades

// Score is a decimal number of points, weight or percent, kept exactly as an
// integer of millionths. Its range is ±1,000,000 with at most 6 decimals. In
// JSON it is a number.
type Score int64

const (
	scoreUnit = 1_000_000             // millionths in 1
	maxScore  = 1_000_000 * scoreUnit // the largest score, in size
)

// Points returns n whole points as a Score.
func Points(n int) Score { return Score(n) * scoreUnit }

func scoreDecimals() decimals { return decimals{places: 6, limit: maxScore} }

// ParseScore reads a decimal number such as "91.5", "-3" or "9.15e1", exactly.
// It refuses, with an error that says what to do, what is no number, what has
// more than 6 decimals and what is over 1,000,000 in size.
func ParseScore(text string) (Score, error) {
	n, err := scoreDecimals().parse(text)
	return Score(n), err
}

// String returns the shortest decimal that ParseScore reads back: "91.5".
func (s Score) String() string { return string(s.append(nil)) }

func (s Score) append(b []byte) []byte {
	b = scoreDecimals().append(b, int64(s))
	for b[len(b)-1] == '0' {
		b = b[:len(b)-1]
	}
	if b[len(b)-1] == '.' {
		b = b[:len(b)-1]
	}
	return b
}

// MarshalJSON writes s as a JSON number.
func (s Score) MarshalJSON() ([]byte, error) { return s.append(make([]byte, 0, 24)), nil }

// UnmarshalJSON reads a JSON number exactly, as [ParseScore] does.
func (s *Score) UnmarshalJSON(text []byte) (err error) {
	*s, err = ParseScore(string(text))
	return err
}
