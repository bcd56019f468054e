package grades

import (
	"math/big"
	"time"
)

// Explain says where the totals come from that [CalculateTotals] makes of the
// same. Student and Name are left to the caller.
func Explain(class *Class, assignments []*Assignment, grades map[int]*Grade, now time.Time) *Explanation {
	return newCalculator(class, assignments).explain(marksOf(assignments, grades), now)
}

// calculator is one for the class of the enrollment, and the marks of its
// student. They are copies, good after a View.
func (e *enrollment) calculator() (*calculator, []mark) {
	class, assignments := e.class.Class, make([]*Assignment, len(e.class.assignments))
	for i, a := range e.class.assignments {
		assignments[i] = new(*a)
	}
	c := newCalculator(&class, assignments)
	return c, c.marks(e.row)
}

// explain is the totals of a student with what led to them.
func (c *calculator) explain(marks []mark, now time.Time) *Explanation {
	current, final := c.run(marks, now)
	out := &Explanation{
		Class: c.class.ID, Title: c.class.Title, Revision: c.class.Revision, At: now.UTC(),
		Weighting: c.class.Weighting, BlankPolicy: c.class.BlankPolicy, Shown: ShownCurrent,
		Items:   []ExplainedItem{},
		Current: c.explainTotal(current),
		Final:   c.explainTotal(final),
	}
	if c.class.BlankPolicy == Zero {
		out.Shown = ShownFinal
	}
	for i := range c.assignments {
		item := c.explainItem(i, &marks[i])
		item.Current, item.Final = c.explainUse(current, i), c.explainUse(final, i)
		out.Items = append(out.Items, item)
	}
	out.Reach = c.reach() // the last, for it runs the final total again
	return out
}

func (c *calculator) explainItem(at int, m *mark) ExplainedItem {
	a, e := c.assignments[at], &c.earned[at]
	item := ExplainedItem{
		Assignment: a.ID, Title: a.Title, Category: a.Category, Points: a.Points,
		Status: m.status.String(), Why: c.whyEarned(at, m),
	}
	if m.scored {
		item.Score = new(m.score)
	}
	if e.standing == counts {
		item.Earned = new(e.Amount)
		item.Ratio, item.Percent = sum{e.Amount, a.Points}.ratio()
	}
	return item
}

func (c *calculator) explainUse(t *tally, at int) Use {
	name := [...]string{unused: Excluded, used: Used, droppedLowest: DroppedLowest, droppedHighest: DroppedHighest}
	return Use{name[t.uses[at]], c.whyUsed(t, at)}
}

func (c *calculator) explainTotal(t *tally) ExplainedTotal {
	out := ExplainedTotal{
		Total:      newTotal(t.percent(), c.class.Scale),
		Why:        c.whyTotal(t),
		Categories: []ExplainedCategory{},
	}
	if out.Percent != nil {
		out.Exact = exactText(t.exact())
		out.Next = nextLetter(*out.Percent, c.class.Scale)
	}
	for i, n := range c.count(t) {
		if i < len(c.class.Categories) || n != (uses{}) { // the last is what is in no category of the class
			out.Categories = append(out.Categories, c.explainCategory(t, i, n))
		}
	}
	return out
}

// uses are how many items of a category a total uses in each way.
type uses [4]int

// count counts the uses of each category.
func (c *calculator) count(t *tally) []uses {
	list := make([]uses, len(t.parts))
	for i, use := range t.uses {
		list[c.category[i]][use]++
	}
	return list
}

func (c *calculator) explainCategory(t *tally, at int, n uses) ExplainedCategory {
	part := &t.parts[at]
	out := ExplainedCategory{
		Used: n[used], Dropped: n[droppedLowest] + n[droppedHighest], Excluded: n[unused],
		Earned: part.earned, Possible: amountOf(part.possible), Why: c.whyCategory(t, at, n),
	}
	out.Ratio, out.Percent = part.ratio()
	if at == len(c.class.Categories) {
		return out
	}
	category := &c.class.Categories[at]
	out.Category = category.Name
	if c.class.Weighting == Weighted {
		out.Weight = new(category.Weight)
		if part.possible > 0 && t.weight > 0 {
			out.Scaled = exactText(c.scaled(t, at))
		}
	}
	return out
}

// scaled is the weight that a category has in a total, in percent.
func (c *calculator) scaled(t *tally, at int) *big.Rat {
	weight := new(big.Rat).SetUint64(c.weights[at] * 100)
	return weight.Quo(weight, new(big.Rat).SetUint64(min(t.weight, c.hundred)))
}

// exact is the percentage before it is rounded.
func (t *tally) exact() *big.Rat {
	percent := t.total.rat()
	return percent.Quo(percent, big.NewRat(100*amountHundredth, 1))
}

// ratio is what was earned of what was possible, as a fraction and as a
// percentage; "" and nil when nothing was possible.
func (s sum) ratio() (string, *Percent) {
	if s.possible == 0 {
		return "", nil
	}
	var f fraction
	f.add(s.earned.wide, 1, uint64(s.possible))
	return s.earned.String() + "/" + amountOf(s.possible).String(), new(f.round(amountHundredth))
}

// exactText is a decimal if it ends within the places of an Amount, and else a
// fraction in its lowest terms.
func exactText(r *big.Rat) string {
	places, ends := r.FloatPrec()
	if ends && places <= amountPlaces {
		return r.FloatString(places)
	}
	return r.RatString()
}

func nextLetter(p Percent, scale []Cutoff) (next *NextLetter) {
	for i := range scale {
		if scale[i].From <= max(p, 0) {
			break
		}
		next = &NextLetter{Letter: scale[i].Letter, From: scale[i].From, Short: scale[i].From - p}
	}
	return next
}
