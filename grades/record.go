package grades

import (
	"fmt"
	"strconv"
	"time"
)

// The versions of records. A program that reads only the first refuses to open a
// book that has the second, as this one does with any other.
const (
	recordVersion version = 1 + iota
	packedVersion         // the cells are packed
)

// version is that of a record, which is refused when it is none of those.
type version int

func (v *version) UnmarshalJSON(text []byte) error {
	for known := recordVersion; known <= packedVersion; known++ {
		if string(text) == strconv.Itoa(int(known)) {
			*v = known
			return nil
		}
	}
	return fmt.Errorf("the book has version %s and this program reads version %d: use the newer program", text, packedVersion)
}

// Record is one change of the book: who did what, and all of it, with what was
// there before, so that it can be shown and undone. It is stored as JSON.
type Record struct {
	Version version `json:"version"`
	Action  string  `json:"action"` // in words, such as "enter grade"
	Actor   string  `json:"actor"`
	Undoes  uint64  `json:"undoes,omitempty"` // the revision whose changes it takes back
	Import  string  `json:"import,omitempty"` // the import that it applies, which is done once
	Key     *KeyUse `json:"key,omitempty"`
	Changes
}

// Changes is a set of changes that are made together, in this order. A Change
// without Old creates, one without New removes. What is removed stays where it
// is, marked, with its grades.
type Changes struct {
	Classes     []Change[Class]      `json:"classes,omitempty"`
	Students    []Change[Student]    `json:"students,omitempty"`
	Assignments []Change[Assignment] `json:"assignments,omitempty"`
	Enrollments []EnrollmentChange   `json:"enrollments,omitempty"`
	Cells       CellChanges          `json:"cells,omitzero"`
}

// Change is a change of one thing with an id.
type Change[T any] struct {
	Old *T `json:"old,omitempty"`
	New *T `json:"new,omitempty"`
}

// EnrollmentChange takes a student into a class or out of it.
type EnrollmentChange struct {
	Class    int  `json:"class"`
	Student  int  `json:"student"`
	Enrolled bool `json:"enrolled"`
}

// CellChange is a change of one cell; nil is an empty cell.
type CellChange struct {
	Student     int        `json:"s"`
	Assignment  int        `json:"a"`
	Old         *CellValue `json:"old,omitempty"`
	OldRevision uint64     `json:"r,omitempty"`
	New         *CellValue `json:"new,omitempty"`
}

// CellValue is what a teacher puts in a cell. A status of "" with a score is
// Graded.
type CellValue struct {
	Score     *Score     `json:"score,omitempty"`
	Status    string     `json:"status,omitempty"`
	Submitted *time.Time `json:"submitted,omitempty"`
	Comment   string     `json:"comment,omitempty"`
}

func (c *CellChange) key() cellKey { return cellKey{c.Student, c.Assignment} }

func (c *Changes) empty() bool { return c.size() == 0 }

// version is that of a record with these changes.
func (c *Changes) version() version {
	if c.Cells.listed() {
		return recordVersion
	}
	return packedVersion
}

// size is how many things are changed.
func (c *Changes) size() int {
	return len(c.Classes) + len(c.Students) + len(c.Assignments) + len(c.Enrollments) + c.Cells.Len()
}

// decision is what a command leads to.
type decision struct {
	action   string
	undoes   uint64  // the revision that it takes back, 0 for none
	applies  string  // the import that it applies, "" for none
	changes  Changes // empty when there is nothing to change
	answer   any     // nil when there is nothing to say
	location string  // path of what was created, "" when nothing was
	after    func()  // is called once it is on disk, before the answer; may be nil
}
