package commitlog

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// recover brings l from an empty value to what is on disk.
func (l *Log) recover() error {
	fsys := l.o.FS
	if err := fsys.MakeDir(l.dir); err != nil {
		return err
	}
	var err error
	if l.lock, err = fsys.Lock(filepath.Join(l.dir, "lock")); err != nil {
		return err
	}
	names, err := fsys.List(l.dir)
	if err != nil {
		return err
	}
	if err := l.openSegments(names); err != nil {
		return err
	}
	last := mark{}
	for i := range l.segments {
		if last, err = l.scan(i); err != nil {
			return err
		}
	}
	if len(l.segments) == 0 {
		if err := l.roll(); err != nil {
			return err
		}
	}
	return l.settle(last)
}

// openSegments opens the segments among names, which are sorted and thus in
// order.
func (l *Log) openSegments(names []string) error {
	for _, name := range names {
		base, ok := parseSegmentName(name)
		if !ok {
			continue
		}
		path := filepath.Join(l.dir, name)
		f, err := l.o.FS.OpenFile(path, 0)
		if err != nil {
			return err
		}
		l.segments = append(l.segments, segment{base: base, path: path, file: f})
	}
	if len(l.segments) > 0 {
		l.next = l.segments[0].base
	}
	return nil
}

// scan checks segment i, notes its batches, and returns where the last one is.
// In the last segment it sets an invalid end aside.
func (l *Log) scan(i int) (last mark, err error) {
	s := &l.segments[i]
	if s.base != l.next {
		return last, s.corrupt(0, fmt.Errorf("it starts with record %d, but record %d is next: a segment is missing or cut short", s.base, l.next))
	}
	end, err := s.file.Size()
	if err != nil {
		return last, fmt.Errorf("size of %s: %w", s.path, err)
	}
	scan := newScanner(s.file, 0, end)
	for {
		b, n, err := scan.next()
		if err == io.EOF {
			return last, nil
		}
		if err != nil {
			_, damaged := errors.AsType[damage](err)
			if damaged && i == len(l.segments)-1 {
				return last, l.setAside(s, end, err)
			}
			return last, s.readError(s.size, err)
		}
		if b.base != l.next {
			return last, s.corrupt(s.size, fmt.Errorf("a batch starts with record %d, but record %d is next", b.base, l.next))
		}
		last = mark{b.base, s.size}
		s.add(b.base, n)
		l.next += uint64(b.count)
	}
}

// setAside moves what follows the last batch of s, up to end, to a file of its
// own, unless a batch is in it: then it was not the last write that went wrong.
func (l *Log) setAside(s *segment, end int64, reason error) error {
	rest := make([]byte, end-s.size)
	if _, err := s.file.ReadAt(rest, s.size); err != nil && err != io.EOF {
		return fmt.Errorf("read %s at byte %d: %w", s.path, s.size, err)
	}
	if i := findBatch(rest); i >= 0 {
		return s.corrupt(s.size, fmt.Errorf("%w, and a valid batch follows at byte %d", reason, s.size+int64(i)))
	}
	path, err := l.saveTail(fmt.Sprintf("%020d-%d", s.base, s.size), rest)
	if err != nil {
		return fmt.Errorf("set the damaged end of %s aside: %w", s.path, err)
	}
	if err := cut(s.file, s.size); err != nil {
		return fmt.Errorf("cut the damaged end of %s: %w", s.path, err)
	}
	l.tail = path
	l.o.Logger.Warn("commit log ended in an unfinished write, which was set aside",
		"segment", s.path, "byte", s.size, "bytes", len(rest), "reason", reason.Error(), "saved", path)
	return nil
}

// saveTail writes data to a new file, on disk, and returns its path.
func (l *Log) saveTail(name string, data []byte) (string, error) {
	path := filepath.Join(l.dir, name+".tail")
	f, err := l.o.FS.OpenFile(path, os.O_CREATE|os.O_EXCL)
	for i := 2; errors.Is(err, fs.ErrExist); i++ {
		path = filepath.Join(l.dir, fmt.Sprintf("%s-%d.tail", name, i))
		f, err = l.o.FS.OpenFile(path, os.O_CREATE|os.O_EXCL)
	}
	if err != nil {
		return "", err
	}
	defer f.Close()
	if _, err := f.WriteAt(data, 0); err != nil {
		return "", err
	}
	if err := f.Sync(); err != nil {
		return "", err
	}
	return path, l.o.FS.SyncDir(l.dir)
}

// settle makes sure that all that was found is on disk, and not only in the
// memory of the system: the process before this one may have been killed between
// write and sync, or have stopped because of a failed sync. In the latter case
// the system takes the last batch for written, and syncs it only when it is
// written again. That is no more dangerous to what is on disk than an append,
// which also writes the last block of a file again.
func (l *Log) settle(last mark) error {
	s := l.active()
	if s.size > 0 {
		b := make([]byte, s.size-last.position)
		if _, err := s.file.ReadAt(b, last.position); err != nil && err != io.EOF {
			return fmt.Errorf("read %s at byte %d: %w", s.path, last.position, err)
		}
		if _, err := s.file.WriteAt(b, last.position); err != nil {
			return fmt.Errorf("write the last batch of %s again: %w", s.path, err)
		}
	}
	if err := s.file.Sync(); err != nil {
		return fmt.Errorf("sync %s: %w", s.path, err)
	}
	if err := l.o.FS.SyncDir(l.dir); err != nil {
		return fmt.Errorf("sync directory %s: %w", l.dir, err)
	}
	// Its parents may be as new. One that we may not open was not made by us.
	for dir := l.dir; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		_ = l.o.FS.SyncDir(filepath.Dir(dir))
	}
	return nil
}
