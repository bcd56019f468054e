package grades

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// sameJSON fails the test unless a class's grid is written as its struct tags say.
func sameJSON(t *testing.T, class *classState, now time.Time) {
	t.Helper()
	want, err := json.Marshal(class.gradebook(now))
	if got := class.appendGradebook(nil, now); err != nil || string(got) != string(want) {
		t.Fatalf("\n got %s\nwant %s (%v)", got, want, err)
	}
}

// randomCell is a cell with anything in it, or empty.
func randomCell(rng *rand.Rand, assignment int) cell {
	c := cell{
		assignment: int32(assignment), status: status(rng.IntN(int(statusUnassigned) + 1)), scored: rng.IntN(2) == 0,
		revision: rng.Uint64(), by: new(randomText(rng)), at: randomTime(rng).UnixNano(),
	}
	if c.scored {
		c.score = Score(rng.Int64N(2e8) - 1e8)
	}
	if rng.IntN(2) == 0 {
		c.extra = &cellExtra{chance(rng, randomTime(rng)), randomText(rng)}
	}
	return c
}

// What is written without reflection is what the struct tags say: of any text,
// time and cell, and of students and assignments that are not there any more.
func TestGradebookJSON(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for range 1000 {
		class := fullClass(rng.IntN(13), rng.IntN(5))
		class.Title, class.BlankPolicy = randomText(rng), []string{Ignore, Zero, ZeroOnceDue}[rng.IntN(3)]
		for _, a := range class.assignments {
			id := a.ID
			*a = randomAssignment(rng)
			a.ID, a.Category, a.Points = id, class.Categories[rng.IntN(3)].Name, Score(rng.Int64N(2e8))
		}
		class.assignments = slices.DeleteFunc(class.assignments, func(*Assignment) bool { return rng.IntN(4) == 0 })
		for _, e := range class.roster {
			s := &e.student.Student
			s.FirstName, s.LastName, s.Email = randomText(rng), randomText(rng), randomText(rng)
			s.ExternalID, s.SISID, s.Login = randomText(rng), randomText(rng), randomText(rng)
			e.removed = chance(rng, Removal{})
			for other := range rng.IntN(3) {
				e.student.enrollments = append(e.student.enrollments, &enrollment{
					class: &classState{Class: Class{ID: 2 + other}}, student: e.student, removed: chance(rng, Removal{}),
				})
			}
			for i := range e.row {
				if rng.IntN(4) > 0 {
					e.row[i] = randomCell(rng, int(e.row[i].assignment))
				}
			}
		}
		sameJSON(t, class, randomTime(rng))
	}
}

// The same of whatever can be done and undone.
func TestGradebookJSONOfChanges(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for range 20 {
		w := newWorld(t)
		for range 60 {
			if rng.IntN(4) > 0 {
				w.decide(t, randomChange(rng))
			} else {
				w.undo(t, 1+rng.Uint64N(uint64(len(w.log))), rng.IntN(2) == 0) // it may be refused
			}
			for _, class := range w.classes {
				sameJSON(t, class, w.at)
			}
		}
	}
}

func BenchmarkGradebook(b *testing.B) {
	class := fullClass(30, 20)
	var buffer []byte
	for b.Loop() {
		buffer = class.appendGradebook(buffer[:0], time.Time{})
	}
}
