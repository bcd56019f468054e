package commitlog_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"gradebook/log/commitlog"
	"gradebook/log/commitlog/disktest"
)

// plainPacker packs records as they are, so that a test can look into it.
type plainPacker struct{}

func (plainPacker) Pack(records [][]byte) (commitlog.Packed, error) {
	var data []byte
	for _, r := range records {
		data = append(binary.AppendUvarint(data, uint64(len(r))), r...)
	}
	return commitlog.Packed{
		Summary: fmt.Appendf(nil, "%d records", len(records)),
		Filter:  fmt.Appendf(nil, "from %.12s", records[0]),
		Data:    data,
	}, nil
}

func (plainPacker) Unpack(data []byte) (records [][]byte, err error) {
	for len(data) > 0 {
		size, n := binary.Uvarint(data)
		if n <= 0 || size > uint64(len(data)-n) {
			return nil, errors.New("not packed by plainPacker")
		}
		records, data = append(records, data[n:n+int(size)]), data[n+int(size):]
	}
	return records, nil
}

// names returns the files of the log on disk that end in suffix.
func names(t testing.TB, disk commitlog.FS, suffix string) []string {
	t.Helper()
	all, err := disk.List("log")
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(all, func(name string) bool { return !strings.HasSuffix(name, suffix) })
}

// numbered returns "from:record from" up to "to:record to", joined.
func numbered(from, to int) string {
	var all []string
	for i := from; i <= to; i++ {
		all = append(all, fmt.Sprintf("%d:record %d", i, i))
	}
	return strings.Join(all, " ")
}

func appendNumbered(t testing.TB, l *commitlog.Log, from, to int) {
	t.Helper()
	for i := from; i <= to; i++ {
		appendAll(t, l, fmt.Sprint("record ", i))
	}
}

// Sealed segments are packed, nothing else is left of them, and all of it reads
// as before, now and after the next Open.
func TestPack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		disk := disktest.New()
		o := commitlog.Options{FS: disk, SegmentBytes: 200, Packer: plainPacker{}}
		l := open(t, "log", o)
		appendNumbered(t, l, 1, 50)
		time.Sleep(time.Second)
		for range 2 {
			if raw, packed := names(t, disk, ".log"), names(t, disk, ".pack"); len(raw) != 1 || len(packed) < 10 {
				t.Fatalf("segments: %q and %q, want one raw and many packed", raw, packed)
			}
			for from := 1; from <= 51; from++ {
				wantRecords(t, l, uint64(from), numbered(from, 50))
			}
			l.Close()
			l = open(t, "log", o)
		}
		appendNumbered(t, l, 51, 60)
		wantRecords(t, l, 40, numbered(40, 60))
	})
}

// A log that is busy is not packed until it pauses, unless too much waits.
func TestPackLetsBusyLogsBe(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		disk := disktest.New()
		l := open(t, "log", commitlog.Options{FS: disk, SegmentBytes: 8 << 10, Packer: plainPacker{}})
		busy := func(d time.Duration) {
			for end := time.Now().Add(d); time.Now().Before(end); time.Sleep(100 * time.Microsecond) {
				appendAll(t, l, "record")
			}
		}
		busy(100 * time.Millisecond)
		if packed := names(t, disk, ".pack"); len(packed) > 0 {
			t.Errorf("packed while the log was busy: %q", packed)
		}
		time.Sleep(time.Second)
		if raw := names(t, disk, ".log"); len(raw) != 1 {
			t.Errorf("the log has paused and %q are not packed", raw)
		}
		busy(time.Second)
		if raw := names(t, disk, ".log"); len(raw) > 11 || len(raw) < 8 {
			t.Errorf("in a busy log %d segments wait, want about 8", len(raw))
		}
	})
}

// What sealed segments there are when a log is opened is packed too.
func TestPackWhatWasLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		disk := disktest.New()
		l := open(t, "log", commitlog.Options{FS: disk, SegmentBytes: 200})
		appendNumbered(t, l, 1, 20)
		l.Close()
		disk.Put("log/00000000000000000001.pack.tmp", []byte("unfinished"))
		disk.Put("log/00000000000000000001.pack", []byte("whose raw segment is not removed yet"))
		l = open(t, "log", commitlog.Options{FS: disk, SegmentBytes: 200, Packer: plainPacker{}})
		time.Sleep(time.Second)
		if left := append(names(t, disk, ".log"), names(t, disk, ".tmp")...); len(left) != 1 {
			t.Errorf("beside packed segments there are %q, want the active one only", left)
		}
		wantRecords(t, l, 1, numbered(1, 20))
	})
}

// Blocks are of limited size, and what is read from the middle reads one of them.
func TestBlocks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fs := &countingFS{FS: disktest.New()}
		l := open(t, "log", commitlog.Options{FS: fs, SegmentBytes: 3 << 20, Packer: plainPacker{}})
		record := bytes.Repeat([]byte("x"), 1000)
		for range 40 {
			records := slices.Repeat([][]byte{record}, 100)
			if _, err := l.Append(records...); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(time.Minute)
		var sizes []string
		for c, err := range l.Chunks(3000) {
			if err != nil {
				t.Fatal(err)
			}
			sizes = append(sizes, fmt.Sprintf("%d-%d %s", c.First, c.Next, c.Summary))
		}
		if got, want := strings.Join(sizes, ", "), "2097-3101 1004 records, 1049-2097 1048 records, 1-1049 1048 records"; got != want {
			t.Errorf("chunks: %s\nwant    %s", got, want)
		}
		fs.read.Store(0)
		for r, err := range l.Read(2000) {
			if err != nil || r.Offset != 2000 {
				t.Errorf("Read(2000) starts with %d, %v", r.Offset, err)
			}
			break
		}
		if n := fs.read.Load(); n > 1100<<10 {
			t.Errorf("one record cost %d bytes to read", n)
		}
	})
}

// Chunks are newest first, whether packed or raw, and without a gap.
func TestChunks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		disk := disktest.New()
		l := open(t, "log", commitlog.Options{FS: disk, SegmentBytes: 400, Packer: plainPacker{}})
		if got := chunks(t, l, 1<<60); got != "" {
			t.Errorf("an empty log has chunks: %q", got)
		}
		appendNumbered(t, l, 1, 30)
		time.Sleep(time.Second)
		all := chunks(t, l, 1<<60)
		want := numbered(1, 9)
		if !strings.HasSuffix(all, "["+want+"]") || !strings.HasPrefix(all, "[28:record 28 29:record 29 30:record 30]") {
			t.Errorf("chunks: %s", all)
		}
		if got := chunks(t, l, 9); got != "["+want+"]" {
			t.Errorf("chunks below 9: %s", got)
		}
		if got := chunks(t, l, 1); got != "" {
			t.Errorf("chunks below 1: %s", got)
		}
	})
}

// chunks returns the chunks below an offset, each in brackets, and checks what
// is said of them.
func chunks(t testing.TB, l *commitlog.Log, before uint64) string {
	t.Helper()
	var all []string
	next := uint64(0)
	for c, err := range l.Chunks(before) {
		if err != nil {
			t.Fatal(err)
		}
		if next != 0 && c.Next != next {
			t.Errorf("chunk %d-%d stands before one that begins with %d", c.First, c.Next, next)
		}
		next = c.First
		var records []string
		for r, err := range c.Records() {
			if err != nil {
				t.Fatal(err)
			}
			records = append(records, fmt.Sprintf("%d:%s", r.Offset, r.Data))
		}
		all = append(all, fmt.Sprint(records))
		filter, err := c.Filter()
		if want := fmt.Sprint("from record ", c.First); err != nil || c.Summary != nil && string(filter) != want {
			t.Errorf("filter of chunk %d: %q, %v, want %q", c.First, filter, err, want)
		}
	}
	return strings.Join(all, " ")
}

// A query goes on in what it has begun to read, and a reader that comes late to
// a segment finds it packed.
func TestPackUnderReaders(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		disk := disktest.New()
		l := open(t, "log", commitlog.Options{FS: disk, SegmentBytes: 200})
		appendNumbered(t, l, 1, 20)
		l.Close()
		disk.Intercept(func(op disktest.Op) error { // packing waits for its turn
			if op.Name == "open" && strings.HasSuffix(op.Path, ".pack.tmp") {
				time.Sleep(time.Second)
			}
			return nil
		})
		l = open(t, "log", commitlog.Options{FS: disk, SegmentBytes: 200, Packer: plainPacker{}})
		var got []string
		for r, err := range l.Read(1) {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, fmt.Sprintf("%d:%s", r.Offset, r.Data))
			time.Sleep(700 * time.Millisecond)
		}
		if strings.Join(got, " ") != numbered(1, 20) || len(names(t, disk, ".log")) != 1 {
			t.Errorf("read %q", got)
		}
	})
}

// Segments that are too old, or too much, go as a whole, oldest first, and the
// log begins later.
func TestRetention(t *testing.T) {
	for _, tt := range []struct {
		name string
		o    commitlog.Options
		want int // records left, at least
	}{
		{"by size", commitlog.Options{MaxBytes: 1000}, 10},
		{"by age", commitlog.Options{MaxAge: 15*time.Second + time.Minute}, 10},
		{"by age, packed", commitlog.Options{MaxAge: 15*time.Second + time.Minute, Packer: plainPacker{}}, 10},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				disk := disktest.New()
				tt.o.FS, tt.o.SegmentBytes = disk, 200
				l := open(t, "log", tt.o)
				for i := 1; i <= 60; i++ {
					appendNumbered(t, l, i, i)
					time.Sleep(time.Second)
				}
				time.Sleep(time.Minute + time.Second)
				oldest, next := l.Bounds()
				if kept := int(next - oldest); next != 61 || kept < tt.want || kept > tt.want+20 {
					t.Errorf("the log holds %d to %d", oldest, next)
				}
				for range 2 {
					oldest, _ := l.Bounds()
					wantRecords(t, l, 1, numbered(int(oldest), 60))
					l.Close()
					l = open(t, "log", tt.o)
					synctest.Wait()
				}
			})
		})
	}
}

// What cannot be packed or removed stays, is told, and is tried again.
func TestHousekeepingFails(t *testing.T) {
	for _, name := range []string{"open", "write", "sync", "rename", "syncdir", "remove"} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				disk := disktest.New()
				l := open(t, "log", commitlog.Options{FS: disk, SegmentBytes: 200, Packer: plainPacker{}, MaxBytes: 1000})
				appendNumbered(t, l, 1, 4)
				time.Sleep(time.Second)
				disk.Intercept(func(op disktest.Op) error {
					if op.Name == name && (strings.Contains(op.Path, ".pack") || op.Name == "remove" || op.Name == "syncdir" && len(names(t, disk, ".pack")) > 1) {
						return syscall.EIO
					}
					return nil
				})
				for i := 5; i <= 60 && l.Err() == nil; i++ {
					if _, err := l.Append(fmt.Appendf(nil, "record %d", i)); err != nil && name != "syncdir" {
						t.Fatal(err)
					}
				}
				time.Sleep(10 * time.Second)
				disk.Intercept(nil)
				time.Sleep(2 * time.Minute)
				oldest, next := l.Bounds()
				wantRecords(t, l, 1, numbered(int(oldest), int(next)-1))
				if raw := names(t, disk, ".log"); name != "syncdir" && (len(raw) != 1 || oldest == 1) { // that one stops the log at its next segment
					t.Errorf("when the disk works again there are still %q, and the log begins with %d", raw, oldest)
				}
				l.Close()
				l = open(t, "log", commitlog.Options{FS: disk.Restart(nil), Packer: plainPacker{}})
				wantRecords(t, l, 1, numbered(int(oldest), int(next)-1))
			})
		})
	}
}

func TestSince(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := open(t, "log", commitlog.Options{FS: disktest.New(), SegmentBytes: 200, Packer: plainPacker{}})
		start := time.Now()
		for i := range 40 {
			appendNumbered(t, l, i+1, i+1)
			time.Sleep(time.Minute)
		}
		for i := range 40 {
			if got := l.Since(start.Add(time.Duration(i) * time.Minute)); got > uint64(i+1) || got+5 < uint64(i+1) {
				t.Errorf("Since(minute %d) = %d", i, got)
			}
		}
		if got := l.Since(time.Now()); got != 41 {
			t.Errorf("Since(now) = %d, want the next offset, 41", got)
		}
	})
}
