package log

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"gradebook/log/commitlog"
)

// A scan finds what looking at each entry finds, in the order of the offsets.
func TestScan(t *testing.T) {
	all := make([]record, 10_000)
	for i := range all {
		all[i] = request(i)
	}
	dir := t.TempDir()
	packedJournal(t, dir, len(all)-1000, func(i int) record { return all[i] })
	j := mustOpenJournal(t, dir)
	for batch := range slices.Chunk(all[len(all)-1000:], 300) { // and some that are not packed
		if _, _, err := j.append(batch); err != nil {
			t.Fatal(err)
		}
	}
	tests := []struct {
		name string
		set  func(*filter)
	}{
		{"everything", func(*filter) {}},
		{"service and level", func(f *filter) { f.service, f.level = "TeacherPortal", 8 }},
		{"time", func(f *filter) { f.since, f.until = all[100].time, all[2000].time }},
		{"trace", func(f *filter) { f.trace = all[1234].trace }},
		{"text", func(f *filter) { f.text = "status=201" }},
		{"text and trace", func(f *filter) { f.text, f.trace = "path=/students/", all[9500].trace }},
		{"rare text", func(f *filter) { f.text = strings.Trim(all[4321].attributes, "{}") }},
		{"no such text", func(f *filter) { f.text = "nowhere" }},
		{"part", func(f *filter) { f.after, f.before = 999, 2500 }},
		{"one", func(f *filter) { f.after, f.before = 999, 1001 }},
		{"nothing", func(f *filter) { f.after, f.before = 999, 1000 }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f := newFilter()
			test.set(&f)
			var want []found
			for i, r := range slices.Backward(all) {
				if offset := uint64(i + 1); offset > f.after && offset < f.before && f.matches(&r) {
					want = append(want, found{offset, r})
				}
			}
			for range 2 { // then with the digests of what is not packed
				var got []found
				for r, err := range j.scan(t.Context(), &f) {
					if err != nil {
						t.Fatal(err)
					}
					got = append(got, r)
				}
				if !slices.Equal(got, want) {
					t.Errorf("got %d entries, want %d, or they are not the same", len(got), len(want))
				}
			}
		})
	}
}

func TestScanStops(t *testing.T) {
	j := mustOpenJournal(t, t.TempDir())
	fillJournal(t, j, 3000)
	everything := newFilter()
	for r, err := range j.scan(t.Context(), &everything) {
		if err != nil || r.offset != 3000 {
			t.Errorf("got %d, %v; want the newest", r.offset, err)
		}
		break
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	defer cancel()
	n, stop := 0, 1+rand.N(500)
	var last error
	for _, err := range j.scan(ctx, &everything) {
		if last = err; err != nil {
			break
		}
		if n++; n == stop {
			cancel()
		}
	}
	if !errors.Is(last, context.Canceled) {
		t.Errorf("after it was cancelled: %d entries and %v", n, last)
	}
}

// A record in another form than that of today is found in a block, too; one that cannot be read is
// an error and not left out.
func TestScanStray(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		l, err := commitlog.Open(dir, commitlog.Options{SegmentBytes: 100, Packer: new(packer)})
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		j := &journal{log: l, packer: new(packer)}
		e := record{message: "the one", level: 8}
		l.Append(append(e.encode(), "and more"...), e.encode())
		l.Append(make([]byte, 100))
		time.Sleep(time.Minute) // the first segment is packed
		for chunk := range l.Chunks(3) {
			if chunk == nil || chunk.Summary == nil {
				t.Fatal("it is not packed")
			}
		}
		f := newFilter()
		f.text, f.before = "one", 3
		n := 0
		for r, err := range j.scan(t.Context(), &f) {
			if n++; err != nil || r.record != e {
				t.Errorf("got %+v, %v", r, err)
			}
		}
		if n != 2 {
			t.Errorf("found %d, want 2", n)
		}
		l.Append(make([]byte, 100))
		time.Sleep(time.Minute) // the second one, too
		f.before = 4
		for _, err := range j.scan(t.Context(), &f) {
			if err == nil {
				t.Error("what is no record is left out")
			}
			break
		}
	})
}

// Whoever scans sees each entry once, also while segments are sealed and packed under its hands.
func TestScanWhilePacking(t *testing.T) {
	j, err := openJournal(t.TempDir(), commitlog.Options{SegmentBytes: 16 << 10})
	if err != nil {
		t.Fatal(err)
	}
	defer j.log.Close()
	const batches, each = 60, 50
	var writer sync.WaitGroup
	writer.Go(func() {
		for i := range batches {
			var batch []record
			for k := range each {
				batch = append(batch, request(i*each+k))
			}
			if _, _, err := j.append(batch); err != nil {
				t.Error(err)
			}
		}
	})
	defer writer.Wait()
	everything, word := newFilter(), newFilter()
	word.text = "status=201"
	for seen := uint64(0); seen < batches*each && !t.Failed(); {
		seen = j.end() - 1
		next := uint64(0)
		for r, err := range j.scan(t.Context(), &everything) {
			switch {
			case err != nil:
				t.Fatal(err)
			case next == 0 && r.offset < seen:
				t.Fatalf("the newest is %d, but %d was there before", r.offset, seen)
			case next != 0 && r.offset != next:
				t.Fatalf("%d comes after %d", r.offset, next+1)
			case r.sequence != r.offset:
				t.Fatalf("entry %d is number %d", r.offset, r.sequence)
			}
			next = r.offset - 1
		}
		if next != 0 {
			t.Fatalf("it ends before %d", next)
		}
		for r, err := range j.scan(t.Context(), &word) {
			if err != nil || !strings.Contains(r.message, word.text) {
				t.Fatalf("got %q, %v", r.message, err)
			}
		}
	}
}
