package commitlog

import (
	"fmt"
	"sort"
	"strconv"
	"strings"
	"time"
)

// chunkBytes is the least size of a chunk of a raw segment, but for its last and
// those before a batch of that size, which begins one: what a read from the middle
// reads in vain, at most twice.
const chunkBytes = 32 << 10

const (
	rawSuffix    = ".log"
	packedSuffix = ".pack"
)

// segment is what is known of one file of the log. It is a value: a copy stays
// as it was while the log goes on.
type segment struct {
	base, next uint64 // offsets of the first record, and after the last one
	path       string
	packed     bool
	size       int64 // bytes that are frames on disk
	marks      []mark
}

// mark says where a chunk begins. It ends where the next one begins, or with
// the segment.
type mark struct {
	offset   uint64 // of its first record
	position int64
	newest   int64  // latest commit in it, Unix nanoseconds
	summary  []byte // of a packed chunk
	filter   int    // size of the frame of the filter, likewise
}

func segmentName(base uint64, suffix string) string { return fmt.Sprintf("%020d%s", base, suffix) }

// parseSegmentName is strict, so that no stray file is taken for a segment.
func parseSegmentName(name string) (base uint64, packed, ok bool) {
	for _, suffix := range []string{rawSuffix, packedSuffix} {
		if digits, found := strings.CutSuffix(name, suffix); found {
			base, err := strconv.ParseUint(digits, 10, 64)
			return base, suffix == packedSuffix, err == nil && base > 0 && name == segmentName(base, suffix)
		}
	}
	return 0, false, false
}

// add notes a batch of size bytes at the end of a raw segment.
func (s *segment) add(f frame, size int) {
	if len(s.marks) == 0 || size >= chunkBytes || s.size-s.marks[len(s.marks)-1].position >= chunkBytes {
		s.marks = append(s.marks, mark{offset: f.base, position: s.size})
	}
	last := &s.marks[len(s.marks)-1]
	last.newest = max(last.newest, f.time.UnixNano())
	s.size += int64(size)
	s.next = f.next()
}

// seek returns the number of the chunk that holds offset, or of the first one if
// all begin later.
func (s *segment) seek(offset uint64) int {
	i := sort.Search(len(s.marks), func(i int) bool { return s.marks[i].offset > offset })
	return max(i-1, 0)
}

// chunkEnd returns where chunk i ends.
func (s *segment) chunkEnd(i int) (offset uint64, position int64) {
	if i+1 < len(s.marks) {
		return s.marks[i+1].offset, s.marks[i+1].position
	}
	return s.next, s.size
}

// newest is when the latest of its records was committed.
func (s *segment) newest() (at time.Time) {
	for i := range s.marks {
		if t := time.Unix(0, s.marks[i].newest); t.After(at) {
			at = t
		}
	}
	return at
}

// corrupt wraps damage, found at position, so that it names the place.
func (s *segment) corrupt(position int64, reason error) error {
	return &CorruptError{Path: s.path, Offset: position, Reason: reason.Error()}
}
