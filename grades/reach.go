package grades

import (
	"fmt"
	"sort"
)

// reach is the range of final totals that can still be had, for the student of
// the last run. The final total must not be read after it.
func (c *calculator) reach() Reach {
	out := Reach{Letters: []ReachedLetter{}}
	for i := range c.earned {
		if c.remains(i) {
			out.Remaining++
			out.Points = out.Points.plus(amountOf(c.assignments[i].Points))
		}
	}
	lowest, highest := c.finalWith(0), c.finalWith(full)
	out.Lowest, out.Highest = newTotal(lowest, c.class.Scale), newTotal(highest, c.class.Scale)
	if lowest == nil {
		return out // nor can there be one with more points: what is possible stays the same
	}
	needed := c.needed()
	for _, cutoff := range c.class.Scale {
		letter := ReachedLetter{Letter: cutoff.Letter, From: cutoff.From}
		at := needed(cutoff.From)
		switch {
		case at == 0:
			letter.State, letter.Why = Reached, "is reached already, whatever the remaining items bring"
			if out.Remaining == 0 {
				letter.Why = "is reached, and no item remains"
			}
		case at > full && out.Remaining == 0:
			letter.State, letter.Why = OutOfReach, fmt.Sprintf("is out of reach: no item remains, and the total is %s", lowest)
		case at > full:
			letter.State, letter.Why = OutOfReach, fmt.Sprintf("is out of reach: with full marks on the remaining items the total is %s", highest)
		default:
			letter.State, letter.Needed = WithinReach, &at
			letter.Why = fmt.Sprintf("needs %s percent on %s", at, remaining(out.Remaining))
		}
		out.Letters = append(out.Letters, letter)
	}
	return out
}

// full is full marks.
const full Percent = 100_00

func remaining(n int) string {
	if n == 1 {
		return "the one remaining item"
	}
	return fmt.Sprintf("each of the %d remaining items", n)
}

// remains reports whether an assignment has no score yet.
func (c *calculator) remains(at int) bool {
	return c.earned[at].standing == overdue || c.earned[at].standing == ungraded
}

// finalWith is the final total if each remaining item gets a percentage of its
// points.
func (c *calculator) finalWith(p Percent) *Percent {
	for i := range c.earned {
		if c.remains(i) {
			c.earned[i].Amount = percentOf(c.assignments[i].Points, int64(p)*scoreUnit/100)
		}
	}
	c.addUp(&c.final, ungraded)
	return c.final.percent()
}

// needed returns the function that says which percentage, to the hundredth, is
// the least that each remaining item must get for a final total of at least
// from; over full when none is enough.
func (c *calculator) needed() func(from Percent) Percent {
	enough := func(p, from Percent) bool { return max(*c.finalWith(p), 0) >= from }
	if c.steady() {
		return func(from Percent) Percent {
			return Percent(sort.Search(int(full)+1, func(p int) bool { return enough(Percent(p), from) }))
		}
	}
	totals := make([]Percent, full+1)
	for p := range totals {
		totals[p] = *c.finalWith(Percent(p))
	}
	return func(from Percent) Percent {
		for p := range totals {
			if max(totals[p], 0) >= from {
				return Percent(p)
			}
		}
		return full + 1
	}
}

// steady reports whether the final total cannot fall when a remaining item gets
// more. It can where drops change which points are possible: in a points class,
// because the set with the best ratio may be a smaller one, and where highest
// are dropped from a set that is no more the same.
func (c *calculator) steady() bool {
	for i := range c.final.parts {
		lowest, highest := c.drops(i)
		if lowest+highest == 0 || c.alike(i) {
			continue
		}
		if c.class.Weighting == ByPoints || lowest > 0 && highest > 0 {
			return false
		}
	}
	return true
}

// alike reports whether all that a category may drop is of the same points.
func (c *calculator) alike(category int) bool {
	var first *Assignment
	for i, a := range c.assignments {
		if c.category[i] != category || a.NeverDrop || c.earned[i].standing == apart {
			continue
		}
		if first == nil {
			first = a
		}
		if a.Points != first.Points {
			return false
		}
	}
	return true
}
