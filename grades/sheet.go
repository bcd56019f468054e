package grades

import (
	"fmt"
	"io"
	"slices"
)

// Format is a kind of gradebook file. Implementations are safe for concurrent
// use.
type Format interface {
	// Read reads a file. What it cannot accept is a *SheetError that names
	// every bad line.
	Read(r io.Reader) (*Sheet, error)
	// Write writes a gradebook as a file.
	Write(w io.Writer, g *Gradebook) error
	// ContentType is the media type of what Write writes.
	ContentType() string
}

// Sheet is the content of a gradebook file, before it is matched with what is
// in the book.
type Sheet struct {
	Title       string // of the class, "" when the file does not say
	Assignments []SheetAssignment
	Rows        []SheetRow
	Guesses     []string // what the reader took for granted, in sentences
}

// SheetAssignment is a column of a sheet.
type SheetAssignment struct {
	Column     int // from 1, for messages
	Title      string
	ExternalID string
	Points     Score
	HasPoints  bool // the file gives the points possible
}

// SheetRow is a student's row of a sheet.
type SheetRow struct {
	Line                                                          int // from 1, for messages
	FirstName, LastName, ExternalID, SISID, Login, Section, Email string
	Cells                                                         []SheetCell // one for each of the sheet's Assignments
}

// SheetCell is a cell of a sheet. The zero value is a blank, which an import
// leaves as it is.
type SheetCell struct {
	Score  *Score
	Status string
}

// SheetError refuses a file whole: nothing of it was applied. A client gets the
// first 200 errors and, of more, a last one that counts the others.
type SheetError struct{ Errors []LineError }

// LineError is what is wrong with one line of a file.
type LineError struct {
	Line   int    `json:"line"`
	Column string `json:"column,omitempty"`
	Detail string `json:"detail"`
}

func (e *SheetError) Error() string {
	if len(e.Errors) == 0 {
		return "file refused"
	}
	return fmt.Sprintf("file refused: line %d: %s (%d errors)", e.Errors[0].Line, e.Errors[0].Detail, len(e.Errors))
}

// first returns the first errors, and one that counts those left out.
func (e *SheetError) first(most int) []LineError {
	if len(e.Errors) <= most {
		return e.Errors
	}
	left := len(e.Errors) - most
	return append(slices.Clip(e.Errors[:most]), LineError{
		Line:   e.Errors[most].Line,
		Detail: fmt.Sprintf("and %d more %s from here on; mend the first ones and try again", left, plural(left, "error")),
	})
}

// field says where the error is.
func (e *LineError) field() string {
	if e.Column == "" {
		return fmt.Sprintf("line %d", e.Line)
	}
	return fmt.Sprintf("line %d, %s", e.Line, e.Column)
}
