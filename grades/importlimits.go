package grades

import "fmt"

// The limits of one import keep what is decided about a file in proportion to
// what may come of it, however the file looks: a hundred megabytes of nothing but
// short lines would be as many students.
const (
	maxRows      = 1_000_000
	studentBytes = 48 // of a record, at least, for one that is made or changed
	enrollBytes  = 39
	cellBytes    = 4 + undoRoom
)

// fits refuses a file that has too many rows.
func (f *File) fits() error {
	rows := 0
	for _, sheet := range f.Sheets {
		rows += sheet.Len()
	}
	if rows > maxRows {
		return &SheetError{Errors: []LineError{{Line: 1, Detail: fmt.Sprintf("the file has %d rows, and one import takes %d; import it in parts", rows, maxRows)}}}
	}
	return nil
}

// fits refuses changes that would not fit into a record, as soon as a row shows
// that. Some that it lets pass are refused once they are written.
func (c *Changes) fits(row *SheetRow) error {
	if len(c.Students)*studentBytes+len(c.Enrollments)*enrollBytes+c.Cells.Len()*cellBytes <= maxRecord {
		return nil
	}
	return &SheetError{Errors: []LineError{{File: row.File, Line: row.Line, Detail: fmt.Sprintf(
		"with the lines before it there are %d grades and %d students to change, more than one import can; import the file in parts",
		c.Cells.Len(), len(c.Students))}}}
}
