package grades

import (
	"fmt"
	"math/big"
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
		return fmt.Sprintf("dropped as one of the lowest: what is kept of %s has the best ratio there is", a.Category)
	case droppedHighest:
		return fmt.Sprintf("dropped as one of the highest: what is kept of %s has the worst ratio there is", a.Category)
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

// whyCategory says what a total makes of a category.
func (c *calculator) whyCategory(t *tally, at int, n uses) string {
	part, weighted := &t.parts[at], c.class.Weighting == Weighted
	lowest, highest := c.drops(at)
	var say []string
	switch {
	case n == uses{}:
		return "has no items"
	case n[used] == 0:
		return "has no items that count"
	case part.possible == 0 && weighted:
		say = append(say, fmt.Sprintf("has no ratio, because nothing is possible on its items: %s", lost(part.earned)))
	case part.possible == 0:
		say = append(say, fmt.Sprintf("adds %s of extra credit", points(part.earned)))
	case weighted:
		say = append(say, c.whyWeight(t, at))
	default:
		say = append(say, fmt.Sprintf("adds %s of %s points", part.earned, amountOf(part.possible)))
	}
	if drops := whyDrops(n, lowest, highest); drops != "" {
		say = append(say, drops)
	}
	return strings.Join(say, "; ")
}

// whyWeight says what a category's weight becomes.
func (c *calculator) whyWeight(t *tally, at int) string {
	weight := c.weightText(at)
	switch {
	case weight == "0":
		return "counts nothing, because its weight is 0"
	case t.weight < c.hundred:
		return fmt.Sprintf("counts %s of the %s percent that the categories with a ratio weigh, which is %s of 100", weight, c.percentText(t.weight), exactText(c.scaled(t, at)))
	case t.weight > c.hundred:
		return fmt.Sprintf("counts %s percent, although the categories weigh %s: over 100 is not scaled down", weight, c.percentText(t.weight))
	}
	return fmt.Sprintf("counts %s percent", weight)
}

// whyDrops says how many items of a category were dropped, and how many more
// would have been if at least one did not have to be kept.
func whyDrops(n uses, lowest, highest int) string {
	var say []string
	for _, drop := range []struct {
		name      string
		did, rule int
	}{{"lowest", n[droppedLowest], lowest}, {"highest", n[droppedHighest], highest}} {
		switch {
		case drop.did < drop.rule:
			say = append(say, fmt.Sprintf("drops %d %s instead of %d, so that one that may be dropped is kept", drop.did, drop.name, drop.rule))
		case drop.rule > 0:
			say = append(say, fmt.Sprintf("drops %d %s", drop.did, drop.name))
		}
	}
	return strings.Join(say, "; ")
}

// whyTotal says how a total was made.
func (c *calculator) whyTotal(t *tally) string {
	if t.weight == 0 {
		return c.whyNone(t)
	}
	formula := c.pointsText(t)
	if c.class.Weighting == Weighted {
		formula = c.weightedText(t)
	}
	return fmt.Sprintf("%s = %s percent, shown as %s", formula, exactText(t.exact()), t.percent())
}

// pointsText is the formula of a points class.
func (c *calculator) pointsText(t *tally) string {
	text, _ := t.all().ratio()
	return text + " × 100"
}

// weightedText is the formula of a weighted class: "(HW 40/50 × 20 + Quiz 72/80
// × 40) × 100/60".
func (c *calculator) weightedText(t *tally) string {
	var terms []string
	for i := range t.parts {
		if t.parts[i].possible > 0 && c.weights[i] > 0 {
			ratio, _ := t.parts[i].ratio()
			terms = append(terms, fmt.Sprintf("%s %s × %s", c.class.Categories[i].Name, ratio, c.weightText(i)))
		}
	}
	text := strings.Join(terms, " + ")
	if t.weight < c.hundred {
		text = fmt.Sprintf("(%s) × 100/%s", text, c.percentText(t.weight))
	}
	return text
}

// whyNone says why there is no grade.
func (c *calculator) whyNone(t *tally) string {
	any := false
	for _, use := range t.uses {
		any = any || use == used
	}
	switch {
	case !any:
		return "no grade, because no item counts"
	case t.all().possible == 0:
		return "no grade, because nothing is possible on the items that count"
	}
	return "no grade, because the categories with points have no weight"
}

func (c *calculator) weightText(category int) string { return c.percentText(c.weights[category]) }

// percentText is a weight in percent.
func (c *calculator) percentText(weight uint64) string {
	percent := new(big.Rat).SetUint64(weight * 100)
	return exactText(percent.Quo(percent, new(big.Rat).SetUint64(c.hundred)))
}
