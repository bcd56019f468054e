package log

import (
	"errors"
	"log/slog"

	"gradebook/log/column"
)

// blockVersion is the first byte of a packed block.
const blockVersion = 1

// maxBlock is more records than a block ever holds.
const maxBlock = 1 << 14

// errBlock means that a block is not as it was packed, although its checksum is right.
var errBlock = errors.New("a block of entries cannot be read: another version of this program wrote it")

// The columns of a block after that of the heads.
const (
	columnTime = iota
	columnSequence
	columnStray // what is no record, as it is; empty for the others
	columnText  // the texts of a record, in its order
	columns     = columnText + textFields
)

// block is a packed block that is being read. Each column is decoded when it is asked for. The
// first thing that cannot be read sets err, and then what is returned means nothing.
type block struct {
	count int
	heads []head
	which []uint64 // the head of each record
	rest  [columns][]byte
	err   error

	times     []int64
	sequences []uint64
	columns   [columns]*column.Texts
	scratch   []byte
}

// openBlock reads only the heads.
func openBlock(data []byte) (*block, error) {
	c := column.Reader{Rest: data}
	if c.Byte() != blockVersion {
		return nil, errBlock
	}
	b := &block{count: c.UpTo(maxBlock)}
	starts := [columns]int{}
	for i := range starts {
		starts[i] = c.UpTo(len(data))
	}
	for i, start := range starts {
		if start > len(c.Rest) {
			return nil, errBlock
		}
		b.rest[i] = c.Rest[start:]
	}
	b.heads = make([]head, c.UpTo(b.count))
	for i := range b.heads {
		b.heads[i] = head{c.Byte(), kind(c.Byte()), int8(c.Byte())}
	}
	b.which = c.Places(b.count, len(b.heads)-1)
	if c.Bad {
		return nil, errBlock
	}
	return b, nil
}

func (b *block) head(row int) head { return b.heads[b.which[row]] }

func (b *block) time(row int) int64 {
	if b.times == nil {
		b.times = make([]int64, b.count)
		at := int64(0)
		for i, delta := range b.numbers(columnTime) {
			at += column.Unzigzag(delta)
			b.times[i] = at
		}
	}
	return b.times[row]
}

func (b *block) sequence(row int) uint64 {
	if b.sequences == nil {
		b.sequences = make([]uint64, b.count)
		instances := b.texts(columnText + fieldInstance)
		last := lastOf{index: instances.Index, values: make([]uint64, instances.Different())}
		for i, delta := range b.numbers(columnSequence) {
			*last.at(i) += uint64(column.Unzigzag(delta))
			b.sequences[i] = *last.at(i)
		}
	}
	return b.sequences[row]
}

func (b *block) numbers(number int) []uint64 {
	c := column.Reader{Rest: b.rest[number]}
	numbers := c.Ints(b.count)
	if c.Bad {
		b.err = errBlock
		return nil
	}
	return numbers.All(b.count)
}

func (b *block) texts(number int) *column.Texts {
	if b.columns[number] == nil {
		c := column.Reader{Rest: b.rest[number]}
		t := c.Texts(b.count)
		if c.Bad {
			b.err = errBlock
			t = *column.Empty(b.count)
		}
		b.columns[number] = &t
	}
	return b.columns[number]
}

func (b *block) appendText(text []byte, number, row int) []byte {
	t := b.texts(number)
	return t.Append(text, t.Place(row))
}

// record returns a row that is no stray one, with the first so many of its texts; without any it
// has no sequence either.
func (b *block) record(row, texts int) record {
	h := b.head(row)
	r := record{kind: h.kind, level: slog.Level(h.level), time: b.time(row)}
	if texts > 0 {
		r.sequence = b.sequence(row)
	}
	var text []byte
	var ends [textFields]int
	for field := range ends {
		if field < texts {
			text = b.appendText(text, columnText+field, row)
		}
		ends[field] = len(text)
	}
	r.setTexts(string(text), ends)
	return r
}

// appendRecord appends a row as it was before it was packed.
func (b *block) appendRecord(data []byte, row int) []byte {
	h := b.head(row)
	if h.stray() {
		return b.appendText(data, columnStray, row)
	}
	data = h.append(data, b.time(row), b.sequence(row))
	for field := range textFields {
		b.scratch = b.appendText(b.scratch[:0], columnText+field, row)
		data = appendString(data, b.scratch)
	}
	return data
}

// lastOf holds a number for each text of a column.
type lastOf struct {
	index  []uint64 // nil: the texts are too many
	values []uint64
	none   uint64
}

func (l *lastOf) at(row int) *uint64 {
	if l.index == nil {
		return &l.none
	}
	return &l.values[l.index[row]]
}
