package store_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"gradebook/service/store"
)

// tally is a machine that does next to nothing.
type tally struct{ n int }

func (t *tally) Apply(uint64, time.Time, word) { t.n++ }
func (t *tally) Snapshot() func([]byte) ([]byte, bool) {
	return func(b []byte) ([]byte, bool) { return fmt.Append(b, t.n), false }
}
func (t *tally) Restore(b []byte) error { _, err := fmt.Sscan(string(b), &t.n); return err }

// BenchmarkDo compares changes of 200 bytes with the bare limit: a write of 200
// bytes and a sync.
func BenchmarkDo(b *testing.B) {
	record := word{strings.Repeat("x", 200)}
	b.Run("bare", func(b *testing.B) {
		f, err := os.Create(filepath.Join(b.TempDir(), "bare"))
		if err != nil {
			b.Fatal(err)
		}
		defer f.Close()
		for b.Loop() {
			if _, err := f.WriteString(record.Text); err != nil {
				b.Fatal(err)
			}
			if err := f.Sync(); err != nil {
				b.Fatal(err)
			}
		}
	})
	for _, callers := range []int{1, 64} {
		b.Run(fmt.Sprint("callers/", callers), func(b *testing.B) {
			s, err := store.Open(b.TempDir(), &tally{}, store.Options{})
			if err != nil {
				b.Fatal(err)
			}
			defer s.Close()
			b.ReportAllocs()
			var left atomic.Int64
			left.Store(int64(b.N))
			done := make(chan error)
			b.ResetTimer()
			for range callers {
				go func() {
					for left.Add(-1) >= 0 {
						_, err := s.Do(context.Background(), func(*tally, time.Time) (word, bool, error) { return record, true, nil })
						if err != nil {
							done <- err
							return
						}
					}
					done <- nil
				}()
			}
			for range callers {
				if err := <-done; err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkView(b *testing.B) {
	s, err := store.Open(b.TempDir(), &tally{}, store.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	b.ReportAllocs()
	for b.Loop() {
		if err := s.View(func(*tally) {}); err != nil {
			b.Fatal(err)
		}
	}
}
