package grades

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash"
	"hash/fnv"
)

// shown is what a proposal has shown: a digest of what it would do for each
// class and each row. An import of it does just that, or nothing.
type shown struct {
	revision uint64 // of the book that it was compared with
	classes  []uint64
	rows     []shownRow
}

type shownRow struct {
	digest  uint64
	student int32 // 0 for a new one
}

// digest is made of all that a class or a row would do, but for the ids of what
// it would make: they depend on what else is made.
type digest struct {
	hash.Hash64
	number [8]byte
}

func newDigest() *digest { return &digest{Hash64: fnv.New64a()} }

func (d *digest) int(n uint64) {
	binary.LittleEndian.PutUint64(d.number[:], n)
	d.Write(d.number[:])
}

func (d *digest) bool(b bool) {
	n := uint64(0)
	if b {
		n = 1
	}
	d.int(n)
}

func (d *digest) text(text string) {
	d.int(uint64(len(text)))
	d.Write([]byte(text))
}

// student adds who a row is about, as the book has the student, and what it says.
func (d *digest) student(r *rowImport, in *Student, entry *directoryEntry, here bool) {
	people := []*Student{in}
	if d.int(0); entry != nil && entry.state != nil {
		d.int(uint64(r.student))
		d.bool(here)
		people = append(people, &entry.state.Student)
	}
	for _, s := range people {
		for _, text := range []string{s.FirstName, s.LastName, s.Email, s.ExternalID, s.SISID, s.Login} {
			d.text(text)
		}
	}
}

// cell adds a change of the cell in a column.
func (d *digest) cell(column int, c *CellChange) {
	d.int(uint64(column))
	d.int(c.OldRevision)
	d.value(c.Old)
	d.value(c.New)
}

func (d *digest) value(v *CellValue) {
	if d.bool(v != nil); v == nil {
		return
	}
	if d.bool(v.Score != nil); v.Score != nil {
		d.int(uint64(*v.Score))
	}
	d.text(v.Status)
	d.text(v.Comment)
	if d.bool(v.Submitted != nil); v.Submitted != nil {
		d.int(uint64(v.Submitted.UnixNano()))
	}
}

// classDigest is of a class's settings and its columns.
func (s *sheetImport) classDigest() uint64 {
	d := newDigest()
	class := s.class
	class.Revision = 0
	if s.state == nil {
		class.ID = 0
	}
	d.text(s.report.Outcome)
	d.json(class)
	for i, c := range s.columns {
		d.text(s.report.Columns[i].Outcome)
		if c.Assignment == nil {
			continue
		}
		a := *c.Assignment
		if a.ClassID = class.ID; c.old == nil {
			a.ID = 0
		}
		d.json(a)
	}
	return d.Sum64()
}

func (d *digest) json(v any) {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err) // it is a plain struct
	}
	d.Write(text)
}

// compareClass notes that a class is not what the proposal showed.
func (m *importing) compareClass(i int, s *sheetImport) {
	s.digest = s.classDigest()
	if m.shown == nil || i < len(m.shown.classes) && m.shown.classes[i] == s.digest {
		return
	}
	m.moved.add("class "+s.report.Title, "the class or its assignments have changed since the proposal; make the proposal again")
}

// compareRow notes what of a row is not as the proposal showed it.
func (s *sheetImport) compareRow(r *rowImport, row *SheetRow, entry *directoryEntry, digest *digest) {
	r.digest = digest.Sum64()
	if s.shown == nil {
		return
	}
	var was shownRow
	if r.row <= len(s.shown.rows) {
		was = s.shown.rows[r.row-1]
	}
	if was.digest == r.digest {
		return
	}
	where := LineError{File: row.File, Line: row.Line}
	if before := int(was.student); !r.made && before != r.student {
		s.moved.add(where.field(), "%s would now be student %d, and in the proposal %s", r.name, r.student, meantStudent(before))
		return
	} else if r.made && before != 0 {
		s.moved.add(where.field(), "%s would now be a new student, and in the proposal %s", r.name, meantStudent(before))
		return
	}
	before := len(s.moved)
	for i := range row.Cells {
		if row.Cells[i].Kind == CellAbsent || s.columns[i].old == nil {
			continue
		}
		if old := entry.enrollment(s).gradeOf(s.columns[i].ID); old != nil && old.Revision > s.shown.revision {
			where.Column = s.columns[i].Title
			s.moved.add(where.field(), "%s has %s in change %d", old.By, did(old), old.Revision)
			s.current = append(s.current, *old)
		}
	}
	if len(s.moved) == before {
		s.moved.add(where.field(), "%s is not as it was when the proposal was made", r.name)
	}
}

func meantStudent(id int) string {
	if id == 0 {
		return "was a new one"
	}
	return fmt.Sprintf("was student %d", id)
}

// did says in words what a change made of a cell.
func did(g *Grade) string {
	if g.empty() {
		return "emptied the cell"
	}
	return "changed the cell to " + g.text()
}

// gradeOf is grade for an enrollment that may be nil.
func (e *enrollment) gradeOf(assignment int) *Grade {
	if e == nil {
		return nil
	}
	return e.grade(assignment)
}

// conflict says what has moved since the proposal.
func (m *importing) conflict() error {
	err := &ConflictError{
		Detail: fmt.Sprintf("%d %s not as the proposal showed, and nothing was applied; have the file read again to see what it would do now", len(m.moved), plural(len(m.moved), "thing")),
		Faults: m.moved[:min(len(m.moved), maxConflicts)],
	}
	if len(m.current) > 0 {
		err.Current = m.current[:min(len(m.current), maxConflicts)]
	}
	return err
}
