package grades

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"

	"gradebook/service/store"
)

// spool is a directory of files that are there whole or not at all: each is
// written aside, synced and renamed.
type spool struct {
	fs    store.FS
	dir   string
	ready atomic.Bool // the directory is there to stay
}

// aside is how the name of a file ends that is being written.
const aside = ".new"

// write makes a file of what fill writes, or replaces it, for good.
func (s *spool) write(name string, fill func(w io.Writer) error) error {
	if err := s.prepare(name, fill); err != nil {
		return err
	}
	return s.fs.SyncDir(s.dir)
}

// prepare is write, but that after a power cut the file may not be there until
// another was written.
func (s *spool) prepare(name string, fill func(w io.Writer) error) (err error) {
	if err := s.makeReady(); err != nil {
		return err
	}
	path := filepath.Join(s.dir, name)
	f, err := s.fs.OpenFile(path+aside, os.O_CREATE|os.O_TRUNC)
	if err != nil {
		return err
	}
	out := bufio.NewWriterSize(io.NewOffsetWriter(f, 0), 64<<10)
	if err = fill(out); err == nil {
		err = out.Flush()
	}
	if err == nil {
		err = f.Sync()
	}
	f.Close()
	if err == nil {
		err = s.fs.Rename(path+aside, path)
	}
	if err != nil {
		s.fs.Remove(path + aside)
	}
	return err
}

// makeReady makes the directory, before its first file.
func (s *spool) makeReady() error {
	if s.ready.Load() {
		return nil
	}
	if err := s.fs.MakeDir(s.dir); err != nil {
		return err
	}
	if err := s.fs.SyncDir(filepath.Dir(s.dir)); err != nil {
		return err
	}
	s.ready.Store(true)
	return nil
}

// open opens a file, whose size it returns.
func (s *spool) open(name string) (store.File, int64, error) {
	f, err := s.fs.OpenFile(filepath.Join(s.dir, name), 0)
	if err != nil {
		return nil, 0, err
	}
	size, err := f.Size()
	if err != nil {
		f.Close()
		return nil, 0, err
	}
	return f, size, nil
}

// read returns a small file.
func (s *spool) read(name string) ([]byte, error) {
	f, size, err := s.open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	const most = 8 << 20
	if size > most {
		return nil, fmt.Errorf("%s has %d bytes", name, size)
	}
	text := make([]byte, size)
	_, err = io.ReadFull(io.NewSectionReader(f, 0, size), text)
	return text, err
}

// names are those of all files, also of those that were never finished; none
// before there is a directory.
func (s *spool) names() []string {
	names, err := s.fs.List(s.dir)
	if err != nil {
		return nil
	}
	return names
}

// remove removes the files whose names begin so. What cannot be removed now is
// at the next start.
func (s *spool) remove(prefix string) {
	for _, name := range s.names() {
		if strings.HasPrefix(name, prefix) {
			s.fs.Remove(filepath.Join(s.dir, name))
		}
	}
}
