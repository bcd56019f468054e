package log

import (
	"context"
	"iter"
	"slices"
)

const (
	maxRun = 512 // entries that a scan looks for at a time
	maxGap = 64  // entries that a scan rather reads over than starts another read
)

// found is an entry that a scan came upon.
type found struct {
	offset uint64
	record
}

// scan returns the entries that match f, newest first, all of them whatever its limit. It reads as
// it goes, so that who has enough may stop at any time. An error ends it: that of the log, or of
// ctx.
func (j *journal) scan(ctx context.Context, f *filter) iter.Seq2[found, error] {
	return func(yield func(found, error) bool) {
		before := f.before
		for most := 64; before > 0; most = min(2*most, maxRun) {
			if err := ctx.Err(); err != nil {
				yield(found{}, err)
				return
			}
			var offsets []uint64
			offsets, before = j.index.candidates(f, before, most)
			for len(offsets) > 0 {
				n := 1
				for n < len(offsets) && offsets[n-1]-offsets[n] <= maxGap {
					n++
				}
				if !j.scanRun(f, offsets[n-1], offsets[0], yield) {
					return
				}
				offsets = offsets[n:]
			}
		}
	}
}

// scanRun yields the matches from offset low to high, and returns false when the scan is over.
func (j *journal) scanRun(f *filter, low, high uint64, yield func(found, error) bool) bool {
	var run []found // oldest first, as they are read
	for stored, err := range j.log.Read(low) {
		var r record
		if err == nil {
			r, err = decodeRecord(stored.Data)
		}
		if err != nil {
			yield(found{}, err)
			return false
		}
		if f.matches(&r) {
			run = append(run, found{stored.Offset, r})
		}
		if stored.Offset == high {
			break
		}
	}
	for _, r := range slices.Backward(run) {
		if !yield(r, nil) {
			return false
		}
	}
	return true
}
