package grades

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

// fullClass is a weighted class of students with a grade in every cell.
func fullClass(students, assignments int) *classState {
	b := new(Book)
	class := newClass(1)
	class.Weighting, class.Categories = Weighted, []Category{{"Homework", Points(20), 1, 0}, {"Quiz", Points(30), 0, 0}, {"Test", Points(50), 0, 0}}
	r := Record{Changes: Changes{Classes: []Change[Class]{{New: &class}}}}
	for i := range assignments {
		r.Assignments = append(r.Assignments, Change[Assignment]{New: &Assignment{
			ID: i + 1, ClassID: 1, Title: fmt.Sprint("Item ", i+1), Category: class.Categories[i%3].Name, Points: Points(100), Posted: true,
		}})
	}
	for i := range students {
		r.Students = append(r.Students, Change[Student]{New: &Student{ID: i + 1, FirstName: fmt.Sprint("First ", i), LastName: fmt.Sprint("Last ", i*7%students)}})
		r.Enrollments = append(r.Enrollments, EnrollmentChange{1, i + 1, true})
		for k := range assignments {
			r.Cells = append(r.Cells, CellChange{Student: i + 1, Assignment: k + 1, New: &CellValue{Score: new(Points((i*k + 17*i) % 100))}})
		}
	}
	b.Apply(1, time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), r)
	return b.classes[0]
}

// What is written without reflection is what the struct tags say.
func TestGradebookJSON(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for range 300 {
		g := fullClass(rng.IntN(4), rng.IntN(4)).gradebook(time.Time{})
		for range rng.IntN(4) {
			g.Cells = append(g.Cells, Grade{
				rng.IntN(9), rng.IntN(9), chance(rng, Score(rng.Int64N(2e8)-1e8)), randomText(rng),
				chance(rng, randomTime(rng)), randomText(rng), rng.Uint64(), randomText(rng), randomTime(rng),
			})
		}
		want, err := json.Marshal(g)
		if got := g.appendJSON(nil); err != nil || string(got) != string(want) {
			t.Fatalf("\n got %s\nwant %s (%v)", got, want, err)
		}
	}
}

func BenchmarkGradebook(b *testing.B) {
	class := fullClass(30, 20)
	for b.Loop() {
		class.gradebook(time.Time{}).appendJSON(nil)
	}
}
