package grades

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

// grids is the grid of each class of a book that is there, by id.
func grids(t *testing.T, b *Book, now time.Time) map[int]string {
	t.Helper()
	out := make(map[int]string)
	for _, c := range b.classes {
		if c.removed == nil {
			out[c.ID] = asJSON(t, c.gradebook(now))
		}
	}
	return out
}

// Whatever is done and undone: every class can be read as it was after any
// change, down to who had written each cell, and at any time between.
func TestPastIsWhatWas(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 4))
	for range 20 {
		w := newWorld(t)
		for range 120 {
			if rng.IntN(4) > 0 {
				w.decide(t, randomChange(rng))
			} else {
				w.undo(t, 1+rng.Uint64N(uint64(len(w.log))), rng.IntN(2) == 0) // it may be refused
			}
		}
		replayed := new(Book)
		for i, logged := range w.log {
			w.apply(t, replayed, i)
			were := grids(t, replayed, logged.at)
			for _, class := range w.classes {
				want, there := were[class.ID]
				for _, when := range []instant{{revision: uint64(i + 1)}, {at: logged.at}} {
					b, when, err := past(w, class.ID, when, w.at.Add(time.Hour))
					if !there {
						if !isNotFound(err) {
							t.Fatalf("class %d after %d: %v, want that it is not there", class.ID, i+1, err)
						}
						continue
					}
					if err != nil || !when.at.Equal(logged.at) {
						t.Fatalf("class %d after %d: %+v, %v", class.ID, i+1, when, err)
					}
					state, err := b.class(class.ID)
					if err != nil {
						t.Fatal(err)
					}
					if got := asJSON(t, state.gradebook(when.at)); got != want {
						t.Fatalf("class %d after %d of %d:\n got %s\nwant %s", class.ID, i+1, len(w.log), got, want)
					}
				}
			}
		}
	}
}

// To look back changes nothing.
func TestPastLeavesTheBookAlone(t *testing.T) {
	rng := rand.New(rand.NewPCG(6, 7))
	w := newWorld(t)
	for range 100 {
		w.decide(t, randomChange(rng))
	}
	before := dump(t, w.Book, w.at)
	for revision := range len(w.log) {
		past(w, 1, instant{revision: uint64(revision + 1)}, w.at)
	}
	if after := dump(t, w.Book, w.at); after != before {
		t.Errorf("the book is\n%s\nbefore\n%s", after, before)
	}
}

func TestAt(t *testing.T) {
	s := openService(t, t.TempDir())
	before := must[*Gradebook](t)(s.Gradebook(t.Context(), 1))
	if err := put(1, 1, 90, 1)(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	if err := removeAssignment(2)(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	for _, at := range []string{"1", before.Cells[0].At.Format(time.RFC3339Nano)} {
		got, err := s.At(at).Gradebook(t.Context(), 1)
		if err != nil || asJSON(t, got) != asJSON(t, before) {
			t.Errorf("at %s: %v\n got %s\nwant %s", at, err, asJSON(t, got), asJSON(t, before))
		}
	}
	second := must[*Gradebook](t)(s.At("2").Gradebook(t.Context(), 1))
	if got := fmt.Sprint(second.Cells[12].Score, len(second.Assignments), second.Revision); got != "90 3 2" {
		t.Errorf("after change 2: score, assignments and revision are %s, want 90 3 2", got)
	}
	if _, err := s.CreateClass(t.Context(), ClassInput{Title: new("Later")}, ""); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		class int
		at    string
		want  string
	}{
		{1, "0", "there is no class 1 at that time; gradebook made it at "},
		{1, "2001-02-03T04:05:06Z", "there is no class 1 at that time; gradebook made it at "},
		{2, "3", "in change 4"},
		{1, "5", "at: is 5, and the newest change is 4"},
		{1, "3026-01-01T00:00:00Z", "at: is 3026-01-01T00:00:00Z, which is yet to come"},
		{1, "yesterday", "at: must be the revision of a change, such as 12, or a time such as"},
		{1, "-1", "at: must be"},
		{3, "1", "there is no class 3"},
	} {
		if _, err := s.At(c.at).Gradebook(t.Context(), c.class); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("class %d at %s: %v, want %q", c.class, c.at, err, c.want)
		}
	}
}
