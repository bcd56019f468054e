package log

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"log/slog"
	"slices"
	"sync"

	"gradebook/log/commitlog"
)

// blockVersion is the first byte of a packed block.
const blockVersion = 1

// maxBlock is more records than a block ever holds.
const maxBlock = 1 << 20

// The columns of a block after that of the heads.
const (
	columnTime = iota
	columnSequence
	columnStray // what is no record, as it is; empty for the others
	columnText  // the texts of a record, in its order
	columns     = columnText + textFields
)

// packer packs records of the log into blocks, and out again to the same bytes. It is safe for
// concurrent use.
type packer struct {
	pool sync.Pool // of *packing
}

// packing is what it takes to pack a block, kept for the next one.
type packing struct {
	records  []fields
	rows     [][]byte
	numbers  []uint64
	places   map[string]int
	shape    []byte
	values   []uint64
	text     []byte
	deflater *flate.Writer
	deflated bytes.Buffer
	grams    grams
}

// Pack makes a block of records, which may be any bytes.
func (k *packer) Pack(records [][]byte) (commitlog.Packed, error) {
	p := k.packing()
	defer k.pool.Put(p)
	for _, data := range records {
		p.records = append(p.records, exactFields(data))
	}
	return commitlog.Packed{Summary: appendSummary(nil, p.records), Filter: p.filter(), Data: p.data(records)}, nil
}

// packing returns one without records, to be put back into the pool.
func (k *packer) packing() *packing {
	p, ok := k.pool.Get().(*packing)
	if !ok {
		return &packing{places: map[string]int{}}
	}
	p.records = p.records[:0]
	return p
}

// exactFields returns the fields of a record if it can be made of them again, to the byte, and
// those of a stray one if not.
func exactFields(data []byte) fields {
	f, err := parseFields(data)
	if err != nil || f.size() != len(data) {
		return fields{}
	}
	return f
}

func (p *packing) filter() []byte {
	p.grams.reset()
	for i := range p.records {
		if r := &p.records[i]; !r.stray() {
			p.grams.addTrace(r.texts[fieldTrace])
			p.grams.addEntry(r.texts[fieldMessage], r.texts[fieldAttributes])
		}
	}
	return p.grams.filter()
}

// data returns the block: the version, how many records, how many bytes each column takes, these.
func (p *packing) data(records [][]byte) []byte {
	b := p.appendHeads(nil)
	starts := [columns + 1]int{}
	for column := range columns {
		starts[column] = len(b)
		switch column {
		case columnTime:
			b = p.appendTimes(b)
		case columnSequence:
			b = p.appendSequences(b)
		case columnStray:
			b = p.appendStray(b, records)
		default:
			b = p.appendTexts(b, p.field(column-columnText))
		}
	}
	header := binary.AppendUvarint([]byte{blockVersion}, uint64(len(records)))
	for _, start := range starts[:columns] {
		header = binary.AppendUvarint(header, uint64(start))
	}
	return slices.Concat(header, b, make([]byte, padding))
}

// field returns that text of each record, until the next call.
func (p *packing) field(field int) [][]byte {
	p.rows = p.rows[:0]
	for i := range p.records {
		p.rows = append(p.rows, p.records[i].texts[field])
	}
	return p.rows
}

func (p *packing) appendStray(b []byte, records [][]byte) []byte {
	p.rows = p.rows[:0]
	for i, data := range records {
		if !p.records[i].stray() {
			data = nil
		}
		p.rows = append(p.rows, data)
	}
	return p.appendTexts(b, p.rows)
}

// appendHeads writes the heads that there are, and which of them each record has.
func (p *packing) appendHeads(b []byte) []byte {
	var heads []head
	p.numbers = p.numbers[:0]
	for i := range p.records {
		place := slices.Index(heads, p.records[i].head)
		if place < 0 {
			place = len(heads)
			heads = append(heads, p.records[i].head)
		}
		p.numbers = append(p.numbers, uint64(place))
	}
	b = binary.AppendUvarint(b, uint64(len(heads)))
	for _, h := range heads {
		b = append(b, h.version, byte(h.kind), byte(h.level))
	}
	return appendInts(b, p.numbers)
}

// appendTimes writes how far each time is from the one before.
func (p *packing) appendTimes(b []byte) []byte {
	p.numbers = p.numbers[:0]
	last := int64(0)
	for i := range p.records {
		at := p.records[i].time
		p.numbers = append(p.numbers, zigzag(at-last))
		last = at
	}
	return appendInts(b, p.numbers)
}

// appendSequences writes how far each sequence is from the one before it of the same instance.
func (p *packing) appendSequences(b []byte) []byte {
	instances, index := p.distinct(p.field(fieldInstance))
	last := lastOf{index: index, values: make([]uint64, len(instances))}
	p.numbers = p.numbers[:0]
	for i := range p.records {
		sequence := p.records[i].sequence
		p.numbers = append(p.numbers, zigzag(int64(sequence-*last.at(i))))
		*last.at(i) = sequence
	}
	return appendInts(b, p.numbers)
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

// unpackRoom is more than most records take.
const unpackRoom = 1 << 10

// Unpack returns the records of a block.
func (k *packer) Unpack(data []byte) ([][]byte, error) {
	b, err := openBlock(data)
	if err != nil {
		return nil, err
	}
	records := make([][]byte, b.count)
	var all []byte
	for row := range records {
		if cap(all)-len(all) < unpackRoom {
			all = make([]byte, 0, 64*unpackRoom) // what is full already stays where it is
		}
		start := len(all)
		all = b.appendRecord(all, row)
		records[row] = all[start:len(all):len(all)]
	}
	return records, b.err
}

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

// record returns a row that is no stray one, with the first so many of its texts; without any of
// them it has no sequence either.
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
