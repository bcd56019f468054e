package commitlog

import (
	"bufio"
	"fmt"
	"io"
	"sort"
	"strconv"
	"strings"
)

// indexInterval is the number of bytes between two marks of a segment: what a
// read from the middle skips at most.
const indexInterval = 32 << 10

// segment is one file of batches. It is a value: a copy stays as it was while
// the log goes on.
type segment struct {
	base  uint64
	path  string
	file  File
	size  int64 // bytes that are batches on disk
	index []mark
}

// mark says at which position the batch that starts with offset begins.
type mark struct {
	offset   uint64
	position int64
}

func segmentName(base uint64) string { return fmt.Sprintf("%020d.log", base) }

// parseSegmentName is strict, so that no stray file is taken for a segment.
func parseSegmentName(name string) (base uint64, ok bool) {
	digits, ok := strings.CutSuffix(name, ".log")
	if !ok {
		return 0, false
	}
	base, err := strconv.ParseUint(digits, 10, 64)
	return base, err == nil && base > 0 && name == segmentName(base)
}

// add notes a batch of n bytes at the end.
func (s *segment) add(base uint64, n int) {
	if len(s.index) == 0 || s.size-s.index[len(s.index)-1].position >= indexInterval {
		s.index = append(s.index, mark{base, s.size})
	}
	s.size += int64(n)
}

// seek returns a position at or before the batch that holds offset.
func (s *segment) seek(offset uint64) int64 {
	i := sort.Search(len(s.index), func(i int) bool { return s.index[i].offset > offset })
	if i == 0 {
		return 0
	}
	return s.index[i-1].position
}

// corrupt wraps damage, found at position, so that it names the place.
func (s *segment) corrupt(position int64, reason error) error {
	return &CorruptError{Path: s.path, Offset: position, Reason: reason.Error()}
}

// scanner reads the batches of a file one after the other.
type scanner struct {
	r        *bufio.Reader
	position int64 // of the next batch
	end      int64
	buffer   []byte
}

func newScanner(f File, from, end int64) *scanner {
	size := int(min(64<<10, end-from))
	return &scanner{
		r:        bufio.NewReaderSize(io.NewSectionReader(f, from, end-from), size),
		position: from,
		end:      end,
	}
}

// next returns the next batch, valid until the next call, and its size; io.EOF
// at the end; a damage error, or errTooNew, when what is at s.position is no
// batch; any other error when it could not be read.
func (s *scanner) next() (batch, int, error) {
	room := s.end - s.position
	if room == 0 {
		return batch{}, 0, io.EOF
	}
	if room < headerSize {
		return batch{}, 0, damage("batch is cut short")
	}
	header, err := s.r.Peek(headerSize)
	if err != nil {
		return batch{}, 0, noEOF(err)
	}
	size, err := batchSize(header, room)
	if err != nil {
		return batch{}, 0, err
	}
	if cap(s.buffer) < size {
		s.buffer = make([]byte, size)
	}
	b := s.buffer[:size]
	if _, err := io.ReadFull(s.r, b); err != nil {
		return batch{}, 0, noEOF(err)
	}
	parsed, err := parseBatch(b)
	if err != nil {
		return batch{}, 0, err
	}
	s.position += int64(size)
	return parsed, size, nil
}

// noEOF keeps a file that became shorter from looking like a regular end.
func noEOF(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}
