package column

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"
)

// textColumns are columns of texts of the kinds that logs have.
func textColumns() map[string][][]byte {
	r := rand.New(rand.NewPCG(5, 6))
	fill := func(n int, text func() string) (rows [][]byte) {
		for range n {
			rows = append(rows, []byte(text()))
		}
		return rows
	}
	return map[string][][]byte{
		"none":       nil,
		"empty":      fill(100, func() string { return "" }),
		"few repeat": fill(1000, func() string { return fmt.Sprint("service ", r.IntN(4)) }),
		"lines":      fill(1000, func() string { return fmt.Sprintf("took %d ms, 0%d, id %016x", r.IntN(50), r.IntN(9), r.Uint64()) }),
		"two kinds": fill(500, func() string {
			return []string{fmt.Sprint("a ", r.IntN(99)), fmt.Sprint("b ", r.IntN(9), " c")}[r.IntN(2)]
		}),
		"random":      fill(300, func() string { return string([]byte{byte(r.Uint32()), byte(r.Uint32()), byte(r.Uint32())}) }),
		"with marks":  fill(100, func() string { return fmt.Sprintf("\x01 and \x02 %d", r.IntN(1000)) }),
		"long digits": fill(100, func() string { return fmt.Sprintf("%060d", r.Uint64()) }),
	}
}

// Each column comes back as it was, with one writer and with what follows it.
func TestTexts(t *testing.T) {
	var w Writer
	for name, rows := range textColumns() {
		b := w.AppendTexts(nil, rows)
		r := Reader{Rest: append(b, "what follows"...)}
		texts := r.Texts(len(rows))
		if r.Bad || string(r.Rest) != "what follows" {
			t.Errorf("%s: bad %v, %q is left", name, r.Bad, r.Rest)
			continue
		}
		for row, want := range rows {
			if got := texts.Append(nil, texts.Place(row)); !bytes.Equal(got, want) {
				t.Fatalf("%s: row %d is %q, want %q", name, row, got, want)
			}
		}
	}
}

// What was changed or cut is bad or some other texts, never a panic.
func TestDamagedTexts(t *testing.T) {
	var w Writer
	for name, rows := range textColumns() {
		good := append(w.AppendTexts(nil, rows), make([]byte, Padding)...)
		r := rand.New(rand.NewPCG(7, 8))
		for range 500 {
			b := bytes.Clone(good)
			if r.IntN(3) == 0 {
				b = b[:r.IntN(len(b))]
			} else {
				b[r.IntN(len(b))] ^= 1 << r.IntN(8)
			}
			c := Reader{Rest: b}
			texts := c.Texts(len(rows))
			for row := 0; row < len(rows) && !c.Bad; row++ {
				if got := texts.Append(nil, texts.Place(row)); len(got) > 1<<20 {
					t.Fatalf("%s: a text of %d bytes", name, len(got))
				}
			}
		}
	}
}
