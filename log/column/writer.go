package column

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
)

// Writer writes columns of texts. Its zero value is ready; it keeps memory for the next column, and
// is for one goroutine.
type Writer struct {
	places   map[string]int
	shape    []byte
	values   []uint64
	text     []byte
	deflater *flate.Writer
	deflated bytes.Buffer
}

// AppendTexts appends rows as a column.
func (w *Writer) AppendTexts(b []byte, rows [][]byte) []byte {
	different, index := w.Distinct(rows)
	if index == nil {
		return w.appendShaped(append(b, 0), rows)
	}
	b = binary.AppendUvarint(append(b, 1), uint64(len(different)))
	return w.appendShaped(AppendInts(b, index), different)
}

// Distinct returns the texts that are different and which of them each row has; or nil, if too few
// repeat to make that worth while.
func (w *Writer) Distinct(rows [][]byte) (different [][]byte, index []uint64) {
	w.forget()
	index = make([]uint64, len(rows))
	for i, row := range rows {
		if i > 0 && bytes.Equal(row, rows[i-1]) {
			index[i] = index[i-1]
			continue
		}
		place, ok := w.places[string(row)]
		if !ok {
			place = len(different)
			w.places[string(row)] = place
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

// forget empties places.
func (w *Writer) forget() {
	if w.places == nil {
		w.places = map[string]int{}
	}
	clear(w.places)
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
func (w *Writer) appendShaped(b []byte, rows [][]byte) []byte {
	families, members, values := w.cut(rows)
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
	b = w.appendForms(AppendInts(b, which), forms)
	for _, f := range families {
		for _, column := range f.columns {
			b = AppendInts(b, column)
		}
	}
	return b
}

// cut cuts each text into its shape and the numbers in it.
func (w *Writer) cut(rows [][]byte) (families []family, members []member, values []uint64) {
	w.forget()
	members = make([]member, len(rows))
	values = w.values[:0]
	for i, row := range rows {
		members[i] = member{-1, len(values)}
		shape, longer, ok := cutShape(w.shape[:0], values, row)
		w.shape = shape
		if !ok || len(longer) == len(values) {
			continue
		}
		place, known := w.places[string(shape)]
		if !known {
			place = len(families)
			w.places[string(shape)] = place
			families = append(families, family{shape: bytes.Clone(shape)})
		}
		families[place].texts++
		members[i].family, values = place, longer
	}
	w.values = values
	return families, members, values
}

// appendForms writes the lengths of forms and their bytes.
func (w *Writer) appendForms(b []byte, forms [][]byte) []byte {
	lengths := make([]uint64, len(forms))
	w.text = w.text[:0]
	for i, form := range forms {
		lengths[i] = uint64(len(form))
		w.text = append(w.text, form...)
	}
	b = AppendInts(b, lengths)
	stored := w.deflate(w.text)
	b = binary.AppendUvarint(b, uint64(len(w.text)))
	b = binary.AppendUvarint(b, uint64(len(stored)))
	return append(b, stored...)
}

// deflate returns text compressed, if that makes it shorter; valid until the next call.
func (w *Writer) deflate(text []byte) []byte {
	if len(text) < minDeflate {
		return text
	}
	w.deflated.Reset()
	if w.deflater == nil {
		w.deflater, _ = flate.NewWriter(&w.deflated, flate.BestSpeed) // the level is one
	}
	w.deflater.Reset(&w.deflated)
	w.deflater.Write(text) // a buffer takes everything
	w.deflater.Close()
	if w.deflated.Len() >= len(text) {
		return text
	}
	return w.deflated.Bytes()
}
