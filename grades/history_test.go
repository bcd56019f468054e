package grades

import (
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"
)

func TestNewestFirst(t *testing.T) {
	for _, c := range []struct {
		lists  [][]uint64
		before uint64
		want   string
	}{
		{nil, 0, "[]"},
		{[][]uint64{{}}, 0, "[]"},
		{[][]uint64{{1, 4, 9}}, 0, "[9 4 1]"},
		{[][]uint64{{1, 4, 9}}, 9, "[4 1]"},
		{[][]uint64{{1, 4, 9}}, 5, "[4 1]"},
		{[][]uint64{{1, 4, 9}}, 1, "[]"},
		{[][]uint64{{1, 4, 9}, {4, 5}, {}, {9, 12}}, 0, "[12 9 5 4 1]"},
		{[][]uint64{{1, 4, 9}, {4, 5}, {9, 12}}, 12, "[9 5 4 1]"},
	} {
		if got := fmt.Sprint(slices.Collect(newestFirst(c.lists, c.before))); got != c.want && !(got == "[]" && c.want == "[]") {
			t.Errorf("%v before %d: %s, want %s", c.lists, c.before, got, c.want)
		}
	}
}

// told is a history in a line: revision, actor, action and what was changed.
func told(list []Commit) string {
	var out []string
	for _, c := range list {
		line := fmt.Sprint(c.Revision, " ", c.By, " ", c.Action)
		if c.UndoneBy != 0 {
			line += fmt.Sprint(" undone by ", c.UndoneBy)
		}
		for _, e := range slices.Concat(c.Classes, c.Students, c.Assignments) {
			line += fmt.Sprintf("; %s %s", e.Edit, e.Name)
			for _, f := range e.Fields {
				line += fmt.Sprintf(" %s %v→%v", f.Field, f.From, f.To)
			}
		}
		for _, e := range c.Enrollments {
			line += fmt.Sprintf("; %s in %d: %t", e.Name, e.Class, e.Enrolled)
		}
		for _, e := range c.Cells {
			line += fmt.Sprintf("; %s, %s: %s→%s", e.Name, e.Title, toldValue(e.From), toldValue(e.To))
		}
		out = append(out, line)
	}
	return strings.Join(out, "\n")
}

func toldValue(v *CellValue) string {
	switch {
	case v == nil:
		return "—"
	case v.Score == nil:
		return v.Status
	}
	return v.Score.String()
}

// must is for calls whose error is a failure of the test.
func must[T any](t testing.TB) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func TestHistory(t *testing.T) {
	s := openService(t, t.TempDir())
	ines, bob := WithActor(t.Context(), "Ines"), WithActor(t.Context(), "Bob")
	must[*Grade](t)(s.PutCell(ines, 1, CellInput{Student: 1, Assignment: 1, Score: new(Points(86)), Revision: 1}))
	must[BatchReport](t)(s.PutCells(bob, 1, BatchInput{Atomic: true, Cells: []CellInput{
		{Student: 1, Assignment: 1, Status: Excused, Revision: 2}, {Student: 2, Assignment: 3, Revision: 1},
	}}, "key"))
	must[Class](t)(s.CreateClass(bob, ClassInput{Title: new("Other")}, ""))
	must[Student](t)(s.Enroll(bob, 2, 1))
	must[StudentGrade](t)(s.AddGrade(bob, 1, GradeInput{Title: "Essay", Type: "Assignments", Score: Points(70), Class: 2}, ""))
	must[Student](t)(s.ChangeStudent(ines, 1, StudentInput{Email: new("a@b.example")}))
	must[Student](t)(s.CreateStudent(ines, StudentInput{FirstName: new("New")}, "")) // of no class
	if err := s.RemoveAssignment(ines, 1, 2); err != nil {
		t.Fatal(err)
	}
	const (
		removed  = "9 Ines remove assignment; removed Week 1 Homework"
		renamed  = "7 Ines change student; changed Averill Simen email →a@b.example"
		essay    = "6 Bob enter grade; created Essay title <nil>→Essay category <nil>→Assignments points <nil>→100 posted <nil>→true; Averill Simen, Essay: —→70"
		grade    = "6 Bob enter grade; Averill Simen, Essay: —→70"
		enrolled = "5 Bob enroll student; Averill Simen in 2: true"
		batch    = "3 Bob change grades; Averill Simen, Quiz 1: 86→excused; Marge Garrard, Quiz 2: 88→—"
		first    = "2 Ines change grade; Averill Simen, Quiz 1: 85→86"
	)
	for _, c := range []struct {
		name  string
		query HistoryQuery
		want  []string // the last is made of the sample's
	}{
		{"the class", HistoryQuery{Limit: 4}, []string{removed, renamed, batch, first}},
		{"before", HistoryQuery{Before: 7, Limit: 2}, []string{batch, first}},
		{"a person", HistoryQuery{By: "ines", Limit: 3}, []string{removed, renamed, first}},
		{"a student", HistoryQuery{Student: 1, Limit: 3}, []string{renamed, "3 Bob change grades; Averill Simen, Quiz 1: 86→excused", first}},
		{"an assignment", HistoryQuery{Assignment: 3, Limit: 1}, []string{"3 Bob change grades; Marge Garrard, Quiz 2: 88→—"}},
		{"a cell", HistoryQuery{Student: 1, Assignment: 1}, []string{
			"3 Bob change grades; Averill Simen, Quiz 1: 86→excused", first, "1 gradebook make sample class; Averill Simen, Quiz 1: —→85",
		}},
		{"nobody", HistoryQuery{By: "nobody"}, nil},
	} {
		list, _, err := s.History(t.Context(), 1, c.query)
		if got, want := told(list), strings.Join(c.want, "\n"); err != nil || got != want {
			t.Errorf("%s: %v\n%s\nwant\n%s", c.name, err, got, want)
		}
	}
	for _, c := range []struct {
		student int
		want    []string
	}{
		{1, []string{renamed, grade, enrolled, "3 Bob change grades; Averill Simen, Quiz 1: 86→excused", first}},
		{6, []string{"8 Ines create student; created New firstName <nil>→New"}},
	} {
		list, _, err := s.StudentHistory(t.Context(), c.student, HistoryQuery{Limit: 5})
		if got, want := told(list), strings.Join(c.want, "\n"); err != nil || got != want {
			t.Errorf("student %d: %v\n%s\nwant\n%s", c.student, err, got, want)
		}
	}
	if list, _, err := s.History(t.Context(), 2, HistoryQuery{Limit: 2}); err != nil || told(list) != renamed+"\n"+essay {
		t.Errorf("class 2: %v\n%s", err, told(list))
	}
	if _, body := s.request(t, "GET /classes/1/history", ""); strings.Contains(body, "key") {
		t.Errorf("it shows the idempotency key: %s", body)
	}
}

// The pages make up the whole, however small they are, and what is removed has
// a history too.
func TestHistoryPages(t *testing.T) {
	s := openService(t, t.TempDir())
	for i := range 20 {
		ctx := WithActor(t.Context(), []string{"a", "b"}[i%2])
		must[StudentGrade](t)(s.AddGrade(ctx, 1+i%5, GradeInput{Title: fmt.Sprint("T", i), Type: "Quiz", Score: Points(i)}, ""))
	}
	if err := s.RemoveClass(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	if err := s.RemoveStudent(t.Context(), 3); err != nil {
		t.Fatal(err)
	}
	for _, q := range []HistoryQuery{{}, {By: "A"}, {Student: 3}, {Before: 11, Student: 2, By: "b"}} {
		whole, before, err := s.History(t.Context(), 1, q)
		if err != nil || before != 0 || len(whole) == 0 {
			t.Fatalf("%+v: %d changes, next %d, %v", q, len(whole), before, err)
		}
		for limit := 1; limit <= len(whole); limit++ {
			var all []Commit
			page := q
			for page.Limit, before = limit, 1; before != 0; page.Before = before {
				var list []Commit
				if list, before, err = s.History(t.Context(), 1, page); err != nil || len(list) > limit {
					t.Fatalf("%+v: %d changes, %v", page, len(list), err)
				}
				all = append(all, list...)
			}
			if got, want := told(all), told(whole); got != want {
				t.Errorf("%+v, %d a page:\n%s\nwant\n%s", q, limit, got, want)
			}
		}
	}
	if list, _, err := s.StudentHistory(t.Context(), 3, HistoryQuery{Limit: 1}); err != nil || told(list) != "23 api remove student; removed Sydnie Barber" {
		t.Errorf("student: %s, %v", told(list), err)
	}
}

func TestHistoryIsRefused(t *testing.T) {
	s := openService(t, t.TempDir())
	for _, c := range []struct{ path, detail string }{
		{"/classes/2/history", "there is no class 2"},
		{"/students/6/history", "there is no student 6"},
		{"/classes/1/history?limit=501", "limit: must be a whole number from 1 to 500"},
		{"/classes/1/history?before=x", "before: must be"},
		{"/classes/1/history?student=0", "student: must be"},
	} {
		_, err := get[[]Commit](t.Context(), s.Client, c.path, nil)
		if err == nil || !strings.Contains(err.Error(), c.detail) {
			t.Errorf("%s: %v, want %q", c.path, err, c.detail)
		}
	}
	if _, _, err := s.History(t.Context(), 2, HistoryQuery{}); !isNotFound(err) {
		t.Errorf("no class: %v", err)
	}
}

func isNotFound(err error) bool {
	_, ok := errors.AsType[*NotFoundError](err)
	return ok
}

// rareLog is a countedLog in which each 700th change is one of the student.
type rareLog struct{ *countedLog }

func (l rareLog) Backward(revisions iter.Seq[uint64]) iter.Seq2[record, error] {
	return func(yield func(record, error) bool) {
		for r, err := range l.countedLog.Backward(revisions) {
			if r.Revision%700 == 0 {
				r.Record.Students = []Change[Student]{{Old: &Student{ID: 1}}}
			}
			if !yield(r, err) {
				return
			}
		}
	}
}

// Where few changes match, a page ends early and says where the next one begins:
// nothing is left out, and no request reads too much.
func TestHistoryOfLittleInMuch(t *testing.T) {
	log := rareLog{newCountedLog()}
	revisions := make([]uint64, 20_000)
	for i := range revisions {
		revisions[i] = uint64(i + 1)
	}
	h := history{from: log, scope: scope{student: 1}, revisions: [][]uint64{revisions}}
	want, pages := uint64(19_600), 0
	for q := (HistoryQuery{Limit: 500, Before: 20_001}); q.Before != 0; pages++ {
		read := len(log.read)
		list, more, err := h.page(q)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range list {
			if c.Revision != want {
				t.Fatalf("change %d, want %d", c.Revision, want)
			}
			want -= 700
		}
		if read = len(log.read) - read; read > maxLookedAt {
			t.Errorf("a page read %d changes", read)
		}
		q.Before = more
	}
	if want != 0 || pages > 5 { // the last may be empty
		t.Errorf("%d pages, up to change %d", pages, want+700)
	}
}
