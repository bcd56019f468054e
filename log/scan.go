package log

import (
	"context"
	"fmt"
	"iter"
	"log/slog"
	"slices"

	"gradebook/log/commitlog"
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
	return j.scanShort(ctx, f, textFields)
}

// scanShort is scan with only the first so many texts of each entry, which is faster.
func (j *journal) scanShort(ctx context.Context, f *filter, texts int) iter.Seq2[found, error] {
	return func(yield func(found, error) bool) {
		s := newScanning(j, f)
		s.texts = texts
		for chunk, err := range j.chunks(ctx, f) {
			goOn := false
			if err == nil {
				goOn, err = s.chunk(chunk, yield)
			}
			if err != nil {
				yield(found{}, err)
			}
			if !goOn {
				return
			}
		}
	}
}

// chunks returns the chunks in which there may be entries that f wants, newest first.
func (j *journal) chunks(ctx context.Context, f *filter) iter.Seq2[*commitlog.Chunk, error] {
	return func(yield func(*commitlog.Chunk, error) bool) {
		for chunk, err := range j.log.Chunks(f.before) {
			if err == nil {
				err = ctx.Err()
			}
			if err == nil && chunk.Next <= f.after+1 || !yield(chunk, err) || err != nil {
				return
			}
		}
	}
}

// scanning is a scan under way.
type scanning struct {
	*filter
	journal *journal
	search  *search  // nil: for no text
	keys    []uint64 // in the filter of each block with a match
	texts   int      // how many of its texts an entry is found with, the first ones
	grown   bool     // past the newest chunk, to which records may still be added

	matches []commitlog.Record // of a raw chunk
	buffers [2][]byte
}

func newScanning(j *journal, f *filter) *scanning {
	s := &scanning{journal: j, filter: f, texts: textFields}
	if f.text != "" {
		s.search = newSearch(f.text)
		s.keys = s.search.keys()
	}
	if f.trace != "" {
		s.keys = appendTraceKeys(slices.Clip(s.keys), []byte(f.trace))
	}
	return s
}

// chunk yields the matches of a chunk, and reports whether to go on.
func (s *scanning) chunk(chunk *commitlog.Chunk, yield func(found, error) bool) (bool, error) {
	if inColumns(chunk) {
		return s.packed(chunk, yield)
	}
	return s.raw(chunk, yield)
}

// inColumns reports whether all records of a chunk are in the columns of a block.
func inColumns(chunk *commitlog.Chunk) bool {
	if chunk.Summary == nil {
		return false
	}
	summary := parseSummary(chunk.Summary)
	return !summary.stray()
}

// raw yields the matches of a chunk record by record, and reports whether to go on.
func (s *scanning) raw(chunk *commitlog.Chunk, yield func(found, error) bool) (bool, error) {
	s.matches = s.matches[:0]
	if err := s.each(chunk, func(stored commitlog.Record, _ *fields) { s.matches = append(s.matches, stored) }); err != nil {
		return false, err
	}
	for _, stored := range slices.Backward(s.matches) {
		f, err := parseFields(stored.Data)
		if err != nil || !yield(found{stored.Offset, f.record(s.texts)}, nil) {
			return false, err
		}
	}
	return true, nil
}

// each calls visit with the matches of a chunk, oldest first, looking at each record.
func (s *scanning) each(chunk *commitlog.Chunk, visit func(commitlog.Record, *fields)) error {
	grown := s.grown
	s.grown = true
	known, ok := s.journal.digests.find(chunk)
	if ok && (!known.summary.mayMatch(s.filter) || known.filter != nil && !holds(known.filter, s.keys)) {
		return nil
	}
	p := s.journal.packer.packing()
	defer s.journal.packer.pool.Put(p)
	for stored, err := range chunk.Records() {
		if err != nil {
			return err
		}
		r, err := parseFields(stored.Data)
		if err != nil {
			return fmt.Errorf("entry %d: %w", stored.Offset, err)
		}
		p.records = append(p.records, r)
		if stored.Offset > s.after && stored.Offset < s.before && s.matchesFields(&r) {
			visit(stored, &r)
		}
	}
	if grown && (!ok || known.filter == nil && len(s.keys) > 0) {
		s.journal.digests.keep(chunk, p.digest(chunk.Next, len(s.keys) > 0))
	}
	return nil
}

// summary returns what is known of a chunk without reading it; false if that is nothing.
func (s *scanning) summary(chunk *commitlog.Chunk) (summary, bool) {
	if chunk.Summary != nil {
		return parseSummary(chunk.Summary), true
	}
	known, ok := s.journal.digests.find(chunk)
	return known.summary, ok
}

// matchesFields looks at a record where it is.
func (s *scanning) matchesFields(r *fields) bool {
	return s.matchesHead(r.kind, slog.Level(r.level)) && r.time >= s.since && r.time < s.until &&
		(s.service == "" || string(r.texts[fieldService]) == s.service) &&
		(s.trace == "" || string(r.texts[fieldTrace]) == s.trace) &&
		(s.search == nil || s.search.matches(r.texts[fieldMessage], r.texts[fieldAttributes]))
}

// packed yields the matches of a block, and reports whether to go on.
func (s *scanning) packed(chunk *commitlog.Chunk, yield func(found, error) bool) (bool, error) {
	rows, err := s.open(chunk)
	if rows == nil {
		return err == nil, err
	}
	for row := range rows.matching {
		r := rows.block.record(row, s.texts)
		if rows.block.err != nil || !yield(found{chunk.First + uint64(row), r}, nil) {
			return false, rows.block.err
		}
	}
	return true, rows.block.err
}

// open returns the rows of a block, nil if none can match. It reads of the block only what is
// needed to tell.
func (s *scanning) open(chunk *commitlog.Chunk) (*rows, error) {
	s.journal.digests.forget(chunk.Next)
	summary := parseSummary(chunk.Summary)
	if !summary.mayMatch(s.filter) {
		return nil, nil
	}
	if len(s.keys) > 0 {
		filter, err := chunk.Filter()
		if err != nil || !holds(filter, s.keys) {
			return nil, err
		}
	}
	data, err := chunk.Data()
	if err != nil {
		return nil, err
	}
	b, err := openBlock(data)
	if err != nil {
		return nil, err
	}
	rows := s.rows(b, &summary)
	rows.begin = int(max(chunk.First, s.after+1) - chunk.First)
	rows.end = int(min(chunk.Next, s.before) - chunk.First)
	return rows, nil
}
