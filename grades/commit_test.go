package grades

import (
	"encoding/json"
	"testing"
	"time"
)

// asJSON is a value as the API tells it.
func asJSON(t testing.TB, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// ago is a time in the history of tests: hours after it began.
func ago(hours int) time.Time {
	return time.Date(2026, 11, 1, 8, 0, 0, 0, time.UTC).Add(time.Duration(hours) * time.Hour)
}

func TestCommit(t *testing.T) {
	b := new(Book)
	b.Apply(1, ago(1), sampleRecord())
	value := func(points int, status string) *CellValue {
		return &CellValue{Score: new(Points(points)), Status: status}
	}
	class, assignment, student := b.classes[0].Class, b.assignments[0].Assignment, b.students[1].Student
	changed := func(edit func(*Class)) Change[Class] {
		out := class
		edit(&out)
		return Change[Class]{&class, &out}
	}
	for _, c := range []struct {
		name   string
		undoes uint64
		Changes
		want string // after by
	}{
		{"nothing", 0, Changes{}, ``},
		{"a cell", 0, Changes{Cells: cellChangesOf(CellChange{1, 2, value(94, ""), 1, value(90, Late)})},
			`,"cells":[{"class":1,"student":1,"name":"Averill Simen","assignment":2,"title":"Week 1 Homework","from":{"score":94,"status":"graded"},"to":{"score":90,"status":"late"}}]`},
		{"an emptied cell", 0, Changes{Cells: cellChangesOf(CellChange{5, 1, &CellValue{Status: Excused}, 1, nil})},
			`,"cells":[{"class":1,"student":5,"name":"Kylee Attwood","assignment":1,"title":"Quiz 1","from":{"status":"excused"},"to":null}]`},
		{"settings", 0, Changes{Classes: []Change[Class]{changed(func(c *Class) { c.Weighting, c.Revision, c.Scale = Weighted, 9, nil })}},
			`,"classes":[{"id":1,"name":"Sample class","edit":"changed","fields":[{"field":"weighting","from":"points","to":"weighted"},{"field":"scale","from":` + asJSON(t, DefaultScale()) + `,"to":null}]}]`},
		{"a removal", 0, Changes{Assignments: []Change[Assignment]{{Old: &assignment}}}, `,"assignments":[{"id":1,"class":1,"name":"Quiz 1","edit":"removed"}]`},
		{"undone", 1, Changes{Assignments: []Change[Assignment]{{New: &assignment}}}, `,"assignments":[{"id":1,"class":1,"name":"Quiz 1","edit":"restored"}]`},
		{"a creation", 0, Changes{Assignments: []Change[Assignment]{{New: &assignment}}},
			`,"assignments":[{"id":1,"class":1,"name":"Quiz 1","edit":"created","fields":[{"field":"title","from":null,"to":"Quiz 1"},{"field":"category","from":null,"to":"Quiz"},{"field":"points","from":null,"to":100},{"field":"posted","from":null,"to":true}]}]`},
		{"a student who comes", 0, Changes{Students: []Change[Student]{{New: &student}}, Enrollments: []EnrollmentChange{{1, 2, true}}},
			`,"students":[{"id":2,"name":"Marge Garrard","edit":"created","fields":[{"field":"firstName","from":null,"to":"Marge"},{"field":"lastName","from":null,"to":"Garrard"}]}],"enrollments":[{"class":1,"student":2,"name":"Marge Garrard","enrolled":true}]`},
	} {
		r := record{Revision: 2, At: ago(2), Record: Record{Action: "act", Actor: "Ines", Undoes: c.undoes, Key: &KeyUse{Key: "secret"}, Changes: c.Changes}}
		undoes := ""
		if c.undoes != 0 {
			undoes = `,"undoes":1`
		}
		want := `{"revision":2,"at":"2026-11-01T10:00:00Z","by":"Ines","action":"act"` + undoes + c.want + `}`
		if got := asJSON(t, b.commit(r, usual(scope{}))); got != want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, want)
		}
	}
}

// What is undone is so until that is undone, and so on.
func TestUndoneBy(t *testing.T) {
	for _, c := range []struct {
		undone map[uint64]uint64
		want   uint64 // what took back 1
	}{
		{nil, 0},
		{map[uint64]uint64{1: 4}, 4},
		{map[uint64]uint64{1: 4, 4: 5}, 0},
		{map[uint64]uint64{1: 4, 4: 5, 5: 9}, 4},
		{map[uint64]uint64{1: 6, 4: 5}, 6}, // by 4 first, and again by 6
		{map[uint64]uint64{2: 4}, 0},
	} {
		b := &Book{undone: c.undone}
		if got := b.undoneBy(1); got != c.want {
			t.Errorf("%v: 1 is undone by %d, want %d", c.undone, got, c.want)
		}
	}
}
