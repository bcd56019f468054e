package grades

import (
	"slices"
	"sync/atomic"
	"time"
)

// Book is everything that is known now: a state machine that [Book.Apply]
// alone changes. Commands are decided on it by methods that only read it. It
// does no locking: the store keeps readers and Apply apart.
type Book struct {
	revision    uint64
	classes     []*classState // ids are given out from 1 in order, so the one with id n is at n−1
	students    []*studentState
	assignments []*assignmentState
	enrollments []*enrollment     // in order
	undone      map[uint64]uint64 // revision → the revision that undid it
	keys        keyBook
	actors      map[string]*string // each name once, for the cells to share

	snapshots uint64    // begun
	saving    *snapshot // nil when none is under way
}

type classState struct {
	saveMark
	Class
	removed     *Removal
	rules       uint64                 // revision of the last change to what totals depend on, grades aside
	assignments []*Assignment          // those not removed, by id
	byTitle     map[string]*Assignment // likewise
	roster      []*enrollment          // everyone ever enrolled, in order
	revisions   []uint64               // of the changes to anything in the class and to everyone ever enrolled
	summary     atomic.Pointer[cached[ClassSummary]]
}

type studentState struct {
	saveMark
	Student
	removed     *Removal
	changed     uint64        // revision of the last change to the student, an enrollment or a grade
	revisions   []uint64      // of the changes to the student and to enrollments
	enrollments []*enrollment // all there ever were, in order
	view        atomic.Pointer[cached[[]byte]]
}

type assignmentState struct {
	saveMark
	Assignment
	removed *Removal
}

// enrollment is a student in a class, with the grades there.
type enrollment struct {
	saveMark
	number  int // among all, from 0
	class   *classState
	student *studentState
	removed *Removal
	row     row
}

// grade is a copy of the student's cell of an assignment, nil when it was never
// filled.
func (e *enrollment) grade(assignment int) *Grade {
	return e.row.find(assignment).grade(e.student.ID)
}

// cached is something made of the book, good while stamp is that of what it
// was made of, and only before until unless that is zero. Readers share it.
type cached[T any] struct {
	value T
	stamp uint64
	until time.Time
}

func (c *cached[T]) good(stamp uint64, now time.Time) bool {
	return c != nil && c.stamp == stamp && (c.until.IsZero() || now.Before(c.until))
}

// Apply makes the changes of a record.
func (b *Book) Apply(revision uint64, at time.Time, r Record) {
	b.revision = revision
	for _, c := range r.Classes {
		b.setClass(c, r.Actor, at)
	}
	for _, c := range r.Students {
		b.setStudent(c, r.Actor, at)
	}
	for _, c := range r.Assignments {
		b.setAssignment(c, r.Actor, at)
	}
	for _, c := range r.Enrollments {
		b.setEnrollment(c, r.Actor, at)
	}
	if r.Cells.Len() > 0 {
		by := b.actor(r.Actor)
		b.makeRoom(&r.Cells)
		for c := range r.Cells.All() {
			b.setCell(c, by, at)
		}
	}
	if r.Undoes != 0 {
		b.setUndone(r.Undoes)
	}
	if r.Import != "" {
		b.keys.put(keyUse{importKey(r.Import), revision, at})
	}
	if r.Key != nil {
		b.keys.put(keyUse{newKeyID(r.Key.Scope, r.Key.Key), revision, at})
	}
}

// setUndone notes that the change of this revision undoes another.
func (b *Book) setUndone(revision uint64) {
	if b.undone == nil {
		b.undone = make(map[uint64]uint64)
	}
	b.undone[revision] = b.revision
}

func (b *Book) setClass(change Change[Class], by string, at time.Time) {
	if change.New == nil {
		class := b.classes[change.Old.ID-1]
		b.touchRules(class)
		b.touchRoster(class)
		class.removed = b.removal(by, at)
		return
	}
	if change.New.ID > len(b.classes) {
		b.classes = append(b.classes, &classState{saveMark: b.fresh(), byTitle: make(map[string]*Assignment)})
	}
	class := b.classes[change.New.ID-1]
	b.keep(class)
	if class.removed != nil {
		b.touchRoster(class)
	}
	class.Class, class.removed = *change.New, nil
	b.touchRules(class)
}

// touchRoster marks the other classes of a class's students, where each student's
// classes are listed: the class leaves those lists or comes back to them.
func (b *Book) touchRoster(class *classState) {
	for _, e := range class.roster {
		for _, other := range e.student.enrollments {
			b.touch(other.class)
		}
	}
}

// touch marks that something in a class has changed.
func (b *Book) touch(class *classState) {
	b.keep(class)
	class.Revision = b.revision
	class.revisions = appendRevision(class.revisions, b.revision)
}

// touchRules marks that every total of a class may have changed.
func (b *Book) touchRules(class *classState) {
	class.rules = b.revision
	b.touch(class)
}

// appendRevision adds a revision to a list of them, once.
func appendRevision(list []uint64, revision uint64) []uint64 {
	if n := len(list); n > 0 && list[n-1] == revision {
		return list
	}
	return append(list, revision)
}

func (b *Book) setStudent(change Change[Student], by string, at time.Time) {
	if change.New == nil {
		student := b.students[change.Old.ID-1]
		b.touchStudent(student)
		student.removed = b.removal(by, at)
		return
	}
	if change.New.ID > len(b.students) {
		b.students = append(b.students, &studentState{saveMark: b.fresh()})
	}
	student := b.students[change.New.ID-1]
	b.keep(student)
	student.Student, student.removed = *change.New, nil
	b.touchStudent(student)
}

func (b *Book) touchStudent(student *studentState) {
	b.keep(student)
	student.changed = b.revision
	student.revisions = appendRevision(student.revisions, b.revision)
	for _, e := range student.enrollments {
		b.touch(e.class)
	}
}

func (b *Book) setAssignment(change Change[Assignment], by string, at time.Time) {
	if old := change.Old; old != nil {
		b.keep(b.assignments[old.ID-1])
		class := b.classes[old.ClassID-1]
		if class.byTitle[old.Title] == &b.assignments[old.ID-1].Assignment {
			delete(class.byTitle, old.Title)
		}
		class.assignments = slices.DeleteFunc(class.assignments, func(a *Assignment) bool { return a.ID == old.ID })
		b.touchRules(class)
	}
	if change.New == nil {
		b.assignments[change.Old.ID-1].removed = b.removal(by, at)
		return
	}
	if change.New.ID > len(b.assignments) {
		b.assignments = append(b.assignments, &assignmentState{saveMark: b.fresh()})
	}
	class, state := b.classes[change.New.ClassID-1], b.assignments[change.New.ID-1]
	b.keep(state)
	state.Assignment, state.removed = *change.New, nil
	class.byTitle[state.Title] = &state.Assignment
	i, _ := slices.BinarySearchFunc(class.assignments, state.ID, func(a *Assignment, id int) int { return a.ID - id })
	class.assignments = slices.Insert(class.assignments, i, &state.Assignment)
	b.touchRules(class)
}

func (b *Book) setEnrollment(change EnrollmentChange, by string, at time.Time) {
	class, student := b.classes[change.Class-1], b.students[change.Student-1]
	e := student.enrollment(class)
	if e == nil {
		e = &enrollment{saveMark: b.fresh(), number: len(b.enrollments), class: class, student: student}
		b.enrollments = append(b.enrollments, e)
		class.roster = append(class.roster, e)
		student.enrollments = append(student.enrollments, e)
	}
	b.keep(e)
	if e.removed = nil; !change.Enrolled {
		e.removed = b.removal(by, at)
	}
	b.touchStudent(student)
}

// makeRoom makes room for the cells of each student who comes with very many, all
// at once: a row that grows cell by cell is copied again and again.
func (b *Book) makeRoom(changes *CellChanges) {
	if changes.listed() {
		return
	}
	var last *enrollment
	run := 0
	grow := func() {
		if last != nil && len(last.row) == 0 {
			last.row = slices.Grow(last.row, run)
		}
	}
	for c := range changes.All() {
		e := b.students[c.Student-1].enrollment(b.classes[b.assignments[c.Assignment-1].ClassID-1])
		if e != last {
			grow()
			last, run = e, 0
		}
		run++
	}
	grow()
}

func (b *Book) setCell(change *CellChange, by *string, at time.Time) {
	class := b.classes[b.assignments[change.Assignment-1].ClassID-1]
	student := b.students[change.Student-1]
	e := student.enrollment(class)
	b.keep(e)
	e.row.set(newCell(change.Assignment, change.New, b.revision, by, at))
	student.changed = b.revision
	b.touch(class)
}

// actor is the name that all cells of an actor share.
func (b *Book) actor(name string) *string {
	if b.actors == nil {
		b.actors = make(map[string]*string)
	}
	shared := b.actors[name]
	if shared == nil {
		shared = &name
		b.actors[name] = shared
	}
	return shared
}
