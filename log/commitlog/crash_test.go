package commitlog_test

import (
	"bytes"
	"errors"
	"fmt"
	"hash/crc32"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"gradebook/log/commitlog"
	"gradebook/log/commitlog/disktest"
)

// oracle notes what a client was told about its records. Each call of Append is
// written as its records joined by commas.
type oracle struct {
	options commitlog.Options
	calls   int           // of one life
	rest    time.Duration // after each call, for the housekeeper; in a bubble

	mu      sync.Mutex
	acked   map[string]uint64 // by call
	refused map[string]bool
	unknown map[string]bool
}

func newOracle() *oracle {
	return &oracle{
		options: commitlog.Options{SegmentBytes: 150},
		calls:   6,
		acked:   map[string]uint64{}, refused: map[string]bool{}, unknown: map[string]bool{},
	}
}

// on returns the options for a disk.
func (o *oracle) on(disk *disktest.Disk) commitlog.Options {
	options := o.options
	options.FS = disk
	return options
}

// append makes a call of n records.
func (o *oracle) append(l *commitlog.Log, name string, n int) {
	var data [][]byte
	var records []string
	for i := range n {
		records = append(records, fmt.Sprint(name, ".", i))
		data = append(data, []byte(records[i]))
	}
	call := strings.Join(records, ",")
	first, err := l.Append(data...)
	o.mu.Lock()
	defer o.mu.Unlock()
	switch {
	case err == nil:
		o.acked[call] = first
	case errors.Is(err, commitlog.ErrStopped):
		o.unknown[call] = true
	default:
		o.refused[call] = true
	}
	if o.rest > 0 {
		time.Sleep(o.rest)
	}
}

// work opens the log twice and appends, one caller at a time.
func (o *oracle) work(disk *disktest.Disk) {
	for life := range 2 {
		l, err := commitlog.Open("log", o.on(disk))
		if err != nil {
			continue
		}
		for i := range o.calls {
			o.append(l, fmt.Sprintf("%d.%d", life, i), 1+i%3)
		}
		l.Close()
	}
}

// check opens what is left on a disk: acknowledged means present once at its
// place, unless retention may have removed it, refused means absent, unknown means
// all of a call or nothing, and at most once. The log works from there on.
func (o *oracle) check(t *testing.T, disk *disktest.Disk, what string) {
	t.Helper()
	options := o.on(disk)
	l, err := commitlog.Open("log", options)
	if err != nil {
		t.Errorf("%s: open: %v", what, err)
		return
	}
	defer l.Close()
	found, err := read(l, 1)
	if err != nil {
		t.Errorf("%s: read: %v", what, err)
	}
	_, next := l.Bounds()
	oldest := next - uint64(len(found)) // as it was when found was read
	if o.options.MaxBytes == 0 && oldest != 1 || next-oldest < min(next-1, 5) {
		t.Errorf("%s: the log begins with record %d of %d", what, oldest, next-1)
	}
	calls := 0
	for call, first := range o.acked {
		if first < oldest {
			continue
		}
		calls += strings.Count(call, ",") + 1
		for i, record := range strings.Split(call, ",") {
			offset := first + uint64(i)
			if at := int(offset - oldest); at >= len(found) || found[at] != fmt.Sprintf("%d:%s", offset, record) {
				t.Errorf("%s: acknowledged %s is not record %d of %q", what, record, offset, found)
			}
		}
	}
	all := "," + strings.Join(found, ",") + ","
	for call := range o.refused {
		for record := range strings.SplitSeq(call, ",") {
			if strings.Contains(all, ":"+record+",") {
				t.Errorf("%s: refused %s is there: %q", what, record, found)
			}
		}
	}
	for call := range o.unknown {
		records := strings.Split(call, ",")
		n := 0
		for _, record := range records {
			n += strings.Count(all, ":"+record+",")
		}
		if calls += n; n != 0 && n != len(records) {
			t.Errorf("%s: %d records of the call %s are there: %q", what, n, call, found)
		}
	}
	if calls != len(found) {
		t.Errorf("%s: %d records are accounted for, found %q", what, calls, found)
	}
	if _, err := l.Append([]byte("after")); err != nil {
		t.Errorf("%s: append after recovery: %v", what, err)
	}
	l.Close()
	l, err = commitlog.Open("log", options)
	if err != nil {
		t.Errorf("%s: second open: %v", what, err)
		return
	}
	defer l.Close()
	if again, err := read(l, next); err != nil || len(again) != 1 {
		t.Errorf("%s: second open reads %q, %v, want what was appended to %q", what, again, err, found)
	}
}

// checkPowerCut checks what a power cut leaves: what was synced, and several
// mixtures with what was not.
func (o *oracle) checkPowerCut(t *testing.T, disk *disktest.Disk, what string) {
	t.Helper()
	o.check(t, disk.Restart(nil), what)
	for seed := range uint64(6) {
		r := rand.New(rand.NewPCG(uint64(crc32.ChecksumIEEE([]byte(what))), seed))
		o.check(t, disk.Restart(r), fmt.Sprint(what, ", seed ", seed))
	}
}

// operations counts those of a run without faults.
func operations(t *testing.T) int {
	disk := disktest.New()
	o := newOracle()
	o.work(disk)
	if len(o.acked) != 12 {
		t.Fatalf("%d of 12 calls are acknowledged without a fault", len(o.acked))
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

// A crash during recovery, after a crash.
func TestCrashTwice(t *testing.T) {
	total := operations(t)
	for seed := range uint64(400) {
		r := rand.New(rand.NewPCG(2, seed))
		disk, o := disktest.New(), newOracle()
		disk.Intercept(disktest.CrashAt(1 + r.IntN(total)))
		o.work(disk)
		disk = disk.Restart(r)
		disk.Intercept(disktest.CrashAt(1 + r.IntN(20)))
		if l, err := commitlog.Open("log", commitlog.Options{FS: disk, SegmentBytes: 150}); err == nil {
			o.append(l, "between", 2)
			l.Close()
		}
		o.check(t, disk.Restart(r), fmt.Sprint("seed ", seed))
	}
}

// One operation fails, or two in a row, or all from one on. Then the disk works
// again, after a power cut, or for the next process, which appends before the
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
			l, err := commitlog.Open("log", commitlog.Options{FS: disk, SegmentBytes: 150})
			if err != nil {
				t.Fatalf("%s: open without a power cut: %v", what, err)
			}
			o.append(l, "next", 2)
			l.Close()
			o.check(t, disk.Restart(nil), what+", then another process")
		}
	}
}

// keepingHouse returns an oracle of a log that packs its segments and removes the
// oldest, between any two calls.
func keepingHouse() *oracle {
	o := newOracle()
	o.options.Packer, o.options.MaxBytes = plainPacker{}, 900
	o.calls, o.rest = 14, time.Minute
	return o
}

// As TestCrashAnywhere, but with everything that goes on in the background.
func TestCrashKeepingHouse(t *testing.T) {
	n := 1
	for done := false; !done; n++ {
		synctest.Test(t, func(t *testing.T) {
			disk, o := disktest.New(), keepingHouse()
			disk.Intercept(disktest.CrashAt(n))
			o.work(disk)
			done = disk.Ops() < n
			disk.Intercept(nil)
			if done {
				if all := names(t, disk, ".pack"); len(all) == 0 || all[0] == "00000000000000000001.pack" {
					t.Errorf("without a crash the log is not packed, or nothing is removed: %q", all)
				}
			}
			o.checkPowerCut(t, disk, fmt.Sprint("crash at operation ", n))
		})
	}
	t.Logf("%d operations", n-2)
}

// As TestFailAnywhere, but with everything that goes on in the background.
func TestFailKeepingHouse(t *testing.T) {
	for _, fault := range []error{syscall.ENOSPC, syscall.EIO, syscall.EROFS, syscall.EMFILE} {
		n := 1
		for done := false; !done; n++ {
			synctest.Test(t, func(t *testing.T) {
				what := fmt.Sprintf("%v at operation %d", fault, n)
				disk, o := disktest.New(), keepingHouse()
				disk.Intercept(disktest.FailAt(n, fault))
				o.work(disk)
				done = disk.Ops() < n
				disk.Intercept(nil)
				o.checkPowerCut(t, disk, what)
				o.check(t, disk, what+", then another process")
			})
		}
	}
}

func TestFailedWriteIsRefused(t *testing.T) {
	disk := disktest.New()
	l := open(t, "log", commitlog.Options{FS: disk})
	appendAll(t, l, "a")
	disk.Intercept(func(op disktest.Op) error {
		if op.Name == "write" {
			return syscall.ENOSPC
		}
		return nil
	})
	if _, err := l.Append([]byte("b")); !errors.Is(err, syscall.ENOSPC) || errors.Is(err, commitlog.ErrStopped) {
		t.Errorf("full disk: %v, want ENOSPC and not ErrStopped", err)
	}
	disk.Intercept(nil)
	appendAll(t, l, "c")
	wantRecords(t, l, 1, "1:a 2:c")
	if l.Err() != nil {
		t.Errorf("Err = %v after a write that was taken back", l.Err())
	}
}

func TestStops(t *testing.T) {
	fail := func(names ...string) func(disktest.Op) error {
		return func(op disktest.Op) error {
			for _, name := range names {
				if op.Name == name {
					return syscall.EIO
				}
			}
			return nil
		}
	}
	for _, tt := range []struct {
		name  string
		fault func(disktest.Op) error
	}{
		{"sync", fail("sync")},
		{"write and truncate", fail("write", "truncate")},
		{"write and sync after truncate", fail("write", "sync")},
		{"directory sync of a new segment", fail("syncdir")},
	} {
		t.Run(tt.name, func(t *testing.T) {
			disk := disktest.New()
			l := open(t, "log", commitlog.Options{FS: disk, SegmentBytes: 1})
			appendAll(t, l, "a")
			disk.Intercept(tt.fault)
			if _, err := l.Append([]byte("b")); !errors.Is(err, commitlog.ErrStopped) || !errors.Is(err, syscall.EIO) {
				t.Errorf("Append: %v, want ErrStopped and EIO", err)
			}
			disk.Intercept(nil)
			if _, err := l.Append([]byte("c")); !errors.Is(err, commitlog.ErrStopped) || err != l.Err() {
				t.Errorf("next Append: %v, want Err(), which is %v", err, l.Err())
			}
			wantRecords(t, l, 1, "1:a")
			if err := l.Close(); err != nil {
				t.Errorf("Close: %v", err)
			}
		})
	}
}

// What a failed sync has lost must not come back for the next process, and go
// at the next power cut: others may have built on it.
func TestFailedSyncLeavesNothingBehind(t *testing.T) {
	disk := disktest.New()
	l := open(t, "log", commitlog.Options{FS: disk})
	appendAll(t, l, "a")
	disk.Intercept(disktest.FailAt(2, syscall.EIO))
	if _, err := l.Append([]byte("b")); !errors.Is(err, commitlog.ErrStopped) {
		t.Fatalf("Append: %v, want ErrStopped", err)
	}
	disk.Intercept(nil)
	l.Close()
	l = open(t, "log", commitlog.Options{FS: disk})
	found, _ := read(l, 1)
	appendAll(t, l, "c")
	l.Close()
	l = open(t, "log", commitlog.Options{FS: disk.Restart(nil)})
	wantRecords(t, l, 1, strings.Join(append(found, fmt.Sprintf("%d:c", len(found)+1)), " "))
}

// Many callers, a crash at any time.
func TestCrashUnderLoad(t *testing.T) {
	for seed := range uint64(150) {
		r := rand.New(rand.NewPCG(3, seed))
		disk, o := disktest.New(), newOracle()
		l := open(t, "log", commitlog.Options{FS: disk, SegmentBytes: 300})
		disk.Intercept(disktest.CrashAt(1 + r.IntN(40)))
		var callers sync.WaitGroup
		for c := range 4 {
			callers.Go(func() {
				for i := range 8 {
					o.append(l, fmt.Sprintf("%d.%d", c, i), 1+i%2)
				}
			})
		}
		callers.Wait()
		l.Close()
		o.check(t, disk.Restart(r), fmt.Sprint("seed ", seed))
	}
}

// A tail is in the segment or in a file of its own at any time.
func TestTailSurvivesACrash(t *testing.T) {
	const garbage = "unfinished"
	first, last := small(t)
	n := 1
	for ; ; n++ {
		disk := diskOf(first, append(bytes.Clone(last), garbage...))
		disk.Intercept(disktest.CrashAt(n))
		l, err := commitlog.Open("log", commitlog.Options{FS: disk})
		if err == nil {
			l.Close()
			break
		}
		disk = disk.Restart(nil)
		names, err := disk.List("log")
		if err != nil {
			t.Fatal(err)
		}
		if !slices.ContainsFunc(names, func(name string) bool {
			return bytes.HasSuffix(disk.Content("log/"+name), []byte(garbage))
		}) {
			t.Errorf("crash at operation %d: the tail is in none of %q", n, names)
		}
	}
	if n < 10 {
		t.Errorf("recovery took %d operations only", n)
	}
}

// A new log whose directory and its parent are new.
func TestCrashOfANewDirectory(t *testing.T) {
	disk := disktest.New()
	l := open(t, "new/dir/log", commitlog.Options{FS: disk})
	appendAll(t, l, "a")
	l = open(t, "new/dir/log", commitlog.Options{FS: disk.Restart(nil)})
	wantRecords(t, l, 1, "1:a")
}
