package store_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gradebook/log/commitlog/disktest"
	"gradebook/service/store"
)

// Concurrent Do and View look like one after the other: each sees a state of one
// common history, that state includes all that was answered before the call, and
// each record says what its decide saw.
func TestHistory(t *testing.T) {
	const writers, readers, each = 6, 3, 40
	s := mustOpen(t, "store", store.Options{FS: disktest.New(), SegmentBytes: 2000, SnapshotEvery: 50})
	var answered atomic.Int64 // highest revision that anybody was told
	note := func(revision int) {
		for old := answered.Load(); old < int64(revision) && !answered.CompareAndSwap(old, int64(revision)); old = answered.Load() {
		}
	}
	views := make([][][]string, readers)
	var group sync.WaitGroup
	for w := range writers {
		group.Go(func() {
			for i := range each {
				before := answered.Load()
				saw := 0
				revision, err := s.Do(t.Context(), func(b *book, _ time.Time) (word, bool, error) {
					saw = len(b.Words)
					return word{fmt.Sprintf("%d.%d/%d", w, i, saw)}, i%5 != 4, nil
				})
				want := saw + 1
				if i%5 == 4 {
					want = saw
				}
				if err != nil || int64(saw) < before || int(revision) != want {
					t.Errorf("Do saw %d records after %d were answered, returned %d, %v, want %d", saw, before, revision, err, want)
				}
				note(int(revision))
			}
		})
	}
	for r := range readers {
		group.Go(func() {
			for range each {
				before := answered.Load()
				words, err := look(s)
				if err != nil || int64(len(words)) < before {
					t.Errorf("View saw %d records after %d were answered, %v", len(words), before, err)
				}
				note(len(words))
				views[r] = append(views[r], words)
			}
		})
	}
	group.Wait()
	history, err := look(s)
	if err != nil || len(history) != writers*each*4/5 {
		t.Fatalf("%d records, %v, want %d", len(history), err, writers*each*4/5)
	}
	for i, entry := range history {
		if !strings.HasPrefix(entry, fmt.Sprintf("%d:", i+1)) || !strings.HasSuffix(entry, fmt.Sprintf("/%d", i)) {
			t.Errorf("record %d is %q: it was decided on another state", i+1, entry)
		}
	}
	for r, seen := range views {
		for i, words := range seen {
			if !slices.Equal(words, history[:len(words)]) {
				t.Errorf("view %d of reader %d is not part of the history: %q", i, r, words)
			}
			if i > 0 && len(words) < len(seen[i-1]) {
				t.Errorf("view %d of reader %d goes back in time", i, r)
			}
		}
	}
}

// The state is the one that a restart gives.
func TestLiveIsAsReplayed(t *testing.T) {
	disk := disktest.New()
	s := mustOpen(t, "store", store.Options{FS: disk})
	mustSay(t, s, "\"<&>\u2028\x00\\", "")
	live, err := look(s)
	if err != nil {
		t.Fatal(err)
	}
	wantWords(t, mustOpen(t, "store", store.Options{FS: disk.Restart(nil)}), strings.Join(live, " "))
}
