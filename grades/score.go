package grades

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Score is a decimal number of points, weight or percent, kept exactly as an
// integer of millionths. Its range is ±1,000,000 with at most 6 decimals. In
// JSON it is a number.
type Score int64

const (
	scoreUnit = 1_000_000                    // millionths in 1
	maxScore  = Score(1_000_000 * scoreUnit) // the largest score, in size
)

// Points returns n whole points as a Score.
func Points(n int) Score { return Score(n) * scoreUnit }

// ParseScore reads a decimal number such as "91.5", "-3" or "9.15e1", exactly.
// It refuses, with an error that says what to do, what is no number, what has
// more than 6 decimals and what is over 1,000,000 in size.
func ParseScore(text string) (Score, error) {
	negative := strings.HasPrefix(text, "-")
	mantissa, exponent := strings.TrimPrefix(text, "-"), 0
	if at := strings.IndexAny(mantissa, "eE"); at >= 0 {
		n, err := strconv.Atoi(mantissa[at+1:])
		if err != nil && !errors.Is(err, strconv.ErrRange) {
			return 0, notANumber(text)
		}
		// Beyond this no digits in the mantissa bring it back into range.
		exponent, mantissa = min(max(n, -1<<40), 1<<40), mantissa[:at]
	}
	whole, fraction, _ := strings.Cut(mantissa, ".")
	digits := whole + fraction
	if digits == "" || strings.Trim(digits, "0123456789") != "" {
		return 0, notANumber(text)
	}
	significant := strings.TrimRight(digits, "0")
	exponent += len(whole) - len(significant) // value = significant × 10^exponent
	significant = strings.TrimLeft(significant, "0")
	switch {
	case significant == "":
		return 0, nil
	case len(significant)+exponent > 7:
		return 0, tooLarge(text)
	case exponent < -6:
		return 0, fmt.Errorf("%.40s has more than 6 decimals: round it to 6 or fewer", text)
	}
	n, err := strconv.ParseInt(significant+strings.Repeat("0", exponent+6), 10, 64)
	if err != nil || Score(n) > maxScore {
		return 0, tooLarge(text)
	}
	if negative {
		n = -n
	}
	return Score(n), nil
}

func notANumber(text string) error {
	return fmt.Errorf("%.40q is not a number: give one such as 91.5", text)
}

func tooLarge(text string) error {
	return fmt.Errorf("%.40s is out of range: give a number from -1000000 to 1000000", text)
}

// String returns the shortest decimal that ParseScore reads back: "91.5".
func (s Score) String() string { return string(s.append(nil)) }

func (s Score) append(b []byte) []byte {
	b = appendDecimal(b, int64(s), 6)
	for b[len(b)-1] == '0' {
		b = b[:len(b)-1]
	}
	if b[len(b)-1] == '.' {
		b = b[:len(b)-1]
	}
	return b
}

// appendDecimal appends n ÷ 10^decimals, with all its decimals.
func appendDecimal(b []byte, n int64, decimals int) []byte {
	if n < 0 {
		b, n = append(b, '-'), -n
	}
	start := len(b)
	b = strconv.AppendInt(b, n, 10)
	for len(b)-start <= decimals {
		b = append(b, 0)
		copy(b[start+1:], b[start:])
		b[start] = '0'
	}
	b = append(b, 0)
	point := len(b) - 1 - decimals
	copy(b[point+1:], b[point:])
	b[point] = '.'
	return b
}

// MarshalJSON writes s as a JSON number.
func (s Score) MarshalJSON() ([]byte, error) { return s.append(make([]byte, 0, 24)), nil }

// UnmarshalJSON reads a JSON number exactly, as [ParseScore] does.
func (s *Score) UnmarshalJSON(text []byte) (err error) {
	*s, err = ParseScore(string(text))
	return err
}
