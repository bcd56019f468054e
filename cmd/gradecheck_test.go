package cmd_test

import (
	"fmt"
	"net/http"
	"testing"
)

// check compares what the service holds with what it has told. The load must
// have ended.
func (l *gradeLoad) check(t testing.TB) {
	t.Helper()
	for _, err := range l.odd {
		t.Error(err)
	}
	l.checkGrid(t)
	l.checkNewStudents(t)
	t.Logf("%d writes answered, %d without an answer, %d refused; %d cells, %d titles, %d new students",
		l.answered.Load(), l.unknown.Load(), l.refused.Load(), len(l.cells), len(l.titles), len(l.names))
}

// checkGrid finds in the class what was written, and nothing else.
func (l *gradeLoad) checkGrid(t testing.TB) {
	t.Helper()
	status, answer := l.insist(http.MethodGet, fmt.Sprintf("/classes/%d/gradebook", l.class), "")
	book, err := parse[struct {
		Assignments []struct {
			ID    int
			Title string
		}
		Cells []struct {
			Student int
			shownGrade
		}
	}](status, answer)
	if err != nil {
		t.Fatal(err)
	}
	titles := map[int]string{}
	for _, a := range book.Assignments {
		titles[a.ID] = a.Title
	}
	if got, want := len(titles), l.assignments+len(l.titles); got != want {
		t.Errorf("the class has %d assignments, want %d", got, want)
	}
	posted := 0
	for _, c := range book.Cells {
		got := cellFate{c.Score, c.Revision}
		if want := l.cells[[2]int{c.Student, c.Assignment}]; want.revision != 0 {
			if got != want {
				t.Errorf("cell %d/%d is %v, and was told to be %v", c.Student, c.Assignment, got, want)
			}
			continue
		}
		posted++
		told, err := parse[shownGrade](http.StatusCreated, l.titles[titles[c.Assignment]])
		if want := (cellFate{told.Score, told.Revision}); err != nil || got != want {
			t.Errorf("%q is %v, and was told to be %v (%v)", titles[c.Assignment], got, want, err)
		}
	}
	if posted != len(l.titles) || len(book.Cells) != len(l.cells)+len(l.titles) {
		t.Errorf("there are %d cells, %d of them by title; want %d and %d", len(book.Cells), posted, len(l.cells)+len(l.titles), len(l.titles))
	}
}

// checkNewStudents finds each once, under the id that was told.
func (l *gradeLoad) checkNewStudents(t testing.TB) {
	t.Helper()
	found := 0
	for cursor := 0; ; {
		status, answer := l.insist(http.MethodGet, fmt.Sprintf("/students?q=New&cursor=%d", cursor), "")
		page, err := parse[[]struct {
			ID       int
			LastName string
		}](status, answer)
		if err != nil {
			t.Fatal(err)
		}
		for _, st := range page {
			if cursor = st.ID; l.names[st.LastName] != st.ID {
				t.Errorf("%s is student %d, and was told to be %d", st.LastName, st.ID, l.names[st.LastName])
			}
		}
		if found += len(page); len(page) < 1000 {
			break
		}
	}
	if found != len(l.names) {
		t.Errorf("there are %d new students, want %d", found, len(l.names))
	}
}
