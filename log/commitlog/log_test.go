package commitlog_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"gradebook/log/commitlog"
	"gradebook/log/commitlog/disktest"
)

// open opens the log in dir and closes it after the test.
func open(t testing.TB, dir string, o commitlog.Options) *commitlog.Log {
	t.Helper()
	l, err := commitlog.Open(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

// appendAll appends each record by itself.
func appendAll(t testing.TB, l *commitlog.Log, records ...string) {
	t.Helper()
	for _, r := range records {
		if _, err := l.Append([]byte(r)); err != nil {
			t.Fatal(err)
		}
	}
}

// read returns the records from an offset as "offset:data", and the error that
// ended the reading.
func read(l *commitlog.Log, from uint64) (records []string, err error) {
	for r, err := range l.Read(from) {
		if err != nil {
			return records, err
		}
		records = append(records, fmt.Sprintf("%d:%s", r.Offset, r.Data))
	}
	return records, nil
}

// wantRecords checks what can be read from an offset, written as read does.
func wantRecords(t testing.TB, l *commitlog.Log, from uint64, want string) {
	t.Helper()
	got, err := read(l, from)
	if err != nil || strings.Join(got, " ") != want {
		t.Errorf("Read(%d) = %q, %v, want %q", from, strings.Join(got, " "), err, want)
	}
}

func TestAppendRead(t *testing.T) {
	dir := t.TempDir()
	now := time.Date(2026, 9, 1, 8, 0, 0, 7, time.UTC)
	l := open(t, dir, commitlog.Options{Now: func() time.Time { return now }})
	if oldest, next := l.Bounds(); oldest != 1 || next != 1 {
		t.Errorf("empty log: Bounds = %d, %d, want 1, 1", oldest, next)
	}
	wantRecords(t, l, 1, "")
	for i, tt := range []struct {
		records []string
		first   uint64
	}{
		{[]string{"a"}, 1},
		{[]string{"b", "c", ""}, 2},
		{nil, 5},
		{[]string{"d"}, 5},
	} {
		var records [][]byte
		for _, r := range tt.records {
			records = append(records, []byte(r))
		}
		if first, err := l.Append(records...); err != nil || first != tt.first {
			t.Errorf("%d: Append(%q) = %d, %v, want %d", i, tt.records, first, err, tt.first)
		}
	}
	for range 2 {
		wantRecords(t, l, 0, "1:a 2:b 3:c 4: 5:d")
		wantRecords(t, l, 3, "3:c 4: 5:d")
		wantRecords(t, l, 5, "5:d")
		wantRecords(t, l, 6, "")
		for r := range l.Read(5) {
			if !r.Time.Equal(now) {
				t.Errorf("Time = %v, want %v", r.Time, now)
			}
		}
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
		l = open(t, dir, commitlog.Options{})
	}
	if l.Tail() != "" || l.Err() != nil {
		t.Errorf("Tail = %q, Err = %v, want none", l.Tail(), l.Err())
	}
}

func TestReadStopsAtTheCall(t *testing.T) {
	l := open(t, t.TempDir(), commitlog.Options{})
	appendAll(t, l, "a", "b")
	records := l.Read(1)
	appendAll(t, l, "c")
	n := 0
	for range records {
		n++
	}
	if n != 2 {
		t.Errorf("read %d records, want the 2 of the time of the call", n)
	}
}

func TestSegments(t *testing.T) {
	dir := t.TempDir()
	o := commitlog.Options{SegmentBytes: 200}
	l := open(t, dir, o)
	var want []string
	for i := 1; i <= 50; i++ {
		appendAll(t, l, fmt.Sprint("record ", i))
		want = append(want, fmt.Sprintf("%d:record %d", i, i))
	}
	for range 2 {
		for from := 1; from <= 51; from++ {
			wantRecords(t, l, uint64(from), strings.Join(want[from-1:], " "))
		}
		l.Close()
		l = open(t, dir, o)
	}
	names, err := commitlog.OS().List(dir)
	if err != nil || len(names) < 10 {
		t.Errorf("files: %q, %v, want many segments", names, err)
	}
}

func TestReadStartsInTheMiddle(t *testing.T) {
	fs := &countingFS{FS: commitlog.OS()}
	l := open(t, t.TempDir(), commitlog.Options{FS: fs})
	record := bytes.Repeat([]byte("x"), 1000)
	for range 200 {
		if _, err := l.Append(record, record, record, record, record); err != nil {
			t.Fatal(err)
		}
	}
	fs.read.Store(0)
	if got, err := read(l, 996); err != nil || len(got) != 5 {
		t.Errorf("Read(996) gave %d records, %v, want 5", len(got), err)
	}
	if n := fs.read.Load(); n > 64<<10 {
		t.Errorf("the newest 5 of 1000 records cost %d bytes to read", n)
	}
	for from := uint64(1); from <= 1000; from += 27 {
		for r, err := range l.Read(from) {
			if err != nil || r.Offset != from {
				t.Errorf("Read(%d) starts with %d, %v", from, r.Offset, err)
			}
			break
		}
	}
}

func TestChanged(t *testing.T) {
	l := open(t, t.TempDir(), commitlog.Options{})
	changed := l.Changed()
	select {
	case <-changed:
		t.Fatal("Changed is closed before a commit")
	default:
	}
	appendAll(t, l, "a")
	<-changed
	select {
	case <-l.Changed():
		t.Error("the next Changed is closed before the next commit")
	default:
	}
}

// A reader that follows the log meets every record once, in order, while it is
// being written.
func TestFollow(t *testing.T) {
	const total = 300
	l := open(t, "log", commitlog.Options{FS: disktest.New(), SegmentBytes: 500})
	followed := make(chan error)
	go func() {
		next := uint64(1)
		for next <= total {
			changed := l.Changed()
			for r, err := range l.Read(next) {
				if err != nil || r.Offset != next || string(r.Data) != fmt.Sprint("record ", next) {
					followed <- fmt.Errorf("%d %q, %v, want record %d", r.Offset, r.Data, err, next)
					return
				}
				next++
			}
			if next <= total {
				<-changed
			}
		}
		followed <- nil
	}()
	for i := range total {
		appendAll(t, l, fmt.Sprint("record ", i+1))
	}
	if err := <-followed; err != nil {
		t.Error(err)
	}
}

func TestAppendRefuses(t *testing.T) {
	l := open(t, t.TempDir(), commitlog.Options{})
	if _, err := l.Append(make([]byte, commitlog.MaxBatch)); !errors.Is(err, commitlog.ErrTooLarge) {
		t.Errorf("record of MaxBatch: %v, want ErrTooLarge", err)
	}
	appendAll(t, l, "a")
	for range 2 {
		if err := l.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	}
	if _, err := l.Append([]byte("b")); !errors.Is(err, commitlog.ErrClosed) {
		t.Errorf("Append after Close: %v, want ErrClosed", err)
	}
}

func TestLock(t *testing.T) {
	dir := t.TempDir()
	l := open(t, dir, commitlog.Options{})
	_, err := commitlog.Open(dir, commitlog.Options{})
	if !errors.Is(err, commitlog.ErrLocked) || !strings.Contains(fmt.Sprint(err), fmt.Sprint("process ", os.Getpid())) {
		t.Errorf("second Open: %v, want ErrLocked and our process", err)
	}
	l.Close()
	open(t, dir, commitlog.Options{})
}
