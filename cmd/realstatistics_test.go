package cmd_test

import (
	"fmt"
	"math"
	"math/big"
	"slices"
	"testing"
)

// shownSpread is what the service says of some numbers.
type shownSpread struct {
	N                                                               int
	Mean, Deviation, Min, LowerQuartile, Median, UpperQuartile, Max float64
	Without                                                         int
}

// TestRealStatistics holds the statistics of a real class against its
// university's own tables: of each assessment, and of the totals that are worked
// out from them.
func TestRealStatistics(t *testing.T) {
	t.Parallel()
	s, class, marks := importedRealClass(t)
	external := map[int]string{}
	for _, a := range read[[]struct {
		ID         int
		ExternalID string
	}](t, s.get(gradingService, fmt.Sprintf("/classes/%d/assignments", class))) {
		external[a.ID] = a.ExternalID
	}
	all := read[struct {
		Students    int
		Assignments []struct {
			ID       int
			Scores   shownSpread
			Percents shownSpread
		}
		Current, Final shownSpread
	}](t, s.get(gradingService, fmt.Sprintf("/classes/%d/statistics", class)))

	if all.Students != 365 || len(all.Assignments) != 6 {
		t.Errorf("%d students and %d assignments, want 365 and 6", all.Students, len(all.Assignments))
	}
	for _, a := range all.Assignments {
		var scores []*big.Rat // out of 100
		for _, of := range marks.scores {
			if score := of[external[a.ID]]; score != nil {
				scores = append(scores, score)
			}
		}
		a.Percents.check(t, external[a.ID]+" in percent", scores, 2, 365-len(scores))
		a.Scores.check(t, external[a.ID]+" in points", scores, 6, 0)
	}
	var current, final []*big.Rat // as shown
	for _, student := range read[struct{ Students []struct{ ExternalID string } }](t, s.get(gradingService, fmt.Sprintf("/classes/%d/gradebook", class))).Students {
		c, f := marks.totals(student.ExternalID)
		if c != nil {
			current = append(current, rational(t, c.FloatString(2)))
		}
		final = append(final, rational(t, f.FloatString(2)))
	}
	all.Current.check(t, "current totals", current, 2, 365-len(current))
	all.Final.check(t, "final totals", final, 2, 0)
}

// check compares with figures made number by number, rounded to so many places.
func (got shownSpread) check(t *testing.T, name string, of []*big.Rat, places, without int) {
	t.Helper()
	if got.N != len(of) || got.Without != without {
		t.Errorf("%s: %d and %d without, want %d and %d", name, got.N, got.Without, len(of), without)
	}
	if len(of) == 0 {
		return
	}
	slices.SortFunc(of, (*big.Rat).Cmp)
	sum, squares := new(big.Rat), 0.0
	for _, x := range of {
		sum.Add(sum, x)
	}
	mean := sum.Quo(sum, big.NewRat(int64(len(of)), 1))
	for _, x := range of {
		off, _ := new(big.Rat).Sub(x, mean).Float64()
		squares += off * off
	}
	for _, c := range []struct {
		name string
		got  float64
		want *big.Rat
	}{
		{"mean", got.Mean, mean},
		{"min", got.Min, of[0]},
		{"lower quartile", got.LowerQuartile, quartile(of, 1)},
		{"median", got.Median, quartile(of, 2)},
		{"upper quartile", got.UpperQuartile, quartile(of, 3)},
		{"max", got.Max, of[len(of)-1]},
	} {
		if text, want := fmt.Sprintf("%.*f", places, c.got), c.want.FloatString(places); text != want {
			t.Errorf("%s: the %s is %s, want %s", name, c.name, text, want)
		}
	}
	deviation := math.Sqrt(squares / float64(len(of)))
	if half := 0.5 * math.Pow10(-places); math.Abs(got.Deviation-deviation) > half*1.000001 {
		t.Errorf("%s: the deviation is %v, want %v", name, got.Deviation, deviation)
	}
}

// quartile is as in spreadsheets: the k-th quarter of the way from the first to
// the last, in proportion between two numbers.
func quartile(sorted []*big.Rat, k int) *big.Rat {
	at := (len(sorted) - 1) * k
	below, above := sorted[at/4], sorted[min(at/4+1, len(sorted)-1)]
	part := new(big.Rat).Sub(above, below)
	return part.Mul(part, big.NewRat(int64(at%4), 4)).Add(part, below)
}
