package log

import "log/slog"

// blockVersion is the first byte of a packed block.
const blockVersion = 1

// maxBlock is more records than a block ever holds.
const maxBlock = 1 << 14

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
	columns   [columns]*texts
	scratch   []byte
}

// openBlock reads only the heads.
func openBlock(data []byte) (*block, error) {
	c := cursor{rest: data}
	if c.byte() != blockVersion {
		return nil, errBlock
	}
	b := &block{count: c.upTo(maxBlock)}
	starts := [columns]int{}
	for i := range starts {
		starts[i] = c.upTo(len(data))
	}
	for i, start := range starts {
		if start > len(c.rest) {
			return nil, errBlock
		}
		b.rest[i] = c.rest[start:]
	}
	b.heads = make([]head, c.upTo(b.count))
	for i := range b.heads {
		b.heads[i] = head{c.byte(), kind(c.byte()), int8(c.byte())}
	}
	b.which = c.places(b.count, len(b.heads)-1)
	if c.bad {
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
			at += unzigzag(delta)
			b.times[i] = at
		}
	}
	return b.times[row]
}

func (b *block) sequence(row int) uint64 {
	if b.sequences == nil {
		b.sequences = make([]uint64, b.count)
		instances := b.texts(columnText + fieldInstance)
		last := lastOf{index: instances.index, values: make([]uint64, len(instances.which))}
		for i, delta := range b.numbers(columnSequence) {
			*last.at(i) += uint64(unzigzag(delta))
			b.sequences[i] = *last.at(i)
		}
	}
	return b.sequences[row]
}

func (b *block) numbers(column int) []uint64 {
	c := cursor{rest: b.rest[column]}
	numbers := c.ints(b.count)
	if c.bad {
		b.err = errBlock
		return nil
	}
	return numbers.all(b.count)
}

func (b *block) texts(column int) *texts {
	if b.columns[column] == nil {
		c := cursor{rest: b.rest[column]}
		t := c.texts(b.count)
		if c.bad {
			b.err = errBlock
			t = texts{which: make([]uint64, b.count), rank: make([]uint32, b.count), forms: make([][]byte, 1)} // empty ones
		}
		b.columns[column] = &t
	}
	return b.columns[column]
}

func (b *block) appendText(text []byte, column, row int) []byte {
	t := b.texts(column)
	return t.appendText(text, t.place(row))
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
