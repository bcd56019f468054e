package grades

import "time"

// hundredPercent is 100 percent as a Score.
const hundredPercent = 100 * scoreUnit

// standing says how a mark takes part in the totals.
type standing uint8

const (
	counts   standing = iota // with what was earned
	overdue                  // ungraded, and as 0 in both: of ZeroOnceDue, which [calculator.run] decides
	ungraded                 // as 0 in the final total, not in the current one
	apart                    // not at all
)

// earning is what a mark adds to the points earned.
type earning struct {
	Amount
	standing
	lateness
}

// lateness says what being late did to a score.
type lateness struct {
	intervals int64 // begun; 0 when nothing is taken
	floor     bool  // the floor kept it from taking all, or anything
}

// earned is what a mark counts.
func (c *Class) earned(a *Assignment, m *mark) earning {
	switch m.status {
	case statusExcused, statusUnassigned:
		return earning{standing: apart}
	case statusMissing:
		return earning{Amount: percentOf(a.Points, hundredPercent-int64(c.MissingDeduction))}
	}
	if !m.scored {
		return earning{standing: ungraded}
	}
	e := earning{Amount: amountOf(m.score)}
	if m.status == statusLate && m.submitted != nil && a.Due != nil {
		e.Amount, e.lateness = c.LatePolicy.apply(e.Amount, a.Points, m.submitted.Sub(*a.Due))
	}
	return e
}

// apply takes from a score what being late costs: never below the floor, and
// never anything from a score below it. Under the bounds of validation the
// product fits: fewer than 2^22 intervals in the longest Duration.
func (p LatePolicy) apply(score Amount, points Score, late time.Duration) (Amount, lateness) {
	if late <= 0 || p.IntervalHours <= 0 || p.Percent <= 0 || points <= 0 {
		return score, lateness{}
	}
	interval := time.Duration(p.IntervalHours) * time.Hour
	begun := int64((late-1)/interval) + 1
	floor := percentOf(points, int64(p.Floor))
	reduced := score.minus(percentOf(points, begun*int64(p.Percent)))
	switch {
	case score.less(floor):
		return score, lateness{begun, true}
	case reduced.less(floor):
		return floor, lateness{begun, true}
	}
	return reduced, lateness{begun, false}
}
