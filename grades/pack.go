package grades

import (
	"encoding/binary"
	"time"
)

// The packed form of many cells, in records and in sheets. Numbers are varints,
// and most of what a cell shares with the one before it is left out.
//
// A change begins with flags, then what they announce, in their order: the
// distance to the student, to the assignment and to the old revision of the
// change before, the old value and the new one.
//
// A value begins with a byte: status in 3 bits; in 3 more the number of decimals
// of the score, or noScore; a bit for a score below 0 and one for what few
// values have. The score follows as a whole number, then the time of submission
// and the comment.

// Flags of a packed change.
const (
	packedStudent    = 1 << iota // another than before
	packedAssignment             // another than the next id
	packedRevision               // another than before
	packedOld
	packedNew
)

// Parts of the first byte of a packed value.
const (
	packedStatus   = 1<<3 - 1
	packedPlaces   = 3 // bits to the right
	noScore        = 7
	packedNegative = 1 << 6
	packedExtras   = 1 << 7
)

// appendPackedChange appends a change that follows another.
func appendPackedChange(b []byte, c, last *CellChange) []byte {
	at := len(b)
	b = append(b, 0)
	if c.Student != last.Student {
		b[at] |= packedStudent
		b = binary.AppendVarint(b, int64(c.Student-last.Student))
	}
	if c.Assignment != last.Assignment+1 {
		b[at] |= packedAssignment
		b = binary.AppendVarint(b, int64(c.Assignment-last.Assignment))
	}
	if c.OldRevision != last.OldRevision {
		b[at] |= packedRevision
		b = binary.AppendVarint(b, int64(c.OldRevision-last.OldRevision))
	}
	if c.Old != nil {
		b[at] |= packedOld
		b = appendPackedValue(b, c.Old)
	}
	if c.New != nil {
		b[at] |= packedNew
		b = appendPackedValue(b, c.New)
	}
	return b
}

// appendPackedValue appends a value, whose status must be one.
func appendPackedValue(b []byte, v *CellValue) []byte {
	if !isStatus(v.Status) {
		panic("there is no status " + v.Status)
	}
	first := byte(newStatus(v.Status))
	if v.Submitted != nil || v.Comment != "" {
		first |= packedExtras
	}
	if v.Score != nil {
		b = appendPackedScore(b, first, *v.Score)
	} else {
		b = append(b, first|noScore<<packedPlaces)
	}
	if first&packedExtras != 0 {
		b = appendPackedTime(b, v.Submitted)
		b = appendPackedText(b, v.Comment)
	}
	return b
}

// appendPackedScore appends the first byte of a value and a score, with as few
// decimals as it has.
func appendPackedScore(b []byte, first byte, score Score) []byte {
	places := byte(0)
	for rest := score % scoreUnit; rest != 0; rest = rest * 10 % scoreUnit {
		places++
	}
	whole := int64(score)
	for range scoreDecimals().places - int(places) {
		whole /= 10
	}
	if whole < 0 {
		first, whole = first|packedNegative, -whole
	}
	return binary.AppendUvarint(append(b, first|places<<packedPlaces), uint64(whole))
}

// appendPackedTime appends a time with its zone, or nil.
func appendPackedTime(b []byte, t *time.Time) []byte {
	if t == nil {
		return append(b, 0)
	}
	_, offset := t.Zone()
	b = binary.AppendVarint(append(b, 1), t.Unix())
	b = binary.AppendUvarint(b, uint64(t.Nanosecond()))
	return binary.AppendVarint(b, int64(offset))
}

func appendPackedText(b []byte, text string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(text))), text...)
}
