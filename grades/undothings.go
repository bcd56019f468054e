package grades

import (
	"fmt"
	"maps"
	"slices"
)

// classes puts the settings of classes back, and whole classes.
func (u *undoing) classes() {
	for _, c := range slices.Backward(u.change.Record.Classes) {
		state := u.book.classes[either(c).ID-1]
		t := thing{aClass, state.ID}
		change, ok := putBack(u, t, c, state.Class, state.removed, func() { u.usedClass(t, state) })
		if !ok {
			continue
		}
		if change.New != nil {
			if err := change.New.check(); err != nil {
				u.blocked.add(t.field(), "%v", err)
			}
		}
		u.changes.Classes = append(u.changes.Classes, change)
	}
}

func (u *undoing) students() {
	for _, c := range slices.Backward(u.change.Record.Students) {
		state := u.book.students[either(c).ID-1]
		t := thing{aStudent, state.ID}
		if change, ok := putBack(u, t, c, state.Student, state.removed, func() { u.usedStudent(t, state) }); ok {
			u.changes.Students = append(u.changes.Students, change)
		}
	}
}

func (u *undoing) assignments() {
	for _, c := range slices.Backward(u.change.Record.Assignments) {
		state := u.book.assignments[either(c).ID-1]
		t, class := thing{anAssignment, state.ID}, u.book.classes[state.ClassID-1]
		if in := (thing{aClass, class.ID}); !u.here(in, class.removed) {
			u.gone(in, class.removed)
			continue
		}
		if change, ok := putBack(u, t, c, state.Assignment, state.removed, func() {}); ok {
			u.changes.Assignments = append(u.changes.Assignments, change)
		}
	}
}

func (t thing) field() string { return fmt.Sprintf("%s[%d]", t.kind, t.id) }

// putBack is the inverse of a change of a thing that is now this, false when
// there is nothing to do or it cannot be. used looks for what speaks against
// removing what the change made.
func putBack[T any](u *undoing, t thing, c Change[T], now T, removed *Removal, used func()) (Change[T], bool) {
	switch {
	case c.New == nil && removed != nil:
		u.back[t] = true
		return Change[T]{New: &now}, true
	case c.New == nil:
		return Change[T]{}, false // somebody brought it back
	case removed != nil:
		u.gone(t, removed)
		return Change[T]{}, false
	case c.Old == nil:
		used()
		u.edited(t, fieldEdits(c.New, &now))
		return Change[T]{Old: &now}, true
	}
	out, later := takeBack(c.Old, c.New, &now)
	u.edited(t, later)
	return Change[T]{&now, &out}, len(fieldEdits(&now, &out)) > 0
}

// edited says which fields are no longer what the change made of them.
func (u *undoing) edited(t thing, later []FieldEdit) {
	for _, f := range later {
		u.changed(t.field()+"."+f.Field, "was changed since")
	}
}

// usedClass notes what came into a class since, which is to be removed; grades
// aside. One that the change did not make but bring back must be as it was.
func (u *undoing) usedClass(t thing, class *classState) {
	if class.revisions[0] < u.change.Revision {
		if since := u.changedSince(class.revisions); since != 0 {
			u.changed(t.field(), "was used since, first in change %d", since)
		}
		return
	}
	made, came := u.madeWith(class)
	for _, a := range class.assignments {
		if !made[a.ID] {
			u.changed(thing{anAssignment, a.ID}.field(), "%q was made since", a.Title)
		}
	}
	for _, e := range class.roster {
		if e.gone() == nil && !came[e.student.ID] {
			u.changed(thing{aStudent, e.student.ID}.field(), "%s came into the class since", e.student.Name())
		}
	}
}

// madeWith returns the ids of the assignments that the change made, and of the
// students that it took into a class.
func (u *undoing) madeWith(class *classState) (made, came map[int]bool) {
	made, came = make(map[int]bool), make(map[int]bool)
	for _, c := range u.change.Record.Assignments {
		if c.Old == nil {
			made[c.New.ID] = true
		}
	}
	for _, c := range u.change.Record.Enrollments {
		if c.Class == class.ID && c.Enrolled {
			came[c.Student] = true
		}
	}
	return made, came
}

func (u *undoing) usedStudent(t thing, student *studentState) {
	if since := u.changedSince(student.revisions); since != 0 {
		u.changed(t.field(), "was changed or enrolled since, first in change %d", since)
	}
}

// usedCells notes the grades that were entered since into what is to be removed,
// which would hide them.
func (u *undoing) usedCells() {
	for e, c := range u.book.cellsIn(&u.change.Record) {
		if !c.empty() && c.revision > u.change.Revision && !u.left(e.student.ID, c) {
			u.written(e, c)
		}
	}
}

// changedSince returns the first of the revisions after the change that is still
// in force: neither undone, nor an undo of one that came after the change too.
func (u *undoing) changedSince(revisions []uint64) uint64 {
	at, _ := slices.BinarySearch(revisions, u.change.Revision+1)
	for _, revision := range revisions[at:] {
		if u.isSince(revision) {
			return revision
		}
	}
	return 0
}

// isSince reports whether a revision is one that changedSince is about.
func (u *undoing) isSince(revision uint64) bool {
	if u.undoes == nil {
		u.undoes = make(map[uint64]uint64, len(u.book.undone))
		for undone, by := range u.book.undone {
			u.undoes[by] = undone
		}
	}
	return revision > u.change.Revision && u.book.undoneBy(revision) == 0 && u.undoes[revision] <= u.change.Revision
}

// check looks at what the book would be then.
func (u *undoing) check() {
	classes := make(map[int]Class)
	for _, c := range u.changes.Assignments {
		id := either(c).ClassID
		classes[id] = u.book.classes[id-1].Class
	}
	for _, c := range u.changes.Classes {
		if c.New != nil {
			classes[c.New.ID] = *c.New
		}
	}
	for _, id := range slices.Sorted(maps.Keys(classes)) {
		class := classes[id]
		u.checkAssignments(&class)
	}
	u.checkStudents()
}

// checkAssignments looks for titles that are there twice and categories that are
// not there.
func (u *undoing) checkAssignments(class *Class) {
	titles := make(map[string]int)
	for _, a := range u.assignmentsOf(class.ID) {
		t := thing{anAssignment, a.ID}
		if other := titles[a.Title]; other != 0 {
			u.blocked.add(t.field()+".title", "is %q, and so is that of assignment %d; rename one of them first", a.Title, other)
		}
		titles[a.Title] = a.ID
		if !class.has(a.Category) {
			u.blocked.add(t.field()+".category", "is %q, which class %d would not have; move %q to another category, or add that one, first", a.Category, class.ID, a.Title)
		}
	}
}

// assignmentsOf are the assignments that a class would have, by id.
func (u *undoing) assignmentsOf(class int) []*Assignment {
	list := slices.Clone(u.book.classes[class-1].assignments)
	for _, c := range u.changes.Assignments {
		if either(c).ClassID != class {
			continue
		}
		list = slices.DeleteFunc(list, func(a *Assignment) bool { return a.ID == either(c).ID })
		if c.New != nil {
			list = append(list, c.New)
		}
	}
	slices.SortFunc(list, func(a, b *Assignment) int { return a.ID - b.ID })
	return list
}

// checkStudents looks for external ids that would be those of two.
func (u *undoing) checkStudents() {
	mine := make(map[string]int) // of those who are put back
	for _, c := range u.changes.Students {
		if c.New != nil && c.New.ExternalID != "" {
			mine[c.New.ExternalID] = c.New.ID
		}
	}
	if len(mine) == 0 {
		return
	}
	for _, other := range u.book.students {
		if id := mine[other.ExternalID]; id != 0 && id != other.ID && other.removed == nil {
			u.blocked.add(thing{aStudent, id}.field()+".externalID", "is %s, which is that of student %d, %s, now; change that first", other.ExternalID, other.ID, other.Name())
		}
	}
}
