package commitlog_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"

	"gradebook/log/commitlog"
	"gradebook/log/commitlog/disktest"
)

func TestGroupCommit(t *testing.T) {
	const callers, each = 16, 400
	fs := &countingFS{FS: freeFS{commitlog.OS()}} // quick syncs make the most of every race
	l := open(t, t.TempDir(), commitlog.Options{FS: fs, SegmentBytes: 4 << 10})
	before := fs.synced.Load()
	offsets := make([]map[uint64]string, callers)
	var group sync.WaitGroup
	for c := range callers {
		offsets[c] = map[uint64]string{}
		group.Go(func() {
			for i := range each {
				a, b := fmt.Sprintf("%d.%d a", c, i), fmt.Sprintf("%d.%d b", c, i)
				first, err := l.Append([]byte(a), []byte(b))
				if err != nil {
					t.Error(err)
					return
				}
				offsets[c][first], offsets[c][first+1] = a, b
			}
		})
	}
	group.Wait()
	want := make([]string, 2*callers*each)
	for _, of := range offsets {
		for offset, data := range of {
			want[offset-1] = fmt.Sprintf("%d:%s", offset, data)
		}
	}
	wantRecords(t, l, 1, strings.Join(want, " "))
	if n := fs.synced.Load() - before; n >= callers*each {
		t.Errorf("%d appends cost %d syncs: they do not share", callers*each, n)
	}
}

// gate holds up one operation of a disk, then lets it go on or fail.
type gate chan error

// hold returns a gate at the next operation with this name.
func hold(disk *disktest.Disk, name string) gate {
	g := make(gate)
	var once sync.Once
	disk.Intercept(func(op disktest.Op) (err error) {
		if op.Name == name {
			once.Do(func() { err = <-g })
		}
		return err
	})
	return g
}

// inBackground appends without waiting, and returns where the error will be.
func inBackground(l *commitlog.Log, data []byte) <-chan error {
	result := make(chan error, 1)
	go func() {
		_, err := l.Append(data)
		result <- err
	}()
	synctest.Wait()
	return result
}

// openMemory opens a log on a new disk.
func openMemory(t *testing.T) (*commitlog.Log, *disktest.Disk) {
	disk := disktest.New()
	l, err := commitlog.Open("log", commitlog.Options{FS: disk})
	if err != nil {
		t.Fatal(err)
	}
	return l, disk
}

func TestLargeAppendsWaitForEachOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, disk := openMemory(t)
		sync := hold(disk, "sync")
		results := []<-chan error{inBackground(l, []byte("first"))}
		for _, mib := range []int{7, 7, 20, 7, 30} { // at most 16 together
			results = append(results, inBackground(l, make([]byte, mib<<20)))
		}
		sync <- nil
		for _, result := range results {
			if err := <-result; err != nil {
				t.Error(err)
			}
		}
		l.Close()
		l = open(t, "log", commitlog.Options{FS: disk})
		if _, next := l.Bounds(); next != 7 || l.Tail() != "" {
			t.Errorf("found records up to %d and the tail %q, want 6 records", next, l.Tail())
		}
		l.Close()
	})
}

func TestNobodyReadsBeforeTheSync(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, disk := openMemory(t)
		changed := l.Changed()
		sync := hold(disk, "sync")
		result := inBackground(l, []byte("a"))
		select {
		case <-changed:
			t.Error("Changed is closed before the sync")
		case err := <-result:
			t.Errorf("Append returned before the sync: %v", err)
		default:
		}
		if _, next := l.Bounds(); next != 1 {
			t.Errorf("next = %d before the sync", next)
		}
		sync <- nil
		if err := <-result; err != nil {
			t.Error(err)
		}
		<-changed
		l.Close()
	})
}

func TestStopReachesThoseWhoWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, disk := openMemory(t)
		sync := hold(disk, "sync")
		first := inBackground(l, []byte("a"))
		second := inBackground(l, []byte("b"))
		sync <- syscall.EIO
		for _, result := range []<-chan error{first, second} {
			if err := <-result; !errors.Is(err, commitlog.ErrStopped) {
				t.Errorf("%v, want ErrStopped", err)
			}
		}
		l.Close()
	})
}

func TestCloseWaitsForAppends(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, disk := openMemory(t)
		sync := hold(disk, "sync")
		results := []<-chan error{inBackground(l, []byte("a")), inBackground(l, []byte("b"))}
		closed := make(chan error)
		go func() { closed <- l.Close() }()
		synctest.Wait()
		select {
		case <-closed:
			t.Error("Close returned during a sync")
		default:
		}
		sync <- nil
		for _, result := range append(results, closed) {
			if err := <-result; err != nil {
				t.Error(err)
			}
		}
	})
}

// The buffer of a large batch is given up; the one before it must not be used
// by two batches at once.
func TestBuffersAreNotShared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, disk := openMemory(t)
		appendAll(t, l, "a")
		large := bytes.Repeat([]byte("b"), 2<<20)
		if _, err := l.Append(large); err != nil {
			t.Fatal(err)
		}
		write := hold(disk, "write")
		results := []<-chan error{inBackground(l, []byte("c")), inBackground(l, []byte("d"))}
		write <- nil
		for _, result := range results {
			if err := <-result; err != nil {
				t.Error(err)
			}
		}
		wantRecords(t, l, 1, "1:a 2:"+string(large)+" 3:c 4:d")
		l.Close()
	})
}
