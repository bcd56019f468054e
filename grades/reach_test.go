package grades

import (
	"fmt"
	"math/rand/v2"
	"slices"
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
		{"A: 1/10 -/1", "is out of reach: with full marks on the one remaining item the total is 18.18"},
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

// Where the drops of a points class choose between sets of different sizes, more
// on what remains can make the total fall.
func TestReachWhereMoreIsLess(t *testing.T) {
	class := classOf(t, ByPoints, "A 0 -1, B 0")
	for _, c := range []struct {
		marks string
		from  Percent
		want  string // from 80 percent on the blank is kept in place of 8/10
	}{
		{"A: 8/10 -/100; B: 100/100", 94_00, "87.99: needs 87.99 percent on the one remaining item; less can be enough too, because then others are dropped"},
		{"A: 8/10 -/100; B: 100/100", 90_00, "reached: is reached already, whatever the remaining items bring"},
		{"A: 8/10 -/100; B: 150/100", 130_00, "0.00: needs 0.00 percent on the one remaining item, but not full marks: then others are dropped, and the total is 125.00"},
	} {
		class.Scale = []Cutoff{{"pass", c.from}}
		assignments, grades := readMarks(t, c.marks)
		letter := Explain(class, assignments, grades, today()).Reach.Letters[0]
		if got := letter.text() + ": " + letter.Why; got != c.want {
			t.Errorf("%s: %s, want %s", c.marks, got, c.want)
		}
	}
}

// What is said to be needed is found by trying every percentage, put into the
// grades, in classes of all kinds.
func TestReachAgainstTotals(t *testing.T) {
	random := rand.New(rand.NewPCG(19, 30))
	within, falling := 0, 0
	for round := 0; round < 50; {
		class, assignments, grades := randomClass(random)
		if round%2 == 0 { // where totals can fall
			class.Weighting, class.Categories[0].DropLowest = ByPoints, 1
		}
		for _, a := range assignments {
			a.Points = Points(int(a.Points/scoreUnit) % 200) // so that each percentage of them is a Score
			if random.IntN(3) == 0 {
				delete(grades, a.ID)
			}
		}
		e := Explain(class, assignments, grades, today())
		if e.Final.Percent == nil || e.Reach.Remaining == 0 {
			continue
		}
		round++
		finals := everyFinal(class, assignments, grades)
		if got, want := e.Reach.Lowest.text()+" to "+e.Reach.Highest.text(), newTotal(&finals[0], class.Scale).text()+" to "+newTotal(&finals[full], class.Scale).text(); got != want {
			t.Fatalf("round %d: from %s, want %s", round, got, want)
		}
		if !slices.IsSorted(finals) {
			falling++
		}
		for _, l := range e.Reach.Letters {
			least := slices.IndexFunc(finals, func(p Percent) bool { return max(p, 0) >= l.From })
			safe := 0
			for each, p := range finals {
				if max(p, 0) < l.From {
					safe = each + 1
				}
			}
			want := OutOfReach
			switch {
			case safe == 0:
				want = Reached
			case safe <= int(full):
				want = Percent(safe).String()
			case least >= 0:
				want = Percent(least).String()
			}
			got := l.State
			if l.Needed != nil {
				got = l.Needed.String()
				within++
			}
			if got != want {
				t.Fatalf("round %d: %s from %s: %s, want %s", round, l.Letter, l.From, got, want)
			}
		}
	}
	if within < 50 || falling < 3 {
		t.Errorf("%d letters were within reach, and %d totals fell: try more", within, falling)
	}
}

// everyFinal is the final total for every percentage, by hundredths, that each
// blank may get.
func everyFinal(class *Class, assignments []*Assignment, grades map[int]*Grade) []Percent {
	marks := marksOf(assignments, grades)
	var blanks []int
	for i, m := range marks {
		if m == (mark{}) {
			blanks = append(blanks, i)
		}
	}
	c := newCalculator(class, assignments)
	finals := make([]Percent, full+1)
	for each := range finals {
		for _, i := range blanks {
			marks[i] = mark{status: statusGraded, scored: true, score: assignments[i].Points / Score(full) * Score(each)}
		}
		finals[each] = *c.totals(marks, today()).Final.Percent
	}
	return finals
}
