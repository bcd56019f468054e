package grades

import (
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
)

func randomSheetCell(rng *rand.Rand) (c SheetCell) {
	switch c.Kind = CellKind(rng.IntN(5)); c.Kind {
	case CellScore:
		v := randomValue(rng)
		c.Score, c.Status, c.Comment, c.Submitted = randomScore(rng), v.Status, v.Comment, v.Submitted
	case CellStatus:
		v := randomValue(rng)
		c.Status, c.Comment, c.Submitted = v.Status, v.Comment, v.Submitted
	}
	return c
}

func randomSheetRow(rng *rand.Rand, columns int) SheetRow {
	text := func() string { return strings.Repeat(randomText(rng), rng.IntN(3)) }
	row := SheetRow{
		File: strings.Repeat("results.csv", rng.IntN(2)), Line: rng.IntN(1000), Removed: rng.IntN(9) == 0,
		FirstName: text(), LastName: text(), ExternalID: text(), SISID: text(), Login: text(), Section: text(), Email: text(),
		Cells: make([]SheetCell, columns),
	}
	if rng.IntN(20) == 0 {
		row.Email = strings.Repeat("long ", 100_000) // more than a chunk
	}
	for i := range row.Cells {
		if rng.IntN(4) > 0 {
			row.Cells[i] = randomSheetCell(rng)
		}
	}
	return row
}

// Rows come back as they were added, and with their times in their zones, though
// the one that was added is used again.
func TestSheetRows(t *testing.T) {
	rng := rand.New(rand.NewPCG(6, 5))
	for range 30 {
		var s Sheet
		var want []SheetRow
		columns := rng.IntN(1 + rng.IntN(300))
		for range rng.IntN(100) {
			row := randomSheetRow(rng, columns)
			want = append(want, row)
			again := row
			again.Cells = append([]SheetCell{}, row.Cells...)
			s.Add(&again)
			clear(again.Cells)
		}
		if s.Len() != len(want) {
			t.Fatalf("%d rows, want %d", s.Len(), len(want))
		}
		for range 2 {
			i := 0
			for row := range s.Rows() {
				if got := *row; !sameRow(&got, &want[i]) {
					t.Fatalf("row %d is\n%+v\nwant\n%+v", i, got, want[i])
				}
				i++
			}
			if i != len(want) {
				t.Fatalf("%d rows, want %d", i, len(want))
			}
		}
		for range s.Rows() {
			break
		}
	}
}

func sameRow(a, b *SheetRow) bool {
	x, y := *a, *b
	x.Cells, y.Cells = nil, nil
	if !reflect.DeepEqual(x, y) || len(a.Cells) != len(b.Cells) {
		return false
	}
	for i := range a.Cells {
		x, y := a.Cells[i], b.Cells[i]
		if x.Kind != y.Kind || x.Score != y.Score || x.Status != y.Status || x.Comment != y.Comment || (x.Submitted == nil) != (y.Submitted == nil) {
			return false
		}
		if x.Submitted != nil && string(appendTime(nil, *x.Submitted)) != string(appendTime(nil, *y.Submitted)) {
			return false
		}
	}
	return true
}

// size is how many bytes the rows take.
func (r *sheetRows) size() (n int) {
	for _, chunk := range r.chunks {
		n += cap(chunk)
	}
	return n
}

// However a file looks, its rows take few bytes for each of its own.
func TestSheetRowsAreSmall(t *testing.T) {
	one := SheetCell{Kind: CellScore, Score: Points(1)}
	for _, c := range []struct {
		name       string
		rows, cols int
		text       string
		cell       SheetCell
		most       int // bytes
	}{
		{"a class", 10_000, 100, "Name", SheetCell{Kind: CellScore, Score: Score(955 * scoreUnit / 10)}, 4 << 20},
		{"nothing but 1 and a comma", 500, 2000, "", one, 3 << 20},
		{"nothing but short lines", 250_000, 1, "a", one, 6 << 20},
		{"blanks", 500, 2000, "", SheetCell{Kind: CellBlank}, 2 << 20},
		{"nothing", 500, 2000, "", SheetCell{}, 20_000},
		{"one row", 1, 5, "Name", one, firstChunk},
	} {
		var s Sheet
		row := SheetRow{LastName: c.text, Cells: make([]SheetCell, c.cols)}
		for i := range row.Cells {
			row.Cells[i] = c.cell
		}
		for range c.rows {
			row.Line++
			s.Add(&row)
		}
		if size := s.rows.size(); size > c.most {
			t.Errorf("%s: %d rows of %d cells take %d bytes, want at most %d", c.name, c.rows, c.cols, size, c.most)
		}
	}
}

// A million cells are added and read.
func BenchmarkSheetRows(b *testing.B) {
	row := SheetRow{FirstName: "First", LastName: "Last", ExternalID: "12345", Cells: make([]SheetCell, 100)}
	for i := range row.Cells {
		row.Cells[i] = SheetCell{Kind: CellScore, Score: Score(i * scoreUnit / 2)}
	}
	b.ReportAllocs()
	for b.Loop() {
		var s Sheet
		for range 10_000 {
			row.Line++
			s.Add(&row)
		}
		n := 0
		for row := range s.Rows() {
			n += len(row.Cells)
		}
		if n != 1_000_000 {
			b.Fatal(n)
		}
	}
}
