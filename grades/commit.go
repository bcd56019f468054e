package grades

import (
	"cmp"
	"time"
)

// What was done to a class, a student or an assignment.
const (
	Created  = "created"
	Changed  = "changed"
	Removed  = "removed"
	Restored = "restored" // what was removed is back, with all that was in it
)

// Commit is one change of the book as it is told: who did what and when, and of
// all of it what was there before. Everything is called what it is called now.
// A batch or an import is one Commit, and its Revision is what undo takes.
type Commit struct {
	Revision    uint64           `json:"revision"`
	At          time.Time        `json:"at"`
	By          string           `json:"by"`
	Action      string           `json:"action"`             // in words, such as "enter grade"
	Undoes      uint64           `json:"undoes,omitempty"`   // revision of the change that this one took back
	UndoneBy    uint64           `json:"undoneBy,omitempty"` // revision of the change that took this one back
	Classes     []Edit           `json:"classes,omitempty"`
	Students    []Edit           `json:"students,omitempty"`
	Assignments []Edit           `json:"assignments,omitempty"`
	Enrollments []EnrollmentEdit `json:"enrollments,omitempty"`
	Cells       []CellEdit       `json:"cells,omitempty"`
	Omitted     *Omitted         `json:"omitted,omitempty"` // what else it did, where that is very much; see Client.Change
}

// Edit is what was done to a class, a student or an assignment.
type Edit struct {
	ID     int         `json:"id"`
	Class  int         `json:"class,omitempty"` // of an assignment
	Name   string      `json:"name"`            // of a class or an assignment its title
	Edit   string      `json:"edit"`            // Created, Changed, Removed or Restored
	Fields []FieldEdit `json:"fields,omitempty"`
}

// EnrollmentEdit says that a student came into a class, or left it.
type EnrollmentEdit struct {
	Class    int    `json:"class"`
	Student  int    `json:"student"`
	Name     string `json:"name"`
	Enrolled bool   `json:"enrolled"`
}

// CellEdit is what one cell was and became; null is an empty cell.
type CellEdit struct {
	Class      int        `json:"class"`
	Student    int        `json:"student"`
	Name       string     `json:"name"`
	Assignment int        `json:"assignment"`
	Title      string     `json:"title"`
	From       *CellValue `json:"from"`
	To         *CellValue `json:"to"`
}

// size is how much was changed, of which a Commit may omit some.
func (c *Commit) size() int {
	return len(c.Classes) + len(c.Students) + len(c.Assignments) + len(c.Enrollments) + len(c.Cells) + c.Omitted.size()
}

// undoneBy returns the revision that took back the change of a revision, 0 if
// that is in force: also when what took it back was itself taken back.
func (b *Book) undoneBy(revision uint64) uint64 {
	by := b.undone[revision]
	if by == 0 || b.undoneBy(by) != 0 {
		return 0
	}
	return by
}

// newEdit is the change of a thing; again, it makes a thing that was there once.
func newEdit[T any](c Change[T], again bool) Edit {
	switch {
	case c.New == nil:
		return Edit{Edit: Removed}
	case c.Old == nil && again:
		return Edit{Edit: Restored}
	case c.Old == nil:
		return Edit{Edit: Created, Fields: fieldEdits(nil, c.New)}
	}
	return Edit{Edit: Changed, Fields: fieldEdits(c.Old, c.New)}
}

// either is the thing that a change is of.
func either[T any](c Change[T]) *T {
	if c.New != nil {
		return c.New
	}
	return c.Old
}

// told is a copy of a value with the status that it has without saying so.
func (v *CellValue) told() *CellValue {
	if v == nil {
		return nil
	}
	out := *v
	if v.Score != nil {
		out.Score = new(*v.Score)
		out.Status = cmp.Or(v.Status, Graded)
	}
	return &out
}

// scope is a part of the book; 0 stands for everything.
type scope struct{ class, student, assignment int }

// has reports whether something belongs to the scope; a negative number says
// that it is of none in particular.
func (s scope) has(class, student, assignment int) bool {
	return (s.class == 0 || class < 0 || s.class == class) &&
		(s.student == 0 || s.student == student) && (s.assignment == 0 || s.assignment == assignment)
}
