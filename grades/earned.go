package grades

import (
	"math/bits"
	"time"
)

// hundredPercent is 100 percent as a Score, and the parts in a millionth.
const hundredPercent = 100 * scoreUnit

// amount is an exact amount of points: whole millionths and parts of which
// hundredPercent make a millionth. A percentage of a Score is exactly that, so
// sums of amounts are sums of integers. 0 ≤ part; it is under hundredPercent
// but in sums.
type amount struct{ whole, part int64 }

// percentOf is percent of points, both ≥ 0. The result must be under 2^63
// millionths.
func percentOf(points, percent int64) amount {
	high, low := bits.Mul64(uint64(points), uint64(percent))
	whole, part := bits.Div64(high, low, hundredPercent)
	return amount{int64(whole), int64(part)}
}

func (a amount) less(b amount) bool {
	return a.whole < b.whole || a.whole == b.whole && a.part < b.part
}

func (a amount) minus(b amount) amount {
	a.whole, a.part = a.whole-b.whole, a.part-b.part
	if a.part < 0 {
		a.whole, a.part = a.whole-1, a.part+hundredPercent
	}
	return a
}

// standing says how a cell takes part in the totals.
type standing int

const (
	counts   standing = iota // with what was earned
	ungraded                 // as 0 in the final total, not in the current one
	apart                    // not at all
)

// earned is what a mark adds to the points earned.
func (c *Class) earned(a *Assignment, m *mark) (amount, standing) {
	switch m.status {
	case statusExcused, statusUnassigned:
		return amount{}, apart
	case statusMissing:
		return percentOf(int64(a.Points), hundredPercent-int64(c.MissingDeduction)), counts
	}
	if !m.scored {
		return amount{}, ungraded
	}
	score := amount{whole: int64(m.score)}
	if m.status == statusLate && m.submitted != nil && a.Due != nil {
		score = c.LatePolicy.apply(score, a.Points, m.submitted.Sub(*a.Due))
	}
	return score, counts
}

// apply takes from a score what being late costs: never below the floor, and
// never anything from a score below it. Under the bounds of validation the
// product fits: fewer than 2^22 intervals in the longest Duration.
func (p LatePolicy) apply(score amount, points Score, late time.Duration) amount {
	if late <= 0 || p.IntervalHours <= 0 || p.Percent <= 0 || points <= 0 {
		return score
	}
	interval := time.Duration(p.IntervalHours) * time.Hour
	begun := int64((late-1)/interval) + 1
	floor := percentOf(int64(points), int64(p.Floor))
	if score.less(floor) {
		return score
	}
	reduced := score.minus(percentOf(int64(points), begun*int64(p.Percent)))
	if reduced.less(floor) {
		return floor
	}
	return reduced
}
