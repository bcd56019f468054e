package commitlog

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// repair makes of segments, some of them damaged, what Open takes: everything
// that is whole stays at its offsets, and everything else goes into .damaged
// files. It changes nothing of what is well.
//
// It can be interrupted anywhere and run again, since a damaged segment stays as
// it is until all of it is elsewhere on disk, and a hole is between segments
// only: Open refuses what is not finished.
func (l *Log) repair() error {
	for i, s := range l.segments {
		limit := uint64(0)
		if i+1 < len(l.segments) {
			limit = l.segments[i+1].base
		}
		if err := l.mend(s, limit); err != nil {
			return fmt.Errorf("repair %s: %w", s.path, err)
		}
	}
	return nil
}

// mend repairs s, whose offsets end at limit, or 0 if it is the last segment.
func (l *Log) mend(s segment, limit uint64) error {
	b, frames, err := l.load(s.path)
	if err != nil {
		return err
	}
	tail, last := len(b), limit == 0
	if last {
		limit, tail = extent(s, b, frames)
	}
	pieces := salvage(frames, s.packed, s.base, limit)
	lost := losses(b[:tail], pieces, s.base, limit)
	if len(lost) > 0 {
		if ok, err := l.isPacked(s.base, limit); err != nil {
			return err
		} else if ok {
			return l.remove(s.path)
		}
	}
	for i := range lost {
		if err := l.saveDamaged(s, &lost[i]); err != nil {
			return err
		}
	}
	parts, err := l.parts(b, pieces)
	if err != nil {
		return err
	}
	if last && len(parts) == 0 {
		parts = []part{{first: s.base}} // offsets go on from here
	}
	if last {
		end := &parts[len(parts)-1]
		end.content = append(end.content, b[tail:]...)
	}
	return l.replaceBy(s, b, parts)
}

// isPacked reports whether the records from base up to limit are in a packed
// segment that is whole: the process ended before it removed the raw one.
func (l *Log) isPacked(base, limit uint64) (bool, error) {
	b, frames, err := l.load(l.path(segmentName(base, packedSuffix)))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	pieces := salvage(frames, true, base, limit)
	bare := slices.ContainsFunc(pieces, func(p piece) bool { return p.bare })
	return !bare && len(losses(b, pieces, base, limit)) == 0, err
}

// extent returns the offset at which the last segment ends, as far as one can
// know, and the position of its tail: what follows the last batch is left to Open,
// since it may be a write that was interrupted.
func extent(s segment, b []byte, frames []placed) (limit uint64, tail int) {
	limit, tail = s.base, len(b)
	for _, f := range frames {
		limit = max(limit, f.next())
	}
	if !s.packed {
		tail = 0
		for _, f := range frames {
			tail = int(f.end)
		}
	}
	return limit, tail
}

// part is a segment that is to be written.
type part struct {
	first   uint64
	content []byte
}

// parts puts pieces of b together whose offsets follow each other.
func (l *Log) parts(b []byte, pieces []piece) (parts []part, err error) {
	for i, p := range pieces {
		if i == 0 || p.first != pieces[i-1].next {
			parts = append(parts, part{first: p.first})
		}
		last := &parts[len(parts)-1]
		if p.bare {
			last.content, err = l.remake(last.content, b[p.begin:p.end])
		} else {
			last.content = append(last.content, b[p.begin:p.end]...)
		}
		if err != nil {
			return nil, err
		}
	}
	return parts, nil
}

// replaceBy puts parts in the place of s, which holds b. The one that has the
// name of s comes last: as long as s is there, a repair can begin again.
func (l *Log) replaceBy(s segment, b []byte, parts []part) error {
	if len(parts) == 1 && parts[0].first == s.base && bytes.Equal(parts[0].content, b) {
		return nil // nothing is damaged
	}
	for _, p := range slices.Backward(parts) {
		if err := l.writeAside(l.path(segmentName(p.first, filepath.Ext(s.path))), p.content); err != nil {
			return err
		}
	}
	if len(parts) > 0 && parts[0].first == s.base {
		return nil
	}
	return l.remove(s.path)
}

// remake appends the block of which data is the frame with the data.
func (l *Log) remake(b, data []byte) ([]byte, error) {
	f, _, err := cutFrame(data)
	if err != nil {
		return nil, err
	}
	records, err := l.o.Packer.Unpack(f.body)
	if err != nil {
		return nil, err
	}
	packed, err := l.o.Packer.Pack(records)
	if err != nil {
		return nil, err
	}
	return appendBlock(b, packed, f.base, f.count, f.time)
}

// saveDamaged keeps the bytes of a loss, and makes its hole known to Open.
func (l *Log) saveDamaged(s segment, lost *loss) error {
	if len(lost.bytes) == 0 && pass(l.holes, lost.First, lost.Next) == lost.Next {
		return nil // by an earlier repair
	}
	for n := 1; ; n++ {
		path := l.path(damagedName(lost.Hole, n))
		old, err := l.readFile(path)
		if err == nil && !bytes.Equal(old, lost.bytes) {
			continue // of an earlier repair
		}
		if errors.Is(err, fs.ErrNotExist) {
			err = l.writeAside(path, lost.bytes)
		}
		if err != nil {
			return err
		}
		l.o.Logger.Warn("a damaged part of the log was set aside", "segment", s.path, "saved", path, "bytes", len(lost.bytes),
			"first", lost.First, "records", lost.Next-lost.First)
		return nil
	}
}

// writeAside puts a file with this content at path, on disk, in one step.
func (l *Log) writeAside(path string, content []byte) error {
	if err := l.writeFile(path+tempSuffix, os.O_TRUNC, content); err != nil {
		return err
	}
	if err := l.o.FS.Rename(path+tempSuffix, path); err != nil {
		return err
	}
	return l.o.FS.SyncDir(l.dir)
}

// readFile returns the content of a file.
func (l *Log) readFile(path string) ([]byte, error) {
	f, err := l.o.FS.OpenFile(path, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	size, err := f.Size()
	if err != nil {
		return nil, err
	}
	b := make([]byte, size)
	if n, err := f.ReadAt(b, 0); n < len(b) {
		return nil, fmt.Errorf("read %s at byte %d: %w", path, n, noEOF(err))
	}
	return b, nil
}

// load reads a segment.
func (l *Log) load(path string) (b []byte, frames []placed, err error) {
	if b, err = l.readFile(path); err == nil {
		frames, err = framesIn(b)
	}
	return b, frames, err
}

// remove removes a file for good.
func (l *Log) remove(path string) error {
	if err := l.o.FS.Remove(path); err != nil {
		return err
	}
	return l.o.FS.SyncDir(l.dir)
}
