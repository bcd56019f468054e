package store_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"gradebook/log/commitlog/disktest"
	"gradebook/service/store"
)

func TestRecord(t *testing.T) {
	now := time.Date(2026, 11, 21, 8, 0, 0, 0, time.UTC)
	s := mustOpen(t, "store", store.Options{FS: disktest.New(), SegmentBytes: 2000, Now: func() time.Time { return now }})
	for i := range 100 {
		mustSay(t, s, fmt.Sprint("word ", i+1, strings.Repeat("x", i)))
	}
	for i := range 100 {
		got, err := s.Record(uint64(i + 1))
		want := fmt.Sprint("word ", i+1, strings.Repeat("x", i))
		if err != nil || got.Revision != uint64(i+1) || got.Record.Text != want || !got.At.Equal(now) {
			t.Errorf("record %d is %+v, %v, want %q", i+1, got, err, want)
		}
	}
	for _, revision := range []uint64{0, 101, 1 << 63} {
		if got, err := s.Record(revision); !errors.Is(err, store.ErrNoRecord) {
			t.Errorf("record %d is %+v, %v, want ErrNoRecord", revision, got, err)
		}
	}
}

// BenchmarkRecord reads single records of 200 bytes out of 200,000.
func BenchmarkRecord(b *testing.B) {
	s, err := store.Open(b.TempDir(), &tally{}, store.Options{SnapshotEvery: -1})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	const workers, records = 256, 200_000
	done := make(chan error)
	for range workers {
		go func() {
			for range records / workers {
				if _, err := s.Do(context.Background(), func(*tally, time.Time) (word, bool, error) { return word{strings.Repeat("x", 200)}, true, nil }); err != nil {
					done <- err
					return
				}
			}
			done <- nil
		}()
	}
	for range workers {
		if err := <-done; err != nil {
			b.Fatal(err)
		}
	}
	b.ReportAllocs()
	b.ResetTimer()
	revision := uint64(1)
	for b.Loop() {
		if _, err := s.Record(revision); err != nil {
			b.Fatal(err)
		}
		revision = (revision+7919)%s.Revision() + 1
	}
}
