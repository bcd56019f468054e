package grades

import (
	"encoding/binary"
	"encoding/json"
	"maps"
	"time"
)

// A snapshot is a head and then, in any order, everything in the book. Each is
// a kind, a number in its list, a length, and what saved.go says. It is made in
// parts while the book goes on changing: what is about to change is written
// first, as it was when the snapshot began.

// snapshotVersion is the version of snapshots. One of another version is not
// used: the log is read instead.
const snapshotVersion = 3

// The kinds of things in a snapshot.
const (
	savedHead = iota + 1
	savedClass
	savedStudent
	savedAssignment
	savedEnrollment
	savedKeys
)

// snapshotPart is about how many bytes are encoded at a time: a fraction of a
// millisecond's work.
const snapshotPart = 64 << 10

// snapshotHead is what a snapshot begins with. The numbers are how many there
// are of each.
type snapshotHead struct {
	Version     int               `json:"version"`
	Revision    uint64            `json:"revision"`
	Classes     int               `json:"classes"`
	Students    int               `json:"students"`
	Assignments int               `json:"assignments"`
	Enrollments int               `json:"enrollments"`
	Undone      map[uint64]uint64 `json:"undone,omitempty"`
}

// savable is a part of the book that is saved as one.
type savable interface {
	lastSaved() *saveMark
	save(*snapshot)
}

// saveMark says in which snapshot something was last. Everything that a book
// changes has one.
type saveMark struct{ snapshot uint64 }

func (m *saveMark) lastSaved() *saveMark { return m }

// snapshot is a book that is being saved, as it was when that began.
type snapshot struct {
	number      uint64
	out         []byte // encoded and not yet taken
	actors      map[*string]int
	classes     []*classState // what is still to be looked at
	students    []*studentState
	assignments []*assignmentState
	enrollments []*enrollment
	keys        []keyUse
}

// Snapshot begins to save the book; see store.Machine.
func (b *Book) Snapshot() (next func([]byte) ([]byte, bool)) {
	b.snapshots++
	s := &snapshot{
		number: b.snapshots, actors: make(map[*string]int), keys: b.keys.order,
		classes: b.classes, students: b.students, assignments: b.assignments, enrollments: b.enrollments,
	}
	s.json(savedHead, 0, snapshotHead{
		snapshotVersion, b.revision, len(b.classes), len(b.students), len(b.assignments), len(b.enrollments), maps.Clone(b.undone),
	})
	b.saving = s
	return func(out []byte) ([]byte, bool) {
		more := true
		for more && len(s.out) < snapshotPart {
			more = s.step()
		}
		if !more && b.saving == s {
			b.saving = nil
		}
		out = append(out, s.out...)
		s.out = s.out[:0]
		return out, more
	}
}

// keep is called before anything is changed: a snapshot that has not come to it
// yet takes it as it is.
func (b *Book) keep(x savable) {
	if b.saving != nil {
		b.saving.take(x)
	}
}

// fresh is the mark of something that the snapshot under way is not to have.
func (b *Book) fresh() saveMark { return saveMark{b.snapshots} }

// step saves the next thing, if there is one.
func (s *snapshot) step() bool {
	switch {
	case len(s.classes) > 0:
		s.take(s.classes[0])
		s.classes = s.classes[1:]
	case len(s.students) > 0:
		s.take(s.students[0])
		s.students = s.students[1:]
	case len(s.assignments) > 0:
		s.take(s.assignments[0])
		s.assignments = s.assignments[1:]
	case len(s.enrollments) > 0:
		s.take(s.enrollments[0])
		s.enrollments = s.enrollments[1:]
	case len(s.keys) > 0:
		some := s.keys[:min(len(s.keys), 1000)]
		s.saveKeys(some)
		s.keys = s.keys[len(some):]
	default:
		return false
	}
	return true
}

// take saves something, once.
func (s *snapshot) take(x savable) {
	if mark := x.lastSaved(); mark.snapshot != s.number {
		mark.snapshot = s.number
		x.save(s)
	}
}

// begin starts a thing, and returns where its length belongs.
func (s *snapshot) begin(kind, number int) (at int) {
	s.uint(uint64(kind))
	s.uint(uint64(number))
	s.out = append(s.out, 0, 0, 0, 0)
	return len(s.out)
}

func (s *snapshot) end(at int) {
	binary.LittleEndian.PutUint32(s.out[at-4:], uint32(len(s.out)-at))
}

// json saves a thing, or the first part of one, as JSON; v always has a form.
func (s *snapshot) json(kind, number int, v any) {
	at := s.begin(kind, number)
	s.value(v)
	s.end(at)
}

func (s *snapshot) value(v any) {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	s.text(string(text))
}

func (s *snapshot) uint(n uint64) { s.out = binary.AppendUvarint(s.out, n) }
func (s *snapshot) int(n int64)   { s.out = binary.AppendVarint(s.out, n) }

func (s *snapshot) bool(v bool) {
	n := byte(0)
	if v {
		n = 1
	}
	s.out = append(s.out, n)
}

func (s *snapshot) text(v string) {
	s.uint(uint64(len(v)))
	s.out = append(s.out, v...)
}

// revisions saves a rising list.
func (s *snapshot) revisions(list []uint64) {
	s.uint(uint64(len(list)))
	last := uint64(0)
	for _, revision := range list {
		s.uint(revision - last)
		last = revision
	}
}

// actor saves a name, and its text the first time.
func (s *snapshot) actor(name *string) {
	n, known := s.actors[name]
	if !known {
		n = len(s.actors)
		s.actors[name] = n
	}
	s.uint(uint64(n))
	if !known {
		s.text(*name)
	}
}

// time saves a time with its zone; nil is "".
func (s *snapshot) time(t *time.Time) {
	if t == nil {
		s.text("")
		return
	}
	s.text(t.Format(time.RFC3339Nano))
}
