package grades

import (
	"maps"
	"slices"
)

// maxTold is how many things a Commit lists unless more are asked for.
const maxTold = 5000

// Omitted counts what a Commit does not list.
type Omitted struct {
	Classes     int   `json:"classes,omitempty"`
	Students    int   `json:"students,omitempty"`
	Assignments int   `json:"assignments,omitempty"`
	Enrollments int   `json:"enrollments,omitempty"`
	Cells       int   `json:"cells,omitempty"`
	In          []int `json:"in"` // the classes that all of it is in
}

func (o *Omitted) size() int {
	if o == nil {
		return 0
	}
	return o.Classes + o.Students + o.Assignments + o.Enrollments + o.Cells
}

// window is a part of a list that is being made: at most so many things after the
// first so many.
type window struct {
	skip, most int
	seen       int
}

// next reports whether the next thing is in the window.
func (w *window) next() bool {
	w.seen++
	return w.seen > w.skip && w.seen-w.skip <= w.most
}

// end is where the window ends: what another one skips.
func (w *window) end() int { return w.skip + w.most }

// excerpt is what to tell of a change: of the things in a scope those in a window.
type excerpt struct {
	scope
	window
}

// usual is what is told of a change unless more is asked for.
func usual(s scope) excerpt { return excerpt{s, window{most: maxTold}} }

// teller tells of a change.
type teller struct {
	excerpt
	book    *Book
	change  *Record
	out     Commit
	omitted Omitted
	in      map[int]bool // see Omitted
}

// commit tells of a record with the words that the book has for what it names.
func (b *Book) commit(e record, what excerpt) Commit {
	r := &e.Record
	t := &teller{excerpt: what, book: b, change: r, in: make(map[int]bool), out: Commit{
		Revision: e.Revision, At: e.At, By: r.Actor, Action: r.Action,
		Undoes: r.Undoes, UndoneBy: b.undoneBy(e.Revision),
	}}
	t.classes()
	t.students()
	t.assignments()
	t.enrollments()
	t.cells()
	if t.omitted.size() > 0 {
		t.omitted.In = slices.Sorted(maps.Keys(t.in))
		t.out.Omitted = &t.omitted
	}
	return t.out
}

// lists reports whether the next thing in the scope is to be listed. Otherwise
// it counts as omitted, in a class; 0 for none in particular.
func (t *teller) lists(omitted *int, class int) bool {
	if t.next() {
		return true
	}
	*omitted++
	if class != 0 {
		t.in[class] = true
	}
	return false
}

func (t *teller) classes() {
	for _, c := range t.change.Classes {
		id := either(c).ID
		if !t.has(id, 0, 0) || !t.lists(&t.omitted.Classes, id) {
			continue
		}
		edit := newEdit(c, t.change.Undoes != 0)
		edit.ID, edit.Name = id, t.book.classes[id-1].Title
		t.out.Classes = append(t.out.Classes, edit)
	}
}

func (t *teller) students() {
	for _, c := range t.change.Students {
		student := t.book.students[either(c).ID-1]
		if !t.has(-1, student.ID, 0) {
			continue
		}
		if !t.lists(&t.omitted.Students, 0) {
			for _, e := range student.enrollments {
				t.in[e.class.ID] = true
			}
			continue
		}
		edit := newEdit(c, t.change.Undoes != 0)
		edit.ID, edit.Name = student.ID, student.Name()
		t.out.Students = append(t.out.Students, edit)
	}
}

func (t *teller) assignments() {
	for _, c := range t.change.Assignments {
		id, class := either(c).ID, either(c).ClassID
		if !t.has(class, 0, id) || !t.lists(&t.omitted.Assignments, class) {
			continue
		}
		edit := newEdit(c, t.change.Undoes != 0)
		edit.ID, edit.Class, edit.Name = id, class, t.book.assignments[id-1].Title
		t.out.Assignments = append(t.out.Assignments, edit)
	}
}

func (t *teller) enrollments() {
	for _, c := range t.change.Enrollments {
		if t.has(c.Class, c.Student, 0) && t.lists(&t.omitted.Enrollments, c.Class) {
			t.out.Enrollments = append(t.out.Enrollments, EnrollmentEdit{c.Class, c.Student, t.book.students[c.Student-1].Name(), c.Enrolled})
		}
	}
}

func (t *teller) cells() {
	for c := range t.change.Cells.All() {
		a := t.book.assignments[c.Assignment-1]
		if !t.has(a.ClassID, c.Student, c.Assignment) || !t.lists(&t.omitted.Cells, a.ClassID) {
			continue
		}
		t.out.Cells = append(t.out.Cells, CellEdit{
			Class: a.ClassID, Student: c.Student, Name: t.book.students[c.Student-1].Name(), Assignment: c.Assignment, Title: a.Title,
			From: c.Old.told(), To: c.New.told(),
		})
	}
}
