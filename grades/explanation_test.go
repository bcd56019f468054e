package grades

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"
)

// exactly reads what an explanation gives as exact: "87.5", "260/3" or, of two
// amounts, "35.998/40".
func exactly(t *testing.T, text string) *big.Rat {
	t.Helper()
	numerator, denominator, quotient := strings.Cut(text, "/")
	r, ok := new(big.Rat).SetString(numerator)
	if !ok {
		t.Fatalf("%q is no number", text)
	}
	if quotient {
		r.Quo(r, exactly(t, denominator))
	}
	return r
}

// Whatever led to a total is in its explanation: from that alone it can be
// worked out again.
func TestExplanationAddsUp(t *testing.T) {
	random := rand.New(rand.NewPCG(11, 21))
	for round := range 400 {
		class, assignments, grades := randomClass(random)
		e := Explain(class, assignments, grades, today())
		want := CalculateTotals(class, assignments, grades, today())
		if got := (Totals{e.Current.Total, e.Final.Total}); !reflect.DeepEqual(got, want) {
			t.Fatalf("round %d: explains %+v, want %+v", round, got, want)
		}
		addsUp(t, e, &e.Current, func(i *ExplainedItem) string { return i.Current.Use })
		addsUp(t, e, &e.Final, func(i *ExplainedItem) string { return i.Final.Use })
		text, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		var back *Explanation
		if err := json.Unmarshal(text, &back); err != nil || !reflect.DeepEqual(e, back) {
			t.Fatalf("round %d: is not the same when it is read back, %v: %s", round, err, text)
		}
	}
}

func addsUp(t *testing.T, e *Explanation, total *ExplainedTotal, use func(*ExplainedItem) string) {
	t.Helper()
	exact, all := new(big.Rat), sum{}
	for _, c := range total.Categories {
		got, want := sum{}, sum{earned: c.Earned}
		uses := map[string]int{}
		for i := range e.Items {
			item := &e.Items[i]
			if item.Category != c.Category {
				continue
			}
			uses[use(item)]++
			if use(item) != Used {
				continue
			}
			got.possible += item.Points
			if item.Earned != nil {
				got.earned = got.earned.plus(*item.Earned)
			}
		}
		want.possible = got.possible
		if got != want || c.Possible != amountOf(got.possible) {
			t.Errorf("%s has %s of %s points, its items %s of %s", c.Category, c.Earned, c.Possible, got.earned, got.possible)
		}
		if uses[Used] != c.Used || uses[DroppedLowest]+uses[DroppedHighest] != c.Dropped || uses[Excluded] != c.Excluded {
			t.Errorf("%s says %d used, %d dropped, %d excluded of %v", c.Category, c.Used, c.Dropped, c.Excluded, uses)
		}
		all.add(got)
		if c.Scaled != "" {
			exact.Add(exact, new(big.Rat).Mul(exactly(t, c.Ratio), exactly(t, c.Scaled)))
		}
	}
	if total.Percent == nil {
		return
	}
	if e.Weighting == ByPoints {
		exact.Quo(exactly(t, all.earned.String()), exactly(t, all.possible.String()))
		exact.Mul(exact, big.NewRat(100, 1))
	}
	if exactly(t, total.Exact).Cmp(exact) != 0 {
		t.Errorf("exactly %s, from the categories %s", total.Exact, exact.RatString())
	}
	if rounded := strings.Replace(exact.FloatString(2), "-0.00", "0.00", 1); rounded != total.Percent.String() {
		t.Errorf("%s is shown as %s, want %s", total.Exact, total.Percent, rounded)
	}
}

func TestExplanationOfService(t *testing.T) {
	s := openService(t, t.TempDir())
	newcomer(t, s)
	book, err := s.Gradebook(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	for _, student := range book.Students {
		e, err := s.Explanation(t.Context(), 1, student.ID)
		if err != nil {
			t.Fatal(err)
		}
		if e.Class != 1 || e.Title != "Sample class" || e.Student != student.ID || e.Name != student.Name() || e.Revision != book.Revision || len(e.Items) != 3 {
			t.Errorf("student %d: %+v", student.ID, e)
		}
		if got := (Totals{e.Current.Total, e.Final.Total}); !reflect.DeepEqual(got, book.Totals[student.ID]) {
			t.Errorf("student %d has %+v, explained as %+v", student.ID, book.Totals[student.ID], got)
		}
	}
	for _, c := range []struct {
		class, student int
		want           string
	}{{9, 1, "there is no class 9"}, {1, 99, "there is no student 99"}} {
		_, err := s.Explanation(t.Context(), c.class, c.student)
		if e, ok := errors.AsType[*NotFoundError](err); !ok || e.Error() != c.want {
			t.Errorf("class %d, student %d: %v, want %s", c.class, c.student, err, c.want)
		}
	}
}

// What was is explained as it was, at a revision and at a time.
func TestExplanationAt(t *testing.T) {
	s := openService(t, t.TempDir())
	before, err := s.Explanation(t.Context(), 1, 1)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.AddGrade(t.Context(), 1, GradeInput{Title: "Extra", Type: "Quiz", Score: Points(1)}, ""); err != nil {
		t.Fatal(err)
	}
	if now, err := s.Explanation(t.Context(), 1, 1); err != nil || len(now.Items) != 4 || now.Revision == before.Revision {
		t.Fatalf("after another grade %+v, %v", now, err)
	}
	for _, at := range []string{fmt.Sprint(before.Revision), before.At.Format(time.RFC3339Nano)} {
		then, err := s.ExplanationAt(t.Context(), 1, 1, at)
		if err != nil {
			t.Fatal(err)
		}
		then.At = before.At // a revision has the time of its change
		if !reflect.DeepEqual(then, before) {
			t.Errorf("at %s %+v, want %+v", at, then, before)
		}
	}
}
