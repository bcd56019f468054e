package store_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"gradebook/log/commitlog"
	"gradebook/log/commitlog/disktest"
	"gradebook/service/store"
)

// written fills a store with n words, one life each, so that each Close leaves a
// snapshot, and returns what a View shows.
func written(t *testing.T, disk *disktest.Disk, n int) string {
	t.Helper()
	var words []string
	for i := range n {
		s := mustOpen(t, "store", store.Options{FS: disk})
		mustSay(t, s, fmt.Sprint("w", i+1))
		s.Close()
		words = append(words, fmt.Sprintf("%d:w%d", i+1, i+1))
	}
	return strings.Join(words, " ")
}

func TestTwoSnapshotsAreKept(t *testing.T) {
	disk := disktest.New()
	want := written(t, disk, 4)
	disk.Intercept(failing("rename", syscall.EIO)) // nothing new is to be written
	for range 2 {
		if got := strings.Join(snapshots(t, disk), " "); got != "00000000000000000003.snapshot 00000000000000000004.snapshot" {
			t.Errorf("snapshots: %s, want 3 and 4", got)
		}
		s := mustOpen(t, "store", store.Options{FS: disk})
		wantWords(t, s, want)
		s.Close()
	}
	if disk.Content("store/snapshot.tmp") != nil {
		t.Error("a snapshot was written again")
	}
}

// A snapshot is used, also after a power cut: what it holds is not read from the
// log.
func TestSnapshotIsUsed(t *testing.T) {
	disk := disktest.New()
	written(t, disk, 3)
	records := 0
	s, err := store.Open("store", &counter{applied: &records}, store.Options{FS: disk.Restart(nil)})
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
	if records != 0 {
		t.Errorf("%d records were applied, want 0", records)
	}
}

// counter is a book that counts the calls of Apply.
type counter struct {
	book
	applied *int
}

func (c *counter) Apply(uint64, time.Time, word) { *c.applied++ }

func TestSnapshotWhileOpen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		disk := disktest.New()
		s := mustOpen(t, "store", store.Options{FS: disk, SnapshotEvery: 5})
		var words []string
		for i := range 23 {
			mustSay(t, s, "w")
			words = append(words, fmt.Sprintf("%d:w", i+1))
		}
		synctest.Wait() // a snapshot is written meanwhile
		s = mustOpen(t, "store", store.Options{FS: disk.Restart(nil)})
		wantWords(t, s, strings.Join(words, " "))
		if len(snapshots(t, disk)) == 0 {
			t.Error("no snapshot after 23 records")
		}
	})
}

// Few large records are as much to read again as many small ones, and count as
// such, also when no process lives long enough for all of them.
func TestLargeRecordsCountAsMany(t *testing.T) {
	for _, tt := range []struct {
		bytes, lives int
		want         bool
	}{
		{10, 1, false},
		{20_000, 1, true},
		{10, 4, false},
		{6_000, 4, true},
	} {
		synctest.Test(t, func(t *testing.T) {
			disk := disktest.New()
			for range tt.lives {
				s := mustOpen(t, "store", store.Options{FS: disk, SnapshotEvery: 40})
				mustSay(t, s, strings.Repeat("x", tt.bytes))
				synctest.Wait() // a snapshot may be written meanwhile
				disk = disk.Restart(nil)
			}
			if got := len(snapshots(t, disk)) > 0; got != tt.want {
				t.Errorf("after %d records of %d bytes there is a snapshot: %v, want %v", tt.lives, tt.bytes, got, tt.want)
			}
		})
	}
}

// Changes go on while a snapshot is written, and there is one writer.
func TestSnapshotHoldsNobodyUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		disk := disktest.New()
		s, err := open("store", store.Options{FS: disk, SnapshotEvery: 1})
		if err != nil {
			t.Fatal(err)
		}
		writers := 0
		release := make(chan error)
		disk.Intercept(func(op disktest.Op) error {
			if op.Name == "open" && strings.HasSuffix(op.Path, ".tmp") {
				writers++
				return <-release
			}
			return nil
		})
		mustSay(t, s, "a", "b", "c")
		synctest.Wait()
		if writers != 1 {
			t.Errorf("%d snapshots are being written, want 1", writers)
		}
		disk.Intercept(nil)
		release <- nil
		s.Close()
		if got := snapshots(t, disk); len(got) != 2 {
			t.Errorf("snapshots: %q, want that of record 1 and that of Close", got)
		}
	})
}

func TestSnapshotOnAFullDisk(t *testing.T) {
	disk := disktest.New()
	s := mustOpen(t, "store", store.Options{FS: disk})
	mustSay(t, s, "a")
	disk.Intercept(failing("write", syscall.ENOSPC))
	if err := s.Close(); err != nil {
		t.Errorf("Close: %v, want nil because nothing is lost", err)
	}
	disk.Intercept(nil)
	if disk.Content("store/snapshot.tmp") != nil {
		t.Error("half a snapshot still fills the disk")
	}
	wantWords(t, mustOpen(t, "store", store.Options{FS: disk}), "1:a")
}

// Every cut and every changed bit of the newest snapshot, and of both, is seen,
// reported, and makes up for itself.
func TestDamagedSnapshots(t *testing.T) {
	disk := disktest.New()
	want := written(t, disk, 3)
	names := snapshots(t, disk)
	newest := "store/" + names[len(names)-1]
	good := disk.Content(newest)
	damaged := [][]byte{}
	for i := range good {
		damaged = append(damaged, good[:i])
		for bit := range 8 {
			b := bytes.Clone(good)
			b[i] ^= 1 << bit
			damaged = append(damaged, b)
		}
	}
	for i, b := range damaged {
		disk := disk.Restart(nil)
		disk.Put(newest, b)
		if i%2 == 0 {
			disk.Put("store/"+names[0], b)
		}
		var report strings.Builder
		s := mustOpen(t, "store", store.Options{FS: disk, Logger: slog.New(slog.NewTextHandler(&report, nil))})
		wantWords(t, s, want)
		if !strings.Contains(report.String(), "WARN") {
			t.Errorf("damage %d was not reported", i)
		}
		mustSay(t, s, "new")
		s.Close()
		wantWords(t, mustOpen(t, "store", store.Options{FS: disk}), want+" 4:new")
	}
}

// A snapshot newer than the log proves that the log has lost records.
func TestLostRecordsAreNoticed(t *testing.T) {
	const segment = "store/00000000000000000001.log"
	disk := disktest.New()
	written(t, disk, 2)
	older := disk.Content(segment)
	s := mustOpen(t, "store", store.Options{FS: disk})
	mustSay(t, s, "w3")
	s.Close()
	disk.Put(segment, older)
	_, err := open("store", store.Options{FS: disk})
	if err == nil || !strings.Contains(err.Error(), "ends with record 2, but there was a record 3") {
		t.Fatalf("open: %v, want it to say that record 3 is lost", err)
	}
	if err := disk.Remove("store/00000000000000000003.snapshot"); err != nil {
		t.Fatal(err)
	}
	wantWords(t, mustOpen(t, "store", store.Options{FS: disk}), "1:w1 2:w2")
}

func TestMissingBeginningIsNoticed(t *testing.T) {
	disk := disktest.New()
	s := mustOpen(t, "store", store.Options{FS: disk, SegmentBytes: 1})
	mustSay(t, s, "a", "b")
	s.Close()
	if err := disk.Remove("store/00000000000000000001.log"); err != nil {
		t.Fatal(err)
	}
	if _, err := open("store", store.Options{FS: disk}); err == nil || !strings.Contains(err.Error(), "starts with record 2") {
		t.Errorf("open: %v, want it to say that the log starts with record 2", err)
	}
}

// A log from which a repair has taken something is still good for lines, but not
// for a book.
func TestHoleIsNoticed(t *testing.T) {
	disk := disktest.New()
	s := mustOpen(t, "store", store.Options{FS: disk, SegmentBytes: 1, SnapshotEvery: -1})
	mustSay(t, s, "a", "b", "c")
	s.Close()
	if err := disk.Remove("store/00000000000000000002.log"); err != nil {
		t.Fatal(err)
	}
	l, err := commitlog.Open("store", commitlog.Options{FS: disk, Repair: true})
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	if _, err := open("store", store.Options{FS: disk}); err == nil || !strings.Contains(err.Error(), "lost the records 2 to 2") {
		t.Errorf("open: %v, want it to say that record 2 is lost", err)
	}
}

// What is said while a snapshot is written is not in it.
func TestSnapshotIsOfItsMoment(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		disk := disktest.New()
		s := mustOpen(t, "store", store.Options{FS: disk, SnapshotEvery: 3})
		release := make(chan error)
		disk.Intercept(func(op disktest.Op) error {
			if op.Name == "write" && strings.HasSuffix(op.Path, ".tmp") {
				return <-release
			}
			return nil
		})
		mustSay(t, s, "a", "b", "c")
		for _, word := range []string{"d", "e", "f"} {
			synctest.Wait()
			mustSay(t, s, word)
			release <- nil
		}
		disk.Intercept(nil)
		close(release)
		synctest.Wait()
		names := snapshots(t, disk)
		if len(names) != 1 || !strings.HasSuffix(string(disk.Content("store/"+names[0])), "1:a\n2:b\n3:c\n") {
			t.Fatalf("snapshots %q, want one with 3 words: %q", names, disk.Content("store/"+names[0]))
		}
		wantWords(t, mustOpen(t, "store", store.Options{FS: disk.Restart(nil)}), "1:a 2:b 3:c 4:d 5:e 6:f")
	})
}
