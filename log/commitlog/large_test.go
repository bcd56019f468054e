package commitlog_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"gradebook/log/commitlog"
	"gradebook/log/commitlog/disktest"
)

// large is a record that makes a batch of its own.
func large() []byte { return bytes.Repeat([]byte("large "), 3<<20) }

// A record of 18 MiB is there after a crash if it was acknowledged, and whole or
// not at all otherwise; what was before it is always there.
func TestCrashOfALargeRecord(t *testing.T) {
	for n := 1; n <= 3; n++ { // its write, its sync, and what follows
		disk := disktest.New()
		l := open(t, "log", commitlog.Options{FS: disk})
		appendAll(t, l, "before")
		disk.Intercept(disktest.CrashAt(n))
		_, err := l.Append(large())
		_, after := l.Append([]byte("after"))
		for seed := range uint64(6) {
			checkLarge(t, disk.Restart(rand.New(rand.NewPCG(uint64(n), seed))), err == nil, fmt.Sprintf("crash at operation %d, seed %d", n, seed))
		}
		if err == nil && !errors.Is(after, commitlog.ErrStopped) {
			t.Errorf("operation %d was no part of either: %v", n, after)
		}
	}
}

func checkLarge(t *testing.T, disk *disktest.Disk, acked bool, what string) {
	l, err := commitlog.Open("log", commitlog.Options{FS: disk})
	if err != nil {
		t.Errorf("%s: %v", what, err)
		return
	}
	defer l.Close()
	want, found := [][]byte{[]byte("before"), large(), []byte("after")}, 0
	for r, err := range l.Read(1) {
		if err != nil || found == len(want) || !bytes.Equal(r.Data, want[found]) {
			t.Errorf("%s: record %d has %d bytes that nobody appended (%v)", what, r.Offset, len(r.Data), err)
			return
		}
		found++
	}
	if found == 0 || acked && found == 1 {
		t.Errorf("%s: %d records are left", what, found)
	}
}

// Who reads what lies beside a large record does not read that.
func TestLargeBatchIsAChunkOfItsOwn(t *testing.T) {
	l := open(t, "log", commitlog.Options{FS: disktest.New()})
	for i := range 9 {
		record := []byte("small")
		if i%4 == 2 {
			record = large()
		}
		if _, err := l.Append(record); err != nil {
			t.Fatal(err)
		}
	}
	var got []string
	for chunk, err := range l.Chunks(10) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, fmt.Sprintf("%d-%d", chunk.First, chunk.Next-1))
	}
	if want := "[8-9 7-7 4-6 3-3 1-2]"; fmt.Sprint(got) != want {
		t.Errorf("the chunks are %v, want %s", got, want)
	}
}
