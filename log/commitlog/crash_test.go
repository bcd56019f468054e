package commitlog_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"

	"gradebook/log/commitlog"
	"gradebook/log/commitlog/disktest"
)

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

// errorsOfDisks are those that an operation may fail with.
func errorsOfDisks() []error {
	return []error{syscall.ENOSPC, syscall.EIO, syscall.EROFS, syscall.EMFILE}
}

// One operation fails, or two in a row, or all from one on. Then the disk works
// again, after a power cut, or for the next process, which appends before the
// power is cut.
func TestFailAnywhere(t *testing.T) {
	total := operations(t)
	for _, fault := range errorsOfDisks() {
		for _, fails := range []int{1, 2, 1 << 30} {
			for n := range total {
				failAnywhere(t, fault, n, fails)
			}
		}
	}
}

// failAnywhere has so many operations fail after the first n.
func failAnywhere(t *testing.T, fault error, n, fails int) {
	what := fmt.Sprintf("%d operations fail from %d on: %v", fails, n+1, fault)
	disk, o := disktest.New(), newOracle()
	disk.Intercept(func(op disktest.Op) error {
		if op.N > n && op.N-n <= fails {
			return fault
		}
		return nil
	})
	o.work(disk)
	disk.Intercept(nil)
	o.checkPowerCut(t, disk, what)
	l, err := commitlog.Open("log", o.on(disk))
	if err != nil {
		t.Fatalf("%s: open without a power cut: %v", what, err)
	}
	o.append(l, "next", 2)
	l.Close()
	o.check(t, disk.Restart(nil), what+", then another process")
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
	for _, fault := range errorsOfDisks() {
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
