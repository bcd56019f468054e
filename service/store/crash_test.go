package store_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	"gradebook/log/commitlog/disktest"
	"gradebook/service/store"
)

// options make every path happen in a few operations: a new segment and a
// snapshot after a few records.
func options(disk *disktest.Disk) store.Options {
	return store.Options{FS: disk, SegmentBytes: 300, SnapshotEvery: 3}
}

// oracle notes what a client was told.
type oracle struct {
	mu      sync.Mutex
	acked   map[string]uint64 // revision by word
	refused map[string]bool
	unknown map[string]bool
	seen    []string // the longest state that a View returned
}

func newOracle() *oracle {
	return &oracle{acked: map[string]uint64{}, refused: map[string]bool{}, unknown: map[string]bool{}}
}

// say adds a word and then looks.
func (o *oracle) say(s *bookStore, text string) {
	revision, err := say(s, text)
	seen, viewErr := look(s)
	o.mu.Lock()
	defer o.mu.Unlock()
	switch {
	case err == nil:
		o.acked[text] = revision
	case errors.Is(err, store.ErrStopped):
		o.unknown[text] = true
	default:
		o.refused[text] = true
	}
	if viewErr == nil && len(seen) > len(o.seen) {
		o.seen = seen
	}
}

// work opens the store twice and adds words, one at a time.
func (o *oracle) work(disk *disktest.Disk) {
	for life := range 2 {
		s, err := open("store", options(disk))
		if err != nil {
			continue
		}
		for i := range 7 {
			o.say(s, fmt.Sprintf("w%d.%d", life, i))
		}
		s.Close()
	}
}

// check opens what is left on a disk: acknowledged means present once with its
// revision, refused means absent, unknown means at most once, and what a View
// has shown is still there. The state is that of a replay without snapshots, and
// the store works from there on.
func (o *oracle) check(t *testing.T, disk *disktest.Disk, what string) {
	t.Helper()
	s, err := open("store", options(disk))
	if err != nil {
		t.Errorf("%s: open: %v", what, err)
		return
	}
	found, err := look(s)
	if err != nil {
		t.Errorf("%s: view: %v", what, err)
	}
	unknown := 0
	for i, entry := range found {
		number, text, _ := strings.Cut(entry, ":")
		if number != fmt.Sprint(i+1) {
			t.Errorf("%s: %q is record %d", what, entry, i+1)
		}
		if o.unknown[text] {
			unknown++
		} else if revision, ok := o.acked[text]; !ok || revision != uint64(i+1) {
			t.Errorf("%s: %q is there, its Do returned revision %d (0: refused)", what, entry, revision)
		}
	}
	if len(found)-unknown != len(o.acked) {
		t.Errorf("%s: found %q, but acknowledged are %v", what, found, o.acked)
	}
	if len(found) < len(o.seen) || !slices.Equal(found[:len(o.seen)], o.seen) {
		t.Errorf("%s: a View showed %q, now there is %q", what, o.seen, found)
	}
	if _, err := say(s, "after"); err != nil {
		t.Errorf("%s: after recovery: %v", what, err)
	}
	found, _ = look(s)
	if err := s.Close(); err != nil {
		t.Errorf("%s: close: %v", what, err)
	}
	removeSnapshots(t, disk)
	s, err = open("store", options(disk))
	if err != nil {
		t.Errorf("%s: open without snapshots: %v", what, err)
		return
	}
	defer s.Close()
	if replayed, err := look(s); err != nil || !slices.Equal(replayed, found) {
		t.Errorf("%s: a replay gives %q, %v, want %q", what, replayed, err, found)
	}
}

func (o *oracle) checkPowerCut(t *testing.T, disk *disktest.Disk, what string) {
	t.Helper()
	o.check(t, disk.Restart(nil), what)
	for seed := range uint64(2) {
		o.check(t, disk.Restart(rand.New(rand.NewPCG(1, seed))), fmt.Sprint(what, ", seed ", seed))
	}
}

func removeSnapshots(t *testing.T, disk *disktest.Disk) {
	t.Helper()
	for _, name := range snapshots(t, disk) {
		if err := disk.Remove("store/" + name); err != nil {
			t.Fatal(err)
		}
	}
}

func snapshots(t *testing.T, disk *disktest.Disk) []string {
	t.Helper()
	names, err := disk.List("store")
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(names, func(name string) bool { return !strings.HasSuffix(name, ".snapshot") })
}

func operations(t *testing.T) int {
	disk, o := disktest.New(), newOracle()
	o.work(disk)
	if len(o.acked) != 14 {
		t.Fatalf("%d of 14 words are acknowledged without a fault", len(o.acked))
	}
	return disk.Ops()
}

func TestCrashAnywhere(t *testing.T) {
	for n := range operations(t) {
		disk, o := disktest.New(), newOracle()
		disk.Intercept(disktest.CrashAt(n + 1))
		o.work(disk)
		o.checkPowerCut(t, disk, fmt.Sprint("crash at operation ", n+1))
	}
}

// One operation fails, or two in a row, or all from one on. Then the disk works
// again, after a power cut, or for the next process, which writes before the
// power is cut.
func TestFailAnywhere(t *testing.T) {
	total := operations(t)
	for _, fails := range []int{1, 2, 1 << 30} {
		for n := range total {
			what := fmt.Sprintf("%d operations fail from %d on", fails, n+1)
			disk, o := disktest.New(), newOracle()
			disk.Intercept(func(op disktest.Op) error {
				if op.N > n && op.N-n <= fails {
					return syscall.ENOSPC
				}
				return nil
			})
			o.work(disk)
			disk.Intercept(nil)
			o.checkPowerCut(t, disk, what)
			s, err := open("store", options(disk))
			if err != nil {
				t.Fatalf("%s: open without a power cut: %v", what, err)
			}
			o.say(s, "next")
			s.Close()
			o.check(t, disk.Restart(nil), what+", then another process")
		}
	}
}

// Many callers, a crash at any time.
func TestCrashUnderLoad(t *testing.T) {
	for seed := range uint64(100) {
		r := rand.New(rand.NewPCG(2, seed))
		disk, o := disktest.New(), newOracle()
		s := mustOpen(t, "store", options(disk))
		disk.Intercept(disktest.CrashAt(1 + r.IntN(60)))
		var callers sync.WaitGroup
		for c := range 4 {
			callers.Go(func() {
				for i := range 6 {
					o.say(s, fmt.Sprintf("w%d.%d", c, i))
				}
			})
		}
		callers.Wait()
		s.Close()
		o.check(t, disk.Restart(r), fmt.Sprint("seed ", seed))
	}
}
