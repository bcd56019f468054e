package grades

import "time"

// CalculateTotals returns the totals of one student's grades, by assignment
// id, on a class's assignments at a time. It is exact and rounds once. The
// class's scale must not change while the totals are in use.
//
// The rules are those of Canvas's grade calculator:
//   - An item that is excused or not assigned is in no total. One without a
//     score is left out of the current total and counts 0 in the final one.
//   - Missing counts the points possible less the class's deduction. Late takes
//     a percentage of the points possible for each interval begun, never below
//     the floor, and never raises a score.
//   - A category drops its lowest and highest so that its ratio is the best and
//     then the worst that can be had. Where several sets have that ratio the raw
//     scores decide, so that the order of assignments never matters.
//   - A score over the points possible counts in full, and so does one on an
//     item of 0 points.
//   - In a points class the total is all that was earned ÷ all that was
//     possible. In a weighted class it is Σ ratio × weight over the categories
//     that have a ratio, because something is possible in them; weights that
//     come to less than 100 percent are scaled up to it.
//   - Nothing possible, or no weight, is no grade.
//
// The letter is that of the rounded percentage, of which a negative one counts
// as 0.
func CalculateTotals(class *Class, assignments []*Assignment, grades map[int]*Grade, now time.Time) Totals {
	return newCalculator(class, assignments).totals(marksOf(assignments, grades), now)
}

// calculator makes the totals of the students of a class, one after another.
// What it says of a student is good until it runs for the next.
type calculator struct {
	class       *Class
	assignments []*Assignment
	category    []int    // of each assignment: its index in those of the class, their number for none of them
	weights     []uint64 // of the categories, in common units
	hundred     uint64   // percent, in the same units
	earned      []earning
	current     tally
	final       tally
	buffer      []mark // of marks
}

func newCalculator(class *Class, assignments []*Assignment) *calculator {
	index := make(map[string]int, len(class.Categories))
	unit := uint64(hundredPercent)
	for i := range class.Categories {
		index[class.Categories[i].Name] = i
		unit = gcd(unit, uint64(class.Categories[i].Weight))
	}
	n, categories := len(assignments), len(class.Categories)+1
	c := &calculator{
		class:       class,
		assignments: assignments,
		category:    make([]int, n),
		weights:     make([]uint64, categories),
		hundred:     hundredPercent / unit,
		earned:      make([]earning, n),
		current:     newTally(n, categories),
		final:       newTally(n, categories),
		buffer:      make([]mark, n),
	}
	for i := range class.Categories {
		c.weights[i] = uint64(class.Categories[i].Weight) / unit
	}
	for i, a := range assignments {
		at, ok := index[a.Category]
		if !ok {
			at = len(class.Categories)
		}
		c.category[i] = at
	}
	return c
}

// marks are those of a row, one for each assignment. They are good until the
// next call.
func (c *calculator) marks(r row) []mark {
	clear(c.buffer)
	at := 0
	for i, a := range c.assignments {
		for at < len(r) && int(r[at].assignment) < a.ID {
			at++
		}
		if at < len(r) && int(r[at].assignment) == a.ID {
			c.buffer[i] = r[at].mark()
		}
	}
	return c.buffer
}

// totals are those of a student with one mark for each assignment.
func (c *calculator) totals(marks []mark, now time.Time) Totals {
	current, final := c.run(marks, now)
	return Totals{
		Current: newTotal(current.percent(), c.class.Scale),
		Final:   newTotal(final.percent(), c.class.Scale),
	}
}

// run works out both totals of a student with one mark for each assignment.
func (c *calculator) run(marks []mark, now time.Time) (current, final *tally) {
	same := true
	for i, a := range c.assignments {
		e := &c.earned[i]
		*e = c.class.earned(a, &marks[i])
		if e.standing == ungraded {
			if c.class.BlankPolicy == ZeroOnceDue && a.Due != nil && a.Due.Before(now) {
				e.standing = overdue
			} else {
				same = false
			}
		}
	}
	c.addUp(&c.final, ungraded)
	if same { // as for most students of a class that is graded
		return &c.final, &c.final
	}
	c.addUp(&c.current, overdue)
	return &c.current, &c.final
}

// addUp makes one total of the assignments up to a standing.
func (c *calculator) addUp(t *tally, last standing) {
	t.reset()
	for i := range c.earned {
		if c.earned[i].standing <= last {
			c.put(t, i)
		}
	}
	c.finish(t)
}

// put has an assignment count in a total, unless its category drops it yet.
func (c *calculator) put(t *tally, at int) {
	a, category := c.assignments[at], c.category[at]
	t.uses[at] = used
	part := &t.parts[category]
	if lowest, highest := c.drops(category); lowest == 0 && highest == 0 {
		part.add(sum{c.earned[at].Amount, a.Points})
		return
	}
	part.items = append(part.items, item{
		earned: c.earned[at].Amount, possible: a.Points, at: int32(at), neverDrop: a.NeverDrop,
	})
}

// drops is how many items a category drops.
func (c *calculator) drops(category int) (lowest, highest int) {
	if category == len(c.class.Categories) {
		return 0, 0
	}
	rule := &c.class.Categories[category]
	return rule.DropLowest, rule.DropHighest
}

// finish drops what is to be dropped and makes one total of the categories.
func (c *calculator) finish(t *tally) {
	for i := range t.parts {
		if len(t.parts[i].items) > 0 {
			lowest, highest := c.drops(i)
			t.drop(i, lowest, highest)
		}
	}
	if c.class.Weighting == ByPoints {
		t.addPoints()
	} else {
		t.addWeighted(c.weights, c.hundred)
	}
}
