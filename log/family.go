package log

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
)

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
