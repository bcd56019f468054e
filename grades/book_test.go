package grades

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

// world is a book with the log of its records, without a store.
type world struct {
	*Book
	at  time.Time
	log []loggedRecord
}

type loggedRecord struct {
	at   time.Time
	text []byte
}

// decide applies what a command leads to, the way the store does: as read back
// from JSON. It reports whether the command was accepted.
func (w *world) decide(t *testing.T, command decideFunc) bool {
	t.Helper()
	w.at = w.at.Add(time.Hour)
	d, err := command(w.Book, "tester", w.at)
	if err != nil || d.changes.empty() {
		return err == nil
	}
	w.keep(t, d)
	return true
}

// keep applies a decision.
func (w *world) keep(t *testing.T, d decision) {
	t.Helper()
	text, err := json.Marshal(Record{Version: recordVersion, Action: d.action, Actor: "tester", Undoes: d.undoes, Changes: d.changes})
	if err != nil {
		t.Fatal(err)
	}
	w.log = append(w.log, loggedRecord{w.at, text})
	w.apply(t, w.Book, len(w.log)-1)
}

// newWorld is a book of three classes with an assignment and two students each.
func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{Book: new(Book), at: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
	for i := range 12 {
		w.decide(t, func(b *Book, _ string, _ time.Time) (decision, error) {
			switch {
			case i < 3:
				return b.createClass(ClassInput{Title: new("Class"), Categories: []Category{{Name: "Category 0"}, {Name: "Category 1"}}})
			case i < 6:
				return b.createAssignment(i%3+1, AssignmentInput{Title: new("Item 0"), Category: new("Category 0")})
			default:
				return b.createStudent(StudentInput{LastName: new("Student"), Class: i%3 + 1})
			}
		})
	}
	return w
}

func (w *world) apply(t *testing.T, b *Book, i int) {
	t.Helper()
	var r Record
	if err := json.Unmarshal(w.log[i].text, &r); err != nil {
		t.Fatal(err)
	}
	b.Apply(uint64(i+1), w.log[i].at, r)
}

// dump is all that a book answers, and all that it keeps.
func dump(t *testing.T, b *Book, now time.Time) string {
	t.Helper()
	var out bytes.Buffer
	for _, s := range b.students {
		body, err := s.json(now)
		if err != nil {
			t.Fatal(err)
		}
		out.Write(body)
	}
	for _, c := range b.classes {
		text, err := json.Marshal([]any{c.removed, c.gradebook(now), c.summarize(now), len(c.byTitle)})
		if err != nil {
			t.Fatal(err)
		}
		out.Write(text)
	}
	out.Write(saved(b))
	return out.String()
}

// randomCommand is any command, with ids that are often but not always there.
func randomCommand(r *rand.Rand) decideFunc {
	class, student, assignment := 1+r.IntN(4), 1+r.IntN(8), 1+r.IntN(10)
	title, category := fmt.Sprint("Item ", r.IntN(12)), fmt.Sprint("Category ", r.IntN(3))
	score := Points(r.IntN(120) - 10)
	due := time.Date(2026, 1, 1+r.IntN(60), 0, 0, 0, 0, time.UTC)
	cell := CellInput{Student: student, Assignment: assignment, Score: &score, Status: []string{"", Late, Incomplete}[r.IntN(3)], Submitted: &due}
	if r.IntN(4) == 0 {
		cell = CellInput{Student: student, Assignment: assignment, Status: []string{"", Excused, Missing}[r.IntN(3)]}
	}
	switch r.IntN(14) {
	case 0:
		in := ClassInput{
			Title: &title, Weighting: new([]string{Weighted, ByPoints}[r.IntN(2)]), BlankPolicy: new([]string{Ignore, ZeroOnceDue}[r.IntN(2)]), AllowNegative: new(r.IntN(2) == 0),
			Categories: []Category{{"Category 0", Points(50), r.IntN(2), 0}, {"Category 1", Points(50), 0, r.IntN(2)}},
			LatePolicy: &LatePolicy{24, Points(10), Points(40)},
		}
		return func(b *Book, _ string, _ time.Time) (decision, error) {
			if len(b.classes) < 4 {
				return b.createClass(in)
			}
			return b.changeClass(class, in)
		}
	case 1:
		if r.IntN(3) > 0 {
			class = 4
		}
		return func(b *Book, _ string, _ time.Time) (decision, error) { return b.removeClass(class) }
	case 2, 3:
		in := StudentInput{FirstName: &title, ExternalID: new(strings.TrimPrefix(title, "Item 1")), Class: class}
		return func(b *Book, _ string, _ time.Time) (decision, error) {
			if len(b.students) < 8 {
				return b.createStudent(in)
			}
			in.Class = 0
			return b.changeStudent(student, in)
		}
	case 4:
		return func(b *Book, _ string, _ time.Time) (decision, error) {
			if r.IntN(4) > 0 {
				return b.enroll(class, student)
			}
			return b.removeStudent(student)
		}
	case 5, 6:
		return func(b *Book, _ string, _ time.Time) (decision, error) { return b.enroll(class, student) }
	case 7:
		return func(b *Book, _ string, _ time.Time) (decision, error) { return b.unenroll(class, student) }
	case 8:
		in := AssignmentInput{Title: &title, Category: &category, Points: new(Points(r.IntN(3) * 10)), Due: new(&due), NeverDrop: new(r.IntN(4) == 0)}
		return func(b *Book, _ string, _ time.Time) (decision, error) {
			if len(b.assignments) < 10 {
				return b.createAssignment(class, in)
			}
			return b.changeAssignment(class, assignment, in)
		}
	case 9:
		return func(b *Book, _ string, _ time.Time) (decision, error) { return b.removeAssignment(class, assignment) }
	case 10:
		return func(b *Book, actor string, at time.Time) (decision, error) {
			return b.addGrade(student, GradeInput{title, category, score, 0}, actor, at)
		}
	case 11:
		return func(b *Book, actor string, at time.Time) (decision, error) {
			return b.putCells(class, BatchInput{false, []CellInput{cell}}, actor, at)
		}
	default:
		return func(b *Book, actor string, at time.Time) (decision, error) {
			return b.putCell(class, cell, true, actor, at)
		}
	}
}

// Whatever is done: what is kept of answers is what would be made afresh, and a
// book that was read from a snapshot, or from all records, is the same book.
func TestBookIsItsRecords(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 11))
	for round := range 20 {
		w := newWorld(t)
		accepted := 0
		for range 120 {
			if w.decide(t, randomCommand(r)) {
				accepted++
			}
			if r.IntN(10) > 0 {
				continue
			}
			kept := dump(t, w.Book, w.at)
			restored, replayed := new(Book), new(Book)
			if err := restored.Restore(saved(w.Book)); err != nil {
				t.Fatal(err)
			}
			for i := range w.log {
				w.apply(t, replayed, i)
			}
			if got := dump(t, replayed, w.at); got != kept {
				t.Fatalf("round %d: replayed\n%s\nlive\n%s", round, got, kept)
			}
			if got := dump(t, restored, w.at); got != kept {
				t.Fatalf("round %d: restored\n%s\nlive\n%s", round, got, kept)
			}
			w.Book = restored // and go on with that
		}
		if accepted < 25 {
			t.Fatalf("round %d: only %d commands of 120 were accepted", round, accepted)
		}
	}
}

func TestAnotherVersionIsRefused(t *testing.T) {
	var r Record
	if err := json.Unmarshal([]byte(`{"version":3}`), &r); err == nil {
		t.Error("a record of version 3 was read")
	}
	if err := new(Book).Restore([]byte(`{"version":1}`)); err == nil {
		t.Error("a snapshot of version 1 was read")
	}
}

// The 300,000th assignment costs no more than the first: what is asked is a map
// or a slice, never a walk.
func BenchmarkAddGrade(b *testing.B) {
	for _, have := range []int{0, 300_000} {
		b.Run(fmt.Sprint(have), func(b *testing.B) {
			book := new(Book)
			book.Apply(1, time.Time{}, sampleRecord())
			add := func(i int) {
				d, err := book.addGrade(1+i%5, GradeInput{Title: fmt.Sprint("Item ", i), Type: "Quiz", Score: Points(50)}, "api", time.Time{})
				if err != nil {
					b.Fatal(err)
				}
				book.Apply(book.revision+1, time.Time{}, Record{Changes: d.changes})
			}
			for i := range have {
				add(i)
			}
			i := have
			for b.Loop() {
				add(i)
				i++
			}
		})
	}
}
