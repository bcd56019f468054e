package grades

import (
	"iter"
	"slices"
)

// sheetRows are the rows of a sheet.
type sheetRows struct{ list []SheetRow }

// Add adds a row, which is copied: the reader of a file uses one again and
// again. It must have a cell for each of the sheet's assignments.
func (s *Sheet) Add(row *SheetRow) {
	added := *row
	added.Cells = slices.Clone(row.Cells)
	s.rows.list = append(s.rows.list, added)
}

// Rows are the rows in the order they were added. Each is valid until the next.
func (s *Sheet) Rows() iter.Seq[*SheetRow] {
	return func(yield func(*SheetRow) bool) {
		for i := range s.rows.list {
			row := s.rows.list[i]
			if !yield(&row) {
				return
			}
		}
	}
}

// Len is the number of rows.
func (s *Sheet) Len() int { return len(s.rows.list) }
