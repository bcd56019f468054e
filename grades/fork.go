package grades

import (
	"maps"
	"slices"
	"time"
)

// fork is a book in which nothing is but one class: all else counts as removed.
type fork struct {
	Book
	class *classState
	none  struct {
		class      *classState
		student    *studentState
		assignment *assignmentState
	}
}

// fork copies a class and everyone ever in it.
func (b *Book) fork(class *classState) *fork {
	f := &fork{Book: Book{revision: b.revision}}
	f.none.class, f.none.student, f.none.assignment = &classState{removed: new(Removal)}, &studentState{removed: new(Removal)}, &assignmentState{removed: new(Removal)}
	f.classes = slices.Repeat([]*classState{f.none.class}, len(b.classes))
	f.students = slices.Repeat([]*studentState{f.none.student}, len(b.students))
	f.assignments = slices.Repeat([]*assignmentState{f.none.assignment}, len(b.assignments))
	f.class = f.copyClass(class)
	f.class.rules = class.rules
	for _, a := range class.assignments {
		f.copyAssignment(b, a.ID)
	}
	for _, e := range class.roster {
		f.copyStudent(e.student, class)
		for i := range e.row {
			f.copyAssignment(b, int(e.row[i].assignment)) // it may be removed
		}
	}
	return f
}

// copyClass copies what a class is, once.
func (f *fork) copyClass(class *classState) *classState {
	if f.classes[class.ID-1] == f.none.class {
		f.classes[class.ID-1] = &classState{Class: class.Class, removed: class.removed, byTitle: make(map[string]*Assignment)}
	}
	return f.classes[class.ID-1]
}

func (f *fork) copyAssignment(b *Book, id int) {
	if f.assignments[id-1] != f.none.assignment {
		return
	}
	from := b.assignments[id-1]
	a := &assignmentState{Assignment: from.Assignment, removed: from.removed}
	f.assignments[id-1] = a
	if from.removed == nil {
		f.class.assignments = append(f.class.assignments, &a.Assignment)
		f.class.byTitle[a.Title] = &a.Assignment
	}
}

// copyStudent copies a student with the grades in one class. Of other classes
// there is no more than that the student is in them.
func (f *fork) copyStudent(from *studentState, class *classState) {
	student := &studentState{Student: from.Student, removed: from.removed}
	f.students[from.ID-1] = student
	for _, e := range from.enrollments {
		copied := &enrollment{class: f.copyClass(e.class), student: student, removed: e.removed}
		student.enrollments = append(student.enrollments, copied)
		if e.class == class {
			copied.row = slices.Clone(e.row)
			f.class.roster = append(f.class.roster, copied)
		}
	}
}

// takeBack makes the fork what it was before a record. Who wrote a cell, and
// when, is left for sign.
func (f *fork) takeBack(r *Record) {
	for c := range r.Cells.All() {
		if a := f.assignments[c.Assignment-1]; a.ClassID == f.class.ID {
			e := f.students[c.Student-1].enrollment(f.class)
			e.row.takeBack(c)
		}
	}
	for _, c := range slices.Backward(r.Enrollments) {
		if f.classes[c.Class-1] != f.none.class && f.students[c.Student-1] != f.none.student {
			f.setEnrollment(EnrollmentChange{c.Class, c.Student, !c.Enrolled}, "", time.Time{})
		}
	}
	for _, c := range slices.Backward(r.Assignments) {
		if either(c).ClassID != f.class.ID {
			continue
		}
		if id := either(c).ID; f.assignments[id-1] == f.none.assignment {
			f.assignments[id-1] = new(assignmentState) // removed, and never graded
		}
		f.setAssignment(Change[Assignment]{c.New, c.Old}, "", time.Time{})
	}
	for _, c := range slices.Backward(r.Students) {
		if f.students[either(c).ID-1] != f.none.student {
			f.setStudent(Change[Student]{c.New, c.Old}, "", time.Time{})
		}
	}
	for _, c := range slices.Backward(r.Classes) {
		if f.classes[either(c).ID-1] != f.none.class {
			f.setClass(Change[Class]{c.New, c.Old}, "", time.Time{})
		}
	}
}

// takeBack makes a cell of the row what it was before a change, not yet signed.
func (r *row) takeBack(c *CellChange) {
	if c.OldRevision > 0 {
		r.set(newCell(c.Assignment, c.Old, c.OldRevision, nil, time.Time{}))
		return
	}
	if at, found := r.search(c.Assignment); found {
		*r = slices.Delete(*r, at, at+1)
	}
}

// sign writes into the cells that takeBack has changed who had written them, and
// when.
func (f *fork) sign(from records) error {
	unsigned := make(map[uint64][]*cell)
	for _, e := range f.class.roster {
		for i := range e.row {
			if c := &e.row[i]; c.by == nil {
				unsigned[c.revision] = append(unsigned[c.revision], c)
			}
		}
	}
	revisions := slices.Sorted(maps.Keys(unsigned))
	slices.Reverse(revisions)
	for r, err := range from.Backward(slices.Values(revisions)) {
		if err != nil {
			return err
		}
		by := f.actor(r.Record.Actor)
		for _, c := range unsigned[r.Revision] {
			c.by, c.at = by, r.At.UnixNano()
		}
	}
	return nil
}
