package log

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"errors"
	"io"
)

const (
	minAlike   = 8        // texts of a shape that make columns for its numbers worth while
	minDeflate = 256      // bytes of texts that are worth compressing
	maxBlob    = 64 << 20 // far more than the texts of a block take
)

// errBlock means that a block is not as it was packed, although its checksum is right.
var errBlock = errors.New("a block of entries cannot be read: another version of this program wrote it")

// texts is a column of texts. It has each text once if they repeat much, and of those texts that
// are alike only the numbers in them:
//
//	1, how many texts, which of them a row has    or 0: each row has its own
//	how many shapes, and how many texts without one
//	the shape of each text, or the number of shapes if it has none
//	the lengths of the shapes and of the texts without one, and they themselves, compressed
//	for each shape, for each slot, the numbers in it
type texts struct {
	index  []uint64 // the text of each row; nil: its own
	which  []uint64 // the shape of each text
	rank   []uint32 // how many texts before it have the same
	forms  [][]byte // the shapes, then the texts without one
	slots  [][]ints // of each shape
	shapes int
}

// appendTexts writes a column.
func (p *packing) appendTexts(b []byte, rows [][]byte) []byte {
	different, index := p.distinct(rows)
	if index == nil {
		return p.appendShaped(append(b, 0), rows)
	}
	b = binary.AppendUvarint(append(b, 1), uint64(len(different)))
	return p.appendShaped(appendInts(b, index), different)
}

// distinct returns the texts that are different and which of them each row has; or nil, if too few
// repeat to make that worth while.
func (p *packing) distinct(rows [][]byte) (different [][]byte, index []uint64) {
	clear(p.places)
	index = make([]uint64, len(rows))
	for i, row := range rows {
		if i > 0 && bytes.Equal(row, rows[i-1]) {
			index[i] = index[i-1]
			continue
		}
		place, ok := p.places[string(row)]
		if !ok {
			place = len(different)
			p.places[string(row)] = place
			different = append(different, row)
		}
		if index[i] = uint64(place); i >= 200 && len(different) > i*3/4 {
			return nil, nil
		}
	}
	if len(different) > len(rows)/2 {
		return nil, nil
	}
	return different, index
}

// family is the texts of one shape.
type family struct {
	shape   []byte
	texts   int
	columns [][]uint64 // the numbers of each slot; nil: too few texts for that
	id      uint64
}

// member is what became of a text that was cut.
type member struct {
	family int // -1: of none
	start  int // where its numbers start
}

// appendShaped writes texts by their shapes.
func (p *packing) appendShaped(b []byte, rows [][]byte) []byte {
	families, members, values := p.cut(rows)
	var forms [][]byte
	for i := range families {
		if f := &families[i]; f.texts >= minAlike {
			f.id = uint64(len(forms))
			f.columns = make([][]uint64, slots(f.shape))
			forms = append(forms, f.shape)
		}
	}
	shapes := len(forms)
	which := make([]uint64, len(rows))
	for i, m := range members {
		if m.family < 0 || families[m.family].columns == nil {
			which[i] = uint64(shapes)
			forms = append(forms, rows[i])
			continue
		}
		f := &families[m.family]
		which[i] = f.id
		for slot := range f.columns {
			f.columns[slot] = append(f.columns[slot], values[m.start+slot])
		}
	}
	b = binary.AppendUvarint(b, uint64(shapes))
	b = binary.AppendUvarint(b, uint64(len(forms)-shapes))
	b = p.appendForms(appendInts(b, which), forms)
	for _, f := range families {
		for _, column := range f.columns {
			b = appendInts(b, column)
		}
	}
	return b
}

// cut cuts each text into its shape and the numbers in it.
func (p *packing) cut(rows [][]byte) (families []family, members []member, values []uint64) {
	clear(p.places)
	members = make([]member, len(rows))
	values = p.values[:0]
	for i, row := range rows {
		members[i] = member{-1, len(values)}
		shape, longer, ok := cutShape(p.shape[:0], values, row)
		p.shape = shape
		if !ok || len(longer) == len(values) {
			continue
		}
		place, known := p.places[string(shape)]
		if !known {
			place = len(families)
			p.places[string(shape)] = place
			families = append(families, family{shape: bytes.Clone(shape)})
		}
		families[place].texts++
		members[i].family, values = place, longer
	}
	p.values = values
	return families, members, values
}

// appendForms writes the lengths of forms and their bytes.
func (p *packing) appendForms(b []byte, forms [][]byte) []byte {
	lengths := make([]uint64, len(forms))
	p.text = p.text[:0]
	for i, form := range forms {
		lengths[i] = uint64(len(form))
		p.text = append(p.text, form...)
	}
	b = appendInts(b, lengths)
	stored := p.deflate(p.text)
	b = binary.AppendUvarint(b, uint64(len(p.text)))
	b = binary.AppendUvarint(b, uint64(len(stored)))
	return append(b, stored...)
}

// deflate returns text compressed, if that makes it shorter; valid until the next call.
func (p *packing) deflate(text []byte) []byte {
	if len(text) < minDeflate {
		return text
	}
	p.deflated.Reset()
	if p.deflater == nil {
		p.deflater, _ = flate.NewWriter(&p.deflated, flate.BestSpeed) // the level is one
	}
	p.deflater.Reset(&p.deflated)
	p.deflater.Write(text) // a buffer takes everything
	p.deflater.Close()
	if p.deflated.Len() >= len(text) {
		return text
	}
	return p.deflated.Bytes()
}

// texts reads a column of n rows.
func (c *cursor) texts(n int) texts {
	var t texts
	if c.byte() == 1 {
		different := c.upTo(n)
		t.index = c.places(n, different-1)
		n = different
	}
	t.shapes = c.upTo(n)
	others := c.upTo(n)
	t.which = c.places(n, t.shapes)
	t.forms = c.forms(t.shapes + others)
	counts := make([]uint32, t.shapes+1)
	t.rank = make([]uint32, len(t.which))
	for i, id := range t.which {
		t.rank[i] = counts[id]
		counts[id]++
	}
	if int(counts[t.shapes]) != others {
		c.fail()
	}
	if c.bad {
		return texts{}
	}
	t.slots = make([][]ints, t.shapes)
	for i := range t.slots {
		t.slots[i] = make([]ints, slots(t.forms[i]))
		for slot := range t.slots[i] {
			t.slots[i][slot] = c.ints(int(counts[i]))
		}
	}
	if c.bad {
		return texts{}
	}
	return t
}

// places reads a column of n numbers from 0 to most.
func (c *cursor) places(n, most int) []uint64 {
	column := c.ints(n)
	if c.bad {
		return nil
	}
	places := column.all(n)
	for _, place := range places {
		if place > uint64(most) {
			c.fail()
			return nil
		}
	}
	return places
}

// forms reads n texts.
func (c *cursor) forms(n int) [][]byte {
	lengths := c.ints(n)
	size := c.upTo(maxBlob)
	blob := cursor{rest: c.text()}
	if len(blob.rest) != size {
		blob.rest = inflate(blob.rest, size)
	}
	if c.bad {
		return nil
	}
	forms := make([][]byte, n)
	for i := range forms {
		forms[i] = blob.bytes(int(min(lengths.at(i), maxBlob)))
	}
	if blob.bad || len(blob.rest) > 0 {
		c.fail()
		return nil
	}
	return forms
}

// inflate returns size bytes, or fewer if that is not what was compressed.
func inflate(deflated []byte, size int) []byte {
	text := make([]byte, size)
	n, _ := io.ReadFull(flate.NewReader(bytes.NewReader(deflated)), text)
	return text[:n]
}

// place returns which text a row has. Rows of the same place have the same text.
func (t *texts) place(row int) int {
	if t.index == nil {
		return row
	}
	return int(t.index[row])
}

// appendText appends the text at a place.
func (t *texts) appendText(b []byte, place int) []byte {
	shape, rank := int(t.which[place]), int(t.rank[place])
	if shape == t.shapes {
		return append(b, t.forms[shape+rank]...)
	}
	columns := t.slots[shape]
	return appendShape(b, t.forms[shape], func(slot int) uint64 { return columns[slot].at(rank) })
}
