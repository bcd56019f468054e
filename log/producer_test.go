package log

import (
	"fmt"
	"runtime"
	"slices"
	"sync"
	"testing"
)

func numbered(instance string, sequences ...uint64) (records []record) {
	for _, n := range sequences {
		records = append(records, record{instance: instance, sequence: n})
	}
	return records
}

func sequences(records []record) (all []string) {
	for _, r := range records {
		all = append(all, fmt.Sprint(r.instance, r.sequence))
	}
	return all
}

func TestClaim(t *testing.T) {
	p := newProducers()
	p.note("a", 7)
	p.note("a", 5)
	steps := []struct {
		name    string
		records []record
		stored  bool
		fresh   []string
	}{
		{"known before", numbered("a", 6, 7, 8), false, []string{"a8"}},
		{"was not stored then", numbered("a", 8, 9), true, []string{"a8", "a9"}},
		{"was stored then", numbered("a", 8, 9, 10), true, []string{"a10"}},
		{"repeats in one body", numbered("b", 1, 1, 2, 1, 3), true, []string{"b1", "b2", "b3"}},
		{"two processes", slices.Concat(numbered("b", 3), numbered("a", 11), numbered("b", 4), numbered("a", 11)), true, []string{"a11", "b4"}},
		{"without numbers", []record{{instance: "a"}, {sequence: 1}, {sequence: 1}}, true, []string{"a0", "1", "1"}},
		{"some without", slices.Concat(numbered("a", 11), numbered("a", 0), numbered("a", 12)), true, []string{"a0", "a12"}},
		{"nothing new", numbered("a", 1, 2, 3), true, nil},
	}
	for _, step := range steps {
		fresh, claim := p.claim(step.records)
		if got := sequences(fresh); !slices.Equal(got, step.fresh) {
			t.Errorf("%s: got %v, want %v", step.name, got, step.fresh)
		}
		claim.release(step.stored)
	}
}

// A repeat waits until it is known whether the first is stored, and nobody else does.
func TestClaimWaits(t *testing.T) {
	p := newProducers()
	_, first := p.claim(slices.Concat(numbered("a", 1), numbered("b", 1)))
	repeated := make(chan []record)
	go func() { // until it is read
		fresh, claim := p.claim(slices.Concat(numbered("b", 1), numbered("a", 1, 2)))
		claim.release(true)
		repeated <- fresh
	}()
	for users := 1; users < 2; runtime.Gosched() {
		p.mu.Lock()
		users = p.young["b"].users
		p.mu.Unlock()
	}
	_, other := p.claim(numbered("c", 1))
	other.release(true)
	_, none := p.claim([]record{{message: "without a number"}})
	none.release(true)
	select {
	case <-repeated:
		t.Error("the repeat did not wait")
	default:
	}
	first.release(true)
	if got := sequences(<-repeated); !slices.Equal(got, []string{"a2"}) {
		t.Errorf("got %v, want a2", got)
	}
}

// Whatever order bodies name processes in, all of them get through, and each entry once.
func TestClaimTogether(t *testing.T) {
	p := newProducers()
	const senders, each = 8, 200
	var mu sync.Mutex
	seen := map[string]int{}
	var group sync.WaitGroup
	for s := range senders {
		group.Go(func() {
			for n := range uint64(each) {
				body := slices.Concat(numbered("a", n+1), numbered("b", n+1), numbered("c", n+1))
				if s%2 == 0 {
					slices.Reverse(body)
				}
				fresh, claim := p.claim(body)
				mu.Lock()
				for _, name := range sequences(fresh) {
					seen[name]++
				}
				mu.Unlock()
				claim.release(true)
			}
		})
	}
	group.Wait()
	for name, n := range seen {
		if n != 1 {
			t.Errorf("%s was new %d times", name, n)
		}
	}
	if len(seen) != 3*each {
		t.Errorf("%d entries were new, want %d", len(seen), 3*each)
	}
}

// Memory is bounded: those that sent last are known, those in use are never forgotten.
func TestProducersAreForgotten(t *testing.T) {
	p := newProducers()
	_, held := p.claim(numbered("held", 1))
	before := heap()
	p.note("early", 1)
	for i := range 4 * maxProducers {
		p.note(fmt.Sprintf("%026d", i), 1)
	}
	if known := len(p.young) + len(p.old); known > maxProducers+1 || known < maxProducers/2 {
		t.Errorf("%d are known, want at most %d", known, maxProducers)
	}
	if used := int(heap()) - int(before); used > 16<<20 {
		t.Errorf("%d bytes are used, want at most 16 MiB", used)
	}
	held.release(true)
	for _, test := range []struct {
		instance string
		fresh    int
	}{{"held", 0}, {fmt.Sprintf("%026d", 4*maxProducers-maxProducers/2+1), 0}, {"early", 1}} {
		fresh, claim := p.claim(numbered(test.instance, 1))
		if len(fresh) != test.fresh {
			t.Errorf("%s: %d entries are new, want %d", test.instance, len(fresh), test.fresh)
		}
		claim.release(false)
	}
}

// What is known of processes is found again in a log that was packed, also where a block holds
// entries of more processes than its summary names.
func TestRepeatsOfPackedEntries(t *testing.T) {
	const entries, processes = 20_000, 300
	entry := func(i int) record {
		r := request(i)
		switch {
		case i%2 == 0:
			r.instance, r.sequence = "busy", uint64(i/2+1)
		case i < entries/2:
			r.instance, r.sequence = fmt.Sprint("process", i/2%processes), uint64(i/2/processes+1)
		default:
			r.instance, r.sequence = "late", uint64(i)
		}
		return r
	}
	dir := t.TempDir()
	packedJournal(t, dir, entries, entry)
	j := mustOpenJournal(t, dir)
	var all []record
	for i := range entries {
		all = append(all, entry(i))
	}
	if _, stored, err := j.append(all); err != nil || len(stored) > 0 {
		t.Errorf("%d entries are stored again, such as %v; %v", len(stored), sequences(stored[:min(1, len(stored))]), err)
	}
	next := slices.Concat(numbered("busy", entries/2+1), numbered("late", entries), numbered("process7", entries))
	if _, stored, err := j.append(next); err != nil || len(stored) != len(next) {
		t.Errorf("%d of %d new entries are stored, %v", len(stored), len(next), err)
	}
}
