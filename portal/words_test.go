package portal

import (
	"testing"
	"time"

	"gradebook/grades"
)

func TestWords(t *testing.T) {
	percent := func(p grades.Percent) *grades.Percent { return &p }
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.Local)
	for _, c := range []struct{ got, want string }{
		{series(nil), ""},
		{series([]string{"A"}), "A"},
		{series([]string{"A", "B", "C"}), "A, B and C"},
		{percentText(nil), "—"},
		{percentText(percent(87_50)), "87.50"},
		{oneDecimal(nil), "—"},
		{oneDecimal(percent(89_00)), "89.0"},
		{oneDecimal(percent(47_33)), "47.3"},
		{oneDecimal(percent(99_95)), "100.0"},
		{oneDecimal(percent(-50_05)), "-50.1"},
		{oneDecimal(percent(-4)), "0.0"},
		{itemPercent(grades.Points(7), grades.Points(9)), "77.78"},
		{itemPercent(grades.Points(-1), grades.Points(8)), "-12.50"},
		{itemPercent(grades.Points(1), grades.Points(800)), "0.13"},
		{itemPercent(grades.Points(1_000_000), grades.Points(1_000_000)), "100.00"},
		{itemPercent(grades.Points(5), 0), ""},
		{listName(grades.Student{FirstName: "Tasnim", LastName: "Rahman"}), "Rahman, Tasnim"},
		{listName(grades.Student{LastName: "Pelé"}), "Pelé"},
		{ago(time.Time{}, now), "—"},
		{ago(now.Add(-time.Minute), now), "1 min 0 s ago"},
		{clockMillis(now, now), "12:00:00.000"},
		{sentence(""), ""},
		{sentence("ça va"), "Ça va."},
		{sentence("Is it?"), "Is it?"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestHistogram(t *testing.T) {
	if newHistogram(make([]int, 12)) != nil || newHistogram(nil) != nil {
		t.Error("nothing has a chart")
	}
	for _, c := range []struct {
		bin  int
		want string
	}{
		{0, "Current totals of 3 students, most of them below 45"},
		{8, "Current totals of 3 students, most of them from 80 to 85"},
		{11, "Current totals of 3 students, most of them 95 or more"},
	} {
		bins := make([]int, 12)
		bins[c.bin] = 2
		bins[5]++
		h := newHistogram(bins)
		if h.Finding != c.want || len(h.Bars) != 2 {
			t.Errorf("got %q with %d bars, want %q", h.Finding, len(h.Bars), c.want)
		}
	}
	bars := newHistogram([]int{0, 1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 2}).Bars
	if got, want := bars[0], (bar{"9.8", "14.0", "8.3", "13.0"}); got != want {
		t.Errorf("got %v, want %v as it was drawn", got, want)
	}
}

func TestClassFacts(t *testing.T) {
	class := grades.Class{
		Weighting: grades.Weighted, Term: "Autumn 2026", BlankPolicy: grades.ZeroOnceDue, MissingDeduction: grades.Points(100), Archived: true,
		LatePolicy: grades.LatePolicy{IntervalHours: 24, Percent: grades.Points(10), Floor: grades.Points(50)},
		Scale:      []grades.Cutoff{{Letter: "A", From: 94_00}, {Letter: "F", From: 50}},
	}
	facts := newClassFacts(&grades.Gradebook{Class: class})
	if want := "0 students · 0 assignments · Autumn 2026 · archived"; facts.Line != want {
		t.Errorf("got %q, want %q", facts.Line, want)
	}
	for i, want := range []string{
		"each category counts by its weight", "counts 0 once its due date has passed", "loses 100 % of its points",
		"loses 10 % of the points for every 24 hours begun, down to 50 %", "A 94, F 0.50",
	} {
		if got := facts.Rules[i].Text; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if got, want := ruleOf(class, grades.Category{Weight: grades.Points(20), DropLowest: 1, DropHighest: 2}), "20 % · drop lowest 1 · drop highest 2"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
