package grades

import "time"

// What is in a snapshot of each thing, written and read. What has a JSON form is
// kept in it; cells, of which there are most, are packed.

func (c *classState) save(s *snapshot) {
	at := s.begin(savedClass, c.ID-1)
	s.value(&c.Class)
	s.removal(c.removed)
	s.revisions(c.revisions)
	s.end(at)
}

func (c *classState) load(r *restored) {
	r.value(&c.Class)
	c.removed = r.removal()
	c.revisions = r.revisions()
}

func (st *studentState) save(s *snapshot) {
	at := s.begin(savedStudent, st.ID-1)
	s.value(&st.Student)
	s.removal(st.removed)
	s.revisions(st.revisions)
	s.end(at)
}

func (st *studentState) load(r *restored) {
	r.value(&st.Student)
	st.removed = r.removal()
	st.revisions = r.revisions()
}

func (a *assignmentState) save(s *snapshot) {
	at := s.begin(savedAssignment, a.ID-1)
	s.text(string(appendAssignment(nil, &a.Assignment)))
	s.removal(a.removed)
	s.end(at)
}

func (a *assignmentState) load(r *restored) {
	r.value(&a.Assignment)
	a.removed = r.removal()
}

func (e *enrollment) save(s *snapshot) {
	at := s.begin(savedEnrollment, e.number)
	s.uint(uint64(e.class.ID))
	s.uint(uint64(e.student.ID))
	s.removal(e.removed)
	s.uint(uint64(len(e.row)))
	var last cell
	for i := range e.row {
		e.row[i].save(s, &last)
		last = e.row[i]
	}
	s.end(at)
}

func (e *enrollment) load(r *restored) {
	class, student := r.uint(), r.uint()
	e.class, e.student = r.book.classes[class-1], r.book.students[student-1]
	e.removed = r.removal()
	e.row = make(row, r.count())
	var last cell
	for i := range e.row {
		e.row[i].load(r, &last)
		last = e.row[i]
	}
}

// Flags of a saved cell, above its status.
const (
	cellScored = 1 << (iota + 3)
	cellExtras
)

// save writes what differs from the cell before it.
func (c *cell) save(s *snapshot, last *cell) {
	flags := byte(c.status)
	if c.scored {
		flags |= cellScored
	}
	if c.extra != nil {
		flags |= cellExtras
	}
	s.out = append(s.out, flags)
	s.uint(uint64(c.assignment - last.assignment))
	s.int(int64(c.revision) - int64(last.revision))
	s.int(c.at - last.at)
	s.actor(c.by)
	if c.scored {
		s.int(int64(c.score))
	}
	if c.extra != nil {
		s.time(c.extra.submitted)
		s.text(c.extra.comment)
	}
}

func (c *cell) load(r *restored, last *cell) {
	flags := r.byte()
	c.status, c.scored = status(flags&(cellScored-1)), flags&cellScored != 0
	c.assignment = last.assignment + int32(r.uint())
	c.revision = uint64(int64(last.revision) + r.int())
	c.at = last.at + r.int()
	c.by = r.actor()
	if c.scored {
		c.score = Score(r.int())
	}
	if flags&cellExtras != 0 {
		c.extra = &cellExtra{r.time(), r.text()}
	}
}

func (s *snapshot) saveKeys(list []keyUse) {
	at := s.begin(savedKeys, 0)
	s.uint(uint64(len(list)))
	for _, use := range list {
		s.out = append(s.out, use.id[:]...)
		s.uint(use.revision)
		s.int(use.at.UnixNano())
	}
	s.end(at)
}

func (k *keyBook) load(r *restored) {
	for range r.count() {
		var use keyUse
		copy(use.id[:], r.bytes(len(use.id)))
		use.revision = r.uint()
		use.at = time.Unix(0, r.int()).UTC()
		k.put(use)
	}
}
