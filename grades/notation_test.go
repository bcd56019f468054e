package grades

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
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
