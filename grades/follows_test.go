package grades

import (
	"strings"
	"testing"
	"time"
)

// What names things that are not there is no next record of a book, and what the
// book itself decides is.
func TestFollows(t *testing.T) {
	b := new(Book)
	b.Apply(1, time.Unix(0, 0).UTC(), sampleRecord())
	b.Apply(2, time.Unix(1, 0).UTC(), Record{Changes: Changes{Students: []Change[Student]{{Old: &Student{ID: 4}}}}})
	class := func(edit func(*Class)) Changes {
		c := newClass(2)
		c.Title = "New"
		edit(&c)
		return Changes{Classes: []Change[Class]{{New: &c}}}
	}
	student := func(old, now *Student) Changes { return Changes{Students: []Change[Student]{{old, now}}} }
	assignment := func(a Assignment) Changes { return Changes{Assignments: []Change[Assignment]{{New: &a}}} }
	cell := func(c CellChange) Changes { return Changes{Cells: cellChangesOf(c)} }
	five := &CellValue{Score: new(Points(5))}
	both := class(func(*Class) {})
	both.Assignments = []Change[Assignment]{{New: &Assignment{ID: 4, ClassID: 2, Title: "A", Category: "Assignments"}}}
	both.Enrollments = []EnrollmentChange{{2, 1, true}}
	both.Cells = cellChangesOf(CellChange{Student: 1, Assignment: 4, New: five})
	for _, c := range []struct {
		what string
		r    Record
		want string // "" for none
	}{
		{"nothing", Record{}, ""},
		{"a class", Record{Changes: class(func(*Class) {})}, ""},
		{"a class with all that is in it", Record{Changes: both}, ""},
		{"a class that leaves out one", Record{Changes: class(func(c *Class) { c.ID = 3 })}, "names class 3, and there are 1"},
		{"a class without a number", Record{Changes: class(func(c *Class) { c.ID = 0 })}, "names class 0"},
		{"no interval", Record{Changes: class(func(c *Class) { c.LatePolicy.Percent = Points(10) })}, "class 2 has rules by which nothing can be calculated"},
		{"dropping less than none", Record{Changes: class(func(c *Class) { c.Categories[0].DropLowest = -1 })}, "class 2 has rules"},
		{"a student", Record{Changes: student(nil, &Student{ID: 6})}, ""},
		{"a student who was removed", Record{Changes: student(nil, &Student{ID: 4})}, ""},
		{"a student who is there", Record{Changes: student(nil, &Student{ID: 5})}, "brings back student 5, which is there"},
		{"removal of who was removed", Record{Changes: student(&Student{ID: 4}, nil)}, "or changes it when it is not"},
		{"removal of a student", Record{Changes: student(&Student{ID: 5}, nil)}, ""},
		{"removal of nobody", Record{Changes: student(&Student{ID: 6}, nil)}, "names student 6, and there are 5"},
		{"nobody", Record{Changes: student(nil, nil)}, "changes a student that it does not name"},
		{"another student", Record{Changes: student(&Student{ID: 3}, &Student{ID: 5})}, "makes student 5 of student 3"},
		{"an assignment", Record{Changes: assignment(Assignment{ID: 4, ClassID: 1, Category: "Quiz"})}, ""},
		{"an assignment of no class", Record{Changes: assignment(Assignment{ID: 4, ClassID: 2, Category: "Quiz"})}, "is in class 2, and there are 1"},
		{"an assignment of no category", Record{Changes: assignment(Assignment{ID: 4, ClassID: 1, Category: "Lab"})}, `in category "Lab", and class 1 has Quiz, Homework`},
		{"enrolling in no class", Record{Changes: Changes{Enrollments: []EnrollmentChange{{2, 1, true}}}}, "enrolls student 1 in class 2"},
		{"enrolling again", Record{Changes: Changes{Enrollments: []EnrollmentChange{{1, 1, true}}}}, "what is so already"},
		{"a cell", Record{Changes: cell(CellChange{Student: 1, Assignment: 1, Old: five, OldRevision: 1, New: five})}, ""},
		{"a cell of nobody", Record{Changes: cell(CellChange{Student: 6, Assignment: 1, New: five})}, "student 6 and assignment 1 is of none of 5 students"},
		{"a cell of nothing", Record{Changes: cell(CellChange{Student: 5, Assignment: 4, New: five})}, "is of none of 3 assignments"},
		{"a cell that was not so", Record{Changes: cell(CellChange{Student: 1, Assignment: 1, New: five})}, "was written by change 1, and the record says 0"},
		{"a cell before itself", Record{Changes: cell(CellChange{Student: 1, Assignment: 1, OldRevision: 2, New: five})}, "was written by change 1, and the record says 2"},
		{"undo of what is to come", Record{Undoes: 3}, "undoes change 3, which comes later"},
		{"an answer", Record{Key: &KeyUse{Status: 201}}, ""},
		{"no answer", Record{Key: &KeyUse{Status: 99}}, "has the status 99"},
	} {
		err := b.follows(record{Revision: 3, Record: c.r})
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v, want %q", c.what, err, c.want)
		}
	}
}
