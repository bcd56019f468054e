package log

import (
	"cmp"
	"encoding/binary"
	"iter"
	"log/slog"
	"maps"
	"math"
	"slices"

	"gradebook/log/column"
)

const (
	summaryVersion = 1
	maxSummarized  = 64 // different counts, or instances, beyond which a summary has none
)

// What a summary says beside its numbers.
const (
	summaryStray     = 1 << iota // something is no record
	summaryCounts                // it has counts: all of them
	summaryInstances             // it has instances: all of them
)

// summary is what is known of a block without reading it: the version, flags, the smallest and the
// largest time (8 bytes each), then lists: how many entries there are of each service, kind and
// level, and the highest sequence of each instance. Its methods allocate nothing.
type summary struct {
	flags       byte
	first, last int64 // times
	lists       column.Reader
}

// share is how many entries of a block have the same service, kind and level.
type share struct {
	service []byte // in the summary's memory
	kind    kind
	level   int8
	count   int
}

// parseSummary reads what appendSummary wrote; what it cannot read, is a summary that says nothing.
func parseSummary(data []byte) summary {
	c := column.Reader{Rest: data}
	if c.Byte() != summaryVersion {
		return summary{first: math.MinInt64, last: math.MaxInt64}
	}
	s := summary{flags: c.Byte(), first: int64(c.Uint64()), last: int64(c.Uint64())}
	s.lists = c
	return s
}

// stray reports whether a record is in the block that this program cannot read.
func (s *summary) stray() bool { return s.flags&summaryStray != 0 }

// counted reports whether shares returns all entries.
func (s *summary) counted() bool { return s.flags&summaryCounts != 0 }

// shares returns how many entries there are of each service, kind and level, if it is counted.
func (s *summary) shares() iter.Seq[share] {
	return func(yield func(share) bool) {
		lists := s.lists
		for range lists.UpTo(maxSummarized) {
			t := share{service: lists.Text(), kind: kind(lists.Byte()), level: int8(lists.Byte()), count: int(lists.Uvarint())}
			if lists.Bad || !yield(t) {
				return
			}
		}
	}
}

// sequences returns the highest sequence of each instance; not ok if there are too many for a
// summary.
func (s *summary) sequences() (instances iter.Seq2[[]byte, uint64], ok bool) {
	return func(yield func([]byte, uint64) bool) {
		lists := s.lists
		for range lists.UpTo(maxSummarized) {
			lists.Text()
			lists.Bytes(2)
			lists.Uvarint()
		}
		for range lists.UpTo(maxSummarized) {
			instance, highest := lists.Text(), lists.Uvarint()
			if lists.Bad || !yield(instance, highest) {
				return
			}
		}
	}, s.flags&summaryInstances != 0
}

// mayMatch reports whether an entry of the block may have the time, the level and the service that
// f wants.
func (s *summary) mayMatch(f *filter) bool {
	if s.last < f.since || s.first >= f.until {
		return false
	}
	if !s.counted() {
		return true
	}
	for t := range s.shares() {
		if f.matchesHead(t.kind, slog.Level(t.level)) && (f.service == "" || string(t.service) == f.service) {
			return true
		}
	}
	return s.stray()
}

// appendSummary writes the summary of a block.
func appendSummary(b []byte, records []fields) []byte {
	s := summing{first: math.MaxInt64, last: math.MinInt64, counts: map[serviceHead]int{}, sequences: map[string]uint64{}}
	for i := range records {
		s.add(&records[i])
	}
	return s.append(b)
}

// summing collects a summary.
type summing struct {
	first, last int64
	stray       bool
	counts      map[serviceHead]int
	sequences   map[string]uint64
}

type serviceHead struct {
	service string
	kind    kind
	level   int8
}

func (s *summing) add(r *fields) {
	if r.stray() {
		s.stray, s.first, s.last = true, math.MinInt64, math.MaxInt64
		return
	}
	s.first, s.last = min(s.first, r.time), max(s.last, r.time)
	if len(s.counts) <= maxSummarized {
		s.counts[serviceHead{string(r.texts[fieldService]), r.kind, r.level}]++
	}
	if instance := r.texts[fieldInstance]; len(instance) > 0 && r.sequence > 0 && len(s.sequences) <= maxSummarized {
		s.sequences[string(instance)] = max(s.sequences[string(instance)], r.sequence)
	}
}

func (s *summing) append(b []byte) []byte {
	flags := byte(0)
	if s.stray {
		flags |= summaryStray
	}
	if len(s.counts) <= maxSummarized {
		flags |= summaryCounts
	} else {
		clear(s.counts)
	}
	if len(s.sequences) <= maxSummarized {
		flags |= summaryInstances
	} else {
		clear(s.sequences)
	}
	b = append(b, summaryVersion, flags)
	b = binary.BigEndian.AppendUint64(b, uint64(s.first))
	b = binary.BigEndian.AppendUint64(b, uint64(s.last))
	b = binary.AppendUvarint(b, uint64(len(s.counts)))
	for _, h := range slices.SortedFunc(maps.Keys(s.counts), serviceHead.compare) {
		b = appendString(b, h.service)
		b = append(b, byte(h.kind), byte(h.level))
		b = binary.AppendUvarint(b, uint64(s.counts[h]))
	}
	b = binary.AppendUvarint(b, uint64(len(s.sequences)))
	for _, instance := range slices.Sorted(maps.Keys(s.sequences)) {
		b = appendString(b, instance)
		b = binary.AppendUvarint(b, s.sequences[instance])
	}
	return b
}

func (h serviceHead) compare(other serviceHead) int {
	return cmp.Or(cmp.Compare(h.service, other.service), cmp.Compare(h.kind, other.kind), cmp.Compare(h.level, other.level))
}
