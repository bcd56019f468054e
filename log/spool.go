package log

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"gradebook/log/commitlog"
)

const (
	maxSpool     = 64 << 20 // bytes of all spool files of a service
	maxSpoolFile = 8 << 20  // from when the next one is begun, so that what was sent makes room
)

var (
	errNoSpool   = errors.New("no directory to keep entries in")
	errSpoolFull = errors.New("the spool is full")
)

// spool keeps lines in files until they are sent: those that earlier processes left, then this
// one's own. Each process writes files of its own, so that two that share a directory by mistake
// do not cut each other's lines. What is written is synced. It is for one goroutine.
type spool struct {
	dir   string
	name  string      // of this process's files, but for their numbers
	made  int         // how many it has made
	own   string      // path of the last of them
	files []spoolFile // that hold lines, oldest first
	pos   int64       // what was sent of files[0]
	w     *os.File    // own; nil until it is needed
}

type spoolFile struct {
	path string
	size int64
}

// openSpool finds what earlier processes left.
func openSpool(dir, instance string) (*spool, error) {
	s := &spool{dir: dir, name: "spool-" + instance}
	if dir == "" {
		return s, nil
	}
	left, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err != nil {
		return s, err
	}
	age := map[string]time.Time{}
	for _, entry := range left {
		if ok, _ := filepath.Match("spool-*.ndjson", entry.Name()); !ok {
			continue
		}
		info, err := entry.Info()
		if err != nil {
			return s, err
		}
		path := filepath.Join(dir, entry.Name())
		age[path] = info.ModTime()
		s.files = append(s.files, spoolFile{path, info.Size()})
	}
	slices.SortFunc(s.files, func(a, b spoolFile) int {
		return cmp.Or(age[a.path].Compare(age[b.path]), cmp.Compare(a.path, b.path))
	})
	return s, nil
}

func (s *spool) empty() bool { return len(s.files) == 0 }

// write adds lines; none of them if it fails.
func (s *spool) write(lines []byte) error {
	if s.dir == "" {
		return errNoSpool
	}
	total := int64(len(lines))
	for _, f := range s.files {
		total += f.size
	}
	if total > maxSpool {
		return errSpoolFull
	}
	if err := s.open(); err != nil {
		return err
	}
	last := &s.files[len(s.files)-1]
	_, err := s.w.Write(lines)
	if err == nil {
		err = s.w.Sync()
	}
	if err != nil {
		s.w.Truncate(last.size) // a disk that is full may have taken a part; a line cut short is refused later
		return err
	}
	last.size += int64(len(lines))
	return nil
}

// open makes sure that this process has a file with room, and that it is the last.
func (s *spool) open() error {
	if s.w != nil && s.files[len(s.files)-1].size < maxSpoolFile {
		return nil
	}
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return err
	}
	path := filepath.Join(s.dir, fmt.Sprintf("%s-%06d.ndjson", s.name, s.made+1))
	w, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	info, err := w.Stat() // not empty if it could not be removed
	if err == nil {
		err = commitlog.OS().SyncDir(s.dir)
	}
	if err != nil {
		w.Close()
		return err
	}
	s.close()
	s.w, s.own, s.made = w, path, s.made+1
	s.files = append(s.files, spoolFile{path, info.Size()})
	return nil
}

// next returns the lines of the next batch, without removing them; nil when the spool is empty.
// The end of a file that an earlier process could not complete is passed over. A file that cannot
// be read stays on disk, and next goes on with the one after it.
func (s *spool) next() ([]byte, error) {
	for !s.empty() {
		batch, err := s.read()
		if err == nil && len(batch) > 0 {
			return batch, nil
		}
		if err == nil || errors.Is(err, fs.ErrNotExist) {
			err = s.remove()
		} else {
			s.forget()
		}
		if err != nil {
			return nil, err
		}
	}
	return nil, nil
}

// read returns whole lines from pos on, at most a batch.
func (s *spool) read() ([]byte, error) {
	f, err := os.Open(s.files[0].path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b := make([]byte, maxBatch)
	n, err := f.ReadAt(b, s.pos)
	if err != nil && err != io.EOF {
		return nil, err
	}
	lines := wholeLines(b[:n], maxBatch)
	if lines == 0 && n == maxBatch { // damage: no line of ours is so long; let the log service refuse it
		lines = n
	}
	return b[:lines], nil
}

// consume removes the first n bytes of what next returned.
func (s *spool) consume(n int) error {
	s.pos += int64(n)
	info, err := os.Stat(s.files[0].path)
	if err == nil && s.pos < info.Size() {
		return nil
	}
	return s.remove()
}

// remove deletes the first file.
func (s *spool) remove() error {
	path := s.files[0].path
	s.forget() // closes it
	if err := os.Remove(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// forget takes the first file off the list.
func (s *spool) forget() {
	if s.files[0].path == s.own {
		s.close()
	}
	s.files, s.pos = s.files[1:], 0
}

func (s *spool) close() {
	if s.w != nil {
		s.w.Close()
		s.w = nil
	}
}
