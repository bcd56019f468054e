package grades

import (
	"cmp"
	"slices"
	"strings"
)

// enrollment returns the student's enrollment in a class, be it over or not,
// or nil.
func (s *studentState) enrollment(class *classState) *enrollment {
	for _, e := range s.enrollments {
		if e.class == class {
			return e
		}
	}
	return nil
}

func (e *enrollment) active() bool { return e.gone() == nil && e.class.removed == nil }

// class returns the class with an id, or a *NotFoundError.
func (b *Book) class(id int) (*classState, error) {
	if id < 1 || id > len(b.classes) || b.classes[id-1].removed != nil {
		return nil, notFound("class %d", id)
	}
	return b.classes[id-1], nil
}

// student returns the student with an id, or a *NotFoundError.
func (b *Book) student(id int) (*studentState, error) {
	if id < 1 || id > len(b.students) || b.students[id-1].removed != nil {
		return nil, notFound("student %d", id)
	}
	return b.students[id-1], nil
}

// assignment returns a class's assignment, or a *NotFoundError.
func (b *Book) assignment(class *classState, id int) (*Assignment, error) {
	if id < 1 || id > len(b.assignments) || b.assignments[id-1].removed != nil {
		return nil, notFound("assignment %d in class %d", id, class.ID)
	}
	a := &b.assignments[id-1].Assignment
	if a.ClassID != class.ID {
		return nil, notFound("assignment %d in class %d; it is in class %d", id, class.ID, a.ClassID)
	}
	return a, nil
}

// enrolled returns a student's enrollment in a class, or a *NotFoundError.
func (b *Book) enrolled(class *classState, id int) (*enrollment, error) {
	student, err := b.student(id)
	if err != nil {
		return nil, err
	}
	if e := student.enrollment(class); e != nil && e.active() {
		return e, nil
	}
	return nil, notFound("student %d in class %d; enroll the student first", id, class.ID)
}

// sorted returns a class's enrollments by last name, first name, id.
func (c *classState) sorted() []*enrollment {
	return slices.DeleteFunc(c.everyone(), func(e *enrollment) bool { return e.gone() != nil })
}

// everyone returns all enrollments there ever were, in the order of sorted.
func (c *classState) everyone() []*enrollment {
	type named struct {
		last, first string // in lower case
		*enrollment
	}
	names := make([]named, 0, len(c.roster))
	for _, e := range c.roster {
		names = append(names, named{strings.ToLower(e.student.LastName), strings.ToLower(e.student.FirstName), e})
	}
	slices.SortFunc(names, func(a, b named) int {
		return cmp.Or(strings.Compare(a.last, b.last), strings.Compare(a.first, b.first), a.student.ID-b.student.ID)
	})
	list := make([]*enrollment, 0, len(names))
	for _, n := range names {
		list = append(list, n.enrollment)
	}
	return list
}

// student returns a copy of the student with the classes there are now.
func (s *studentState) student() Student {
	out := s.Student
	out.Classes = []int{}
	for _, e := range s.enrollments {
		if e.active() {
			out.Classes = append(out.Classes, e.class.ID)
		}
	}
	return out
}
