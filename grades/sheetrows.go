package grades

import (
	"encoding/binary"
	"iter"
)

// sheetRows are the rows of a sheet, one after the other in packed form: a file
// may have a million cells, and few bytes for each. A row is never in two chunks,
// and a chunk never moves.
//
// A row begins with flags, its distance from the line before and how many cells
// it has; then come the lengths of its texts, the texts, and the cells. A cell is
// a packed value, as pack.go says, or one of the bytes below.
type sheetRows struct {
	chunks  [][]byte
	scratch []byte // room for a row
	count   int
	last    SheetRow // without texts of its own
}

// Flags of a packed row.
const (
	rowRemoved = 1 << iota
	rowOfFile  // another than before: its name is the first text
)

// What a packed value cannot begin with, because no status has the highest
// number.
const (
	cellsAbsent = packedStatus + iota<<packedPlaces // so many as the number that follows
	cellBlank
	cellClear
)

// The sizes of chunks: each is twice as large as the one before it, so that
// neither a small class nor a large one takes much more than it needs.
const firstChunk, largestChunk = 1 << 10, 256 << 10

// texts are the texts of a row in the order in which they are packed.
func (r *SheetRow) texts() [8]*string {
	return [...]*string{&r.File, &r.FirstName, &r.LastName, &r.ExternalID, &r.SISID, &r.Login, &r.Section, &r.Email}
}

// Add adds a row, which is copied: the reader of a file uses one again and
// again. It must have a cell for each of the sheet's assignments.
func (s *Sheet) Add(row *SheetRow) {
	r := &s.rows
	r.scratch = r.appendRow(r.scratch[:0], row)
	r.last = SheetRow{File: row.File, Line: row.Line}
	r.count++
	n := len(r.chunks)
	if n == 0 || cap(r.chunks[n-1])-len(r.chunks[n-1]) < len(r.scratch) {
		size := firstChunk
		if n > 0 {
			size = min(2*cap(r.chunks[n-1]), largestChunk)
		}
		r.chunks = append(r.chunks, make([]byte, 0, max(size, len(r.scratch))))
		n++
	}
	r.chunks[n-1] = append(r.chunks[n-1], r.scratch...)
}

func (r *sheetRows) appendRow(b []byte, row *SheetRow) []byte {
	var flags byte
	if row.Removed {
		flags |= rowRemoved
	}
	texts := row.texts()
	if row.File != r.last.File {
		flags |= rowOfFile
	} else {
		texts[0] = new(string)
	}
	b = binary.AppendVarint(append(b, flags), int64(row.Line-r.last.Line))
	b = binary.AppendUvarint(b, uint64(len(row.Cells)))
	for _, text := range texts {
		b = binary.AppendUvarint(b, uint64(len(*text)))
	}
	for _, text := range texts {
		b = append(b, *text...)
	}
	absent := 0
	for i := range row.Cells {
		if cell := &row.Cells[i]; cell.Kind == CellAbsent {
			absent++
		} else {
			b = appendPackedCell(appendAbsent(b, absent), cell)
			absent = 0
		}
	}
	return appendAbsent(b, absent)
}

func appendAbsent(b []byte, cells int) []byte {
	if cells == 0 {
		return b
	}
	return binary.AppendUvarint(append(b, cellsAbsent), uint64(cells))
}

// appendPackedCell appends a cell that is not absent.
func appendPackedCell(b []byte, cell *SheetCell) []byte {
	value := CellValue{Status: cell.Status, Submitted: cell.Submitted, Comment: cell.Comment}
	switch cell.Kind {
	case CellBlank:
		return append(b, cellBlank)
	case CellClear:
		return append(b, cellClear)
	case CellScore:
		value.Score = &cell.Score
	}
	return appendPackedValue(b, &value)
}

// Rows are the rows in the order they were added. Each is valid until the next,
// and its texts for good.
func (s *Sheet) Rows() iter.Seq[*SheetRow] {
	return func(yield func(*SheetRow) bool) {
		row, room := new(SheetRow), new(valueRoom)
		for _, chunk := range s.rows.chunks {
			for u := (unpacking{rest: chunk}); len(u.rest) > 0; {
				if u.row(row, room); !yield(row) {
					return
				}
			}
		}
	}
}

// Len is the number of rows.
func (s *Sheet) Len() int { return s.rows.count }

// row replaces a row by the one that follows it.
func (u *unpacking) row(row *SheetRow, room *valueRoom) {
	flags, file := u.byte(), row.File
	*row = SheetRow{Line: row.Line + int(u.varint()), Removed: flags&rowRemoved != 0, Cells: row.Cells[:0]}
	cells := int(u.uvarint())
	texts, ends, end := row.texts(), [8]int{}, 0
	for i := range texts {
		end += int(u.uvarint())
		ends[i] = end
	}
	all, begin := string(u.bytes(uint64(end))), 0 // one string for all
	for i, text := range texts {
		*text, begin = all[begin:ends[i]], ends[i]
	}
	if flags&rowOfFile == 0 {
		row.File = file
	}
	for len(row.Cells) < cells {
		if u.rest[0] == cellsAbsent {
			u.byte()
			for range u.uvarint() {
				row.Cells = append(row.Cells, SheetCell{})
			}
			continue
		}
		row.Cells = append(row.Cells, SheetCell{})
		u.cell(&row.Cells[len(row.Cells)-1], room)
	}
}

// cell reads a cell that is not absent.
func (u *unpacking) cell(cell *SheetCell, room *valueRoom) {
	switch u.rest[0] {
	case cellBlank:
		u.byte()
		cell.Kind = CellBlank
		return
	case cellClear:
		u.byte()
		cell.Kind = CellClear
		return
	}
	v := u.value(room)
	*cell = SheetCell{Kind: CellStatus, Status: v.Status, Comment: v.Comment, Submitted: v.Submitted}
	if v.Score != nil {
		cell.Kind, cell.Score = CellScore, *v.Score
	}
}
