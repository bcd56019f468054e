package commitlog

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"time"
)

// Record is a record with its place.
type Record struct {
	Offset uint64
	Time   time.Time // when its batch was written, UTC
	Data   []byte    // valid until the next iteration
}

// Read returns the records from offset from up to the newest at the time of the
// call, in order. It starts near from, not at the oldest record. A from below
// the oldest starts there; one beyond the newest gives nothing.
//
// What is read is checked again: a *CorruptError, or the file system's error,
// ends the sequence. Readers do not hold up appends, nor each other.
func (l *Log) Read(from uint64) iter.Seq2[Record, error] {
	segments := l.segmentsFrom(from)
	return func(yield func(Record, error) bool) {
		for _, s := range segments {
			if !s.read(from, yield) {
				return
			}
		}
	}
}

// segmentsFrom returns the segments as they are now, starting with the one that
// holds offset from.
func (l *Log) segmentsFrom(from uint64) []segment {
	l.mu.Lock()
	defer l.mu.Unlock()
	first := len(l.segments) - 1
	for first > 0 && l.segments[first].base > from {
		first--
	}
	return slices.Clone(l.segments[first:])
}

// read yields the records of s from offset from, and returns false when the
// sequence is over.
func (s *segment) read(from uint64, yield func(Record, error) bool) bool {
	scan := newScanner(s.file, s.seek(from), s.size)
	for {
		position := scan.position
		b, _, err := scan.next()
		if err == io.EOF {
			return true
		}
		if err != nil {
			yield(Record{}, s.readError(position, err))
			return false
		}
		rest := b.records
		for offset := b.base; offset < b.base+uint64(b.count); offset++ {
			var data []byte
			data, rest, _ = cutRecord(rest) // parseBatch has checked them
			if offset >= from && !yield(Record{offset, b.time, data}, nil) {
				return false
			}
		}
	}
}

// readError tells damage from a file that could not be read.
func (s *segment) readError(position int64, err error) error {
	if _, ok := errors.AsType[damage](err); ok {
		return s.corrupt(position, err)
	}
	return fmt.Errorf("read %s at byte %d: %w", s.path, position, err)
}
