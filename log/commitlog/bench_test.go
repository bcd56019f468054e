package commitlog_test

import (
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"

	"gradebook/log/commitlog"
)

// BenchmarkAppend compares appends of 200 bytes with the bare limit: a write of
// 200 bytes and a sync. "Free" has syncs that cost nothing, so that only our own
// work is left.
func BenchmarkAppend(b *testing.B) {
	record := make([]byte, 200)
	b.Run("bare", func(b *testing.B) {
		f, err := os.Create(filepath.Join(b.TempDir(), "bare"))
		if err != nil {
			b.Fatal(err)
		}
		defer f.Close()
		for b.Loop() {
			if _, err := f.Write(record); err != nil {
				b.Fatal(err)
			}
			if err := f.Sync(); err != nil {
				b.Fatal(err)
			}
		}
	})
	for _, fs := range []struct {
		name string
		commitlog.FS
	}{{"disk", commitlog.OS()}, {"free", freeFS{commitlog.OS()}}} {
		for _, callers := range []int{1, 64} {
			b.Run(fmt.Sprintf("%s/%d", fs.name, callers), func(b *testing.B) {
				counts := &countingFS{FS: fs.FS}
				l := open(b, b.TempDir(), commitlog.Options{FS: counts})
				b.ReportAllocs()
				var left atomic.Int64
				left.Store(int64(b.N))
				done := make(chan error)
				b.ResetTimer()
				for range callers {
					go func() {
						for left.Add(-1) >= 0 {
							if _, err := l.Append(record); err != nil {
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
				b.ReportMetric(float64(b.N)/float64(counts.synced.Load()), "records/sync")
			})
		}
	}
}

// freeFS is a file system whose syncs do nothing.
type freeFS struct{ commitlog.FS }

func (f freeFS) OpenFile(path string, flag int) (commitlog.File, error) {
	file, err := f.FS.OpenFile(path, flag)
	return freeFile{file}, err
}

type freeFile struct{ commitlog.File }

func (freeFile) Sync() error { return nil }
