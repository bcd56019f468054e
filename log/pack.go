package log

import (
	"encoding/binary"
	"slices"
	"sync"

	"gradebook/log/column"
	"gradebook/log/commitlog"
)

// packer packs records of the log into blocks, and out again to the same bytes. It is safe for
// concurrent use.
type packer struct {
	pool sync.Pool // of *packing
}

// packing is what it takes to pack a block, kept for the next one.
type packing struct {
	records []fields
	rows    [][]byte
	numbers []uint64
	columns column.Writer
	grams   grams
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

// maxKept is how many records are kept room for.
const maxKept = 1 << 14

// packing returns one without records, to be put back into the pool.
func (k *packer) packing() *packing {
	p, ok := k.pool.Get().(*packing)
	if !ok || cap(p.records) > maxKept {
		return new(packing)
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

// data returns the block: the version, how many records, where each column starts after that, the
// heads, and the columns.
func (p *packing) data(records [][]byte) []byte {
	b := p.appendHeads(nil)
	starts := [columns]int{}
	for number := range columns {
		starts[number] = len(b)
		switch number {
		case columnTime:
			b = p.appendTimes(b)
		case columnSequence:
			b = p.appendSequences(b)
		case columnStray:
			b = p.appendStray(b, records)
		default:
			b = p.columns.AppendTexts(b, p.field(number-columnText))
		}
	}
	header := binary.AppendUvarint([]byte{blockVersion}, uint64(len(records)))
	for _, start := range starts {
		header = binary.AppendUvarint(header, uint64(start))
	}
	return slices.Concat(header, b, make([]byte, column.Padding))
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
	return p.columns.AppendTexts(b, p.rows)
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
	return column.AppendInts(b, p.numbers)
}

// appendTimes writes how far each time is from the one before.
func (p *packing) appendTimes(b []byte) []byte {
	p.numbers = p.numbers[:0]
	last := int64(0)
	for i := range p.records {
		at := p.records[i].time
		p.numbers = append(p.numbers, column.Zigzag(at-last))
		last = at
	}
	return column.AppendInts(b, p.numbers)
}

// appendSequences writes how far each sequence is from the one before it of the same instance.
func (p *packing) appendSequences(b []byte) []byte {
	instances, index := p.columns.Distinct(p.field(fieldInstance))
	last := lastOf{index: index, values: make([]uint64, len(instances))}
	p.numbers = p.numbers[:0]
	for i := range p.records {
		sequence := p.records[i].sequence
		p.numbers = append(p.numbers, column.Zigzag(int64(sequence-*last.at(i))))
		*last.at(i) = sequence
	}
	return column.AppendInts(b, p.numbers)
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
