package grades

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"time"
)

// Restore replaces the book by one that Snapshot has saved; it panics when the
// text is not what Snapshot wrote, which the store's checksum rules out.
func (b *Book) Restore(text []byte) error {
	r := &restored{rest: text, book: &Book{}}
	if err := r.head(); err != nil {
		return err
	}
	for len(r.rest) > 0 {
		r.next()
	}
	r.book.link()
	*b = *r.book
	return nil
}

// restored is a book that is being read from a snapshot.
type restored struct {
	rest   []byte
	book   *Book
	actors []*string // in the order of their first use
}

// head reads how much there is, and makes room for it.
func (r *restored) head() error {
	var head snapshotHead
	if kind, _, _ := r.begin(); kind != savedHead {
		return fmt.Errorf("it begins with a thing of kind %d", kind)
	}
	r.value(&head)
	if head.Version != snapshotVersion {
		return fmt.Errorf("it has version %d and this program reads version %d", head.Version, snapshotVersion)
	}
	b := r.book
	b.revision, b.undone = head.Revision, head.Undone
	b.classes = blank[classState](head.Classes)
	b.students = blank[studentState](head.Students)
	b.assignments = blank[assignmentState](head.Assignments)
	b.enrollments = blank[enrollment](head.Enrollments)
	return nil
}

func blank[T any](n int) []*T {
	values, list := make([]T, n), make([]*T, n)
	for i := range values {
		list[i] = &values[i]
	}
	return list
}

func (r *restored) begin() (kind, number, length int) {
	kind, number = int(r.uint()), int(r.uint())
	return kind, number, int(binary.LittleEndian.Uint32(r.bytes(4)))
}

// next reads one thing.
func (r *restored) next() {
	kind, number, length := r.begin()
	left := len(r.rest) - length
	switch kind {
	case savedClass:
		r.book.classes[number].load(r)
	case savedStudent:
		r.book.students[number].load(r)
	case savedAssignment:
		r.book.assignments[number].load(r)
	case savedEnrollment:
		e := r.book.enrollments[number]
		e.number = number
		e.load(r)
	case savedKeys:
		r.book.keys.load(r)
	}
	if len(r.rest) != left {
		panic(fmt.Sprintf("thing %d of kind %d is of another length", number, kind))
	}
}

// link makes what a snapshot leaves out, because it follows from the rest.
func (b *Book) link() {
	for _, class := range b.classes {
		class.byTitle = make(map[string]*Assignment)
	}
	for _, a := range b.assignments {
		if a.removed == nil {
			class := b.classes[a.ClassID-1]
			class.byTitle[a.Title] = &a.Assignment
			class.assignments = append(class.assignments, &a.Assignment)
		}
	}
	for _, e := range b.enrollments {
		e.class.roster = append(e.class.roster, e)
		e.student.enrollments = append(e.student.enrollments, e)
	}
	b.actors = make(map[string]*string)
	for _, e := range b.enrollments {
		for i := range e.row {
			b.actors[*e.row[i].by] = e.row[i].by
		}
	}
}

func (r *restored) bytes(n int) []byte {
	b := r.rest[:n]
	r.rest = r.rest[n:]
	return b
}

func (r *restored) byte() byte { return r.bytes(1)[0] }
func (r *restored) bool() bool { return r.byte() != 0 }

func (r *restored) uint() uint64 {
	n, size := binary.Uvarint(r.rest)
	r.bytes(size)
	return n
}

func (r *restored) int() int64 {
	n, size := binary.Varint(r.rest)
	r.bytes(size)
	return n
}

// count reads how many follow, of at least a byte each.
func (r *restored) count() int {
	n := r.uint()
	return len(r.rest[:n])
}

func (r *restored) text() string { return string(r.part()) }

// part reads what its length stands before.
func (r *restored) part() []byte {
	n := r.uint()
	return r.bytes(int(n))
}

func (r *restored) value(v any) {
	if err := json.Unmarshal(r.part(), v); err != nil {
		panic(err)
	}
}

func (r *restored) revisions() []uint64 {
	n := r.count()
	if n == 0 {
		return nil
	}
	list, last := make([]uint64, n), uint64(0)
	for i := range list {
		last += r.uint()
		list[i] = last
	}
	return list
}

func (r *restored) actor() *string {
	n := int(r.uint())
	if n == len(r.actors) {
		name := r.text()
		r.actors = append(r.actors, &name)
	}
	return r.actors[n]
}

func (r *restored) time() *time.Time {
	text := r.text()
	if text == "" {
		return nil
	}
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		panic(err)
	}
	return &t
}
