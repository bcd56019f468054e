package grades

import "time"

// Removal says who took something away. To undo its revision brings the thing
// back, with all that was in it.
type Removal struct {
	By       string    `json:"by"`
	At       time.Time `json:"at"`
	Revision uint64    `json:"revision"`
}

// ListedAssignment is an assignment that may have been removed.
type ListedAssignment struct {
	Assignment
	Removed *Removal `json:"removed,omitempty"`
}

// ListedStudent is a student of a class who may have been taken out of it, or
// removed altogether.
type ListedStudent struct {
	Student
	Removed *Removal `json:"removed,omitempty"`
}

// removal is one by the record that is being applied.
func (b *Book) removal(by string, at time.Time) *Removal {
	return &Removal{By: *b.actor(by), At: at, Revision: b.revision}
}

// gone says who removed the enrollment or its student; nil when both are there.
func (e *enrollment) gone() *Removal {
	if e.student.removed != nil {
		return e.student.removed
	}
	return e.removed
}

// listed is the class's assignments, those not removed or all there ever were,
// in the order they were made.
func (b *Book) listed(class *classState, removed bool) []ListedAssignment {
	list := []ListedAssignment{}
	if !removed {
		for _, a := range class.assignments {
			list = append(list, ListedAssignment{Assignment: *a})
		}
		return list
	}
	for _, a := range b.assignments {
		if a.ClassID == class.ID {
			list = append(list, ListedAssignment{a.Assignment, a.removed})
		}
	}
	return list
}

// listed is the class's students, those enrolled or all who ever were, by last
// name, first name, id.
func (c *classState) listed(removed bool) []ListedStudent {
	list := []ListedStudent{}
	for _, e := range c.everyone() {
		if gone := e.gone(); gone == nil || removed {
			list = append(list, ListedStudent{e.student.student(), gone})
		}
	}
	return list
}

func (s *snapshot) removal(r *Removal) {
	s.bool(r != nil)
	if r != nil {
		s.text(r.By)
		s.time(&r.At)
		s.uint(r.Revision)
	}
}

func (r *restored) removal() *Removal {
	if !r.bool() {
		return nil
	}
	return &Removal{By: r.text(), At: *r.time(), Revision: r.uint()}
}
