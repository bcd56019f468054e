package grades

import (
	"fmt"
	"iter"
	"slices"
	"strings"
)

// report is what was decided, without rows. In a proposal what would be made has
// no ids yet.
func (m *importing) report(applied bool) *ImportReport {
	r := &ImportReport{
		State: ImportProposed, Format: m.format, Revision: m.revision,
		Guesses: m.file.Guesses, Doubts: m.doubts, Classes: make([]ImportClass, 0, len(m.sheets)),
	}
	if m.moreDoubts > 0 {
		r.Doubts = append(slices.Clip(r.Doubts), Doubt{Detail: fmt.Sprintf("and %d more doubts", m.moreDoubts)})
	}
	for _, s := range m.sheets {
		class := s.report
		if !applied {
			class = class.proposed()
		}
		r.Classes = append(r.Classes, class)
	}
	if applied {
		r.State, r.Revision = ImportApplied, 0
		if !m.changes.empty() {
			r.Revision = m.revision + 1
		}
	}
	return r
}

// proposed is the class without the ids of what would be made.
func (c ImportClass) proposed() ImportClass {
	if c.Outcome == LineCreated {
		c.ID = 0
	}
	c.Columns = slices.Clone(c.Columns)
	for i := range c.Columns {
		if c.Columns[i].Outcome == LineCreated {
			c.Columns[i].Assignment = 0
		}
	}
	return c
}

// reportRows are the rows that were decided, each valid until the next. Its
// digest is that of what it shows.
func (m *importing) reportRows(applied bool) iter.Seq2[*ImportRow, uint64] {
	return func(yield func(*ImportRow, uint64) bool) {
		for _, s := range m.sheets {
			if !s.reportRows(applied, yield) {
				return
			}
		}
	}
}

func (s *sheetImport) reportRows(applied bool, yield func(*ImportRow, uint64) bool) bool {
	class := s.report
	if !applied {
		class = class.proposed()
	}
	var out ImportRow
	rows, cells, number := s.rows, s.cells.reader(), s.first
	for row := range s.sheet.Rows() {
		if number++; len(rows) == 0 {
			return true
		}
		if rows[0].row != number {
			continue
		}
		r := &rows[0]
		out = ImportRow{
			Row: number, File: row.File, Line: row.Line, Class: class.ID, Student: r.student, Name: r.name,
			Outcome: r.outcome, Detail: strings.Join(r.details, "; "), Cells: out.Cells[:0],
		}
		if r.made && !applied {
			out.Student = 0
		}
		for range r.cells {
			c := cells.cellImport()
			out.Cells = append(out.Cells, s.reportCell(&class, &row.Cells[c.column], &c))
		}
		if !yield(&out, r.digest) {
			return false
		}
		rows = rows[1:]
	}
	return true
}

func (s *sheetImport) reportCell(class *ImportClass, said *SheetCell, c *cellImport) ImportCell {
	column := &class.Columns[c.column]
	out := ImportCell{Assignment: column.Assignment, Title: column.Title, What: c.what.String(), From: c.from, To: c.from}
	if c.what != cellKept {
		var none faults // it was checked
		out.To = s.rules.checkCell(&none, meant(said, c.from))
	}
	return out
}

// rowsWithin are the first rows, of at most so many bytes as JSON but at least
// one, and the cursor of the next.
func (m *importing) rowsWithin(applied bool, most int) (list []ImportRow, next string, err error) {
	list = []ImportRow{}
	page := rowPage{limit: maxImportRows, bytes: most}
	for row, digest := range m.reportRows(applied) {
		line, err := rowLine(nil, row, digest)
		if err != nil {
			return nil, "", err
		}
		if !page.takes(len(line)) {
			return list, page.next(), nil
		}
		row := *row
		row.Cells = slices.Clone(row.Cells)
		list = append(list, row)
	}
	return list, "", nil
}
