package grades

import (
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// notation is that of the tables for a mark: "45/50", and in place of the score
// "-" for a blank, "EX" for excused, "NA" for not assigned and "MI" for missing.
// Then may follow "!" for what is never dropped, "D-1" for due a day before
// today and "L25" for handed in late, 25 hours after it was due.
func notation() *regexp.Regexp {
	return regexp.MustCompile(`^(.+)/([0-9.]+)(!)?(?:D([+-][0-9]+))?(?:L([0-9.]+))?$`)
}

// readMark reads a mark.
func readMark(t *testing.T, id int, category, text string) (*Assignment, *Grade) {
	t.Helper()
	m := notation().FindStringSubmatch(text)
	if m == nil {
		t.Fatalf("%q is no mark", text)
	}
	a := &Assignment{ID: id, Title: fmt.Sprint("Item ", id), Category: category, Points: readScore(t, m[2]), NeverDrop: m[3] != ""}
	if m[4] != "" {
		days, err := strconv.Atoi(m[4])
		if err != nil {
			t.Fatal(err)
		}
		a.Due = new(today().AddDate(0, 0, days))
	}
	switch m[1] {
	case "-":
		return a, nil
	case "EX":
		return a, &Grade{Status: Excused}
	case "NA":
		return a, &Grade{Status: Unassigned}
	case "MI":
		return a, &Grade{Status: Missing}
	}
	g := &Grade{Status: Graded, Score: new(readScore(t, m[1]))}
	if m[5] != "" {
		late, err := time.ParseDuration(m[5] + "h")
		if err != nil {
			t.Fatal(err)
		}
		a.Due = new(today())
		g.Status, g.Submitted = Late, new(today().Add(late))
	}
	return a, g
}

func readScore(t *testing.T, text string) Score {
	t.Helper()
	score, err := ParseScore(text)
	if err != nil {
		t.Fatal(err)
	}
	return score
}

// readMarks reads "A: 45/50 8/10; B: 1/2": the marks of each category.
func readMarks(t *testing.T, marks string) (assignments []*Assignment, grades map[int]*Grade) {
	t.Helper()
	grades = map[int]*Grade{}
	for group := range strings.SplitSeq(marks, ";") {
		category, items, _ := strings.Cut(strings.TrimSpace(group), ": ")
		for text := range strings.FieldsSeq(items) {
			a, g := readMark(t, len(assignments)+1, category, text)
			assignments = append(assignments, a)
			if g != nil {
				grades[a.ID] = g
			}
		}
	}
	return assignments, grades
}

// today is when the tests of the arithmetic take place.
func today() time.Time { return time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC) }

// totalsOf is the totals of marks, once they are changed.
func totalsOf(t *testing.T, class *Class, marks string, change func([]*Assignment, map[int]*Grade)) Totals {
	t.Helper()
	assignments, grades := readMarks(t, marks)
	if change != nil {
		change(assignments, grades)
	}
	return CalculateTotals(class, assignments, grades, today())
}

// class reads "A 20, B 30 -1, C 50 +1": names, weights, drops of the lowest
// (−) and of the highest (+).
func classOf(t *testing.T, weighting, categories string) *Class {
	t.Helper()
	c := &Class{Weighting: weighting, Scale: DefaultScale(), BlankPolicy: Ignore, MissingDeduction: Points(100)}
	for text := range strings.SplitSeq(categories, ", ") {
		fields := strings.Fields(text)
		weight, err := ParseScore(fields[1])
		if err != nil {
			t.Fatal(err)
		}
		category := Category{Name: fields[0], Weight: weight}
		for _, drop := range fields[2:] {
			n := int(drop[1] - '0')
			if drop[0] == '-' {
				category.DropLowest = n
			} else {
				category.DropHighest = n
			}
		}
		c.Categories = append(c.Categories, category)
	}
	return c
}

func (t Total) text() string {
	if t.Percent == nil {
		return "none"
	}
	if t.Letter == nil {
		return t.Percent.String()
	}
	return t.Percent.String() + " " + *t.Letter
}

func TestTotals(t *testing.T) {
	for _, c := range []struct{ name, weighting, categories, marks, current, final string }{
		{"1 weighted", Weighted, "HW 20, Quiz 30, Test 50", "HW: 45/50; Quiz: 72/80; Test: 85/100", "87.50 B+", "87.50 B+"},
		{"2 one ungraded", Weighted, "HW 20, Quiz 30, Test 50", "HW: 45/50; Quiz: 72/80; Test: -/100", "90.00 A−", "45.00 F"},
		{"3 weights under 100", Weighted, "HW 20, Quiz 40", "HW: 40/50; Quiz: 72/80", "86.67 B", "86.67 B"},
		{"4 points", ByPoints, "HW 20, Quiz 30, Test 50", "HW: 45/50; Quiz: 72/80; Test: 85/100", "87.83 B+", "87.83 B+"},
		{"5 excused", ByPoints, "A 0", "A: 10/10 EX/100 8/10", "90.00 A−", "90.00 A−"},
		{"6 all excused", ByPoints, "A 0", "A: EX/10 EX/100", "none", "none"},
		{"7 no scores", ByPoints, "A 0", "A: -/100", "none", "0.00 F"},
		{"8 extra credit", ByPoints, "A 0", "A: 9/10 2/0", "110.00 A", "110.00 A"},
		{"8 extra credit only", ByPoints, "A 0", "A: 2/0", "none", "none"},
		{"9 negative", ByPoints, "A 0", "A: -5/10 10/10", "25.00 F", "25.00 F"},
		{"9 negative alone", ByPoints, "A 0", "A: -5/10", "-50.00 F", "-50.00 F"},
		{"10 drop more than there is", ByPoints, "A 0 -3", "A: 6/10 9/10", "90.00 A−", "90.00 A−"},
		{"11 drop and a blank", ByPoints, "A 0 -1", "A: 10/10 5/10 -/10", "100.00 A", "75.00 C"},
		{"12 missing", ByPoints, "A 0", "A: 90/100 MI/100", "45.00 F", "45.00 F"},
		{"14 exactly 90", ByPoints, "A 0", "A: 35.998/40", "90.00 A−", "90.00 A−"},
		{"nothing at all", Weighted, "A 100", "", "none", "none"},
		{"weights over 100 are not scaled", Weighted, "A 80, B 60", "A: 1/2; B: 1/2", "70.00 C−", "70.00 C−"},
		{"weights total 0", Weighted, "A 0, B 0", "A: 1/2; B: 1/2", "none", "none"},
		{"not assigned", Weighted, "A 50, B 50", "A: 9/10; B: NA/10", "90.00 A−", "90.00 A−"},
		{"bonus in a category of its own vanishes", Weighted, "A 90, Bonus 10", "A: 9/10; Bonus: 5/0", "90.00 A−", "90.00 A−"},
		{"over the maximum", Weighted, "A 100", "A: 12/10", "120.00 A", "120.00 A"},
		{"half rounds away from zero", ByPoints, "A 0", "A: 0.00005/1", "0.01 F", "0.01 F"},
		{"and so below zero", ByPoints, "A 0", "A: -0.00005/1", "-0.01 F", "-0.01 F"},
		{"drop two: not one at a time, which makes 74.35", ByPoints, "A 0 -2", "A: 100/100 42/91 14/55 3/38", "74.64 C", "74.64 C"},
		{"drop highest", ByPoints, "A 0 +1", "A: 10/10 5/10", "50.00 F", "50.00 F"},
		{"both drops", ByPoints, "A 0 -1 +1", "A: 10/10 5/10 7/10", "70.00 C−", "70.00 C−"},
		{"both drops would leave none", ByPoints, "A 0 -1 +1", "A: 10/10 5/10", "100.00 A", "100.00 A"},
		{"drop by raw score", ByPoints, "A 0 -1, B 0", "A: 3/0 1/0; B: 5/10", "80.00 B−", "80.00 B−"},
		{"a set without points is no best set", Weighted, "A 100 -1", "A: 5/0 3/10", "30.00 F", "30.00 F"},
		{"beyond any percentage", ByPoints, "A 0", strings.TrimSpace("A: 1/0.000001 " + strings.Repeat("1000000/0 ", 1000)), "92233720368547758.07 A", "92233720368547758.07 A"},
	} {
		got := totalsOf(t, classOf(t, c.weighting, c.categories), c.marks, nil)
		if got.Current.text() != c.current || got.Final.text() != c.final {
			t.Errorf("%s: current %s, final %s, want %s, %s", c.name, got.Current.text(), got.Final.text(), c.current, c.final)
		}
	}
}

func TestNeverDrop(t *testing.T) {
	got := totalsOf(t, classOf(t, ByPoints, "A 0 -1"), "A: 0/10 5/10 10/10", func(a []*Assignment, _ map[int]*Grade) { a[0].NeverDrop = true })
	if got.Current.text() != "50.00 F" {
		t.Errorf("0/10 kept, 5/10 dropped: %s, want 50.00 F", got.Current.text())
	}
}

func TestLate(t *testing.T) {
	due := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name  string
		marks string
		late  time.Duration
		floor int
		want  string
	}{
		{"13 two days begun", "A: 90/100", 25 * time.Hour, 0, "70.00"},
		{"exactly one day", "A: 90/100", 24 * time.Hour, 0, "80.00"},
		{"in time", "A: 90/100", 0, 0, "90.00"},
		{"early", "A: 90/100", -time.Hour, 0, "90.00"},
		{"not below the floor", "A: 90/100", 25 * time.Hour, 75, "75.00"},
		{"not raised to the floor", "A: 40/100", 25 * time.Hour, 50, "40.00"},
		{"not below zero", "A: 5/100", 25 * time.Hour, 0, "0.00"},
		{"negative stays", "A: -5/100", 25 * time.Hour, 0, "-5.00"},
		{"ten years", "A: 900/100", 87600 * time.Hour, 0, "0.00"},
		{"nothing possible", "A: 5/0 5/10", 25 * time.Hour, 0, "80.00"},
		{"a third of a cent", "A: 1/0.000003", time.Hour, 0, "33333323.33"},
	} {
		class := classOf(t, ByPoints, "A 0")
		class.LatePolicy = LatePolicy{IntervalHours: 24, Percent: Points(10), Floor: Points(c.floor)}
		got := totalsOf(t, class, c.marks, func(a []*Assignment, g map[int]*Grade) {
			submitted := due.Add(c.late)
			for _, a := range a {
				a.Due = &due
				g[a.ID].Status, g[a.ID].Submitted = Late, &submitted
			}
		})
		if got.Current.Percent.String() != c.want {
			t.Errorf("%s: %s, want %s", c.name, got.Current.Percent, c.want)
		}
	}
}

func TestZeroOnceDue(t *testing.T) {
	class := classOf(t, ByPoints, "A 0")
	class.BlankPolicy = ZeroOnceDue
	past, future := time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC), time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	got := totalsOf(t, class, "A: 10/10 -/10 -/10 -/10", func(a []*Assignment, _ map[int]*Grade) { a[1].Due, a[2].Due = &past, &future })
	if got.Current.text() != "50.00 F" || got.Final.text() != "25.00 F" {
		t.Errorf("current %s, final %s, want 50.00 F, 25.00 F", got.Current.text(), got.Final.text())
	}
}

// naive is the arithmetic by its definition: rationals, and drops by trying
// every set.
func naive(class *Class, assignments []*Assignment, grades map[int]*Grade, final bool) string {
	numerator, weights := new(big.Rat), new(big.Rat)
	allEarned, allPossible := new(big.Rat), new(big.Rat)
	for _, category := range class.Categories {
		var free, fixed [][2]*big.Rat
		for _, a := range assignments {
			g := grades[a.ID]
			counted := final || class.BlankPolicy == ZeroOnceDue && a.Due != nil && a.Due.Before(today())
			if a.Category != category.Name || g != nil && g.Status == Excused || g == nil && !counted {
				continue
			}
			possible, earned := big.NewRat(int64(a.Points), scoreUnit), new(big.Rat)
			switch {
			case g != nil && g.Status == Missing:
				left := new(big.Rat).Sub(big.NewRat(1, 1), big.NewRat(int64(class.MissingDeduction), hundredPercent))
				earned.Mul(possible, left)
			case g != nil:
				earned.SetFrac64(int64(*g.Score), scoreUnit)
				if g.Status == Late && a.Due != nil && g.Submitted.After(*a.Due) {
					earned = naiveLate(class.LatePolicy, earned, possible, g.Submitted.Sub(*a.Due))
				}
			}
			if a.NeverDrop {
				fixed = append(fixed, [2]*big.Rat{earned, possible})
			} else {
				free = append(free, [2]*big.Rat{earned, possible})
			}
		}
		if lowest := min(category.DropLowest, len(free)-1); len(free) > 0 {
			highest := category.DropHighest
			if lowest+highest >= len(free) {
				highest = 0
			}
			free = bruteForce(free, fixed, len(free)-lowest, +1)
			free = bruteForce(free, fixed, len(free)-highest, -1)
		}
		earned, possible := addUp(append(fixed, free...))
		allEarned.Add(allEarned, earned)
		allPossible.Add(allPossible, possible)
		if possible.Sign() > 0 && class.Weighting == Weighted {
			weight := big.NewRat(int64(category.Weight), scoreUnit)
			weights.Add(weights, weight)
			numerator.Add(numerator, weight.Mul(weight, earned.Quo(earned, possible)))
		}
	}
	hundred := big.NewRat(100, 1)
	if class.Weighting == ByPoints && allPossible.Sign() > 0 {
		numerator.Mul(hundred, allEarned.Quo(allEarned, allPossible))
		weights.Set(hundred)
	}
	if weights.Sign() == 0 {
		return "none"
	}
	if weights.Cmp(hundred) < 0 {
		numerator.Mul(numerator, hundred).Quo(numerator, weights)
	}
	return strings.Replace(numerator.FloatString(2), "-0.00", "0.00", 1) // FloatString rounds half away from zero
}

// naiveLate is a score after what being late takes.
func naiveLate(p LatePolicy, score, possible *big.Rat, late time.Duration) *big.Rat {
	if p.IntervalHours == 0 {
		return score
	}
	percent := func(of Score) *big.Rat { return new(big.Rat).Mul(possible, big.NewRat(int64(of), hundredPercent)) }
	begun := int64(math.Ceil(late.Hours() / float64(p.IntervalHours)))
	reduced := new(big.Rat).Sub(score, new(big.Rat).Mul(percent(p.Percent), big.NewRat(begun, 1)))
	if floor := percent(p.Floor); reduced.Cmp(floor) < 0 {
		reduced = floor
	}
	if reduced.Cmp(score) > 0 {
		return score
	}
	return reduced
}

func addUp(items [][2]*big.Rat) (earned, possible *big.Rat) {
	earned, possible = new(big.Rat), new(big.Rat)
	for _, i := range items {
		earned.Add(earned, i[0])
		possible.Add(possible, i[1])
	}
	return earned, possible
}

// bruteForce returns the n items whose ratio with fixed is the most extreme, or
// by earned where no set has a ratio or several have the same, or at last by the
// points possible.
func bruteForce(free, fixed [][2]*big.Rat, n, sign int) (best [][2]*big.Rat) {
	var bestEarned, bestPossible *big.Rat
	for set := range 1 << len(free) {
		var chosen [][2]*big.Rat
		for i := range free {
			if set&(1<<i) != 0 {
				chosen = append(chosen, free[i])
			}
		}
		if len(chosen) != n {
			continue
		}
		earned, possible := addUp(append(chosen[:n:n], fixed...))
		better := best == nil || possible.Sign() > 0 && bestPossible.Sign() == 0
		if best != nil && (possible.Sign() > 0) == (bestPossible.Sign() > 0) {
			a, b := new(big.Rat).Set(earned), new(big.Rat).Set(bestEarned)
			if possible.Sign() > 0 {
				a.Quo(a, possible)
				b.Quo(b, bestPossible)
			}
			by := a.Cmp(b)
			if by == 0 {
				by = earned.Cmp(bestEarned)
			}
			if by == 0 {
				by = possible.Cmp(bestPossible)
			}
			better = by == sign
		}
		if better {
			best, bestEarned, bestPossible = chosen, earned, possible
		}
	}
	return best
}

// randomClass is a class of up to three categories with up to 11 assignments
// and a student's grades in it: many ties, bonuses, blanks, late work and
// exceptions.
func randomClass(random *rand.Rand) (*Class, []*Assignment, map[int]*Grade) {
	class := &Class{Weighting: Weighted, BlankPolicy: Ignore, MissingDeduction: Score(random.Int64N(hundredPercent + 1)), Scale: DefaultScale()}
	class.BlankPolicy = []string{Ignore, Zero, ZeroOnceDue}[random.IntN(3)]
	if random.IntN(2) == 0 {
		class.LatePolicy = LatePolicy{1 + random.IntN(48), Score(random.Int64N(40 * scoreUnit)), Score(random.Int64N(hundredPercent))}
	}
	drops := random.IntN(3) != 0
	if random.IntN(2) == 0 {
		class.Weighting = ByPoints
	}
	for i := range 1 + random.IntN(3) {
		category := Category{Name: string(rune('A' + i)), Weight: Score(random.Int64N(60 * scoreUnit))}
		if drops {
			category.DropLowest, category.DropHighest = random.IntN(4), random.IntN(3)
		}
		class.Categories = append(class.Categories, category)
	}
	var assignments []*Assignment
	grades := map[int]*Grade{}
	for id := range random.IntN(12) {
		a := &Assignment{
			ID: id, Category: class.Categories[random.IntN(len(class.Categories))].Name,
			Points:    []Score{0, Points(10), Points(random.IntN(100)), Score(random.Int64N(maxScore))}[random.IntN(4)],
			NeverDrop: random.IntN(8) == 0,
		}
		if random.IntN(2) == 0 {
			a.Due = new(today().Add(time.Duration(random.IntN(97)-48) * time.Hour))
		}
		assignments = append(assignments, a)
		score := min(Score(random.Int64N(int64(a.Points)*5/4+scoreUnit))-scoreUnit/4, maxScore)
		if random.IntN(3) == 0 {
			score = Points(random.IntN(10)) // many ties
		}
		switch random.IntN(8) {
		case 0:
		case 1:
			grades[id] = &Grade{Status: Excused}
		case 2:
			grades[id] = &Grade{Status: Missing}
		case 3:
			grades[id] = &Grade{Status: Late, Score: &score, Submitted: new(today().Add(time.Duration(random.Int64N(int64(96 * time.Hour)))))}
		default:
			grades[id] = &Grade{Status: Graded, Score: &score}
		}
	}
	return class, assignments, grades
}

func TestTotalsAgainstNaive(t *testing.T) {
	random := rand.New(rand.NewPCG(2026, 11))
	for round := range 3000 {
		class, assignments, grades := randomClass(random)
		got := CalculateTotals(class, assignments, grades, today())
		for _, c := range []struct {
			name string
			got  Total
			want string
		}{{"current", got.Current, naive(class, assignments, grades, false)}, {"final", got.Final, naive(class, assignments, grades, true)}} {
			text := "none"
			if c.got.Percent != nil {
				text = c.got.Percent.String()
			}
			if text != c.want {
				t.Fatalf("round %d: %s total %s, want %s: %+v", round, c.name, text, c.want, class)
			}
		}
	}
}

// BenchmarkTotals makes both totals of a student: 20 grades in 4 weighted
// categories, of which one drops its lowest, and for one student in two a blank.
func BenchmarkTotals(b *testing.B) {
	class := &Class{Weighting: Weighted, Scale: DefaultScale(), Categories: []Category{
		{"Homework", Points(20), 1, 0}, {"Quiz", Points(20), 0, 0}, {"Project", Points(25), 0, 0}, {"Test", Points(35), 0, 0},
	}}
	var assignments []*Assignment
	full, blank := make([]mark, 20), make([]mark, 20)
	for id := range full {
		assignments = append(assignments, &Assignment{ID: id, Category: class.Categories[id%4].Name, Points: Points(10 + 15*(id%7))})
		full[id] = mark{status: statusGraded, scored: true, score: Score(id) * scoreUnit / 3}
	}
	copy(blank, full[:15])
	calculator := newCalculator(class, assignments)
	for i := 0; b.Loop(); i++ {
		marks := full
		if i%2 == 1 {
			marks = blank
		}
		calculator.totals(marks, time.Time{})
	}
}

// BenchmarkSchoolTotals makes both totals of 100,000 students with 20 grades, in
// 3,333 classes, on all processors: at most 200 ms.
func BenchmarkSchoolTotals(b *testing.B) {
	const classes, students = 3_333, 30
	class := &Class{Weighting: Weighted, Scale: DefaultScale(), Categories: []Category{
		{"Homework", Points(20), 0, 0}, {"Quiz", Points(20), 0, 0}, {"Project", Points(25), 0, 0}, {"Test", Points(35), 0, 0},
	}}
	var assignments []*Assignment
	rows := make([]row, students)
	for id := range 20 {
		assignments = append(assignments, &Assignment{ID: id + 1, Category: class.Categories[id%4].Name, Points: Points(10 + 15*(id%7))})
		for s := range rows {
			score := Score(s*id) * scoreUnit / 7
			rows[s].set(newCell(id+1, &CellValue{Score: &score}, 1, nil, today()))
		}
	}
	for b.Loop() {
		var next atomic.Int64
		var all sync.WaitGroup
		for range runtime.GOMAXPROCS(0) {
			all.Go(func() {
				for next.Add(1) <= classes {
					c := newCalculator(class, assignments)
					for _, r := range rows {
						c.totals(c.marks(r), today())
					}
				}
			})
		}
		all.Wait()
	}
}
