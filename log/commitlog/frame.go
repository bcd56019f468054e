package commitlog

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"time"
)

// MaxBatch is the largest frame in bytes, and so the limit of one Append: an
// import of millions of grades is one record, and a record is never in two frames.
const MaxBatch = 72 << 20

const (
	headerSize = 32
	magic      = "\xC9gb" // C9 asks for a continuation byte: no UTF-8 text contains it
)

// kind says what a frame holds.
type kind byte

const (
	kindBatch   kind = 1 + iota // records, as they were appended
	kindSummary                 // of a block; these three stand in this order, with the same offset and number of records
	kindFilter
	kindData
	kindEnd // none: one more than the last
)

// frame is a checked frame as read from a segment.
type frame struct {
	kind  kind
	base  uint64 // offset of the first record
	count uint32 // of records
	time  time.Time
	body  []byte
}

// next is the offset after the last record.
func (f *frame) next() uint64 { return f.base + uint64(f.count) }

// errTooNew means that a later version of this package wrote the frame. It is
// never taken for an interrupted write.
var errTooNew = errors.New("written by a later version of this program")

// damage says why bytes are not a frame.
type damage string

// errCutShort is how an interrupted write looks.
const errCutShort = damage("batch is cut short")

func (d damage) Error() string { return string(d) }

// seal completes the header of b, which holds headerSize bytes and the body.
func seal(b []byte, k kind, base uint64, count uint32, at time.Time) {
	copy(b, magic)
	b[3] = byte(k)
	binary.BigEndian.PutUint32(b[4:], uint32(len(b)-headerSize))
	binary.BigEndian.PutUint32(b[8:], count)
	binary.BigEndian.PutUint64(b[16:], base)
	binary.BigEndian.PutUint64(b[24:], uint64(at.UnixNano()))
	binary.BigEndian.PutUint32(b[12:], checksum(b))
}

func checksum(b []byte) uint32 {
	table := crc32.MakeTable(crc32.Castagnoli)
	return crc32.Update(crc32.Update(0, table, b[:12]), table, b[16:])
}

// frameSize returns the size of the frame whose first headerSize bytes are
// header, when room bytes are left in the file from its start.
func frameSize(header []byte, room int64) (int, error) {
	if string(header[:3]) != magic {
		return 0, damage("no batch starts here")
	}
	size := headerSize + int64(binary.BigEndian.Uint32(header[4:]))
	if size > MaxBatch {
		return 0, damage("impossible length")
	}
	if size > room {
		return 0, errCutShort
	}
	return int(size), nil
}

// parseFrame checks b, which has the size that frameSize said. The error is
// damage, or errTooNew.
func parseFrame(b []byte) (frame, error) {
	if binary.BigEndian.Uint32(b[12:]) != checksum(b) {
		return frame{}, damage("checksum does not match")
	}
	if k := kind(b[3]); k >= kindEnd {
		return frame{}, fmt.Errorf("%w (kind %d)", errTooNew, k)
	}
	f := frame{
		kind:  kind(b[3]),
		base:  binary.BigEndian.Uint64(b[16:]),
		count: binary.BigEndian.Uint32(b[8:]),
		time:  time.Unix(0, int64(binary.BigEndian.Uint64(b[24:]))).UTC(),
		body:  b[headerSize:],
	}
	if f.count == 0 || f.kind == kindBatch && !f.filled() {
		return frame{}, damage("records do not fill the batch")
	}
	return f, nil
}

// filled reports whether the body is as many records as the header says.
func (f *frame) filled() bool {
	rest, ok := f.body, true
	for i := uint32(0); i < f.count && ok; i++ {
		_, rest, ok = cutRecord(rest)
	}
	return ok && len(rest) == 0
}

// findFrame returns the position of the first valid frame in b, of whatever
// version, or -1.
func findFrame(b []byte) int {
	for pos := 0; len(b)-pos >= headerSize; pos++ {
		i := bytes.Index(b[pos:], []byte(magic))
		if i < 0 || len(b)-pos-i < headerSize {
			return -1
		}
		pos += i
		size, err := frameSize(b[pos:], int64(len(b)-pos))
		if err != nil {
			continue
		}
		if _, err := parseFrame(b[pos : pos+size]); err == nil || errors.Is(err, errTooNew) {
			return pos
		}
	}
	return -1
}

// appendRecord adds a record to the body of a batch.
func appendRecord(b, record []byte) []byte {
	return append(binary.AppendUvarint(b, uint64(len(record))), record...)
}

// cutRecord returns the first record of b, and what follows it.
func cutRecord(b []byte) (record, rest []byte, ok bool) {
	size, n := binary.Uvarint(b)
	if n <= 0 || size > uint64(len(b)-n) {
		return nil, nil, false
	}
	end := n + int(size)
	return b[n:end:end], b[end:], true
}
