package grades

import (
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
)

// sheetOf is a class with a student's grades, to be changed into another that
// must have the same totals.
type sheetOf struct {
	class       *Class
	assignments []*Assignment
	grades      map[int]*Grade
}

// clone copies all that the changes below touch.
func (s sheetOf) clone() sheetOf {
	out := sheetOf{new(*s.class), nil, make(map[int]*Grade)}
	out.class.Categories = slices.Clone(s.class.Categories)
	for _, a := range s.assignments {
		out.assignments = append(out.assignments, new(*a))
	}
	for id, g := range s.grades {
		out.grades[id] = new(*g)
		if g.Score != nil {
			out.grades[id].Score = new(*g.Score)
		}
	}
	return out
}

// scale multiplies all points and scores of the assignments that match.
func (s sheetOf) scale(by Score, match func(*Assignment) bool) {
	for _, a := range s.assignments {
		if !match(a) {
			continue
		}
		a.Points *= by
		if g := s.grades[a.ID]; g != nil && g.Score != nil {
			*g.Score *= by
		}
	}
}

// remove takes the assignments that match away, with their grades.
func (s *sheetOf) remove(match func(*Assignment) bool) {
	s.assignments = slices.DeleteFunc(s.assignments, func(a *Assignment) bool {
		if !match(a) {
			return false
		}
		delete(s.grades, a.ID)
		return true
	})
}

// exactTotals are both totals before they are rounded, "" for no grade.
func (s sheetOf) exactTotals() (current, final string) {
	c := newCalculator(s.class, s.assignments)
	one, other := c.run(marksOf(s.assignments, s.grades), today())
	return exactOrNone(one), exactOrNone(other)
}

func exactOrNone(t *tally) string {
	if t.weight == 0 {
		return ""
	}
	return t.exact().RatString()
}

func everything(*Assignment) bool { return true }

// What must not change a total does not, to the last digit.
func TestSameTotals(t *testing.T) {
	random := rand.New(rand.NewPCG(8, 15))
	anyID := func(s sheetOf) int { return s.assignments[random.IntN(len(s.assignments))].ID }
	is := func(id int) func(*Assignment) bool { return func(a *Assignment) bool { return a.ID == id } }
	for _, c := range []struct {
		name    string
		current bool // only the current total stays the same
		final   bool // only the final one
		fits    func(sheetOf) bool
		from    func(*sheetOf) // first done to both
		to      func(*sheetOf)
	}{
		{name: "assignments in another order", to: func(s *sheetOf) {
			random.Shuffle(len(s.assignments), func(i, j int) {
				s.assignments[i], s.assignments[j] = s.assignments[j], s.assignments[i]
			})
		}},
		{name: "categories in another order", to: func(s *sheetOf) {
			slices.Reverse(s.class.Categories)
		}},
		{name: "all points times seven", to: func(s *sheetOf) { s.scale(7, everything) }},
		{name: "the points of one category times three", fits: func(s sheetOf) bool { return s.class.Weighting == Weighted },
			to: func(s *sheetOf) { s.scale(3, func(a *Assignment) bool { return a.Category == "A" }) }},
		{name: "an item excused, and removed",
			from: func(s *sheetOf) { s.grades[s.assignments[0].ID] = &Grade{Status: Excused} },
			to:   func(s *sheetOf) { s.remove(is(s.assignments[0].ID)) }},
		{name: "an item not assigned, and excused",
			from: func(s *sheetOf) { s.grades[s.assignments[0].ID] = &Grade{Status: Excused} },
			to:   func(s *sheetOf) { s.grades[s.assignments[0].ID] = &Grade{Status: Unassigned} }},
		{name: "a blank, and removed", current: true,
			from: func(s *sheetOf) { s.class.BlankPolicy = Ignore; delete(s.grades, s.assignments[0].ID) },
			to:   func(s *sheetOf) { s.remove(is(s.assignments[0].ID)) }},
		{name: "a blank, and excused", current: true,
			from: func(s *sheetOf) { s.class.BlankPolicy = Ignore; delete(s.grades, s.assignments[0].ID) },
			to:   func(s *sheetOf) { s.grades[s.assignments[0].ID] = &Grade{Status: Excused} }},
		{name: "a blank, and 0", final: true,
			from: func(s *sheetOf) { delete(s.grades, s.assignments[0].ID) },
			to:   func(s *sheetOf) { s.grades[s.assignments[0].ID] = &Grade{Status: Graded, Score: new(Score)} }},
		{name: "a blank, and a comment",
			from: func(s *sheetOf) { delete(s.grades, s.assignments[0].ID) },
			to:   func(s *sheetOf) { s.grades[s.assignments[0].ID] = &Grade{Comment: "absent"} }},
		{name: "graded, and incomplete",
			from: func(s *sheetOf) {
				s.grades[s.assignments[0].ID] = &Grade{Status: Graded, Score: new(Points(3))}
			},
			to: func(s *sheetOf) { s.grades[s.assignments[0].ID].Status = Incomplete }},
		{name: "graded, and late without a due date",
			from: func(s *sheetOf) {
				s.class.LatePolicy = LatePolicy{IntervalHours: 24, Percent: Points(10)}
				s.assignments[0].Due = nil
				s.grades[s.assignments[0].ID] = &Grade{Status: Graded, Score: new(Points(3))}
			},
			to: func(s *sheetOf) {
				s.grades[s.assignments[0].ID].Status, s.grades[s.assignments[0].ID].Submitted = Late, new(today())
			}},
		{name: "missing, and what is left of the points",
			from: func(s *sheetOf) {
				s.class.MissingDeduction = Points(100)
				s.grades[s.assignments[0].ID] = &Grade{Status: Missing}
			},
			to: func(s *sheetOf) { s.grades[s.assignments[0].ID] = &Grade{Status: Graded, Score: new(Score)} }},
		{name: "and a category of weight 0", fits: func(s sheetOf) bool { return s.class.Weighting == Weighted },
			to: func(s *sheetOf) {
				s.class.Categories = append(s.class.Categories, Category{Name: "Practice"})
				s.assignments = append(s.assignments, &Assignment{ID: 1000, Category: "Practice", Points: Points(10)})
				s.grades[1000] = &Grade{Status: Graded, Score: new(Points(1))}
			}},
		{name: "and a category without items", to: func(s *sheetOf) {
			s.class.Categories = append(s.class.Categories, Category{Name: "Later", Weight: Points(30), DropLowest: 2})
		}},
		{name: "and a category that only adds a bonus", fits: func(s sheetOf) bool { return s.class.Weighting == Weighted },
			to: func(s *sheetOf) {
				s.class.Categories = append(s.class.Categories, Category{Name: "Bonus", Weight: Points(10)})
				s.assignments = append(s.assignments, &Assignment{ID: 1000, Category: "Bonus"})
				s.grades[1000] = &Grade{Status: Graded, Score: new(Points(5))}
			}},
		{name: "weights a third of what they were, under 100",
			from: func(s *sheetOf) {
				for i := range s.class.Categories {
					s.class.Categories[i].Weight = Points(30 - 9*i)
				}
			},
			to: func(s *sheetOf) {
				for i := range s.class.Categories {
					s.class.Categories[i].Weight = Points(10 - 3*i)
				}
			}},
		{name: "weights of a points class", fits: func(s sheetOf) bool { return s.class.Weighting == ByPoints },
			to: func(s *sheetOf) { s.class.Categories[0].Weight += Points(10) }},
		{name: "drops of a category that is never dropped",
			from: func(s *sheetOf) {
				for _, a := range s.assignments {
					a.NeverDrop = true
				}
			},
			to: func(s *sheetOf) { s.class.Categories[0].DropLowest, s.class.Categories[0].DropHighest = 2, 2 }},
		{name: "another id", to: func(s *sheetOf) {
			id := anyID(*s)
			for _, a := range s.assignments {
				if a.ID == id {
					a.ID = 1000
				}
			}
			s.grades[1000] = s.grades[id]
			delete(s.grades, id)
		}},
	} {
		tried, graded := 0, 0
		for tried < 150 {
			var from sheetOf
			from.class, from.assignments, from.grades = randomClass(random)
			if len(from.assignments) == 0 || c.fits != nil && !c.fits(from) {
				continue
			}
			tried++
			if c.from != nil {
				c.from(&from)
			}
			maps.DeleteFunc(from.grades, func(_ int, g *Grade) bool { return g == nil })
			to := from.clone()
			c.to(&to)
			fromCurrent, fromFinal := from.exactTotals()
			toCurrent, toFinal := to.exactTotals()
			if !c.final && fromCurrent != toCurrent {
				t.Fatalf("%s: the current total goes from %s to %s", c.name, fromCurrent, toCurrent)
			}
			if !c.current && fromFinal != toFinal {
				t.Fatalf("%s: the final total goes from %s to %s", c.name, fromFinal, toFinal)
			}
			if fromFinal != "" {
				graded++
			}
		}
		if graded < 50 {
			t.Errorf("%s: only %d of %d had a total: try more", c.name, graded, tried)
		}
	}
}

// Full marks on everything are 100 percent, half marks 50, whatever is dropped.
func TestShareOfAll(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 100))
	for range 300 {
		class, assignments, grades := randomClass(random)
		for i := range class.Categories {
			class.Categories[i].Weight = Points(100) / Score(len(class.Categories)+1)
		}
		share := Score(1 + random.Int64N(4)) // of four
		for _, a := range assignments {
			a.Points = a.Points / 4 * 4
			grades[a.ID] = &Grade{Status: Graded, Score: new(a.Points / 4 * share)}
		}
		want := "" // where all is worth 0 points
		if slices.ContainsFunc(assignments, func(a *Assignment) bool { return a.Points > 0 }) {
			want = Points(25 * int(share)).String()
		}
		if current, final := (sheetOf{class, assignments, grades}).exactTotals(); current != want || final != want {
			t.Fatalf("totals are %s and %s, want %s", current, final, want)
		}
	}
}
