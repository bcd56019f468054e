package log

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"gradebook/log/commitlog"
)

const (
	maxRun    = 4096     // entries that a query looks for at a time
	maxGap    = 64       // entries that a query rather reads over than starts another read
	maxAnswer = 16 << 20 // bytes of records in one answer, unless a single one is larger
)

// journal is the log itself: entries in a commit log, and what is derived from them in memory.
type journal struct {
	log   *commitlog.Log
	index *index

	// numbering is held while entries that carry a sequence are stored, so that a repeat is only
	// called one when the first is on disk. It guards last.
	numbering sync.Mutex
	last      map[string]uint64 // highest sequence stored of each instance
}

// openJournal reads the whole log once.
func openJournal(dir string, o commitlog.Options) (*journal, error) {
	l, err := commitlog.Open(dir, o)
	if err != nil {
		return nil, err
	}
	oldest, _ := l.Bounds()
	j := &journal{log: l, index: newIndex(oldest), last: map[string]uint64{}}
	for stored, err := range l.Read(oldest) {
		var r record
		if err == nil {
			r, err = decodeRecord(stored.Data)
		}
		if err != nil {
			l.Close()
			return nil, fmt.Errorf("open the log in %s at offset %d: %w", dir, stored.Offset, err)
		}
		j.index.add(stored.Offset, []record{r})
		if r.numbered() {
			j.last[strings.Clone(r.instance)] = max(j.last[r.instance], r.sequence)
		}
	}
	return j, nil
}

// numbered reports whether the sender can repeat this entry without harm.
func (r *record) numbered() bool { return r.instance != "" && r.sequence != 0 }

// append stores records, without those stored before, and returns those it stored and the offset
// of the first, 0 if there is none. All are on disk when it returns.
func (j *journal) append(records []record) (first uint64, stored []record, err error) {
	if slices.ContainsFunc(records, func(r record) bool { return r.numbered() }) {
		j.numbering.Lock()
		defer j.numbering.Unlock()
		var last map[string]uint64
		records, last = j.fresh(records)
		defer func() {
			if err == nil {
				maps.Copy(j.last, last)
			}
		}()
	}
	if len(records) == 0 {
		return 0, nil, nil
	}
	encoded := make([][]byte, len(records))
	for i := range records {
		encoded[i] = records[i].encode()
	}
	if first, err = j.log.Append(encoded...); err != nil {
		return 0, nil, err
	}
	j.index.add(first, records)
	return first, records, nil
}

// fresh leaves out the repeats, and returns the sequences that are highest after the rest.
func (j *journal) fresh(records []record) ([]record, map[string]uint64) {
	last := map[string]uint64{}
	fresh := make([]record, 0, len(records))
	for _, r := range records {
		if r.numbered() {
			seen, ok := last[r.instance]
			if !ok {
				seen = j.last[r.instance]
			}
			if r.sequence <= seen {
				continue
			}
			last[strings.Clone(r.instance)] = r.sequence
		}
		fresh = append(fresh, r)
	}
	return fresh, last
}

// query returns entries that match f, newest first, and whether there may be older ones.
func (j *journal) query(ctx context.Context, f *filter) (entries []Entry, more bool, err error) {
	a := answer{filter: f}
	before := f.before
	for most := f.limit; before > 0; most = min(2*most, maxRun) {
		if err := ctx.Err(); err != nil {
			return nil, false, err
		}
		var offsets []uint64
		offsets, before = j.index.candidates(f, before, most)
		for len(offsets) > 0 {
			n := 1
			for n < len(offsets) && offsets[n-1]-offsets[n] <= maxGap {
				n++
			}
			if err := a.read(j.log, offsets[n-1], offsets[0]); err != nil {
				return nil, false, err
			}
			if offsets = offsets[n:]; a.full() {
				return a.entries, a.cut || len(offsets) > 0 || before > 0, nil
			}
		}
	}
	return a.entries, false, nil
}

// answer collects what a query finds.
type answer struct {
	filter  *filter
	entries []Entry // newest first
	size    int     // of their records in bytes
	cut     bool    // older ones were found but did not fit
}

func (a *answer) full() bool {
	return a.cut || len(a.entries) >= a.filter.limit || a.size >= maxAnswer
}

// read adds the entries from offset low to high that match: as many of the newest as fit.
func (a *answer) read(l *commitlog.Log, low, high uint64) error {
	type match struct {
		record
		offset uint64
		size   int
	}
	var found []match // oldest first, as they are read
	for stored, err := range l.Read(low) {
		var r record
		if err == nil {
			r, err = decodeRecord(stored.Data)
		}
		if err != nil {
			return err
		}
		if a.filter.matches(&r) {
			found = append(found, match{r, stored.Offset, len(stored.Data)})
			a.size += len(stored.Data)
		}
		for len(found) > 1 && (a.size > maxAnswer || len(a.entries)+len(found) > a.filter.limit) {
			a.size -= found[0].size
			found, a.cut = found[1:], true
		}
		if stored.Offset == high {
			break
		}
	}
	for _, m := range slices.Backward(found) {
		a.entries = append(a.entries, m.entry(m.offset))
	}
	return nil
}

// get returns one entry; false if there is none at that offset.
func (j *journal) get(offset uint64) (Entry, bool, error) {
	if offset < j.index.base || offset >= j.index.end() {
		return Entry{}, false, nil
	}
	everything := newFilter()
	a := answer{filter: &everything}
	if err := a.read(j.log, offset, offset); err != nil || len(a.entries) == 0 {
		return Entry{}, false, err
	}
	return a.entries[0], true, nil
}
