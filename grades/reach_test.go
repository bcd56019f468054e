package grades

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"strings"
	"testing"
)

func TestReach(t *testing.T) {
	// A hundredth less than 98 makes 93.995, which is shown as 94.00: a letter is
	// that of what is shown.
	for _, c := range []struct{ name, weighting, categories, marks, want string }{
		{"one test to come", Weighted, "HW 50, Test 50", "HW: 9/10; Test: -/100",
			"45.00 F to 95.00 A, 1 for 100: A 97.99, A− 89.99, B+ 83.99, B 77.99, B− 69.99, C+ 63.99, C 57.99, C− 49.99, D+ 43.99, D 37.99, D− 31.99, F reached"},
		{"out of reach", ByPoints, "A 0", "A: 60/100 -/100",
			"30.00 F to 80.00 B−, 1 for 100: A out, A− out, B+ out, B out, B− 99.99, C+ 93.99, C 87.99, C− 79.99, D+ 73.99, D 67.99, D− 61.99, F reached"},
		{"nothing remains", ByPoints, "A 0", "A: 83/100", "83.00 B− to 83.00 B−, 0 for 0: A out, A− out, B+ out, B out, B− reached, C+ reached, C reached, C− reached, D+ reached, D reached, D− reached, F reached"},
		{"no grade", ByPoints, "A 0", "A: EX/100", "none to none, 0 for 0: "},
		{"no weight", Weighted, "A 0", "A: -/100", "none to none, 1 for 100: "},
		{"only bonus remains", ByPoints, "A 0", "A: 95/100 -/0", "95.00 A to 95.00 A, 1 for 0: A reached, A− reached, B+ reached, B reached, B− reached, C+ reached, C reached, C− reached, D+ reached, D reached, D− reached, F reached"},
		{"below zero", ByPoints, "A 0", "A: -90/10 -/90", "-90.00 F to 0.00 F, 1 for 90: A out, A− out, B+ out, B out, B− out, C+ out, C out, C− out, D+ out, D out, D− out, F reached"},
	} {
		assignments, grades := readMarks(t, c.marks)
		r := Explain(classOf(t, c.weighting, c.categories), assignments, grades, today()).Reach
		var letters []string
		for _, l := range r.Letters {
			letters = append(letters, l.Letter+" "+l.text())
		}
		got := fmt.Sprintf("%s to %s, %d for %s: %s", r.Lowest.text(), r.Highest.text(), r.Remaining, r.Points, strings.Join(letters, ", "))
		if got != c.want {
			t.Errorf("%s:\n%s, want\n%s", c.name, got, c.want)
		}
	}
}

func (l ReachedLetter) text() string {
	switch l.State {
	case Reached:
		return "reached"
	case OutOfReach:
		return "out"
	}
	return l.Needed.String()
}

func TestWhyReach(t *testing.T) {
	class := classOf(t, ByPoints, "A 0")
	class.Scale = []Cutoff{{"pass", 50_00}}
	for _, c := range []struct{ marks, want string }{
		{"A: 6/10 -/1", "is reached already, whatever the remaining items bring"},
		{"A: 6/10", "is reached, and no item remains"},
		{"A: 1/10 -/1", "is out of reach: with full marks on the remaining items the total is 18.18"},
		{"A: 1/10", "is out of reach: no item remains, and the total is 10.00"},
		{"A: 1/10 -/10", "needs 89.99 percent on the one remaining item"},
		{"A: 1/10 -/10 -/10", "needs 70.00 percent on each of the 2 remaining items"},
	} {
		assignments, grades := readMarks(t, c.marks)
		if got := Explain(class, assignments, grades, today()).Reach.Letters[0].Why; got != c.want {
			t.Errorf("%s: %s, want %s", c.marks, got, c.want)
		}
	}
}

// What is needed is enough, and a hundredth less is not: put into the grades,
// in classes of all kinds.
func TestReachAgainstTotals(t *testing.T) {
	random := rand.New(rand.NewPCG(19, 30))
	steady, unsteady, within := 0, 0, 0
	for round := range 200 {
		class, assignments, grades := randomClass(random)
		for _, a := range assignments {
			a.Points = Points(int(a.Points/scoreUnit) % 200) // so that each percentage of them is a Score
			if random.IntN(3) == 0 {
				delete(grades, a.ID)
			}
		}
		final := func(p Percent) *Percent {
			all := maps.Clone(grades)
			for _, a := range assignments {
				if all[a.ID] == nil {
					score := a.Points / 100_00 * Score(p)
					all[a.ID] = &Grade{Status: Graded, Score: &score}
				}
			}
			return CalculateTotals(class, assignments, all, today()).Final.Percent
		}
		e := Explain(class, assignments, grades, today())
		if got, want := fmt.Sprint(e.Reach.Lowest.text(), " to ", e.Reach.Highest.text()), fmt.Sprint(newTotal(final(0), class.Scale).text(), " to ", newTotal(final(full), class.Scale).text()); got != want {
			t.Fatalf("round %d: from %s, want %s", round, got, want)
		}
		if e.Final.Percent == nil {
			continue
		}
		c := newCalculator(class, assignments)
		c.run(marksOf(assignments, grades), today())
		if c.steady() {
			steady++
		} else {
			unsteady++
		}
		for _, l := range e.Reach.Letters {
			enough := func(p Percent) bool { return max(*final(p), 0) >= l.From }
			switch l.State {
			case Reached:
				if !enough(0) {
					t.Fatalf("round %d: %s is not reached", round, l.Letter)
				}
			case WithinReach:
				within++
				if !enough(*l.Needed) || enough(*l.Needed-1) {
					t.Fatalf("round %d: %s is not reached at %s, or before", round, l.Letter, l.Needed)
				}
			case OutOfReach:
				if enough(full) {
					t.Fatalf("round %d: %s is not out of reach", round, l.Letter)
				}
			}
		}
	}
	if steady < 20 || unsteady < 20 || within < 100 {
		t.Errorf("%d rounds were steady, %d not, and %d letters within reach: try more", steady, unsteady, within)
	}
}
