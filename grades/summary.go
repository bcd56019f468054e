package grades

import (
	"slices"
	"time"
)

const (
	bins     = 12
	lowest   = 40_00 // where the first bin begins
	binWidth = 5_00
)

// summarize is the class on the list of classes. It is kept until something in
// the class changes.
func (c *classState) summarize(now time.Time) ClassSummary {
	if kept := c.summary.Load(); kept.good(c.Revision, now) {
		return kept.value
	}
	out := ClassSummary{Class: c.Class, Removed: c.removed, Assignments: len(c.assignments), Histogram: make([]int, bins)}
	calculator := newCalculator(&c.Class, c.assignments)
	var current []Percent
	for _, e := range c.sorted() {
		out.Students++
		out.Names = append(out.Names, e.student.FirstName)
		marks := calculator.marks(e.row)
		for i, a := range c.assignments {
			if c.earned(a, &marks[i]).standing != ungraded {
				out.Graded++
			}
		}
		if p := calculator.totals(marks, now).Current.Percent; p != nil {
			current = append(current, *p)
			out.Histogram[min(max(int(*p-lowest)/binWidth, 0), bins-1)]++
		}
	}
	if out.Students > 5 {
		out.Names = nil
	}
	slices.Sort(current)
	if n := len(current); n > 0 {
		out.Median = meanPercent(current[(n-1)/2 : n/2+1])
	}
	c.summary.Store(&cached[ClassSummary]{value: out, stamp: c.Revision, until: c.nextDue(now)})
	return out
}

// summarized reports whether summarize has nothing to do.
func (c *classState) summarized(now time.Time) bool {
	return c.summary.Load().good(c.Revision, now)
}
