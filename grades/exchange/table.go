package exchange

import (
	"encoding/csv"
	"fmt"
	"io"

	"gradebook/grades"
)

// table writes a file of columns, a line for each student. The separator tells
// one format from another, and what its columns are.
type table struct {
	csv     *csv.Writer
	columns []column
	row     []string
}

// column is a column of a table.
type column struct {
	title string
	above []string // what stands between the title and the students, alike in number for all columns
	cell  func(l *line) string
}

// line is a student in a table.
type line struct {
	*grades.Student
	totals    grades.Totals
	subtotals *grades.Subtotals
	grades    []*grades.Grade // one for each assignment, nil for a blank
}

// writeTable writes a class as a file.
func writeTable(w io.Writer, separator rune, book *grades.Gradebook, columns []column) error {
	t := newTable(w, separator, columns)
	if err := eachLine(book, t.line); err != nil {
		return err
	}
	return t.flush()
}

// newTable begins a file with what stands above the students.
func newTable(w io.Writer, separator rune, columns []column) *table {
	t := &table{csv: csv.NewWriter(w), columns: columns, row: make([]string, len(columns))}
	t.csv.Comma = separator
	t.write(func(c *column) string { return c.title })
	for i := range columns[0].above {
		t.write(func(c *column) string { return c.above[i] })
	}
	return t
}

func (t *table) line(l *line) { t.write(func(c *column) string { return c.cell(l) }) }

// write writes a row. An error comes from flush.
func (t *table) write(cell func(c *column) string) {
	for i := range t.columns {
		t.row[i] = cell(&t.columns[i])
	}
	t.csv.Write(t.row)
}

func (t *table) flush() error {
	t.csv.Flush()
	return t.csv.Error()
}

// eachLine goes through the students of a class. A grade that is left over is an
// error, for no file is better than one with a grade missing.
func eachLine(book *grades.Gradebook, each func(*line)) error {
	l := line{grades: make([]*grades.Grade, len(book.Assignments))}
	add, cells := book.Subtotals(), book.Cells
	for i := range book.Students {
		l.Student = &book.Students[i]
		l.totals = book.Totals[l.ID]
		for at := range book.Assignments {
			l.grades[at] = nil
			if len(cells) > 0 && cells[0].Student == l.ID && cells[0].Assignment == book.Assignments[at].ID {
				l.grades[at], cells = &cells[0], cells[1:]
			}
		}
		l.subtotals = add(l.grades)
		each(&l)
	}
	if len(cells) > 0 {
		return fmt.Errorf("export class %d: the grade of student %d in assignment %d is out of order", book.Class.ID, cells[0].Student, cells[0].Assignment)
	}
	return nil
}
