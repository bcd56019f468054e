package log

import (
	"cmp"
	"hash/maphash"
	"log/slog"
	"strings"
	"sync"
)

// A mark is what the index keeps of an entry: 16 bytes, enough to pass over nearly all entries
// that a query does not want.
type mark struct {
	time    int64
	trace   uint32 // hash of the trace id; 0 for none
	service uint16 // place in index.names, or manyServices
	level   int8
	set     bool
}

// manyServices marks an entry whose service got no number any more, as there are too many names:
// the record itself must be read.
const manyServices = 1<<16 - 1

// maxLabels bounds how many services have metrics of their own: the first ones seen.
const maxLabels = 32

// maxStep bounds how many marks a query looks at while it holds the lock.
const maxStep = 1 << 16

// index holds a mark of every entry, in memory. It is derived from the log, never stored.
type index struct {
	seed maphash.Seed
	base uint64 // offset of marks[0]

	mu    sync.RWMutex // guards what follows
	grown *sync.Cond   // next has moved
	marks []mark
	next  uint64 // all marks below it are set
	names map[string]uint16
}

func newIndex(base uint64) *index {
	x := &index{seed: maphash.MakeSeed(), base: base, next: base, names: map[string]uint16{}}
	x.grown = sync.NewCond(&x.mu)
	return x
}

// add marks records that the log has stored from offset first on. Those who stored entries before
// them may come later, so it waits until all lower offsets are marked too: then a query, which
// sees the entries below next, sees them in order and without a hole, and so can a reader who
// asks for what came after the last entry it saw.
func (x *index) add(first uint64, records []record) {
	x.mu.Lock()
	defer x.mu.Unlock()
	last := first + uint64(len(records))
	if missing := int(last-x.base) - len(x.marks); missing > 0 {
		x.marks = append(x.marks, make([]mark, missing)...)
	}
	for i := range records {
		r := &records[i]
		x.marks[first-x.base+uint64(i)] = mark{
			time: r.time, trace: x.hash(r.trace), service: x.number(r.service), level: int8(r.level), set: true,
		}
	}
	for x.next-x.base < uint64(len(x.marks)) && x.marks[x.next-x.base].set {
		x.next++
	}
	x.grown.Broadcast()
	for x.next < last {
		x.grown.Wait()
	}
}

// number returns the place of a service's name, giving it one if need be.
func (x *index) number(service string) uint16 {
	n, ok := x.names[service]
	if !ok {
		if len(x.names) == manyServices {
			return manyServices
		}
		n = uint16(len(x.names))
		x.names[strings.Clone(service)] = n
	}
	return n
}

// label returns a service's name for a metric, of which there are only so many.
func (x *index) label(service string) string {
	x.mu.RLock()
	defer x.mu.RUnlock()
	if n, ok := x.names[service]; !ok || n >= maxLabels {
		return "other"
	}
	return cmp.Or(service, "unknown")
}

func (x *index) hash(trace string) uint32 {
	if trace == "" {
		return 0
	}
	return uint32(maphash.String(x.seed, trace)) | 1
}

// end returns the offset after the last entry that queries see.
func (x *index) end() uint64 {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return x.next
}

// candidates returns up to most offsets below before, newest first, of entries that may match f,
// and the offset below which to go on. It looks at maxStep marks at most.
func (x *index) candidates(f *filter, before uint64, most int) (offsets []uint64, rest uint64) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	service, known := x.names[f.service]
	if f.service != "" && !known {
		service = manyServices
	}
	trace := x.hash(f.trace)
	offset := min(before, x.next)
	stop := max(x.base, f.after+1)
	for steps := 0; offset > stop && len(offsets) < most && steps < maxStep; steps++ {
		offset--
		m := &x.marks[offset-x.base]
		if slog.Level(m.level) >= f.level && (!f.spans || slog.Level(m.level) <= levelTrace) && m.time >= f.since && m.time < f.until &&
			(f.service == "" || m.service == service || m.service == manyServices) &&
			(f.trace == "" || m.trace == trace) {
			offsets = append(offsets, offset)
		}
	}
	if offset <= stop {
		offset = 0
	}
	return offsets, offset
}
