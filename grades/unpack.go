package grades

import (
	"encoding/binary"
	"time"
)

// unpacking reads what pack.go appends. What is read after the end of the bytes,
// or after what cannot be, is zero, and failed says so.
type unpacking struct {
	rest   []byte
	failed bool
}

// changeRoom is a change with room for its values, used again for the next one.
type changeRoom struct {
	CellChange
	old, new valueRoom
}

type valueRoom struct {
	CellValue
	score Score
}

// bare returns the change without its values.
func (r *changeRoom) bare() CellChange {
	return CellChange{Student: r.Student, Assignment: r.Assignment, OldRevision: r.OldRevision}
}

// change replaces the change in room by the one that follows it.
func (u *unpacking) change(room *changeRoom) {
	flags := u.byte()
	c := &room.CellChange
	if flags&packedStudent != 0 {
		c.Student += int(u.varint())
	}
	if flags&packedAssignment != 0 {
		c.Assignment += int(u.varint())
	} else {
		c.Assignment++
	}
	if flags&packedRevision != 0 {
		c.OldRevision += uint64(u.varint())
	}
	if c.Old = nil; flags&packedOld != 0 {
		c.Old = u.value(&room.old)
	}
	if c.New = nil; flags&packedNew != 0 {
		c.New = u.value(&room.new)
	}
	u.failed = u.failed || flags >= packedNew<<1
}

func (u *unpacking) value(room *valueRoom) *CellValue {
	first := u.byte()
	room.CellValue = CellValue{Status: u.status(first)}
	if first>>packedPlaces&noScore != noScore {
		room.score = u.score(first)
		room.Score = &room.score
	}
	if first&packedExtras != 0 {
		room.Submitted = u.time()
		room.Comment = u.text()
	}
	return &room.CellValue
}

// status is that of the first byte of a value.
func (u *unpacking) status(first byte) string {
	if first &= packedStatus; first <= byte(statusUnassigned) {
		return status(first).String()
	}
	u.failed = true
	return ""
}

// score reads that of a value with a first byte.
func (u *unpacking) score(first byte) Score {
	score := Score(min(u.uvarint(), maxScore+1))
	for range scoreDecimals().places - int(first>>packedPlaces&noScore) {
		score *= 10
	}
	u.failed = u.failed || score > maxScore
	if first&packedNegative != 0 {
		score = -score
	}
	return score
}

func (u *unpacking) time() *time.Time {
	if u.byte() == 0 {
		return nil
	}
	seconds, nanoseconds, offset := u.varint(), u.uvarint(), u.varint()
	t := time.Unix(seconds, int64(nanoseconds)).UTC()
	if offset != 0 {
		t = t.In(time.FixedZone("", int(offset)))
	}
	return &t
}

func (u *unpacking) text() string { return string(u.bytes(u.uvarint())) }

func (u *unpacking) byte() byte {
	if b := u.bytes(1); len(b) == 1 {
		return b[0]
	}
	return 0
}

func (u *unpacking) bytes(n uint64) []byte {
	if n > uint64(len(u.rest)) {
		u.rest, u.failed = nil, true
		return nil
	}
	b := u.rest[:n]
	u.rest = u.rest[n:]
	return b
}

func (u *unpacking) uvarint() uint64 {
	n, size := binary.Uvarint(u.rest)
	if size <= 0 {
		u.rest, u.failed = nil, true
		return 0
	}
	u.rest = u.rest[size:]
	return n
}

func (u *unpacking) varint() int64 {
	n, size := binary.Varint(u.rest)
	if size <= 0 {
		u.rest, u.failed = nil, true
		return 0
	}
	u.rest = u.rest[size:]
	return n
}
