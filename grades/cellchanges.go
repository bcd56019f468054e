package grades

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
)

// CellChanges is the changes of cells that a record makes, each cell once. There
// may be millions, so they are kept packed, as pack.go says: a new grade takes
// some 4 bytes. In JSON, few of them are a list of CellChange, and more than
// maxListed the packed form in base64. The zero value has none.
type CellChanges struct {
	packed []byte
	count  int
	last   CellChange // without values
}

// maxListed is how many changes of cells are written as a list.
const maxListed = 256

// cellChangesOf returns the changes of a list.
func cellChangesOf(list ...CellChange) (l CellChanges) {
	for i := range list {
		l.Add(&list[i])
	}
	return l
}

// Add appends a change, of which it keeps nothing.
func (l *CellChanges) Add(c *CellChange) {
	l.packed = appendPackedChange(l.packed, c, &l.last)
	l.last = CellChange{Student: c.Student, Assignment: c.Assignment, OldRevision: c.OldRevision}
	l.count++
}

// Len returns how many there are.
func (l *CellChanges) Len() int { return l.count }

// All returns the changes in their order. Each, and what it points to, is valid
// until the next; times aside, which stay.
func (l *CellChanges) All() iter.Seq[*CellChange] {
	return func(yield func(*CellChange) bool) {
		u, room := unpacking{rest: l.packed}, new(changeRoom)
		for range l.count {
			if u.change(room); !yield(&room.CellChange) {
				return
			}
		}
	}
}

// find returns a copy of the change of a cell, without its values, false when
// there is none.
func (l *CellChanges) find(key cellKey) (CellChange, bool) {
	for c := range l.All() {
		if c.key() == key {
			return CellChange{Student: c.Student, Assignment: c.Assignment, OldRevision: c.OldRevision}, true
		}
	}
	return CellChange{}, false
}

// IsZero reports whether there are none, for encoding/json.
func (l CellChanges) IsZero() bool { return l.count == 0 }

// listed reports whether they are a list in JSON.
func (l *CellChanges) listed() bool { return l.count <= maxListed }

// MarshalJSON writes what UnmarshalJSON reads.
func (l CellChanges) MarshalJSON() ([]byte, error) { return l.appendJSON(nil), nil }

func (l *CellChanges) appendJSON(b []byte) []byte {
	if !l.listed() {
		text := binary.AppendUvarint(make([]byte, 0, len(l.packed)+binary.MaxVarintLen64), uint64(l.count))
		text = append(text, l.packed...)
		return append(base64.StdEncoding.AppendEncode(append(b, '"'), text), '"')
	}
	b = append(b, '[')
	for c := range l.All() {
		b = append(appendCellChange(b, c), ',')
	}
	return ended(b, ']')
}

// UnmarshalJSON reads either form. What it accepts can be read to the end.
func (l *CellChanges) UnmarshalJSON(text []byte) error {
	*l = CellChanges{}
	if len(text) > 1 && text[0] == '"' {
		return l.unpack(text[1 : len(text)-1])
	}
	var list []CellChange
	if err := json.Unmarshal(text, &list); err != nil {
		return err
	}
	for i := range list {
		for _, v := range []*CellValue{list[i].Old, list[i].New} {
			if v != nil && !isStatus(v.Status) {
				return fmt.Errorf("there is no status %.40q", v.Status)
			}
		}
	}
	*l = cellChangesOf(list...)
	return nil
}

var errPacked = errors.New("packed cells are damaged")

// unpack reads the packed form in base64.
func (l *CellChanges) unpack(text []byte) error {
	packed, err := base64.StdEncoding.AppendDecode(make([]byte, 0, base64.StdEncoding.DecodedLen(len(text))), text)
	if err != nil {
		return fmt.Errorf("%w: %w", errPacked, err)
	}
	count, n := binary.Uvarint(packed)
	if n <= 0 || count > uint64(len(packed)) {
		return errPacked
	}
	u, room := unpacking{rest: packed[n:]}, new(changeRoom)
	for range count {
		u.change(room)
	}
	if u.failed || len(u.rest) > 0 {
		return errPacked
	}
	*l = CellChanges{packed: packed[n:], count: int(count), last: room.bare()}
	return nil
}
