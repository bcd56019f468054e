package grades

import (
	"fmt"
	"slices"
	"sort"
)

// full is full marks.
const full Percent = 100_00

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
	pieces := c.pieces(c.finalWith(0), c.finalWith(full))
	lowest, highest := pieces[0].low.percent, pieces[len(pieces)-1].high.percent
	out.Lowest, out.Highest = newTotal(lowest, c.class.Scale), newTotal(highest, c.class.Scale)
	if lowest == nil {
		return out // nor can there be one with more points: what is possible stays the same
	}
	for _, cutoff := range c.class.Scale {
		least, safe := c.needed(pieces, cutoff.From)
		letter := ReachedLetter{Letter: cutoff.Letter, From: cutoff.From}
		letter.State, letter.Needed = letterState(least, safe)
		letter.Why = whyReach(&letter, least, *highest, out.Remaining)
		out.Letters = append(out.Letters, letter)
	}
	return out
}

// letterState says how a letter stands for which least is enough, and anything from
// safe on.
func letterState(least, safe Percent) (state string, needed *Percent) {
	switch {
	case least > full:
		return OutOfReach, nil
	case safe == 0:
		return Reached, nil
	case safe > full:
		return WithinReach, &least
	}
	return WithinReach, &safe
}

// remains reports whether an assignment has no score yet.
func (c *calculator) remains(at int) bool {
	return c.earned[at].standing == overdue || c.earned[at].standing == ungraded
}

// prospect is the final total if each remaining item gets a percentage of its
// points.
type prospect struct {
	each    Percent
	percent *Percent
	uses    []use
}

func (c *calculator) finalWith(each Percent) *prospect {
	for i := range c.earned {
		if c.remains(i) {
			c.earned[i].Amount = percentOf(c.assignments[i].Points, int64(each)*scoreUnit/100)
		}
	}
	c.addUp(&c.final, ungraded)
	return &prospect{each, c.final.percent(), slices.Clone(c.final.uses)}
}

// piece is a range of percentages with which the same items are dropped, so
// that the final total does not fall from one to the next. Between pieces it
// can: in a points class the set with the best ratio may be one of fewer points.
type piece struct{ low, high *prospect }

// pieces splits a range. Where both ends drop the same so does all between: each
// set of items has a ratio that is a linear function of the percentage, and
// where one is over another at both ends it is all the way.
func (c *calculator) pieces(low, high *prospect) []piece {
	switch {
	case slices.Equal(low.uses, high.uses):
		return []piece{{low, high}}
	case high.each-low.each == 1:
		return []piece{{low, low}, {high, high}}
	}
	middle := c.finalWith((low.each + high.each) / 2)
	return append(c.pieces(low, middle), c.pieces(middle, high)...)
}

// needed returns the least percentage that each remaining item must get for a
// final total of at least from, and the least from which on everything is
// enough; over full when there is none.
func (c *calculator) needed(pieces []piece, from Percent) (least, safe Percent) {
	least = full + 1
	for _, p := range pieces {
		enough := c.neededIn(p, from)
		if enough <= p.high.each {
			least = min(least, enough)
		}
		if enough > p.low.each {
			safe = enough
		}
	}
	return least, safe
}

// neededIn is the least percentage of a piece that is enough, the next after it
// when none is.
func (c *calculator) neededIn(p piece, from Percent) Percent {
	low, high := p.low.each, p.high.each
	switch {
	case p.low.enough(from):
		return low
	case !p.high.enough(from):
		return high + 1
	}
	return low + Percent(sort.Search(int(high-low), func(n int) bool { return c.finalWith(low + Percent(n)).enough(from) }))
}

func (p *prospect) enough(from Percent) bool { return max(*p.percent, 0) >= from }

// whyReach says what a letter takes.
func whyReach(l *ReachedLetter, least, highest Percent, remaining int) string {
	each := fmt.Sprintf("each of the %d remaining items", remaining)
	if remaining == 1 {
		each = "the one remaining item"
	}
	switch {
	case l.State == Reached && remaining == 0:
		return "is reached, and no item remains"
	case l.State == Reached:
		return "is reached already, whatever the remaining items bring"
	case l.State == OutOfReach && remaining == 0:
		return fmt.Sprintf("is out of reach: no item remains, and the total is %s", highest)
	case l.State == OutOfReach:
		return fmt.Sprintf("is out of reach: with full marks on %s the total is %s", each, highest)
	case highest < l.From:
		return fmt.Sprintf("needs %s percent on %s, but not full marks: then others are dropped, and the total is %s", *l.Needed, each, highest)
	case least < *l.Needed:
		return fmt.Sprintf("needs %s percent on %s; less can be enough too, because then others are dropped", *l.Needed, each)
	}
	return fmt.Sprintf("needs %s percent on %s", *l.Needed, each)
}
