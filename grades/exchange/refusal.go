package exchange

import (
	"fmt"
	"slices"

	"gradebook/grades"
)

// maxErrors bounds a refusal to what is shown to people, less the line that
// counts the others, so that a file of nothing but errors costs no more memory
// than a good one. For the same reason titles and cells are cut in messages.
const maxErrors = maxNotes - 1

// refusal collects what is wrong with a file.
type refusal struct {
	errors  []grades.LineError
	omitted int
}

// add notes an error in a column, "" for the whole line. detail says what is
// wrong and what to do.
func (r *refusal) add(line int, column, detail string, args ...any) {
	if len(r.errors) == maxErrors {
		r.omitted++
		return
	}
	r.errors = append(r.errors, grades.LineError{Line: line, Column: fmt.Sprintf("%.100s", column), Detail: fmt.Sprintf(detail, args...)})
}

// err returns a *grades.SheetError in the order of the lines, or nil.
func (r *refusal) err() error {
	if len(r.errors) == 0 {
		return nil
	}
	slices.SortStableFunc(r.errors, func(a, b grades.LineError) int { return a.Line - b.Line })
	if r.omitted > 0 {
		last := r.errors[len(r.errors)-1].Line
		r.errors = append(r.errors, grades.LineError{Line: last, Detail: fmt.Sprintf("and %d more errors: mend the first ones and try again", r.omitted)})
	}
	return &grades.SheetError{Errors: r.errors}
}
