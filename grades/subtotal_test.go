package grades

import (
	"math/rand/v2"
	"reflect"
	"testing"
)

// Subtotals are those of the explanation.
func TestSubtotals(t *testing.T) {
	random := rand.New(rand.NewPCG(6, 21))
	for round := range 400 {
		class, assignments, grades := randomClass(random)
		book := &Gradebook{Class: *class, at: today()}
		row := make([]*Grade, len(assignments))
		for i, a := range assignments {
			book.Assignments = append(book.Assignments, *a)
			row[i] = grades[a.ID]
		}
		add := book.Subtotals()
		add(make([]*Grade, len(row))) // the student before leaves nothing
		got, e := add(row), Explain(class, assignments, grades, today())
		for _, total := range []struct {
			name string
			got  Parts
			want ExplainedTotal
		}{{"current", got.Current, e.Current}, {"final", got.Final, e.Final}} {
			var all sum
			for i, want := range total.want.Categories {
				possible := Score(0)
				for at, item := range e.Items {
					use := map[string]string{"current": item.Current.Use, "final": item.Final.Use}[total.name]
					if use == Used && item.Category == want.Category {
						possible += assignments[at].Points
					}
				}
				all.add(sum{want.Earned, possible})
				if i == len(total.got.Categories) {
					continue // what is in no category of the class
				}
				if w := (Subtotal{want.Earned, possible, want.Percent}); !reflect.DeepEqual(total.got.Categories[i], w) {
					t.Fatalf("round %d, %s, %s: %+v, want %+v", round, total.name, want.Category, total.got.Categories[i], w)
				}
			}
			if want := all.subtotal(); !reflect.DeepEqual(total.got.All, want) {
				t.Fatalf("round %d, %s, all: %+v, want %+v", round, total.name, total.got.All, want)
			}
		}
	}
}
