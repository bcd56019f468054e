package grades

import (
	"fmt"
	"testing"
)

// changeOfTwo is a change of two of each kind: one in class 1 of student 1, and
// one in class 2 of student 2. The book has both classes.
func changeOfTwo() (*Book, record) {
	b := new(Book)
	b.Apply(1, ago(1), sampleRecord())
	second := Class{ID: 2, Title: "Second"}
	item := Assignment{ID: 4, ClassID: 2, Title: "Item"}
	b.Apply(2, ago(2), Record{Changes: Changes{
		Classes: []Change[Class]{{New: &second}}, Assignments: []Change[Assignment]{{New: &item}},
		Enrollments: []EnrollmentChange{{2, 2, true}},
	}})
	var c Changes
	for i := range 2 {
		class, student, assignment := b.classes[i].Class, b.students[i].Student, b.assignments[i+2].Assignment
		c.Classes = append(c.Classes, Change[Class]{&class, &class})
		c.Students = append(c.Students, Change[Student]{&student, &student})
		c.Assignments = append(c.Assignments, Change[Assignment]{&assignment, &assignment})
		c.Enrollments = append(c.Enrollments, EnrollmentChange{i + 1, i + 1, true})
		c.Cells.Add(&CellChange{Student: i + 1, Assignment: i + 3, New: &CellValue{Score: new(Points(i))}})
	}
	return b, record{Revision: 3, Record: Record{Changes: c}}
}

// sizes are how many things of each kind a Commit lists.
func (c *Commit) sizes() [5]int {
	return [5]int{len(c.Classes), len(c.Students), len(c.Assignments), len(c.Enrollments), len(c.Cells)}
}

func (o *Omitted) sizes() [5]int {
	if o == nil {
		return [5]int{}
	}
	return [5]int{o.Classes, o.Students, o.Assignments, o.Enrollments, o.Cells}
}

func TestTellOfAScope(t *testing.T) {
	b, r := changeOfTwo()
	for _, c := range []struct {
		scope scope
		want  [5]int
	}{
		{scope{}, [5]int{2, 2, 2, 2, 2}},
		{scope{class: 1}, [5]int{1, 2, 1, 1, 1}}, // a student is of no class in particular
		{scope{student: 1}, [5]int{0, 1, 0, 1, 1}},
		{scope{class: 1, student: 2}, [5]int{0, 1, 0, 0, 0}},
		{scope{assignment: 4}, [5]int{0, 0, 1, 0, 1}},
		{scope{class: 1, student: 1, assignment: 3}, [5]int{0, 0, 0, 0, 1}},
		{scope{class: 9, assignment: 3}, [5]int{}},
	} {
		got := b.commit(r, usual(c.scope))
		if got.sizes() != c.want || got.Omitted != nil {
			t.Errorf("%+v: %v and %+v omitted, want %v", c.scope, got.sizes(), got.Omitted, c.want)
		}
		none := b.commit(r, excerpt{scope: c.scope})
		if none.sizes() != [5]int{} || none.Omitted.sizes() != c.want || none.size() != got.size() {
			t.Errorf("%+v: nothing is asked for, and %v are told and %+v omitted, want %v", c.scope, none.sizes(), none.Omitted, c.want)
		}
	}
}

// Excerpts that follow each other tell all, in one order, and each says what it
// leaves out, and where that is.
func TestTellInParts(t *testing.T) {
	b, r := changeOfTwo()
	for _, c := range []struct {
		skip, most int
		want       [5]int
		in         string
	}{
		{0, 0, [5]int{}, "[1 2]"},
		{0, 3, [5]int{2, 1}, "[1 2]"},
		{3, 3, [5]int{0, 1, 2}, "[1 2]"},
		{6, 3, [5]int{0, 0, 0, 2, 1}, "[1 2]"},
		{9, 3, [5]int{0, 0, 0, 0, 1}, "[1 2]"},
		{0, 9, [5]int{2, 2, 2, 2, 1}, "[2]"},
		{10, 3, [5]int{}, "[1 2]"},
	} {
		got := b.commit(r, excerpt{window: window{skip: c.skip, most: c.most}})
		left := got.Omitted.sizes()
		for i := range left {
			left[i] += c.want[i]
		}
		if got.sizes() != c.want || left != [5]int{2, 2, 2, 2, 2} || fmt.Sprint(got.Omitted.In) != c.in {
			t.Errorf("%d from %d: %v and %+v omitted, want %v and %s", c.most, c.skip, got.sizes(), got.Omitted, c.want, c.in)
		}
	}
}
