package grades

import "testing"

func TestWhyTotals(t *testing.T) {
	for _, c := range []struct{ name, weighting, categories, marks, exact, why, first, next string }{
		{"weighted", Weighted, "HW 20, Quiz 30, Test 50", "HW: 45/50; Quiz: 72/80; Test: 85/100", "87.5",
			"HW 45/50 × 20 + Quiz 72/80 × 30 + Test 85/100 × 50 = 87.5 percent, shown as 87.50",
			"counts 20 percent", "A− from 90.00 is 2.50 more"},
		{"scaled", Weighted, "HW 20, Quiz 40", "HW: 40/50; Quiz: 72/80", "260/3",
			"(HW 40/50 × 20 + Quiz 72/80 × 40) × 100/60 = 260/3 percent, shown as 86.67",
			"counts 20 of the 60 percent that the categories with a ratio weigh, which is 100/3 of 100", "B+ from 87.00 is 0.33 more"},
		{"over 100", Weighted, "A 80, B 60.5", "A: 1/2; B: 1/2", "70.25",
			"A 1/2 × 80 + B 1/2 × 60.5 = 70.25 percent, shown as 70.25",
			"counts 80 percent, although the categories weigh 140.5: over 100 is not scaled down", "C from 74.00 is 3.75 more"},
		{"points", ByPoints, "HW 0, Quiz 0", "HW: 35.998/40; Quiz: 12/10", "95.996",
			"47.998/50 × 100 = 95.996 percent, shown as 96.00", "adds 35.998 of 40 points", ""},
		{"negative", ByPoints, "A 0", "A: -5/10", "-50", "-5/10 × 100 = -50 percent, shown as -50.00", "adds -5 of 10 points", "D− from 61.00 is 111.00 more"},
		{"nothing", Weighted, "A 100", "", "", "no grade, because no item counts", "has no items", ""},
		{"excused", Weighted, "A 100", "A: EX/10", "", "no grade, because no item counts", "has no items that count", ""},
		{"bonus only", ByPoints, "A 100", "A: 2/0", "", "no grade, because nothing is possible on the items that count", "adds 2 points of extra credit", ""},
		{"no weight", Weighted, "A 0", "A: 1/2", "", "no grade, because the categories with points have no weight", "counts nothing, because its weight is 0", ""},
		{"bonus that vanishes", Weighted, "A 10, B 90", "A: 1/0; B: 9/10", "90", "(B 9/10 × 90) × 100/90 = 90 percent, shown as 90.00",
			"has no ratio, because nothing is possible on its items: 1 point is lost", "A from 94.00 is 4.00 more"},
		{"drops", ByPoints, "A 0 -1", "A: 1/10 2/10 3/10", "25", "5/20 × 100 = 25 percent, shown as 25.00", "adds 5 of 20 points; drops 1 lowest", "D− from 61.00 is 36.00 more"},
		{"too many drops", ByPoints, "A 0 -3 +1", "A: 1/10 2/10", "20", "2/10 × 100 = 20 percent, shown as 20.00",
			"adds 2 of 10 points; drops 1 lowest instead of 3, so that one that may be dropped is kept; drops 0 highest instead of 1, so that one that may be dropped is kept",
			"D− from 61.00 is 41.00 more"},
	} {
		assignments, grades := readMarks(t, c.marks)
		got := Explain(classOf(t, c.weighting, c.categories), assignments, grades, today()).Current
		next := ""
		if n := got.Next; n != nil {
			next = n.Letter + " from " + n.From.String() + " is " + n.Short.String() + " more"
		}
		if got.Exact != c.exact || got.Why != c.why || next != c.next || got.Categories[0].Why != c.first {
			t.Errorf("%s: %s\n%s\n%s\n%s\nwant %s\n%s\n%s\n%s", c.name, got.Exact, got.Why, got.Categories[0].Why, next, c.exact, c.why, c.first, c.next)
		}
	}
}
