package grades

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"
)

// turns has the students of a book collected in turns. Each of its looks is out
// of time at once, and after each a writer has a turn.
type turns struct {
	*Book
	now    time.Time
	write  func(look int)
	looks  int
	most   int // students that were made in a look
	bodies [][]byte
	want   string // what the last look has seen
}

func (tr *turns) collect(b *Book, p *parts) (err error) {
	tr.bodies = make([][]byte, len(b.students))
	for i, s := range b.students {
		if p.leave(s.ID, s.made(p.now)) {
			continue
		}
		if tr.bodies[i], err = s.json(p.now); err != nil {
			return err
		}
	}
	return nil
}

func (tr *turns) view(read func(b *Book, now time.Time) error) error {
	made := tr.made()
	err := read(tr.Book, tr.now)
	tr.most, tr.want = max(tr.most, tr.made()-made), tr.shown()
	tr.looks++
	tr.write(tr.looks)
	return err
}

func (tr *turns) made() (n int) {
	for _, s := range tr.students {
		if s.made(tr.now) {
			n++
		}
	}
	return n
}

func (tr *turns) shown() string {
	var list []StudentView
	for _, s := range tr.students {
		list = append(list, s.viewAt(tr.now))
	}
	text, _ := json.Marshal(list)
	return string(text) + "\n"
}

func (tr *turns) rename(student, look int) {
	renamed := tr.students[student].Student
	renamed.LastName = fmt.Sprint("After look ", look)
	tr.Apply(tr.revision+1, tr.now, Record{Actor: "test", Changes: Changes{Students: []Change[Student]{{New: &renamed, Old: &tr.students[student].Student}}}})
}

// Whoever writes between the looks, the answer is of one revision, that of the
// last look; and unless they write as fast, no look makes more than it may.
func TestInTurns(t *testing.T) {
	const students = 20
	for _, c := range []struct {
		name        string
		write       func(tr *turns, look int)
		looks, most int
	}{
		{"no writer", func(*turns, int) {}, 22, 1},
		{"some changes", func(tr *turns, look int) {
			if look%4 == 0 {
				tr.rename(look/4%students, look)
			}
		}, 32, 1},
		{"all changes at each look", func(tr *turns, look int) {
			for student := range students {
				tr.rename(student, look)
			}
		}, 43, students},
	} {
		tr := &turns{Book: school(4, students/2, students/2), now: time.Now().Add(-time.Hour)}
		tr.write = func(look int) { c.write(tr, look) }
		err := inTurns(tr.view, tr.collect, func(b *Book, id int, now time.Time) { b.students[id-1].json(now) })
		if got := string(appendArray(nil, tr.bodies)); err != nil || got != tr.want {
			t.Errorf("%s: %v, collected\n%s\nwant\n%s", c.name, err, got, tr.want)
		}
		if tr.looks != c.looks || tr.most != c.most {
			t.Errorf("%s: %d looks that made at most %d, want %d and %d", c.name, tr.looks, tr.most, c.looks, c.most)
		}
	}
}
