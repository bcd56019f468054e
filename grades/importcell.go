package grades

import "fmt"

// cellOutcome is what happens to a cell.
type cellOutcome uint8

const (
	cellNothing cellOutcome = iota
	cellSame                // it is in the file as in the book
	cellNew
	cellChanged
	cellCleared
	cellKept
)

// String is the outcome as the API has it.
func (o cellOutcome) String() string {
	return [...]string{"", "", CellNew, CellChanged, CellCleared, CellKept}[o]
}

// maxDetails keeps what is said of one row readable.
const maxDetails = 10

// cellsOf decides the cells of a row.
func (s *sheetImport) cellsOf(line *SheetRow, entry *directoryEntry, r *rowImport, digest *digest) {
	var have row
	if e := entry.enrollment(s); e != nil {
		have = e.row
	}
	over, entered := 0, 0
	for i := range line.Cells {
		said, column := &line.Cells[i], &s.columns[i]
		if said.Kind == CellAbsent || column.removed || column.Assignment == nil {
			continue
		}
		var old *Grade
		if column.old != nil {
			old = have.find(column.ID).grade(r.student)
		}
		what, value := s.cell(line, column, said, old)
		if said.Kind == CellScore && said.Score > column.Points && column.Points > 0 {
			if over++; over <= maxDetails {
				r.say("%s: %s is over the %s possible and counts in full", column.Title, said.Score, column.Points)
			}
		}
		s.report.Cells.count(what)
		switch what {
		case cellNothing, cellSame:
			continue
		case cellKept:
		default:
			entered++
			change := cellChange(old, r.student, column.ID, value)
			s.changes.Cells.Add(&change)
			digest.cell(i, &change)
		}
		s.cells.add(cellImport{i, what, old.value()})
		r.cells++
	}
	if over > maxDetails {
		r.say("and %d more are over", over-maxDetails)
	}
	if entered > 0 {
		r.details = append([]string{fmt.Sprintf("%d %s entered", entered, plural(entered, "grade"))}, r.details...)
		if r.outcome == LineUnchanged {
			r.outcome = LineChanged
		}
	}
}

func (c *CellCounts) count(what cellOutcome) {
	switch what {
	case cellNew:
		c.New++
	case cellChanged:
		c.Changed++
	case cellCleared:
		c.Cleared++
	case cellKept:
		c.Kept++
	case cellSame:
		c.Unchanged++
	}
}

// cell decides one cell: what happens to it, cellNothing if none, and what it
// holds then. What is wrong with it is refused.
func (s *sheetImport) cell(row *SheetRow, column *columnImport, said *SheetCell, old *Grade) (what cellOutcome, value *CellValue) {
	blank := said.Kind == CellBlank
	switch {
	case blank && !clearable(old):
		return cellNothing, nil
	case blank && s.o.Blanks != BlanksClear:
		return cellKept, old.value()
	case said.Kind == CellClear && old.empty():
		return cellSame, nil
	}
	in := meant(said, old.value())
	var f faults
	value = s.rules.checkCell(&f, in)
	for _, fault := range f {
		s.refuse(row.File, row.Line, column.Title, "%s %s", fault.Field, fault.Detail)
	}
	switch before := old.value(); {
	case sameValue(before, value):
		return cellSame, value
	case value == nil, blank:
		return cellCleared, value
	case before == nil:
		return cellNew, value
	}
	return cellChanged, value
}

// clearable reports whether a cell has what a blank stands against.
func clearable(old *Grade) bool {
	return old != nil && (old.Score != nil || old.Status == Excused || old.Status == Unassigned)
}

// meant is what a file says a cell should hold, given what it holds. What a
// teacher has said of the cell stays when the file only knows its score.
func meant(said *SheetCell, old *CellValue) *CellInput {
	in := &CellInput{Status: said.Status, Comment: said.Comment, Submitted: said.Submitted}
	if said.Kind == CellClear {
		return &CellInput{}
	}
	if old != nil {
		if in.Comment == "" {
			in.Comment = old.Comment
		}
		if in.Submitted == nil {
			in.Submitted = old.Submitted
		}
		if said.Kind == CellStatus && said.Status == "" { // only a comment, which takes nothing away
			in.Score, in.Status = old.Score, old.Status
		}
	}
	if said.Kind == CellScore {
		score := said.Score
		in.Score = &score
		if old != nil && in.Status == "" && (old.Status == Late || old.Status == Incomplete) {
			in.Status = old.Status
		}
	}
	return in
}
