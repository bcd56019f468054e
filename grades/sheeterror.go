package grades

import (
	"fmt"
	"slices"
	"strings"
)

// SheetError refuses a file whole: nothing of it was applied. A client gets the
// first 200 errors and, of more, a last one that counts the others.
type SheetError struct {
	Errors []LineError
	More   int // errors that are counted only
}

func (e *SheetError) count() int { return len(e.Errors) + e.More }

// LineError is what is wrong with one line of a file.
type LineError struct {
	File   string `json:"file,omitempty"` // in a file of several
	Line   int    `json:"line"`           // from 1
	Column string `json:"column,omitempty"`
	Detail string `json:"detail"`
}

func (e *SheetError) Error() string {
	if len(e.Errors) == 0 {
		return "file refused"
	}
	first := &e.Errors[0]
	return fmt.Sprintf("file refused: %s: %s (%d errors)", first.field(), first.Detail, e.count())
}

// first returns the first errors, and one that counts those left out.
func (e *SheetError) first(most int) []LineError {
	if e.count() <= most {
		return e.Errors
	}
	most = min(most, len(e.Errors)-1)
	left, next := e.count()-most, &e.Errors[most]
	return append(slices.Clip(e.Errors[:most]), LineError{
		File: next.File, Line: next.Line,
		Detail: fmt.Sprintf("and %d more %s from here on; mend the first ones and try again", left, plural(left, "error")),
	})
}

// field says where the error is: "results.csv, line 3, score".
func (e *LineError) field() string {
	where := fmt.Sprintf("line %d", e.Line)
	if e.File != "" {
		where = e.File + ", " + where
	}
	if e.Column != "" {
		where += ", " + e.Column
	}
	return where
}

// lineErrorAt returns an error where a field, written by that method, says.
func lineErrorAt(field, detail string) (e LineError, ok bool) {
	e.Detail = detail
	if file, rest, found := strings.Cut(field, ", line "); found && !strings.HasPrefix(field, "line ") {
		e.File, field = file, "line "+rest
	}
	where, column, _ := strings.Cut(field, ", ")
	e.Column = column
	_, err := fmt.Sscanf(where, "line %d", &e.Line)
	return e, err == nil
}
