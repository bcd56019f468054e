package grades

import (
	"bytes"
	"fmt"
	"math/big"
	"strings"
)

// Amount is an exact amount of points, in units of 10^-14: a Score times a
// percentage is a whole number of them. In JSON it is a number with at most 14
// decimals. Sums of 400,000 amounts, each of a Score's size, and their products
// with the sum of as many Scores fit.
type Amount struct{ wide }

// amountPlaces is the decimals of an Amount: those of a Score, those of a
// percentage, and two for the percent.
const amountPlaces = 14

// amountOf is the score as an Amount.
func amountOf(s Score) Amount { return Amount{product(int64(s), hundredPercent)} }

// percentOf is percent of points.
func percentOf(points Score, percent int64) Amount { return Amount{product(int64(points), percent)} }

func (a Amount) plus(b Amount) Amount  { return Amount{a.wide.plus(b.wide)} }
func (a Amount) minus(b Amount) Amount { return Amount{a.wide.minus(b.wide)} }
func (a Amount) less(b Amount) bool    { return a.compare(b.wide) < 0 }

// String returns the shortest decimal: "69.5".
func (a Amount) String() string {
	digits := fmt.Sprintf("%0*d", amountPlaces+1, a.size().big())
	point := len(digits) - amountPlaces
	text := strings.TrimSuffix(strings.TrimRight(digits[:point]+"."+digits[point:], "0"), ".")
	if a.high < 0 {
		return "-" + text
	}
	return text
}

// MarshalJSON writes a as a JSON number.
func (a Amount) MarshalJSON() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalJSON reads a JSON number, exactly.
func (a *Amount) UnmarshalJSON(text []byte) error {
	if bytes.ContainsAny(text, "eE/_") { // it is never written so
		return notANumber(string(text))
	}
	r, ok := new(big.Rat).SetString(string(text))
	if !ok {
		return notANumber(string(text))
	}
	r.Mul(r, new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(amountPlaces), nil)))
	if !r.IsInt() || r.Num().BitLen() > 126 {
		return fmt.Errorf("%.40s is no amount of points: it is too large, or has more than %d decimals", text, amountPlaces)
	}
	low := new(big.Int).And(r.Num(), new(big.Int).SetUint64(1<<64-1))
	a.wide = wide{new(big.Int).Rsh(r.Num(), 64).Int64(), low.Uint64()}
	return nil
}
