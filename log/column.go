package log

import (
	"bytes"
	"compress/flate"
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
