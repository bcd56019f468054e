package store

import (
	"encoding/json"
	"fmt"
	"iter"
	"strconv"
	"time"
)

// MaxRecord is the largest record in bytes, as JSON with its envelope.
const MaxRecord = 4 << 20

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

// encode returns record as it is written.
func encode[R any](at time.Time, record R) (data []byte, err error) {
	if a, ok := any(&record).(Appender); ok {
		data = append(strconv.AppendInt(append(make([]byte, 0, 512), `{"v":`...), recordVersion, 10), `,"at":"`...)
		data = append(at.AppendFormat(data, time.RFC3339Nano), `","r":`...)
		if data, err = a.AppendJSON(data); err == nil {
			data = append(data, '}')
		}
	} else {
		data, err = json.Marshal(envelope[R]{recordVersion, at, record})
	}
	switch {
	case err != nil:
		return nil, fmt.Errorf("encode record: %w", err)
	case len(data) > MaxRecord:
		return nil, &TooLargeError{len(data)}
	}
	return data, nil
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
