package grades

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"testing"
)

// What was removed is listed when it is asked for, with who removed it, when,
// and which revision to undo; a restart, from the log or a snapshot, keeps that.
func TestRemovedAreListed(t *testing.T) {
	dir := t.TempDir()
	s := openService(t, dir)
	ctx := WithActor(t.Context(), "Ines Okoro")
	newcomer(t, s) // revision 2
	for _, err := range []error{
		s.RemoveAssignment(ctx, 1, 2),
		s.Unenroll(ctx, 1, 1),
		s.RemoveStudent(ctx, 2),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.CreateClass(ctx, ClassInput{Title: new("Other")}, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Enroll(ctx, 2, 3); err != nil {
		t.Fatal(err)
	}
	if err := s.RemoveClass(ctx, 2); err != nil {
		t.Fatal(err)
	}

	const (
		classes     = "Sample class (4 students); Other (1 students), removed by Ines Okoro in 8"
		assignments = "Quiz 1; Week 1 Homework, removed by Ines Okoro in 3; Quiz 2"
		roster      = "Attwood; Barber; Comer; Easton; Garrard, removed by Ines Okoro in 5; Simen, removed by Ines Okoro in 4"
		students    = "Simen; Garrard, removed by Ines Okoro in 5; Barber; Easton; Attwood; Comer"
	)
	for _, when := range []string{"at once", "after a restart", "after a restart from a snapshot"} {
		for _, c := range []struct{ what, got, want string }{
			{"classes", s.listClasses(t, true), classes},
			{"assignments", s.listAssignments(t, true), assignments},
			{"roster", s.listRoster(t, true), roster},
			{"students", s.listStudents(t, StudentQuery{Removed: true}), students},
			{"students of a class", s.listStudents(t, StudentQuery{Removed: true, Class: 1, Text: "e"}), "Garrard, removed by Ines Okoro in 5; Barber; Easton; Attwood; Comer"},
			{"classes that are there", s.listClasses(t, false), "Sample class (4 students)"},
			{"assignments that are there", s.listAssignments(t, false), "Quiz 1; Quiz 2"},
			{"roster that is there", s.listRoster(t, false), "Attwood; Barber; Comer; Easton"},
			{"students that are there", s.listStudents(t, StudentQuery{}), "Simen; Barber; Easton; Attwood; Comer"},
		} {
			if c.got != c.want {
				t.Errorf("%s, %s: got\n%s, want\n%s", c.what, when, c.got, c.want)
			}
		}
		s.stop()
		s = openService(t, dir)
	}

	// What is back is not listed as removed.
	if _, err := s.Enroll(ctx, 1, 1); err != nil {
		t.Fatal(err)
	}
	if got, want := s.listRoster(t, true), "Attwood; Barber; Comer; Easton; Garrard, removed by Ines Okoro in 5; Simen"; got != want {
		t.Errorf("enrolled again: got %s, want %s", got, want)
	}
}

// The revision that a list tells is the one whose undo brings a thing back, with
// all its grades.
func TestRemovedComesBack(t *testing.T) {
	s := openService(t, t.TempDir())
	ctx := t.Context()
	before := s.everything(t)
	for _, err := range []error{s.RemoveAssignment(ctx, 1, 2), s.Unenroll(ctx, 1, 1), s.RemoveStudent(ctx, 2), s.RemoveClass(ctx, 1)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	back := func(removed *Removal, undo func(context.Context, int, UndoInput, string) (UndoReport, error), id int) {
		t.Helper()
		if removed == nil {
			return
		}
		if _, err := undo(ctx, id, UndoInput{Revision: removed.Revision}, ""); err != nil {
			t.Error(err)
		}
	}
	for _, c := range must[[]ClassSummary](t)(s.AllClasses(ctx)) {
		back(c.Removed, s.Undo, c.ID)
	}
	students, _, err := s.Students(ctx, StudentQuery{Removed: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, st := range students {
		back(st.Removed, s.UndoStudent, st.ID)
	}
	for _, a := range must[[]ListedAssignment](t)(s.AllAssignments(ctx, 1)) {
		back(a.Removed, s.Undo, 1)
	}
	for _, st := range must[[]ListedStudent](t)(s.EverEnrolled(ctx, 1)) {
		back(st.Removed, s.Undo, 1)
	}
	// Only the revision of the class tells that anything happened.
	same := func(all string) string { return regexp.MustCompile(`"revision":\d+}`).ReplaceAllString(all, "}") }
	if after := s.everything(t); same(after) != same(before) {
		t.Errorf("before\n%s\nafter\n%s", same(before), same(after))
	}
}

// listing is a list in words.
func listing[T any](t testing.TB, list []T, err error, item func(T) (string, *Removal)) string {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	words := make([]string, len(list))
	for i, x := range list {
		name, removed := item(x)
		if words[i] = name; removed != nil {
			words[i] += fmt.Sprintf(", removed by %s in %d", removed.By, removed.Revision)
			if removed.At.IsZero() {
				t.Errorf("%s: removed at no time", name)
			}
		}
	}
	return strings.Join(words, "; ")
}

func (s *service) listClasses(t testing.TB, removed bool) string {
	list, err := s.Classes(t.Context())
	if removed {
		list, err = s.AllClasses(t.Context())
	}
	return listing(t, list, err, func(c ClassSummary) (string, *Removal) {
		return fmt.Sprintf("%s (%d students)", c.Title, c.Students), c.Removed
	})
}

func (s *service) listAssignments(t testing.TB, removed bool) string {
	if !removed {
		list, err := s.Assignments(t.Context(), 1)
		return listing(t, list, err, func(a Assignment) (string, *Removal) { return a.Title, nil })
	}
	list, err := s.AllAssignments(t.Context(), 1)
	return listing(t, list, err, func(a ListedAssignment) (string, *Removal) { return a.Title, a.Removed })
}

func (s *service) listRoster(t testing.TB, removed bool) string {
	if !removed {
		list, err := s.Roster(t.Context(), 1)
		return listing(t, list, err, func(st Student) (string, *Removal) { return st.LastName, nil })
	}
	list, err := s.EverEnrolled(t.Context(), 1)
	return listing(t, list, err, func(st ListedStudent) (string, *Removal) { return st.LastName, st.Removed })
}

func (s *service) listStudents(t testing.TB, q StudentQuery) string {
	list, _, err := s.Students(t.Context(), q)
	return listing(t, list, err, func(st StudentView) (string, *Removal) { return st.LastName, st.Removed })
}
