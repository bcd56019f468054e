package grades

import "iter"

// cellKey names a cell of the book.
type cellKey struct{ student, assignment int }

// origins finds out to which change a cell owes what is in it. One that was
// undone left no trace, so that changes can be undone one after the other.
type origins struct {
	from   records
	wanted map[cellKey]uint64 // the cells that it is asked about
	read   map[uint64]*readRecord
}

// readRecord is what origins keeps of a record.
type readRecord struct {
	undoes uint64
	cells  map[cellKey]uint64 // those wanted, and the revisions that they had before
}

func newOrigins(from records, wanted map[cellKey]uint64) *origins {
	return &origins{from, wanted, make(map[uint64]*readRecord)}
}

func (o *origins) record(revision uint64) (*readRecord, error) {
	if r := o.read[revision]; r != nil {
		return r, nil
	}
	stored, err := o.from.Record(revision)
	if err != nil {
		return nil, err
	}
	r := &readRecord{stored.Record.Undoes, make(map[cellKey]uint64)}
	for c := range stored.Record.Cells.All() {
		if _, wanted := o.wanted[c.key()]; wanted {
			r.cells[c.key()] = c.OldRevision
		}
	}
	o.read[revision] = r
	return r, nil
}

// origin is the change to which the cell at a revision owes what is in it: where
// that is an undo, it is what the undone change had found. 0 is no change.
func (o *origins) origin(cell cellKey, revision uint64) (uint64, error) {
	for revision != 0 {
		r, err := o.record(revision)
		if err != nil || r.undoes == 0 {
			return revision, err
		}
		undone, err := o.record(r.undoes)
		if err != nil {
			return 0, err
		}
		before, ok := undone.cells[cell]
		if !ok {
			return revision, nil
		}
		revision = before
	}
	return 0, nil
}

// unchanged returns the cells of a change, and of what it made, that were written
// since and yet are as they were, because what was done to them was undone; with
// the revisions they have. Whoever decides looks for those again.
func unchanged(from records, change record) (map[cellKey]uint64, error) {
	var written map[cellKey]uint64
	if err := from.View(func(b *Book) { written = b.writtenSince(change) }); err != nil {
		return nil, err
	}
	if len(written) == 0 {
		return nil, nil
	}
	o := newOrigins(from, written)
	left, err := o.record(change.Revision)
	if err != nil {
		return nil, err
	}
	for key, revision := range written {
		now, err := o.origin(key, revision)
		if err != nil {
			return nil, err
		}
		same := now < change.Revision
		if _, its := left.cells[key]; its {
			then, err := o.origin(key, change.Revision)
			if err != nil {
				return nil, err
			}
			same = now == then
		}
		if !same {
			delete(written, key)
		}
	}
	return written, nil
}

// writtenSince returns the cells of a change, and of what it made, that were
// written since, with the revisions they have.
func (b *Book) writtenSince(change record) map[cellKey]uint64 {
	written := make(map[cellKey]uint64)
	note := func(student int, c *cell) {
		if c.revision > change.Revision {
			written[cellKey{student, int(c.assignment)}] = c.revision
		}
	}
	for e, c := range b.cellsIn(&change.Record) {
		note(e.student.ID, c)
	}
	for c := range change.Record.Cells.All() {
		note(c.Student, b.cell(c.Student, c.Assignment))
	}
	return written
}

// cellsIn are the cells of the assignments, students and enrollments that a
// record made, those of all others too; some may come twice.
func (b *Book) cellsIn(r *Record) iter.Seq2[*enrollment, *cell] {
	return func(yield func(*enrollment, *cell) bool) {
		for _, c := range r.Assignments {
			if c.Old != nil {
				continue
			}
			for _, e := range b.classes[c.New.ClassID-1].roster {
				if cell := e.row.find(c.New.ID); cell != nil && !yield(e, cell) {
					return
				}
			}
		}
		for _, e := range b.enrollmentsIn(r) {
			for i := range e.row {
				if !yield(e, &e.row[i]) {
					return
				}
			}
		}
	}
}

// enrollmentsIn are the enrollments that a record made, and those of the
// students that it made.
func (b *Book) enrollmentsIn(r *Record) (list []*enrollment) {
	for _, c := range r.Students {
		if c.Old == nil {
			list = append(list, b.students[c.New.ID-1].enrollments...)
		}
	}
	for _, c := range r.Enrollments {
		if c.Enrolled {
			list = append(list, b.students[c.Student-1].enrollment(b.classes[c.Class-1]))
		}
	}
	return list
}

// cell is a cell that was filled once.
func (b *Book) cell(student, assignment int) *cell {
	return b.findCell(cellKey{student, assignment})
}

// findCell is a cell, nil when it was never filled.
func (b *Book) findCell(key cellKey) *cell {
	if key.student > len(b.students) || key.assignment > len(b.assignments) {
		return nil
	}
	class := b.classes[b.assignments[key.assignment-1].ClassID-1]
	if e := b.students[key.student-1].enrollment(class); e != nil {
		return e.row.find(key.assignment)
	}
	return nil
}
