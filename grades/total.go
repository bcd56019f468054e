package grades

import (
	"math"
	"math/big"
)

// Totals are a student's two totals in a class.
type Totals struct {
	// Current leaves ungraded items out; in a class whose blank policy is
	// ZeroOnceDue it counts those that are past their due date as 0.
	Current Total `json:"current"`
	// Final counts every ungraded item as 0.
	Final Total `json:"final"`
}

// Total is a percentage and its letter, both nil when there is no grade. The
// letter is also nil below a scale's lowest cutoff.
type Total struct {
	Percent *Percent `json:"percent"`
	Letter  *string  `json:"letter"`
}

// newTotal is the total of p under a scale, which it keeps a pointer into.
func newTotal(p *Percent, scale []Cutoff) Total {
	if p == nil {
		return Total{}
	}
	total := Total{Percent: p}
	for i := range scale {
		if max(*p, 0) >= scale[i].From {
			total.Letter = &scale[i].Letter
			break
		}
	}
	return total
}

// roundPercent returns numerator ÷ denominator, in hundredths of a percent,
// rounded half away from zero. It may change both. A percentage beyond the
// range of Percent, possible only where points are next to nothing, becomes
// the largest.
func roundPercent(numerator, denominator *big.Int) Percent {
	negative := numerator.Sign() < 0
	numerator.Abs(numerator)
	numerator.Lsh(numerator, 1).Add(numerator, denominator)
	numerator.Quo(numerator, denominator.Lsh(denominator, 1))
	p := Percent(math.MaxInt64)
	if numerator.IsInt64() {
		p = Percent(numerator.Int64())
	}
	if negative {
		return -p
	}
	return p
}

// meanPercent is the mean of percentages, rounded likewise; nil of none.
func meanPercent(of []Percent) *Percent {
	if len(of) == 0 {
		return nil
	}
	sum := new(big.Int)
	for _, p := range of {
		sum.Add(sum, big.NewInt(int64(p)))
	}
	mean := roundPercent(sum, big.NewInt(int64(len(of))))
	return &mean
}
