package commitlog

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

// tempSuffix ends the name of a file that is not complete.
const tempSuffix = ".tmp"

// recover brings l from an empty value to what is on disk.
func (l *Log) recover() error {
	fsys := l.o.FS
	if err := fsys.MakeDir(l.dir); err != nil {
		return err
	}
	var err error
	if l.lock, err = fsys.Lock(l.path("lock")); err != nil {
		return err
	}
	spare, err := l.survey()
	if err == nil && l.o.Repair {
		if err := l.repair(); err != nil {
			return err
		}
		spare, err = l.survey()
	}
	if err != nil {
		return err
	}
	if err := l.scanAll(); err != nil {
		return err
	}
	for _, path := range spare { // now that what they are a copy of is known to be well
		if err := fsys.Remove(path); err != nil {
			return err
		}
	}
	return l.settle()
}

// survey finds out which segments there are, in order, and which holes. It
// returns the files that are left of what was under way when a process ended: what
// was being written aside, and packed segments whose raw one is still there.
func (l *Log) survey() (spare []string, err error) {
	names, err := l.o.FS.List(l.dir)
	if err != nil {
		return nil, err
	}
	l.holes, l.segments = holesOf(names), nil
	for _, name := range names {
		base, packed, ok := parseSegmentName(name)
		switch {
		case isUnfinished(name) || packed && slices.Contains(names, segmentName(base, rawSuffix)):
			spare = append(spare, l.path(name))
		case packed && l.o.Packer == nil:
			return nil, fmt.Errorf("%s is a packed segment, which this program cannot read", l.path(name))
		case ok:
			l.segments = append(l.segments, segment{base: base, next: base, path: l.path(name), packed: packed})
		}
	}
	slices.SortFunc(l.segments, func(a, b segment) int { return strings.Compare(a.path, b.path) })
	return spare, nil
}

// scanAll checks all segments, and starts one for the next record if need be.
func (l *Log) scanAll() error {
	if len(l.segments) > 0 {
		l.next = l.segments[0].base
	}
	for i := range l.segments {
		if err := l.scan(i); err != nil {
			return err
		}
	}
	n := len(l.segments)
	if n == 0 && len(l.holes) > 0 {
		l.next = l.holes[0].First
	}
	end := pass(l.holes, l.next, math.MaxUint64)
	if n > 0 && !l.segments[n-1].packed && end == l.next {
		return nil
	}
	l.next = end
	return l.roll()
}

// isUnfinished reports whether a file is one that was being written aside.
func isUnfinished(name string) bool {
	name, ok := strings.CutSuffix(name, tempSuffix)
	_, _, segment := parseSegmentName(name)
	_, hole := parseDamagedName(name)
	return ok && (segment || hole)
}

// scan checks segment i and notes its chunks. In the last segment, if it is raw,
// it sets an invalid end aside.
func (l *Log) scan(i int) error {
	s := &l.segments[i]
	if pass(l.holes, l.next, s.base) != s.base {
		return s.corrupt(0, fmt.Errorf("it starts with record %d, but record %d is next: a segment is missing or cut short", s.base, l.next))
	}
	f, err := l.o.FS.OpenFile(s.path, 0)
	if err != nil {
		return err
	}
	last := i == len(l.segments)-1 && !s.packed
	if last {
		l.output = output{file: f, path: s.path} // closed when the log is
	} else {
		defer f.Close()
	}
	end, err := f.Size()
	if err != nil {
		return fmt.Errorf("size of %s: %w", s.path, err)
	}
	err = s.scan(f, end)
	if _, damaged := errors.AsType[damage](err); damaged && last {
		err = l.setAside(s, end, err)
	} else if err != nil {
		err = s.failed(s.size, err)
	}
	l.next, l.output.size = s.next, s.size
	return err
}

// scan notes the chunks of f, which is the file of s and ends at end. The error
// is about what is at s.size.
func (s *segment) scan(f File, end int64) error {
	for scan := newScanner(f, 0, end); ; {
		var err error
		if s.packed {
			err = s.scanBlock(scan)
		} else {
			err = s.scanBatch(scan)
		}
		switch {
		case err == io.EOF:
			return nil
		case err != nil:
			return err
		}
	}
}

func (s *segment) scanBatch(scan *scanner) error {
	f, size, err := scan.next()
	switch {
	case err != nil:
		return err
	case f.kind != kindBatch:
		return damage("part of a packed segment")
	case f.base != s.next:
		return &misplacedError{f.base, s.next}
	}
	s.add(f, size)
	return nil
}

// scanBlock reads the three frames of a block.
func (s *segment) scanBlock(scan *scanner) error {
	m := mark{offset: s.next, position: s.size}
	var first frame
	for want := kindSummary; want <= kindData; want++ {
		f, size, err := scan.next()
		switch {
		case err == io.EOF && want > kindSummary:
			return damage("block is cut short")
		case err != nil:
			return err
		case f.base != s.next:
			return &misplacedError{f.base, s.next}
		case f.kind != want || want > kindSummary && f.count != first.count:
			return damage("another part of a block than the one that belongs here")
		case want == kindSummary:
			first, m.summary, m.newest = f, append([]byte{}, f.body...), f.time.UnixNano()
		case want == kindFilter:
			m.filter = size
		}
	}
	s.marks = append(s.marks, m)
	s.size = scan.position
	s.next = first.next()
	return nil
}

// misplacedError says that a valid frame is not where it belongs, which no
// interrupted write can do.
type misplacedError struct{ found, next uint64 }

func (e *misplacedError) Error() string {
	return fmt.Sprintf("a batch starts with record %d, but record %d is next", e.found, e.next)
}

// setAside moves what follows the last batch of s, up to end, to a file of its
// own, unless a batch is in it: then it was not the last write that went wrong.
func (l *Log) setAside(s *segment, end int64, reason error) error {
	rest := make([]byte, end-s.size)
	if _, err := l.output.file.ReadAt(rest, s.size); err != nil && err != io.EOF {
		return fmt.Errorf("read %s at byte %d: %w", s.path, s.size, err)
	}
	if i := findFrame(rest); i >= 0 {
		return s.corrupt(s.size, fmt.Errorf("%w, and a valid batch follows at byte %d", reason, s.size+int64(i)))
	}
	name := fmt.Sprintf("%020d-%d", s.base, s.size)
	path, err := l.saveTail(name, rest)
	full := errors.Is(err, syscall.ENOSPC) && errors.Is(reason, errCutShort)
	if err != nil && !full {
		return fmt.Errorf("set the damaged end of %s aside: %w", s.path, err)
	}
	if err := cut(l.output.file, s.size); err != nil {
		return fmt.Errorf("cut the damaged end of %s: %w", s.path, err)
	}
	if full { // now there is room; if not, what is lost is a batch that was never whole, nor answered
		path, err = l.saveTail(name, rest)
	}
	l.tail = path
	what := "commit log ended in an unfinished write, which was set aside"
	if err != nil {
		what = "commit log ended in an unfinished write, which was cut off, since there is no room for it"
	}
	l.o.Logger.Warn(what, "segment", s.path, "byte", s.size, "bytes", len(rest), "reason", reason.Error(), "saved", path)
	return nil
}

// saveTail writes data to a new file, on disk, and returns its path.
func (l *Log) saveTail(name string, data []byte) (string, error) {
	path := l.path(name + ".tail")
	err := l.writeFile(path, os.O_EXCL, data)
	for i := 2; errors.Is(err, fs.ErrExist); i++ {
		path = l.path(fmt.Sprintf("%s-%d.tail", name, i))
		err = l.writeFile(path, os.O_EXCL, data)
	}
	if err != nil {
		return "", err
	}
	return path, l.o.FS.SyncDir(l.dir)
}

// writeFile creates a file, opened with flag, and puts content into it, on disk.
func (l *Log) writeFile(path string, flag int, content []byte) error {
	f, err := l.o.FS.OpenFile(path, os.O_CREATE|flag)
	if err != nil {
		return err
	}
	defer f.Close()
	if _, err := f.WriteAt(content, 0); err != nil {
		l.o.FS.Remove(path) // a full disk has no room for half of it
		return err
	}
	return f.Sync()
}

// settle makes sure that all that was found is on disk, and not only in the
// memory of the system: the process before this one may have been killed between
// write and sync, or have stopped because of a failed sync. In the latter case
// the system takes the last batch for written, and syncs it only when it is
// written again. What is written is what is there, so that a crash on the way
// does no harm.
func (l *Log) settle() error {
	o, s := &l.output, &l.segments[len(l.segments)-1]
	if s.size > 0 {
		from := s.marks[len(s.marks)-1].position // the last batch is in the last chunk
		b := make([]byte, s.size-from)
		if _, err := o.file.ReadAt(b, from); err != nil && err != io.EOF {
			return fmt.Errorf("read %s at byte %d: %w", s.path, from, err)
		}
		if _, err := o.file.WriteAt(b, from); err != nil {
			return fmt.Errorf("write the end of %s again: %w", s.path, err)
		}
	}
	if err := o.file.Sync(); err != nil {
		return fmt.Errorf("sync %s: %w", s.path, err)
	}
	if err := l.o.FS.SyncDir(l.dir); err != nil {
		return fmt.Errorf("sync directory %s: %w", l.dir, err)
	}
	// Its parents may be as new. One that we may not open was not made by us.
	for dir := l.dir; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if err := l.o.FS.SyncDir(filepath.Dir(dir)); errors.Is(err, syscall.EIO) {
			return err
		}
	}
	return nil
}
