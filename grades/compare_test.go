package grades

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// A difference in parts is the whole difference, in its order.
func TestDifferenceInParts(t *testing.T) {
	s := openService(t, t.TempDir())
	for _, step := range []edit{
		put(1, 1, 86, 1), put(3, 2, 9, 1), put(3, 3, 9, 1), unenroll(5), create(StudentInput{LastName: new("Ace"), Class: 1}), put(6, 1, 50, 0),
	} {
		if err := step(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
	whole := must[*Difference](t)(s.Difference(t.Context(), 1, "1", ""))
	things := len(whole.Cells) + len(whole.Totals)
	if things < 9 || whole.Omitted != 0 {
		t.Fatalf("%+v", whole)
	}
	for limit := range things {
		together := *whole
		together.Cells, together.Totals = []CellEdit{}, []TotalEdit{}
		for cursor, more := "", true; more; more = cursor != "" {
			part, next, err := s.DifferencePart(t.Context(), 1, "1", "7", limit+1, cursor)
			if err != nil {
				t.Fatal(err)
			}
			if listed := len(part.Cells) + len(part.Totals); listed+part.Omitted != things || listed > limit+1 {
				t.Errorf("at most %d: %d are listed and %d omitted, want %d", limit+1, listed, part.Omitted, things)
			}
			together.Cells = append(together.Cells, part.Cells...)
			together.Totals = append(together.Totals, part.Totals...)
			together.To, cursor = part.To, next
		}
		together.To = whole.To
		if got, want := asJSON(t, together), asJSON(t, whole); got != want {
			t.Errorf("at most %d: together it is\n%s\nwant\n%s", limit+1, got, want)
		}
	}
}

// Two cells are the same when what the API says of their content is.
func TestSameCell(t *testing.T) {
	rng := rand.New(rand.NewPCG(6, 6))
	var cells []*cell
	for range 60 {
		v := randomValue(rng)
		if v.Score = chance(rng, Points(rng.IntN(2))); v.Score == nil && v.Status == Graded {
			v.Status = "" // nothing is graded without a score
		}
		c := newCell(1, chance(rng, v), rng.Uint64(), nil, ago(rng.IntN(9)))
		cells = append(cells, &c)
	}
	by := "Ines"
	for _, a := range append(slices.Clip(cells), nil) {
		for _, b := range append(slices.Clip(cells), nil) {
			for _, c := range []*cell{a, b} {
				if c != nil {
					c.by = &by
				}
			}
			if got, want := a.same(b), sameValue(a.grade(1).value(), b.grade(1).value()); got != want {
				t.Errorf("%+v and %+v: %t, want %t", a, b, got, want)
			}
		}
	}
}
