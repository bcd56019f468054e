package grades

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

// saved is the book as a snapshot.
func saved(b *Book) (text []byte) {
	next := b.Snapshot()
	for more := true; more; {
		text, more = next(text)
	}
	return text
}

// A snapshot is the book as it was when it began, whatever is changed while it
// is made.
func TestSnapshotWhileTheBookChanges(t *testing.T) {
	for round := range 100 {
		r := rand.New(rand.NewPCG(uint64(round), 7))
		w := &world{Book: new(Book), at: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
		for range 100 {
			w.decide(t, randomCommand(r))
		}
		at := w.at
		kept := dump(t, w.Book, at)
		next := w.Snapshot()
		s := w.saving
		for range r.IntN(60) {
			if r.IntN(3) == 0 {
				s.step()
			}
			w.decide(t, randomCommand(r))
		}
		var text []byte
		for more := true; more; {
			text, more = next(text)
		}
		if w.saving != nil {
			t.Fatal("the snapshot is over, and the book does not know")
		}
		restored := new(Book)
		if err := restored.Restore(text); err != nil {
			t.Fatal(err)
		}
		if got := dump(t, restored, at); got != kept {
			t.Fatalf("round %d: restored\n%s\nbegun at\n%s", round, got, kept)
		}
	}
}

func TestRestoreReplacesTheBook(t *testing.T) {
	empty := saved(new(Book))
	b := new(Book)
	b.Apply(1, time.Time{}, sampleRecord())
	if err := b.Restore(empty); err != nil {
		t.Fatal(err)
	}
	if after := saved(b); !bytes.Equal(after, empty) {
		t.Errorf("%q, want %q", after, empty)
	}
}

func TestKeysAreSaved(t *testing.T) {
	var b Book
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	use := func(revision int, at time.Time) {
		b.Apply(uint64(revision), at, Record{Key: &KeyUse{Scope: "POST /students api", Key: fmt.Sprint(revision)}})
	}
	for revision := range 2500 {
		use(revision+1, at)
	}
	var restored Book
	if err := restored.Restore(saved(&b)); err != nil {
		t.Fatal(err)
	}
	b = restored
	for _, c := range []struct {
		key  string
		at   time.Time
		want uint64
	}{{"1", at, 1}, {"2500", at, 2500}, {"2501", at, 0}, {"7", at.Add(keyLife - 1), 7}, {"7", at.Add(keyLife), 0}} {
		if got := b.keys.find(newKeyID("POST /students api", c.key), c.at); got != c.want {
			t.Errorf("key %s at %v: revision %d, want %d", c.key, c.at, got, c.want)
		}
	}
	use(2501, at.Add(keyLife))
	if len(b.keys.uses) != 1 || len(b.keys.order) != 1 {
		t.Errorf("%d keys are kept, want the one that is not over", len(b.keys.uses))
	}
}
