package grades

import (
	"testing"
	"time"
)

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
