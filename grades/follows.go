package grades

import (
	"errors"
	"fmt"
	"slices"
)

// follows refuses a record that cannot come after those that made the book,
// because it names what is not there: one that was made by hand. Whatever passes
// can be applied, shown and undone. It does not ask whether each rule of today was
// kept, since the program of then may have had others.
func (b *Book) follows(e record) error {
	s := &sequel{book: b, record: &e.Record, assignments: map[int]*Assignment{}, enrolled: map[[2]int]bool{}}
	if s.record.Undoes >= e.Revision {
		return fmt.Errorf("it undoes change %d, which comes later", s.record.Undoes)
	}
	if key := s.record.Key; key != nil && (key.Status < 200 || key.Status > 599) {
		return fmt.Errorf("the answer that it keeps has the status %d", key.Status)
	}
	return errors.Join(s.things(), s.enrollments(), s.cells())
}

// sequel is a record that is compared with the book before it.
type sequel struct {
	book              *Book
	record            *Record
	classes, students int                 // that there are then
	assignments       map[int]*Assignment // that it makes or changes
	enrolled          map[[2]int]bool     // class and student that it enrolls
}

func (s *sequel) things() (err error) {
	b, r := s.book, s.record
	if s.classes, err = countAfter("class", b.classes, r.Classes, func(c *Class) int { return c.ID }, func(c *classState) bool { return c.removed != nil }); err != nil {
		return err
	}
	if s.students, err = countAfter("student", b.students, r.Students, func(st *Student) int { return st.ID }, func(st *studentState) bool { return st.removed != nil }); err != nil {
		return err
	}
	if _, err = countAfter("assignment", b.assignments, r.Assignments, func(a *Assignment) int { return a.ID }, func(a *assignmentState) bool { return a.removed != nil }); err != nil {
		return err
	}
	for _, c := range r.Classes {
		if c.New != nil && !c.New.computable() {
			return fmt.Errorf("class %d has rules by which nothing can be calculated", c.New.ID)
		}
	}
	for _, c := range r.Assignments {
		if c.New != nil {
			err = errors.Join(err, s.assignment(c.New))
			s.assignments[c.New.ID] = c.New
		}
	}
	return err
}

// countAfter counts what there is of a kind after changes of it. What is removed
// can be brought back and nothing else; what is not, only that can be changed.
func countAfter[T, S any](what string, states []S, changes []Change[T], id func(*T) int, removed func(S) bool) (int, error) {
	have := len(states)
	for _, c := range changes {
		switch {
		case c.Old == nil && c.New == nil:
			return have, fmt.Errorf("it changes a %s that it does not name", what)
		case c.Old != nil && c.New != nil && id(c.Old) != id(c.New):
			return have, fmt.Errorf("it makes %s %d of %s %d", what, id(c.New), what, id(c.Old))
		case c.Old == nil && id(c.New) == have+1:
			have++
		case id(either(c)) < 1 || id(either(c)) > have:
			return have, fmt.Errorf("it names %s %d, and there are %d", what, id(either(c)), have)
		case id(either(c)) <= len(states) && (c.Old == nil) != removed(states[id(either(c))-1]):
			return have, fmt.Errorf("it brings back %s %[2]d, which is there, or changes it when it is not", what, id(either(c)))
		}
	}
	return have, nil
}

// computable reports whether totals can be calculated by the rules.
func (c *Class) computable() bool {
	return (c.LatePolicy.Percent == 0 || c.LatePolicy.IntervalHours > 0) &&
		!slices.ContainsFunc(c.Categories, func(c Category) bool { return c.DropLowest < 0 || c.DropHighest < 0 || c.Weight < 0 })
}

// assignment checks one that the record makes or changes.
func (s *sequel) assignment(a *Assignment) error {
	if a.ClassID < 1 || a.ClassID > s.classes {
		return fmt.Errorf("assignment %d is in class %d, and there are %d", a.ID, a.ClassID, s.classes)
	}
	if a.ID <= len(s.book.assignments) && s.book.assignments[a.ID-1].ClassID != a.ClassID {
		return fmt.Errorf("assignment %d moves to class %d", a.ID, a.ClassID)
	}
	if !s.class(a.ClassID).has(a.Category) || a.Points < 0 {
		return fmt.Errorf("assignment %d has %s points in category %q, and class %d has %s", a.ID, a.Points, a.Category, a.ClassID, s.class(a.ClassID).categoryNames())
	}
	return nil
}

// class is a class as the record leaves it.
func (s *sequel) class(id int) *Class {
	for _, c := range slices.Backward(s.record.Classes) {
		if c.New != nil && c.New.ID == id {
			return c.New
		}
	}
	return &s.book.classes[id-1].Class
}

func (s *sequel) enrollments() error {
	for _, c := range s.record.Enrollments {
		if c.Class < 1 || c.Class > s.classes || c.Student < 1 || c.Student > s.students {
			return fmt.Errorf("it enrolls student %d in class %d, and there are %d and %d", c.Student, c.Class, s.students, s.classes)
		}
		if e := s.enrollment(c.Class, c.Student); (e != nil && e.removed == nil) == c.Enrolled {
			return fmt.Errorf("it says of student %d in class %d what is so already", c.Student, c.Class)
		}
		s.enrolled[[2]int{c.Class, c.Student}] = true
	}
	return nil
}

func (s *sequel) cells() error {
	for c := range s.record.Cells.All() {
		if err := s.cell(c); err != nil {
			return fmt.Errorf("the cell of student %d and assignment %d %w", c.Student, c.Assignment, err)
		}
	}
	return nil
}

func (s *sequel) cell(c *CellChange) error {
	if c.Student < 1 || c.Student > s.students {
		return fmt.Errorf("is of none of %d students", s.students)
	}
	class := 0
	if a := s.assignments[c.Assignment]; a != nil {
		class = a.ClassID
	} else if c.Assignment >= 1 && c.Assignment <= len(s.book.assignments) {
		class = s.book.assignments[c.Assignment-1].ClassID
	} else {
		return fmt.Errorf("is of none of %d assignments", len(s.book.assignments))
	}
	if s.enrollment(class, c.Student) == nil && !s.enrolled[[2]int{class, c.Student}] {
		return fmt.Errorf("is in class %d, where the student never was", class)
	}
	if now := s.revision(c); now != c.OldRevision {
		return fmt.Errorf("was written by change %d, and the record says %d", now, c.OldRevision)
	}
	return nil
}

// enrollment is that of a student in a class before the record, nil if there was
// none.
func (s *sequel) enrollment(class, student int) *enrollment {
	b := s.book
	if class > len(b.classes) || student > len(b.students) {
		return nil
	}
	return b.students[student-1].enrollment(b.classes[class-1])
}

// revision is that of the cell before the record.
func (s *sequel) revision(c *CellChange) uint64 {
	if have := s.book.findCell(cellKey{c.Student, c.Assignment}); have != nil {
		return have.revision
	}
	return 0
}
