package commitlog

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"time"
)

// MaxBatch is the largest batch in bytes, and so the limit of one Append.
const MaxBatch = 16 << 20

const (
	headerSize = 32
	version    = 1
	magic      = "\xC9gb" // C9 asks for a continuation byte: no UTF-8 text contains it
)

// batch is a checked batch as read from a segment.
type batch struct {
	base    uint64
	count   uint32
	time    time.Time
	records []byte
}

// errTooNew means that a later version of this package wrote the batch. It is
// never taken for an interrupted write.
var errTooNew = errors.New("written by a later version of this program")

// damage says why bytes are not a batch.
type damage string

func (d damage) Error() string { return string(d) }

// seal completes the header of b, which holds headerSize bytes and the records.
func seal(b []byte, base uint64, count uint32, at time.Time) {
	copy(b, magic)
	b[3] = version
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

// batchSize returns the size of the batch whose first headerSize bytes are
// header, when room bytes are left in the file from its start.
func batchSize(header []byte, room int64) (int, error) {
	if string(header[:3]) != magic {
		return 0, damage("no batch starts here")
	}
	if v := header[3]; v > version {
		return 0, fmt.Errorf("%w (version %d)", errTooNew, v)
	}
	size := headerSize + int64(binary.BigEndian.Uint32(header[4:]))
	if size > MaxBatch {
		return 0, damage("impossible length")
	}
	if size > room {
		return 0, damage("batch is cut short")
	}
	return int(size), nil
}

// parseBatch checks b, which has the size that batchSize said.
func parseBatch(b []byte) (batch, error) {
	if binary.BigEndian.Uint32(b[12:]) != checksum(b) {
		return batch{}, damage("checksum does not match")
	}
	count, rest, ok := binary.BigEndian.Uint32(b[8:]), b[headerSize:], true
	for i := uint32(0); i < count && ok; i++ {
		_, rest, ok = cutRecord(rest)
	}
	if count == 0 || !ok || len(rest) > 0 {
		return batch{}, damage("records do not fill the batch")
	}
	return batch{
		base:    binary.BigEndian.Uint64(b[16:]),
		count:   count,
		time:    time.Unix(0, int64(binary.BigEndian.Uint64(b[24:]))).UTC(),
		records: b[headerSize:],
	}, nil
}

// findBatch returns the position of the first valid batch in b, or -1.
func findBatch(b []byte) int {
	for pos := 0; len(b)-pos >= headerSize; pos++ {
		i := bytes.Index(b[pos:], []byte(magic))
		if i < 0 || len(b)-pos-i < headerSize {
			return -1
		}
		pos += i
		size, err := batchSize(b[pos:], int64(len(b)-pos))
		if err != nil {
			continue
		}
		if _, err := parseBatch(b[pos : pos+size]); err == nil {
			return pos
		}
	}
	return -1
}

// appendRecord adds a record to the records of a batch.
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
