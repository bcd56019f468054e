package grades

import (
	"testing"
	"time"
)

func TestWhyItems(t *testing.T) {
	due := today().Add(-48 * time.Hour)
	class := classOf(t, Weighted, "A 60 -1, B 40")
	class.MissingDeduction = Points(60)
	class.LatePolicy = LatePolicy{IntervalHours: 24, Percent: Points(10), Floor: Points(50)}
	late := func(after time.Duration) func(*Assignment, *Grade) {
		return func(a *Assignment, g *Grade) { a.Due, g.Status, g.Submitted = &due, Late, new(due.Add(after)) }
	}
	for _, c := range []struct {
		mark   string
		change func(*Assignment, *Grade)
		why    string
	}{
		{"45/50", nil, "45 of 50 points"},
		{"55/50", nil, "55 of 50 points: what is over the points possible counts in full"},
		{"2.5/0", nil, "2.5 points on an item of 0 points: extra credit"},
		{"1/0", nil, "1 point on an item of 0 points: extra credit"},
		{"-/50", nil, "no score yet"},
		{"EX/50", nil, "excused"},
		{"NA/50", nil, "not assigned to this student"},
		{"MI/50", nil, "missing: the class takes 60 % of the 50 points possible, which leaves 20"},
		{"45/50", func(_ *Assignment, g *Grade) { g.Status = Incomplete }, "45 of 50 points"},
		{"45/50", func(_ *Assignment, g *Grade) { g.Status, g.Score = Incomplete, nil }, "incomplete, and no score yet"},
		{"90/100", late(25 * time.Hour), "25 h late: 2 × 10 % of 100 points are taken from 90, which leaves 70"},
		{"90/100", late(time.Second), "1 min late: 1 × 10 % of 100 points are taken from 90, which leaves 80"},
		{"90/100", late(90 * time.Minute), "1 h 30 min late: 1 × 10 % of 100 points are taken from 90, which leaves 80"},
		{"90/100", late(200 * time.Hour), "200 h late: 9 × 10 % of 100 points would be taken from 90, but not below the floor of 50 %, which leaves 50"},
		{"40/100", late(time.Hour), "1 h late: 1 × 10 % of 100 points would be taken from 40, but nothing is from a score that is not above the floor of 50 %"},
		{"90/100", late(0), "90 of 100 points, marked late: nothing is taken, because it was submitted in time"},
		{"9/0", late(time.Hour), "9 of 0 points, marked late: nothing is taken from an item of 0 points"},
		{"90/100", func(a *Assignment, g *Grade) { g.Status = Late }, "90 of 100 points, marked late: nothing is taken, because the assignment has no due date"},
		{"90/100", func(a *Assignment, g *Grade) { a.Due, g.Status = &due, Late }, "90 of 100 points, marked late: nothing is taken, because the cell does not say when it was submitted"},
	} {
		assignments, grades := readMarks(t, "A: "+c.mark)
		if c.change != nil {
			c.change(assignments[0], grades[1])
		}
		if got := Explain(class, assignments, grades, today()).Items[0].Why; got != c.why {
			t.Errorf("%s:\n%s, want\n%s", c.mark, got, c.why)
		}
	}
}

func TestWhyUses(t *testing.T) {
	past, future := today().Add(-time.Hour), today().Add(time.Hour)
	for _, c := range []struct {
		name, categories, marks string
		change                  func(*Class, []*Assignment)
		current, final          string // of the last item
	}{
		{"counts", "A 0", "A: 1/2", nil, "used: counts", "used: counts"},
		{"blank", "A 0", "A: -/2", nil, "excluded: left out, because it has no score", "used: counts 0, because it has no score"},
		{"excused", "A 0", "A: EX/2", nil,
			"excluded: excused items, and those that are not assigned, are in no total",
			"excluded: excused items, and those that are not assigned, are in no total"},
		{"past due", "A 0", "A: -/2", func(c *Class, a []*Assignment) { c.BlankPolicy, a[0].Due = ZeroOnceDue, &past },
			"used: counts 0, because it has no score and its due date has passed",
			"used: counts 0, because it has no score and its due date has passed"},
		{"not yet due", "A 0", "A: -/2", func(c *Class, a []*Assignment) { c.BlankPolicy, a[0].Due = ZeroOnceDue, &future },
			"excluded: left out, because it has no score and is not past due: that is 21 November 2026, 01:00 UTC",
			"used: counts 0, because it has no score"},
		{"never due", "A 0", "A: -/2", func(c *Class, _ []*Assignment) { c.BlankPolicy = ZeroOnceDue },
			"excluded: left out, because it has no score and no due date", "used: counts 0, because it has no score"},
		{"dropped", "A 0 -1", "A: 2/2 1/2", nil,
			"droppedLowest: dropped as one of the lowest: what is kept of A has the best ratio there is",
			"droppedLowest: dropped as one of the lowest: what is kept of A has the best ratio there is"},
		{"dropped highest", "A 0 +1", "A: 1/2 2/2", nil,
			"droppedHighest: dropped as one of the highest: what is kept of A has the worst ratio there is",
			"droppedHighest: dropped as one of the highest: what is kept of A has the worst ratio there is"},
		{"dropped by score", "A 0 -1", "A: 2/0 1/0", nil,
			"droppedLowest: dropped as one of the lowest: by score, because nothing is possible in A",
			"droppedLowest: dropped as one of the lowest: by score, because nothing is possible in A"},
		{"never dropped", "A 0 -1", "A: 2/2 1/2", func(_ *Class, a []*Assignment) { a[1].NeverDrop = true },
			"used: counts; it is never dropped", "used: counts; it is never dropped"},
		{"without weight", "A 0", "A: 1/2", func(c *Class, _ []*Assignment) { c.Weighting = Weighted },
			"used: counts; but A has no weight", "used: counts; but A has no weight"},
		{"without ratio", "A 10", "A: 1/0", func(c *Class, _ []*Assignment) { c.Weighting = Weighted },
			"used: counts; but A has no ratio, because nothing is possible in it",
			"used: counts; but A has no ratio, because nothing is possible in it"},
	} {
		class := classOf(t, ByPoints, c.categories)
		assignments, grades := readMarks(t, c.marks)
		if c.change != nil {
			c.change(class, assignments)
		}
		item := Explain(class, assignments, grades, today()).Items[len(assignments)-1]
		current, final := item.Current.Use+": "+item.Current.Why, item.Final.Use+": "+item.Final.Why
		if current != c.current || final != c.final {
			t.Errorf("%s: current\n%s\nfinal\n%s\nwant\n%s\n%s", c.name, current, final, c.current, c.final)
		}
	}
}
