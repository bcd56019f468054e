package commitlog

import (
	"errors"
	"io/fs"
	"iter"
	"time"
)

// Read returns the records from offset from up to the newest at the time of the
// call, in order. It starts near from, not at the oldest record. A from below
// the oldest starts there; one beyond the newest gives nothing. Offsets that are
// known to be lost are passed over, and so are those that
// retention removes meanwhile.
//
// What is read is checked again: a *CorruptError, or the file system's error,
// ends the sequence. Readers do not hold up appends, nor each other.
func (l *Log) Read(from uint64) iter.Seq2[Record, error] {
	_, end := l.Bounds()
	return func(yield func(Record, error) bool) {
		for from := from; from < end; {
			r, err := l.reader(func(s *segment) bool { return s.next > from }, false)
			if err != nil {
				yield(Record{}, err)
				return
			}
			if !r.readTo(from, end, yield) {
				return
			}
			from = r.next
		}
	}
}

// readTo yields the records from offset from, below end, closes r, and reports
// whether to go on.
func (r *reader) readTo(from, end uint64, yield func(Record, error) bool) bool {
	defer r.close()
	for i := r.seek(from); i < len(r.marks); i++ {
		for record, err := range r.chunk(i).Records() {
			switch {
			case err != nil:
				yield(Record{}, err)
				return false
			case record.Offset < from:
			case record.Offset >= end || !yield(record, nil):
				return false
			}
		}
	}
	return true
}

// Chunks returns the log below offset before, as it is at the time of the
// iteration, in chunks, newest first. The first of them may hold records from
// before on too. Errors are as for Read.
func (l *Log) Chunks(before uint64) iter.Seq2[*Chunk, error] {
	return func(yield func(*Chunk, error) bool) {
		for before := before; ; {
			r, err := l.reader(func(s *segment) bool { return s.base < before && s.next > s.base }, true)
			if err != nil {
				yield(nil, err)
				return
			}
			if r == nil || !r.chunksBelow(before, yield) {
				return
			}
			before = r.base
		}
	}
}

// chunksBelow yields the chunks below before, newest first, closes r, and
// reports whether to go on.
func (r *reader) chunksBelow(before uint64, yield func(*Chunk, error) bool) bool {
	defer r.close()
	for i := r.seek(before - 1); i >= 0; i-- {
		if !yield(r.chunk(i), nil) {
			return false
		}
	}
	return true
}

// reader opens the first segment, or the last one, that is wanted; nil if none
// is. Its file may have been packed or removed since it was found: then there is
// another.
func (l *Log) reader(wanted func(*segment) bool, last bool) (*reader, error) {
	for missed := ""; ; {
		s, ok := l.find(wanted, last)
		if !ok {
			return nil, nil
		}
		r, err := l.openReader(s)
		if err == nil || !errors.Is(err, fs.ErrNotExist) || s.path == missed {
			return r, err
		}
		missed = s.path
	}
}

func (l *Log) find(wanted func(*segment) bool, last bool) (segment, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := range l.segments {
		if last {
			i = len(l.segments) - 1 - i
		}
		if s := &l.segments[i]; wanted(s) {
			return *s, true
		}
	}
	return segment{}, false
}

// Since returns an offset below which no record was committed at t or later: a
// Read from there meets all that were, and few others first.
func (l *Log) Since(t time.Time) uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := range l.segments {
		for _, m := range l.segments[i].marks {
			if m.newest >= t.UnixNano() {
				return m.offset
			}
		}
	}
	return l.next
}
