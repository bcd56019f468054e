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

// maxAnswer is the most bytes of records in one answer, unless a single one is larger.
const maxAnswer = 16 << 20

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

// query returns entries that match f, newest first, as many as fit in an answer, and whether there
// are older ones.
func (j *journal) query(ctx context.Context, f *filter) (entries []Entry, more bool, err error) {
	size := 0
	for r, err := range j.scan(ctx, f) {
		if err != nil {
			return nil, false, err
		}
		if size += r.size(); len(entries) == f.limit || len(entries) > 0 && size > maxAnswer {
			return entries, true, nil
		}
		entries = append(entries, r.entry(r.offset))
	}
	return entries, false, nil
}

// get returns one entry; false if there is none at that offset.
func (j *journal) get(offset uint64) (Entry, bool, error) {
	f := newFilter()
	f.before = offset + 1
	f.after = offset - 1
	for r, err := range j.scan(context.Background(), &f) {
		return r.entry(offset), err == nil, err
	}
	return Entry{}, false, nil
}
