package grades

import (
	"encoding/json"
	"fmt"
	"iter"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

// countedLog is a log of renamings of one student that counts what is read.
type countedLog struct {
	Book
	newest uint64
	actor  string
	read   map[uint64]int
}

func newCountedLog() *countedLog {
	l := &countedLog{newest: 1, read: make(map[uint64]int)}
	l.Apply(1, time.Time{}, Record{Changes: Changes{Students: []Change[Student]{{New: &Student{ID: 1}}}}})
	return l
}

func (l *countedLog) Revision() uint64            { return l.newest }
func (l *countedLog) View(read func(*Book)) error { read(&l.Book); return nil }

func (l *countedLog) Record(revision uint64) (record, error) {
	l.read[revision]++
	return record{Revision: revision, Record: Record{Action: fmt.Sprint("change ", revision), Actor: l.actor}}, nil
}

func (l *countedLog) Backward(revisions iter.Seq[uint64]) iter.Seq2[record, error] {
	return func(yield func(record, error) bool) {
		for revision := range revisions {
			if !yield(l.Record(revision)) {
				return
			}
		}
	}
}

func (l *countedLog) Records(from uint64) iter.Seq2[record, error] {
	return func(yield func(record, error) bool) {
		for revision := from; revision <= l.newest; revision++ {
			if !yield(l.Record(revision)) {
				return
			}
		}
	}
}

// reading is a reader of a feed that checks what it gets.
type reading struct {
	feed *feed
	have uint64
}

func (r *reading) next(t *testing.T, most int) (n int) {
	t.Helper()
	list, err := r.feed.after(r.have, most)
	if err != nil || len(list) > most {
		t.Fatalf("%d changes, %v", len(list), err)
	}
	for _, text := range list {
		var c Commit
		if err := json.Unmarshal(text, &c); err != nil || c.Revision != r.have+1 || c.Action != fmt.Sprint("change ", c.Revision) {
			t.Fatalf("after %d came %s, %v", r.have, text, err)
		}
		r.have++
	}
	return len(list)
}

// Readers who come, go, fall behind and come back get every change, in order.
func TestFeed(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 9))
	for range 5 {
		log := newCountedLog()
		f := newFeed(log)
		readers := []*reading{{f, 0}, {f, 0}, {f, 0}, {f, 0}}
		for range 60 {
			log.newest += rng.Uint64N(500)
			r := readers[rng.IntN(1+rng.IntN(len(readers)))] // some read less often
			r.next(t, 1+rng.IntN(500))
		}
		for _, r := range readers {
			for r.next(t, 1000) > 0 {
			}
			if r.have != log.newest {
				t.Errorf("a reader ends with %d of %d changes", r.have, log.newest)
			}
		}
	}
}

// However many read, each change is read and encoded once; and what is kept has
// a limit.
func TestFeedReadsOnce(t *testing.T) {
	log := newCountedLog()
	log.actor = strings.Repeat("x", 1000)
	f := newFeed(log)
	readers := make([]*reading, 10)
	for i := range readers {
		readers[i] = &reading{f, 0}
	}
	for range 60 {
		log.newest += 100
		for _, r := range readers {
			for r.next(t, 1000) > 0 {
			}
		}
	}
	for revision, n := range log.read {
		if n > 1 {
			t.Fatalf("change %d was read %d times", revision, n)
		}
	}
	if f.size > feedKept || f.size < feedKept/2 {
		t.Errorf("%d bytes are kept, from %d on", f.size, f.first)
	}
}

// BenchmarkChanges reads 10,000 changes, as the first of their readers and as
// another one.
func BenchmarkFeed(b *testing.B) {
	log := newCountedLog()
	log.newest = 10_000
	for _, warm := range []bool{false, true} {
		b.Run(map[bool]string{false: "first", true: "another"}[warm], func(b *testing.B) {
			f := newFeed(log)
			for b.Loop() {
				if !warm {
					f = newFeed(log)
				}
				for have := 0; have < 10_000; {
					list, err := f.after(uint64(have), 1000)
					if err != nil {
						b.Fatal(err)
					}
					have += len(list)
				}
			}
		})
	}
}
