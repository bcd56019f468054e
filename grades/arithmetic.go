package grades

import (
	"math/big"
	"slices"
	"time"
)

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
//     then the worst that can be had.
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
	marks := make([]mark, len(assignments))
	for i, a := range assignments {
		marks[i] = grades[a.ID].mark()
	}
	return newCalculator(class, assignments).totals(marks, now)
}

// calculator makes the totals of the students of a class, one after another.
type calculator struct {
	class       *Class
	assignments []*Assignment
	categories  []Category // the class's, and at the end one of no weight for what is in none of them
	category    []int      // of each assignment: its index in categories
	current     []part     // by category
	final       []part
	buffer      []mark // of marks
}

// part is what one category adds up to.
type part struct {
	items []item // kept only where some are dropped
	sum
}

// item is an assignment that counts, and what was earned on it.
type item struct {
	earned    amount
	possible  int64 // millionths of a point
	neverDrop bool
}

// sum is exact: 9 million items of the largest score fit in it.
type sum struct {
	earned   amount
	possible int64
}

func (s *sum) add(i item) {
	s.earned.whole += i.earned.whole
	s.earned.part += i.earned.part
	s.possible += i.possible
}

// ratio is earned ÷ possible; possible must not be 0.
func (s *sum) ratio() (numerator, denominator *big.Int) {
	numerator, denominator = big.NewInt(s.earned.whole), big.NewInt(s.possible)
	if s.earned.part != 0 {
		parts := big.NewInt(hundredPercent)
		numerator.Mul(numerator, parts).Add(numerator, big.NewInt(s.earned.part))
		denominator.Mul(denominator, parts)
	}
	return numerator, denominator
}

func newCalculator(class *Class, assignments []*Assignment) *calculator {
	categories := append(slices.Clip(class.Categories), Category{})
	index := make(map[string]int, len(categories))
	for i := range class.Categories {
		index[categories[i].Name] = i
	}
	c := &calculator{
		class:       class,
		assignments: assignments,
		categories:  categories,
		category:    make([]int, len(assignments)),
		current:     make([]part, len(categories)),
		final:       make([]part, len(categories)),
		buffer:      make([]mark, len(assignments)),
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
	for i := range c.current {
		c.current[i] = part{items: c.current[i].items[:0]}
		c.final[i] = part{items: c.final[i].items[:0]}
	}
	for i, a := range c.assignments {
		earned, standing := c.class.earned(a, &marks[i])
		if standing == apart {
			continue
		}
		item := item{earned, int64(a.Points), a.NeverDrop}
		c.put(c.final, c.category[i], item)
		if standing == counts || c.class.BlankPolicy == ZeroOnceDue && a.Due != nil && a.Due.Before(now) {
			c.put(c.current, c.category[i], item)
		}
	}
	return Totals{
		Current: newTotal(c.percent(c.current), c.class.Scale),
		Final:   newTotal(c.percent(c.final), c.class.Scale),
	}
}

func (c *calculator) put(parts []part, category int, i item) {
	if rule := &c.categories[category]; rule.DropLowest > 0 || rule.DropHighest > 0 {
		parts[category].items = append(parts[category].items, i)
		return
	}
	parts[category].add(i)
}

// percent drops what is to be dropped and makes one percentage of the
// categories; nil when there is nothing to grade.
func (c *calculator) percent(parts []part) *Percent {
	var all sum
	numerator, denominator, weights := new(big.Int), big.NewInt(1), int64(0)
	for i := range parts {
		category := &c.categories[i]
		for _, kept := range keep(parts[i].items, category.DropLowest, category.DropHighest) {
			parts[i].add(kept)
		}
		switch {
		case c.class.Weighting == ByPoints:
			all.earned.whole += parts[i].earned.whole
			all.earned.part += parts[i].earned.part
			all.possible += parts[i].possible
		case parts[i].possible > 0:
			n, d := parts[i].ratio()
			addWeighted(numerator, denominator, n, d, int64(category.Weight))
			weights += int64(category.Weight)
		}
	}
	if c.class.Weighting == ByPoints && all.possible > 0 {
		weights = hundredPercent
		n, d := all.ratio()
		addWeighted(numerator, denominator, n, d, weights)
	}
	if weights == 0 {
		return nil
	}
	// numerator ÷ denominator is Σ ratio × weight. Weights under 100 percent
	// scale it up, over 100 they do not scale it down.
	numerator.Mul(numerator, big.NewInt(100*100))
	p := roundPercent(numerator, denominator.Mul(denominator, big.NewInt(min(weights, hundredPercent))))
	return &p
}

// addWeighted adds n ÷ d × weight to numerator ÷ denominator.
func addWeighted(numerator, denominator, n, d *big.Int, weight int64) {
	n.Mul(n, big.NewInt(weight)).Mul(n, denominator)
	numerator.Mul(numerator, d).Add(numerator, n)
	denominator.Mul(denominator, d)
}
