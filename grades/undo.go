package grades

import (
	"fmt"
	"slices"
)

// UndoInput says which change to take back.
type UndoInput struct {
	Revision  uint64 `json:"revision" api:"needed"`
	Overwrite bool   `json:"overwrite"` // also where something was changed since
}

// UndoReport says what an undo did. How many things were put back is counted by
// kind.
type UndoReport struct {
	Revision    uint64 `json:"revision"` // of the undo, which can be undone as well
	Undoes      uint64 `json:"undoes"`
	Classes     int    `json:"classes"`
	Students    int    `json:"students"`
	Assignments int    `json:"assignments"`
	Enrollments int    `json:"enrollments"`
	Cells       int    `json:"cells"`
}

// undoCommand takes back a change.
type undoCommand struct {
	change    record
	within    func(b *Book) (history, error) // the history that the change must be in
	unchanged map[cellKey]uint64             // see the function of that name
	overwrite bool
}

// undoing is an undo that is being decided.
type undoing struct {
	undoCommand
	book    *Book
	changes Changes
	back    map[thing]bool       // what it brings back
	joined  map[*enrollment]bool // and whom into a class
	later   faults               // what was changed since, the first of it: only an overwrite takes that back
	since   int                  // how much that is
	current []Grade              // the cells among it, as they are
	noted   map[*cell]bool       // likewise
	blocked faults               // what cannot be, even then
	missing map[thing]bool       // what is in it, because it must be brought back first
	undoes  map[uint64]uint64    // revision → the one that it undoes
}

// thing is a class, a student or an assignment.
type thing struct {
	kind string
	id   int
}

const (
	aClass       = "classes"
	aStudent     = "students"
	anAssignment = "assignments"
)

// undo decides to take back a change: the inverse of all of it, as one change.
// What was changed since is not overwritten unless that is asked for: the error
// is a *ConflictError that names it. Whatever is asked, the book keeps its rules:
// titles and ids stay unique, and every assignment has a category.
func (b *Book) undo(in undoCommand) (decision, error) {
	if err := b.undoable(in); err != nil {
		return decision{}, err
	}
	u := &undoing{
		undoCommand: in, book: b,
		back: make(map[thing]bool), joined: make(map[*enrollment]bool), noted: make(map[*cell]bool), missing: make(map[thing]bool),
	}
	u.classes()
	u.students()
	u.assignments()
	u.enrollments()
	u.cells()
	u.usedCells()
	u.check()
	if err := u.err(); err != nil {
		return decision{}, err
	}
	return decision{action: "undo", undoes: in.change.Revision, changes: u.changes, answer: UndoReport{
		Revision: b.revision + 1, Undoes: in.change.Revision,
		Classes: len(u.changes.Classes), Students: len(u.changes.Students), Assignments: len(u.changes.Assignments),
		Enrollments: len(u.changes.Enrollments), Cells: u.changes.Cells.Len(),
	}}, nil
}

// undoable checks that the change is one of those that the request means, and
// in force.
func (b *Book) undoable(in undoCommand) error {
	within, err := in.within(b)
	if err != nil {
		return err
	}
	if told := b.commit(in.change, excerpt{scope: within.scope}); !within.has(in.change.Revision) || told.size() == 0 {
		return noChange(in.change.Revision)
	}
	if by := b.undoneBy(in.change.Revision); by != 0 {
		detail := fmt.Sprintf("change %d was undone by change %d already; to bring it back undo change %[2]d", in.change.Revision, by)
		return &ConflictError{Detail: detail, Faults: []Fault{{"revision", detail}}}
	}
	return nil
}

func noChange(revision uint64) error {
	return notFound("change %d here; give the revision of one in the history", revision)
}

// maxConflicts keeps the answer to an undo that is refused readable.
const maxConflicts = 100

// err says why the change is not taken back, nil if it is.
func (u *undoing) err() error {
	n := u.change.Revision
	switch {
	case len(u.blocked) > 0:
		first := u.blocked[0]
		return &ConflictError{
			Detail: fmt.Sprintf("change %d cannot be undone as things are: %s %s", n, first.Field, first.Detail),
			Faults: u.blocked[:min(len(u.blocked), maxConflicts)],
		}
	case u.since > 0 && !u.overwrite:
		err := &ConflictError{
			Detail: fmt.Sprintf("%d %s of change %d changed since; undo the later changes first, or send overwrite: true to lose them", u.since, plural(u.since, "thing"), n),
			Faults: u.later,
		}
		if len(u.current) > 0 {
			err.Current = u.current
		}
		return err
	case u.changes.empty():
		detail := fmt.Sprintf("nothing is left of change %d that could be undone", n)
		return &ConflictError{Detail: detail, Faults: []Fault{{"revision", detail}}}
	}
	return nil
}

// cells puts the cells back.
func (u *undoing) cells() {
	for c := range u.change.Record.Cells.All() {
		cell, a := u.book.cell(c.Student, c.Assignment), u.book.assignments[c.Assignment-1]
		class, student := u.book.classes[a.ClassID-1], u.book.students[c.Student-1]
		if in := (thing{aClass, class.ID}); !u.here(in, class.removed) {
			u.gone(in, class.removed)
			continue
		}
		switch e := student.enrollment(class); {
		case !u.left(c.Student, cell):
			u.written(e, cell)
		case !u.here(thing{anAssignment, a.ID}, a.removed):
			u.changed(cellField(e, cell), "%s, %s: %s has removed the assignment in change %d", student.Name(), a.Title, a.removed.By, a.removed.Revision)
		case !u.enrolled(e):
			u.changed(cellField(e, cell), "%s, %s: the student is no longer in the class", student.Name(), a.Title)
		}
		if change := cellChange(cell.grade(c.Student), c.Student, c.Assignment, c.Old); !sameValue(change.Old, change.New) {
			u.changes.Cells.Add(&change)
		}
	}
}

// left reports whether a cell is as the change left it.
func (u *undoing) left(student int, c *cell) bool {
	return c.revision == u.change.Revision || u.unchanged[cellKey{student, int(c.assignment)}] == c.revision
}

func cellField(e *enrollment, c *cell) string {
	return fmt.Sprintf("cells[%d,%d]", e.student.ID, c.assignment)
}

// changed notes what was changed since. It keeps what is told of.
func (u *undoing) changed(field, format string, args ...any) {
	if u.since++; len(u.later) < maxConflicts {
		u.later.add(field, format, args...)
	}
}

// written notes, once, who has made of a cell what it is.
func (u *undoing) written(e *enrollment, c *cell) {
	if u.noted[c] {
		return
	}
	u.noted[c] = true
	now, what := c.grade(e.student.ID), "emptied it"
	if !now.empty() {
		what = "changed it to " + now.text()
	}
	u.changed(cellField(e, c), "%s, %s: %s has %s in change %d", e.student.Name(), u.book.assignments[c.assignment-1].Title, now.By, what, now.Revision)
	if len(u.current) < maxConflicts {
		u.current = append(u.current, *now)
	}
}

// enrollments takes students out of classes again, and back into them.
func (u *undoing) enrollments() {
	for _, c := range slices.Backward(u.change.Record.Enrollments) {
		class, student := u.book.classes[c.Class-1], u.book.students[c.Student-1]
		e, field := student.enrollment(class), fmt.Sprintf("enrollments[%d,%d]", c.Class, c.Student)
		switch {
		case !u.here(thing{aClass, class.ID}, class.removed):
			u.gone(thing{aClass, class.ID}, class.removed)
		case (e.removed != nil) == c.Enrolled:
			u.changed(field, "%s has left or joined class %d since", student.Name(), class.ID)
		case !c.Enrolled && !u.here(thing{aStudent, student.ID}, student.removed):
			u.gone(thing{aStudent, student.ID}, student.removed)
		default:
			if e.removed != nil && u.isSince(e.removed.Revision) {
				u.changed(field, "%s was taken out of class %d again since", student.Name(), class.ID)
			}
			u.joined[e] = !c.Enrolled
			u.changes.Enrollments = append(u.changes.Enrollments, EnrollmentChange{c.Class, c.Student, !c.Enrolled})
		}
	}
}

// enrolled reports whether a student is in a class, or is brought back.
func (u *undoing) enrolled(e *enrollment) bool {
	return (e.removed == nil || u.joined[e]) && u.here(thing{aStudent, e.student.ID}, e.student.removed)
}

// here reports whether a thing is there, or is brought back.
func (u *undoing) here(t thing, removed *Removal) bool { return removed == nil || u.back[t] }

// gone says, once, that a thing must be brought back first.
func (u *undoing) gone(t thing, removed *Removal) {
	if !u.missing[t] {
		u.missing[t] = true
		u.blocked.add(t.field(), "was removed by %s in change %d; undo that first", removed.By, removed.Revision)
	}
}
