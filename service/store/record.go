package store

import (
	"encoding/json"
	"fmt"
	"iter"
	"strconv"
	"time"
)

// MaxRecord is the largest record in bytes, as JSON with its envelope. What is
// done at once is undone at once, and is therefore one record.
const MaxRecord = 64 << 20

// recordVersion is the version of the envelope, not of what is in it.
const recordVersion = 1

// Entry is a record with its revision and the time at which it was decided.
type Entry[R any] struct {
	Revision uint64
	At       time.Time // UTC
	Record   R
}

// envelope is an Entry in the log, where its place is its revision.
type envelope[R any] struct {
	Version int       `json:"v"`
	At      time.Time `json:"at"`
	Record  R         `json:"r"`
}

// Appender is a record that can write its own JSON, which must be what
// encoding/json would write; a record whose pointer is one costs less.
type Appender interface {
	AppendJSON(b []byte) ([]byte, error)
}

// encode appends record to b as it is written; after an error b is as it was.
func encode[R any](b []byte, at time.Time, record R) (_ []byte, err error) {
	start := len(b)
	if a, ok := any(&record).(Appender); ok {
		b = append(strconv.AppendInt(append(b, `{"v":`...), recordVersion, 10), `,"at":"`...)
		b = append(at.AppendFormat(b, time.RFC3339Nano), `","r":`...)
		b, err = a.AppendJSON(b)
		b = append(b, '}')
	} else {
		var text []byte
		text, err = json.Marshal(envelope[R]{recordVersion, at, record})
		b = append(b, text...)
	}
	switch size := len(b) - start; {
	case err != nil:
		return b[:start], fmt.Errorf("encode record: %w", err)
	case size > MaxRecord:
		return b[:start], &TooLargeError{size, MaxRecord}
	}
	return b, nil
}

func decode[R any](revision uint64, data []byte) (Entry[R], error) {
	var e envelope[R]
	if err := json.Unmarshal(data, &e); err != nil {
		return Entry[R]{}, fmt.Errorf("decode record %d: %w", revision, err)
	}
	if e.Version != recordVersion {
		return Entry[R]{}, fmt.Errorf("decode record %d: it has version %d, this program knows version %d", revision, e.Version, recordVersion)
	}
	return Entry[R]{revision, e.At, e.Record}, nil
}

// Records returns the records from a revision up to the newest on disk at the
// time of the call, in order. It reads them from disk, starting near from. An
// error ends the sequence.
func (s *Store[M, R]) Records(from uint64) iter.Seq2[Entry[R], error] {
	records := s.log.Read(from)
	return func(yield func(Entry[R], error) bool) {
		for r, err := range records {
			if err != nil {
				yield(Entry[R]{}, err)
				return
			}
			if entry, err := decode[R](r.Offset, r.Data); !yield(entry, err) || err != nil {
				return
			}
		}
	}
}

// Record returns the record of a revision that is on disk; another revision is
// ErrNoRecord. It costs about as much as reading 32 KiB.
func (s *Store[M, R]) Record(revision uint64) (Entry[R], error) {
	for r, err := range s.log.Read(max(revision, 1)) {
		if err != nil {
			return Entry[R]{}, err
		}
		if r.Offset == revision {
			return decode[R](r.Offset, r.Data)
		}
		break
	}
	return Entry[R]{}, fmt.Errorf("record %d: %w", revision, ErrNoRecord)
}

// Revision returns the revision of the newest record on disk, 0 if there is
// none.
func (s *Store[M, R]) Revision() uint64 {
	_, next := s.log.Bounds()
	return next - 1
}

// Changed returns a channel that is closed when the next records are on disk.
// To follow the store, take the channel, read Records to the end, then wait.
// Close does not close it.
func (s *Store[M, R]) Changed() <-chan struct{} { return s.log.Changed() }
