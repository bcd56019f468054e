package grades

import (
	"fmt"
	"strings"
	"time"
)

// The sentences of explanations are here: what was done is read from the
// calculator, and nothing is worked out again.

// whyEarned says how what an item earns follows from its mark.
func (c *calculator) whyEarned(at int, m *mark) string {
	a, e := c.assignments[at], &c.earned[at]
	switch {
	case m.status == statusExcused:
		return "excused"
	case m.status == statusUnassigned:
		return "not assigned to this student"
	case m.status == statusMissing:
		return fmt.Sprintf("missing: the class takes %s %% of the %s points possible, which leaves %s", c.class.MissingDeduction, a.Points, e.Amount)
	case !m.scored && m.status != statusNone:
		return m.status.String() + ", and no score yet"
	case !m.scored:
		return "no score yet"
	case m.status == statusLate:
		return c.whyLate(at, m)
	case a.Points == 0:
		return fmt.Sprintf("%s on an item of 0 points: extra credit", points(e.Amount))
	case m.score > a.Points:
		return fmt.Sprintf("%s of %s points: what is over the points possible counts in full", m.score, a.Points)
	}
	return fmt.Sprintf("%s of %s points", m.score, a.Points)
}

// whyLate says what a score that is marked late has lost.
func (c *calculator) whyLate(at int, m *mark) string {
	a, e, policy := c.assignments[at], &c.earned[at], &c.class.LatePolicy
	begin := fmt.Sprintf("%s of %s points, marked late: ", m.score, a.Points)
	switch {
	case policy.Percent <= 0 || policy.IntervalHours <= 0:
		return begin + "the class takes nothing for being late"
	case a.Due == nil:
		return begin + "nothing is taken, because the assignment has no due date"
	case m.submitted == nil:
		return begin + "nothing is taken, because the cell does not say when it was submitted"
	case a.Points <= 0:
		return begin + "nothing is taken from an item of 0 points"
	case e.intervals == 0:
		return begin + "nothing is taken, because it was submitted in time"
	}
	taken := fmt.Sprintf("%s late: %d × %s %% of %s points", hours(m.submitted.Sub(*a.Due)), e.intervals, policy.Percent, a.Points)
	switch {
	case e.floor && e.Amount == amountOf(m.score):
		return fmt.Sprintf("%s would be taken from %s, but nothing is from a score that is not above the floor of %s %%", taken, m.score, policy.Floor)
	case e.floor:
		return fmt.Sprintf("%s would be taken from %s, but not below the floor of %s %%, which leaves %s", taken, m.score, policy.Floor, e.Amount)
	}
	return fmt.Sprintf("%s are taken from %s, which leaves %s", taken, m.score, e.Amount)
}

// hours is a time over zero as hours, rounded up to a minute: "25 h", "25 h 1 min".
func hours(d time.Duration) string {
	minutes := int64((d-1)/time.Minute) + 1
	text := fmt.Sprintf("%d h %d min", minutes/60, minutes%60)
	return strings.TrimPrefix(strings.TrimSuffix(text, " 0 min"), "0 h ")
}

// points is an amount with its unit.
func points(a Amount) string {
	if a == amountOf(Points(1)) {
		return "1 point"
	}
	return a.String() + " points"
}

func lost(a Amount) string {
	if a == amountOf(Points(1)) {
		return "1 point is lost"
	}
	return a.String() + " points are lost"
}

// whyUsed says why a total uses an item, or does not.
func (c *calculator) whyUsed(t *tally, at int) string {
	a, standing := c.assignments[at], c.earned[at].standing
	switch t.uses[at] {
	case droppedLowest:
		return c.whyDropped(t, at, "lowest", "best")
	case droppedHighest:
		return c.whyDropped(t, at, "highest", "worst")
	case unused:
		return c.whyExcluded(at)
	}
	text, category := whyCounts(standing), c.category[at]
	if lowest, highest := c.drops(category); a.NeverDrop && (lowest > 0 || highest > 0) {
		text += "; it is never dropped"
	}
	switch {
	case c.class.Weighting != Weighted:
	case t.parts[category].possible == 0:
		text += fmt.Sprintf("; but %s has no ratio, because nothing is possible in it", a.Category)
	case c.weights[category] == 0:
		text += fmt.Sprintf("; but %s has no weight", a.Category)
	}
	return text
}

func (c *calculator) whyDropped(t *tally, at int, as, kept string) string {
	if t.parts[c.category[at]].possible == 0 {
		return fmt.Sprintf("dropped as one of the %s: by score, because nothing is possible in %s", as, c.assignments[at].Category)
	}
	return fmt.Sprintf("dropped as one of the %s: what is kept of %s has the %s ratio there is", as, c.assignments[at].Category, kept)
}

func whyCounts(s standing) string {
	switch s {
	case overdue:
		return "counts 0, because it has no score and its due date has passed"
	case ungraded:
		return "counts 0, because it has no score"
	}
	return "counts"
}

func (c *calculator) whyExcluded(at int) string {
	a := c.assignments[at]
	switch {
	case c.earned[at].standing == apart:
		return "excused items, and those that are not assigned, are in no total"
	case c.class.BlankPolicy == ZeroOnceDue && a.Due == nil:
		return "left out, because it has no score and no due date"
	case c.class.BlankPolicy == ZeroOnceDue:
		return "left out, because it has no score and is not past due: that is " + a.Due.UTC().Format("2 January 2006, 15:04 MST")
	}
	return "left out, because it has no score"
}
