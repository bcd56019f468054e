package commitlog_test

import (
	"sync/atomic"

	"gradebook/log/commitlog"
)

// countingFS counts the bytes read from files, and the syncs.
type countingFS struct {
	commitlog.FS
	read, synced atomic.Int64
}

func (c *countingFS) OpenFile(path string, flag int) (commitlog.File, error) {
	f, err := c.FS.OpenFile(path, flag)
	if err != nil {
		return nil, err
	}
	return countingFile{f, c}, nil
}

type countingFile struct {
	commitlog.File
	counts *countingFS
}

func (f countingFile) ReadAt(p []byte, offset int64) (int, error) {
	n, err := f.File.ReadAt(p, offset)
	f.counts.read.Add(int64(n))
	return n, err
}

func (f countingFile) Sync() error {
	f.counts.synced.Add(1)
	return f.File.Sync()
}
