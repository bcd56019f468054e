package exchange

import (
	"fmt"

	"gradebook/grades"
)

// rosterFaults collects what is wrong with the files of a ZIP.
type rosterFaults struct {
	errors  []grades.LineError
	omitted int
}

// add notes an error in a line of a file, 0 for the whole file, and a column, ""
// for the whole line. detail says what is wrong and what to do.
func (f *rosterFaults) add(file string, line int, column, detail string, args ...any) {
	if len(f.errors) == maxErrors {
		f.omitted++
		return
	}
	f.errors = append(f.errors, grades.LineError{File: file, Line: max(line, 1), Column: fmt.Sprintf("%.100s", column), Detail: fmt.Sprintf(detail, args...)})
}

// err returns a *grades.SheetError, or nil.
func (f *rosterFaults) err() error {
	if len(f.errors) == 0 {
		return nil
	}
	if f.omitted > 0 {
		last := f.errors[len(f.errors)-1]
		f.errors = append(f.errors, grades.LineError{File: last.File, Line: last.Line, Detail: fmt.Sprintf("and %d more errors: mend the first ones and try again", f.omitted)})
	}
	return &grades.SheetError{Errors: f.errors}
}

// maxAlike bounds the doubts of one kind about one column: a file of 100,000
// lines may have the same on each.
const maxAlike = 10

// rosterDoubts collects what is doubtful in the files of a ZIP.
type rosterDoubts struct {
	list  []grades.Doubt
	kinds map[doubtKind]*alike
	order []*alike
}

// doubtKind is what is alike about doubts: the column and the sentence, before
// what it is about is put into it.
type doubtKind struct{ file, column, detail string }

type alike struct {
	doubtKind
	count int
	line  int // the first that is only counted
}

// add notes a doubt; the lines after the first ten of a kind are counted.
func (d *rosterDoubts) add(file string, line int, column, detail string, args ...any) {
	if d.kinds == nil {
		d.kinds = map[doubtKind]*alike{}
	}
	kind := doubtKind{file, column, detail}
	a := d.kinds[kind]
	if a == nil {
		a = &alike{doubtKind: kind}
		d.kinds[kind] = a
		d.order = append(d.order, a)
	}
	if a.count++; a.count <= maxAlike {
		d.list = append(d.list, grades.Doubt{File: file, Line: line, Column: column, Detail: fmt.Sprintf(detail, args...)})
	} else if a.line == 0 {
		a.line = line
	}
}

// all returns the doubts, with a last one of each kind that counts the others.
func (d *rosterDoubts) all() []grades.Doubt {
	for _, a := range d.order {
		if more := a.count - maxAlike; more > 0 {
			d.list = append(d.list, grades.Doubt{File: a.file, Line: a.line, Column: a.column, Detail: fmt.Sprintf("the same on %d more lines from here on", more)})
		}
	}
	return d.list
}
