package store

import (
	"fmt"
	"iter"

	"gradebook/log/commitlog"
)

// Backward returns the records of revisions that are on disk, in their order,
// which must be from the newest to the oldest. It reads each part of the log
// once, however many of them lie in it. An error ends the sequence; for a
// revision that does not exist it is ErrNoRecord.
func (s *Store[M, R]) Backward(revisions iter.Seq[uint64]) iter.Seq2[Entry[R], error] {
	return func(yield func(Entry[R], error) bool) {
		next, stop := iter.Pull(revisions)
		defer stop()
		revision, more := next()
		if !more {
			return
		}
		for chunk, err := range s.log.Chunks(revision + 1) {
			if err != nil {
				yield(Entry[R]{}, err)
				return
			}
			var wanted []uint64 // in the chunk
			for ; more && revision >= chunk.First && revision < chunk.Next; revision, more = next() {
				wanted = append(wanted, revision)
			}
			if !yieldBackward(chunk, wanted, yield) {
				return
			}
			if !more {
				return
			}
		}
		yield(Entry[R]{}, fmt.Errorf("record %d: %w", revision, ErrNoRecord))
	}
}

// yieldBackward yields the wanted records of a chunk, and reports whether to go
// on.
func yieldBackward[R any](chunk *commitlog.Chunk, wanted []uint64, yield func(Entry[R], error) bool) bool {
	if len(wanted) == 0 {
		return true
	}
	found := make([]Entry[R], 0, len(wanted))
	for r, err := range chunk.Records() {
		left := len(wanted) - len(found) // the oldest are found first
		if err == nil && (left == 0 || r.Offset != wanted[left-1]) {
			continue
		}
		var entry Entry[R]
		if err == nil {
			entry, err = decode[R](r.Offset, r.Data)
		}
		if err != nil {
			yield(Entry[R]{}, err)
			return false
		}
		found = append(found, entry)
	}
	for i := len(found) - 1; i >= 0; i-- {
		if !yield(found[i], nil) {
			return false
		}
	}
	return true
}
