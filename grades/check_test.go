package grades

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

// stateOf is a class with the students Ann, Ben, … whose marks it reads in the
// notation of totalsOf.
func stateOf(t *testing.T, class *Class, students ...string) *classState {
	t.Helper()
	c := &classState{Class: *class}
	for n, marks := range students {
		student := &studentState{Student: Student{ID: n + 1, FirstName: []string{"Ann", "Ben", "Cleo"}[n]}}
		e := &enrollment{class: c, student: student}
		id := 0
		for group := range strings.SplitSeq(marks, ";") {
			category, items, _ := strings.Cut(strings.TrimSpace(group), ": ")
			for text := range strings.FieldsSeq(items) {
				id++
				a, g := readMark(t, id, category, text)
				if n == 0 {
					c.assignments = append(c.assignments, a)
				}
				e.row.set(newCell(id, g.value(), 1, new("test"), testTime()))
			}
		}
		c.roster = append(c.roster, e)
	}
	return c
}

func TestChecks(t *testing.T) {
	yesterday, tomorrow := testTime().AddDate(0, 0, -1), testTime().AddDate(0, 0, 1)
	due := func(when *time.Time) func(c *classState) { return func(c *classState) { c.assignments[0].Due = when } }
	letters := func(c *classState) { c.Scale = DefaultScale() }
	// Three items of a third each of a points class, and four of a quarter each
	// of a weighted one, are as it should be.
	for _, c := range []struct {
		name, weighting, categories string
		students                    []string
		change                      func(c *classState)
		want                        []string // severity code ids: …words…
	}{
		{"points", ByPoints, "A 0", []string{"A: 8/10 9/10 8/10"}, nil, nil},
		{"weighted", Weighted, "A 50, B 50", []string{"A: 8/10 8/10; B: 8/10 9/10"}, nil, nil},
		{"a new class", Weighted, "A 50, B 50", nil, nil, nil},
		{"assignments, but nobody to do them", ByPoints, "A 0", []string{"A: -/10 -/10 -/10"}, func(c *classState) { c.roster = nil }, nil},

		{"weights under 100", Weighted, "A 40, B 40.5", []string{"A: 8/10 8/10; B: 8/10 8/10 8/10"}, nil,
			[]string{"warning weights: the weights make 80.5 percent, so totals are scaled up"}},
		{"weights over 100", Weighted, "A 40, B 40, C 40", []string{"A: 8/10; B: 8/10; C: 8/10"}, nil,
			[]string{"warning weights: the weights make 120 percent and are not scaled down, so full marks everywhere make a total of 120"}},
		{"no weights", Weighted, "A 0, B 0", []string{"A: 8/10; B: 8/10"}, nil,
			[]string{"warning weights: the weights are all 0, so nobody gets a total"}},
		{"weights of a points class", ByPoints, "A 40, B 0", []string{"A: 8/10 8/10; B: 8/10 8/10"}, nil, nil},
		{"a category without weight", Weighted, "A 40, B 40, C 20, D 0", []string{"A: 8/10; B: 8/10; C: 8/10; D: 8/10 7/10"}, nil,
			[]string{`warning noWeight D: "D" has the weight 0, so nothing in it counts (2 assignments)`}},
		{"an empty category without weight", Weighted, "A 40, B 40, C 20, D 0", []string{"A: 8/10; B: 8/10; C: 8/10"}, nil, nil},

		{"a bonus for nothing", Weighted, "A 40, B 40, C 20", []string{"A: 8/10 8/10; B: 8/10 8/10; C: 3/0 1/0"}, nil, []string{
			`warning bonusVanishes C: "C" has only assignments of 0 points`,
		}},
		{"a bonus beside points", Weighted, "A 40, B 40, C 20", []string{"A: 8/10 8/10; B: 8/10 8/10; C: 7/10 1/0"}, nil, []string{
			`note zeroPoints C 6: "Item 6" has 0 points, so that every score in it is extra credit`,
		}},
		{"a bonus of one who is excused", Weighted, "A 40, B 40, C 20", []string{"A: 8/10 8/10; B: 8/10 8/10; C: 7/10 1/0", "A: 8/10 8/10; B: 8/10 8/10; C: EX/10 1/0"}, nil, []string{
			`warning bonusVanishes C 6 student 2: the extra credit of Ben in "Item 6" vanishes, because Ben is excused`,
			"note zeroPoints C 6: ",
		}},
		{"no bonus to lose", Weighted, "A 40, B 40, C 20", []string{"A: 8/10 8/10; B: 8/10 8/10; C: 7/10 1/0", "A: 8/10 8/10; B: 8/10 8/10; C: NA/10 0/0"}, nil,
			[]string{"note zeroPoints C 6: "}},
		{"a bonus of a points class", ByPoints, "A 0", []string{"A: 8/10 8/10 8/10 2/0", "A: EX/10 EX/10 EX/10 2/0"}, nil, []string{
			`warning bonusVanishes A 4 student 2: the extra credit of Ben in "Item 4" vanishes`,
			"note zeroPoints A 4: ",
		}},
		{"nothing has points", ByPoints, "A 0", []string{"A: 2/0 1/0"}, nil,
			[]string{"warning nothingPossible: no assignment has points, so nobody gets a total"}},
		{"nothing has points, weighted", Weighted, "A 100", []string{"A: 2/0 1/0"}, nil,
			[]string{"warning nothingPossible: no assignment has points, so nobody gets a total"}},

		{"heavy", ByPoints, "A 0", []string{"A: 8/10 8/10 41/49"}, nil,
			[]string{`note heavyItem A 3: "Item 3" can make 71.01 percent of a total`}},
		{"40 percent is not over it", ByPoints, "A 0", []string{"A: 9/10 8/10 30/40 35/40"}, nil, nil},
		{"heavy by its weight", Weighted, "A 50, B 50", []string{"A: 8/10; B: 8/10 8/10"}, nil,
			[]string{`note heavyItem A 1: "Item 1" can make 50.00 percent of a total`}},
		{"heavy as the weights are scaled", Weighted, "A 25, B 25, C 50", []string{"A: 8/10; B: 8/10 8/10"}, nil,
			[]string{`note heavyItem A 1: "Item 1" can make 50.00 percent of a total`}},
		{"heavy when others are dropped", Weighted, "A 50 -1, B 50", []string{"A: 8/10 8/10; B: 8/10 8/10"}, nil, []string{
			`note heavyItem A 1: "Item 1" can make 50.00 percent of a total`,
			`note heavyItem A 2: "Item 2" can make 50.00 percent of a total`,
		}},
		{"not heavy with one that is never dropped", Weighted, "A 50 -1, B 50", []string{"A: 8/10 8/10 8/10; B: 8/10 8/10"}, func(c *classState) { c.assignments[1].NeverDrop = true }, nil},
		{"heavy when the large are dropped", ByPoints, "A 0 +1", []string{"A: 8/10 8/10 8/10 30/40"}, nil,
			[]string{`note heavyItem A 4: "Item 4" can make 66.67 percent of a total`}},

		{"near cutoffs", ByPoints, "A 0", []string{"A: 89.95/100 89.95/100 89.95/100", "A: 84.05/100 84.05/100 84.05/100", "A: 90/100 90/100 -/100"}, letters, []string{
			"note nearCutoff student 1: Ann has current and final totals of 89.95, 0.05 below the cutoff of A−; see that every grade is right",
			"note nearCutoff student 2: Ben has current and final totals of 84.05, 0.05 above the cutoff of B",
			"note nearCutoff student 3: Cleo has a current total of 90.00, just at the cutoff of A−",
		}},
		{"not near", ByPoints, "A 0", []string{"A: 89.94/100 89.94/100 89.94/100", "A: 84.06/100 84.06/100 84.06/100", "A: 0/100 0/100 0/100"}, letters, nil},
		{"a final total", ByPoints, "A 0", []string{"A: 95/100 96.02/100 -/100", "A: 50/100 50/100 50/100"}, func(c *classState) { c.Scale = []Cutoff{{"yes", 63_70}, {"no", 0}} },
			[]string{"note nearCutoff student 1: Ann has a final total of 63.67, 0.03 below the cutoff of yes"}},

		{"nobody has a grade", ByPoints, "A 0", []string{"A: -/10 8/10 8/10 8/10", "A: EX/10 8/10 8/10 8/10"}, nil,
			[]string{`note nobodyGraded A 1: "Item 1" has nobody's grade yet`}},
		{"one has", ByPoints, "A 0", []string{"A: -/10 8/10 8/10 8/10", "A: MI/10 8/10 8/10 8/10"}, nil, nil},
		{"nobody has a grade and it was due", ByPoints, "A 0", []string{"A: -/10 8/10 8/10 8/10"}, due(&yesterday),
			[]string{`warning nobodyGraded A 1: "Item 1" was due on 2026-11-20 and nobody has a grade in it`}},
		{"nobody has a grade and it is due tomorrow", ByPoints, "A 0", []string{"A: -/10 8/10 8/10 8/10"}, due(&tomorrow),
			[]string{`note nobodyGraded A 1: "Item 1" has nobody's grade yet`}},
		{"for nobody", ByPoints, "A 0", []string{"A: EX/10 8/10 8/10 8/10", "A: NA/10 8/10 8/10 8/10"}, nil,
			[]string{`note nobodyGraded A 1: "Item 1" counts for nobody, because everybody is excused`}},

		{"an unknown category", Weighted, "A 60, B 40", []string{"A: 8/10 8/10; B: 8/10 8/10; C: 8/10"}, nil,
			[]string{`warning unknownCategory C 5: "Item 5" is in the category "C", which the class does not have, so it counts nothing; move it to one of A, B`}},
		{"an unknown category of a points class", ByPoints, "A 0", []string{"A: 8/10 8/10; C: 8/10"}, nil,
			[]string{`warning unknownCategory C 3: "Item 3" is in the category "C", which the class does not have, so it counts without the rules of a category`}},
	} {
		class := stateOf(t, classOf(t, c.weighting, c.categories), c.students...)
		class.Scale = nil
		if c.change != nil {
			c.change(class)
		}
		got := class.checks(testTime())
		if len(got) != len(c.want) || got == nil {
			t.Errorf("%s: %s, want %d checks", c.name, mustJSON(t, got), len(c.want))
			continue
		}
		for i := range got {
			if text := checkText(got[i]); !strings.HasPrefix(text, c.want[i]) {
				t.Errorf("%s:\ngot  %s\nwant %s…", c.name, text, c.want[i])
			}
		}
	}
}

func checkText(c Check) string {
	text := c.Severity + " " + c.Code
	if c.Category != "" {
		text += " " + c.Category
	}
	if c.Assignment != 0 {
		text += fmt.Sprint(" ", c.Assignment)
	}
	if c.Student != 0 {
		text += fmt.Sprint(" student ", c.Student)
	}
	return text + ": " + c.Detail
}

// An assignment is heavy when there is a way to drop others that leaves it over
// 40 percent: all ways are tried.
func TestHeavyAgainstBruteForce(t *testing.T) {
	random := rand.New(rand.NewPCG(13, 14))
	for range 500 {
		class := classOf(t, []string{Weighted, ByPoints}[random.IntN(2)], fmt.Sprintf("A %d -%d +%d, B %d -%d", random.IntN(80), random.IntN(3), random.IntN(3), 1+random.IntN(80), random.IntN(3)))
		var assignments []*Assignment
		for i := range 1 + random.IntN(7) {
			assignments = append(assignments, &Assignment{ID: i + 1, Category: []string{"A", "B"}[random.IntN(2)], Points: Points(random.IntN(5)), NeverDrop: random.IntN(6) == 0})
		}
		k := newChecker(class, assignments)
		k.heavy()
		var got []int
		for _, c := range k.found {
			got = append(got, c.Assignment)
		}
		slices.Sort(got)
		if want := heavyByForce(class, assignments); !slices.Equal(got, want) {
			t.Errorf("%s\n%s\ngot %v, want %v", mustJSON(t, class), mustJSON(t, assignments), got, want)
		}
	}
}

// heavyByForce tries each set of assignments that may be what is kept.
func heavyByForce(class *Class, assignments []*Assignment) (heavy []int) {
	most := make([]float64, len(assignments))
	for set := range 1 << len(assignments) {
		sums, weights := [2]float64{}, 0.0
		allowed := true
		for c, category := range class.Categories {
			free, kept, all := 0, 0, 0.0
			for i, a := range assignments {
				if a.Category != category.Name {
					continue
				}
				in := set>>i&1 == 1
				if all += float64(a.Points); in {
					sums[c] += float64(a.Points)
				}
				switch {
				case a.NeverDrop:
					allowed = allowed && in
				case in:
					free, kept = free+1, kept+1
				default:
					free++
				}
			}
			allowed = allowed && (free == 0 || kept == class.kept(category.Name, free))
			if all > 0 {
				weights += float64(category.Weight)
			}
		}
		for i, a := range assignments {
			if !allowed || set>>i&1 == 0 || a.Points == 0 {
				continue
			}
			c := int(a.Category[0] - 'A')
			share := float64(a.Points) / (sums[0] + sums[1])
			if class.Weighting == Weighted {
				share = float64(a.Points) / sums[c] * float64(class.Categories[c].Weight) / min(weights, hundredPercent)
			}
			most[i] = max(most[i], share)
		}
	}
	for i, share := range most {
		if share > 0.4+1e-9 {
			heavy = append(heavy, i+1)
		}
	}
	return heavy
}

func TestChecksOfService(t *testing.T) {
	s := openService(t, t.TempDir())
	if got, err := s.Checks(t.Context(), 1); err != nil || len(got) != 0 {
		t.Errorf("of the sample class %v, %v; want none", got, err)
	}
	if _, body := s.request(t, "GET /classes/1/checks", ""); body != "[]\n" {
		t.Errorf("nothing wrong is %s, want []", body)
	}
	if _, err := s.ChangeClass(t.Context(), 1, ClassInput{Weighting: new(Weighted), Categories: []Category{{Name: "Quiz", Weight: Points(70)}, {Name: "Homework", Weight: Points(40)}}}); err != nil {
		t.Fatal(err)
	}
	_, body := s.request(t, "GET /classes/1/checks", "")
	const want = `[{"code":"weights","severity":"warning","detail":"the weights make 110 percent and are not scaled down, so full marks everywhere make a total of 110; make them 100"}]` + "\n"
	if body != want {
		t.Errorf("got %s, want %s", body, want)
	}
	problem(t, func() error { _, err := s.Checks(t.Context(), 9); return err }(), 404)
}
