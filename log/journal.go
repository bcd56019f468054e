package log

import (
	"context"
	"fmt"

	"gradebook/log/commitlog"
)

// maxAnswer is the most bytes of records in one answer, unless a single one is larger.
const maxAnswer = 16 << 20

// journal is the log itself: entries in a commit log, and what is derived from them in memory.
type journal struct {
	log       *commitlog.Log
	index     *index
	producers *producers
	encoders  encoders
}

// openJournal reads the whole log once.
func openJournal(dir string, o commitlog.Options) (*journal, error) {
	l, err := commitlog.Open(dir, o)
	if err != nil {
		return nil, err
	}
	oldest, _ := l.Bounds()
	j := &journal{log: l, index: newIndex(oldest), producers: newProducers()}
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
			j.producers.note(r.instance, r.sequence)
		}
	}
	return j, nil
}

// append stores records, without those stored before, and returns those it stored and the offset
// of the first, 0 if there is none. All are on disk when it returns.
func (j *journal) append(records []record) (first uint64, stored []record, err error) {
	stored, claim := j.producers.claim(records)
	defer func() { claim.release(err == nil) }()
	if len(stored) == 0 {
		return 0, nil, nil
	}
	encoded := j.encoders.encode(stored)
	first, err = j.log.Append(encoded.records...)
	j.encoders.free(encoded)
	if err != nil {
		return 0, nil, err
	}
	j.index.add(first, stored)
	return first, stored, nil
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
