package grades

import (
	"fmt"
	"time"
)

// PreviewInput is settings to try out: those of the class, as ChangeClass takes
// them, and of some of its assignments.
type PreviewInput struct {
	ClassInput
	Assignments []PreviewAssignment `json:"assignments,omitempty"`
}

// PreviewAssignment is an assignment of the class with what is tried; what is
// not given stays.
type PreviewAssignment struct {
	ID        int         `json:"id"`
	Category  *string     `json:"category,omitempty"`
	Points    *Score      `json:"points,omitempty"`
	Due       **time.Time `json:"due,omitempty"` // a pointer to nil takes the due date away
	NeverDrop *bool       `json:"neverDrop,omitempty"`
}

// Preview says whose totals or letters other settings would change.
type Preview struct {
	Students  []PreviewStudent `json:"students"`  // those for whom something changes, by last name, first name, id
	Unchanged int              `json:"unchanged"` // how many there are for whom nothing does
	Revision  uint64           `json:"revision"`  // of the class
}

// PreviewStudent is a student with the totals that are and that would be.
type PreviewStudent struct {
	Student int    `json:"student"`
	Name    string `json:"name"`
	Before  Totals `json:"before"`
	After   Totals `json:"after"`
}

// preview tries settings out at a time. What a change of the class or of an
// assignment to them would be refused for, it is refused for too.
func (c *classState) preview(in PreviewInput, now time.Time) (*Preview, error) {
	tried, err := c.try(in)
	if err != nil {
		return nil, err
	}
	out := &Preview{Students: []PreviewStudent{}, Revision: c.Revision}
	before, after := newCalculator(&c.Class, c.assignments), newCalculator(&tried.Class, tried.assignments)
	for _, e := range c.sorted() {
		marks := before.marks(e.row)
		one := PreviewStudent{e.student.ID, e.student.Name(), before.totals(marks, now), after.totals(marks, now)}
		if one.Before.equal(one.After) {
			out.Unchanged++
		} else {
			out.Students = append(out.Students, one)
		}
	}
	return out, nil
}

// try returns the class as it would be, with the same assignments in the same
// order.
func (c *classState) try(in PreviewInput) (*classState, error) {
	tried := &classState{Class: c.Class, byTitle: c.byTitle}
	in.apply(&tried.Class)
	if err := tried.check(); err != nil {
		return nil, err
	}
	byID := make(map[int]*Assignment, len(c.assignments))
	for _, have := range c.assignments {
		a := new(*have)
		tried.assignments = append(tried.assignments, a)
		byID[a.ID] = a
	}
	var f faults
	for i, change := range in.Assignments {
		tried.tryAssignment(&f, fmt.Sprintf("assignments[%d].", i), byID[change.ID], change)
	}
	if err := f.err(); err != nil {
		return nil, err
	}
	return tried, tried.covers(tried.assignments)
}

// tryAssignment changes an assignment, nil where there is none with the id, or
// adds what is wrong with that, by fields that begin with prefix.
func (c *classState) tryAssignment(f *faults, prefix string, a *Assignment, in PreviewAssignment) {
	if a == nil {
		f.add(prefix+"id", "is %d, which is no assignment of class %d; give the id of one of its assignments", in.ID, c.ID)
		return
	}
	err := c.editAssignment(a, AssignmentInput{Category: in.Category, Points: in.Points, Due: in.Due, NeverDrop: in.NeverDrop})
	if wrong, ok := err.(*InvalidError); ok {
		for _, fault := range wrong.Faults {
			*f = append(*f, Fault{prefix + fault.Field, fault.Detail})
		}
	}
}

func (t Totals) equal(other Totals) bool {
	return t.Current.equal(other.Current) && t.Final.equal(other.Final)
}

func (t Total) equal(other Total) bool {
	return same(t.Percent, other.Percent) && same(t.Letter, other.Letter)
}

// same reports whether two values are equal, or both not there.
func same[T comparable](a, b *T) bool { return a == b || a != nil && b != nil && *a == *b }
