package column

import (
	"bytes"
	"compress/flate"
	"io"
)

const (
	minAlike   = 8        // texts of a shape that make columns for its numbers worth while
	minDeflate = 256      // bytes of texts that are worth compressing
	maxBlob    = 64 << 20 // far more than the texts of a block take
)

// Texts is a column of texts that is being read. It has each text once if they repeat much, and of those texts that
// are alike only the numbers in them:
//
//	1, how many texts, which of them a row has    or 0: each row has its own
//	how many shapes, and how many texts without one
//	the shape of each text, or the number of shapes if it has none
//	the lengths of the shapes and of the texts without one, and they themselves, compressed
//	for each shape, for each slot, the numbers in it
type Texts struct {
	Index  []uint64 // which of the different texts each row has; nil: each its own
	which  []uint64 // the shape of each text
	rank   []uint32 // how many texts before it have the same
	forms  [][]byte // the shapes, then the texts without one
	slots  [][]Ints // of each shape
	shapes int
}

// Texts reads a column of n rows, which stays where it is.
func (r *Reader) Texts(n int) Texts {
	var t Texts
	if r.Byte() == 1 {
		different := r.UpTo(n)
		t.Index = r.Places(n, different-1)
		n = different
	}
	t.shapes = r.UpTo(n)
	others := r.UpTo(n)
	t.which = r.Places(n, t.shapes)
	t.forms = r.forms(t.shapes + others)
	counts := make([]uint32, t.shapes+1)
	t.rank = make([]uint32, len(t.which))
	for i, id := range t.which {
		t.rank[i] = counts[id]
		counts[id]++
	}
	if int(counts[t.shapes]) != others {
		r.fail()
	}
	if r.Bad {
		return Texts{}
	}
	t.slots = make([][]Ints, t.shapes)
	for i := range t.slots {
		t.slots[i] = make([]Ints, slots(t.forms[i]))
		for slot := range t.slots[i] {
			t.slots[i][slot] = r.Ints(int(counts[i]))
		}
	}
	if r.Bad {
		return Texts{}
	}
	return t
}

// Places returns the n numbers of a column, which are from 0 to most.
func (r *Reader) Places(n, most int) []uint64 {
	column := r.Ints(n)
	if r.Bad {
		return nil
	}
	places := column.All(n)
	for _, place := range places {
		if place > uint64(most) {
			r.fail()
			return nil
		}
	}
	return places
}

// forms reads n texts.
func (r *Reader) forms(n int) [][]byte {
	lengths := r.Ints(n)
	size := r.UpTo(maxBlob)
	blob := Reader{Rest: r.Text()}
	if len(blob.Rest) != size {
		blob.Rest = inflate(blob.Rest, size)
	}
	if r.Bad {
		return nil
	}
	forms := make([][]byte, n)
	for i := range forms {
		forms[i] = blob.Bytes(int(min(lengths.At(i), maxBlob)))
	}
	if blob.Bad || len(blob.Rest) > 0 {
		r.fail()
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

// Different returns how many texts there are.
func (t *Texts) Different() int { return len(t.which) }

// Place returns which text a row has. Rows of the same place have the same text.
func (t *Texts) Place(row int) int {
	if t.Index == nil {
		return row
	}
	return int(t.Index[row])
}

// Append appends the text at a place.
func (t *Texts) Append(b []byte, place int) []byte {
	shape, rank := int(t.which[place]), int(t.rank[place])
	if shape == t.shapes {
		return append(b, t.forms[shape+rank]...)
	}
	columns := t.slots[shape]
	return appendShape(b, t.forms[shape], func(slot int) uint64 { return columns[slot].At(rank) })
}

// Empty returns a column of n texts that are all empty.
func Empty(n int) *Texts {
	return &Texts{which: make([]uint64, n), rank: make([]uint32, n), forms: make([][]byte, 1)}
}
