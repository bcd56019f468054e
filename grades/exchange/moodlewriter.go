package exchange

import (
	"io"

	"gradebook/grades"
)

// Write writes a file of the shape that Moodle exports. Feedback has a column
// where there is any. Every title has the name of a module before it, because
// the reader takes one off.
func (moodle) Write(w io.Writer, books []*grades.Gradebook) error {
	book := books[0]
	columns := []column{
		firstNames("First name"), lastNames("Last name"), sisIDs("ID number"),
		sameColumn("Institution", ""), sameColumn("Department", ""), emails("Email address"),
	}
	commented := map[int]bool{}
	for _, g := range book.Cells {
		if g.Comment != "" {
			commented[g.Assignment] = true
		}
	}
	for i, a := range book.Assignments {
		columns = append(columns, gradeColumn("Assignment: "+a.Title+" (Real)", i, moodleCell))
		if commented[a.ID] {
			columns = append(columns, gradeColumn("Assignment: "+a.Title+" (Feedback)", i, commentText))
		}
	}
	total := func(l *line) grades.Total { return shown(&book.Class, l) }
	columns = append(columns,
		percentColumn("Course total (Percentage)", func(l *line) *grades.Percent { return total(l).Percent }),
		letterColumn("Course total (Letter)", func(l *line) *string { return total(l).Letter }))
	return writeTable(w, ',', book, columns)
}

// moodleCell writes a cell. Moodle has no mark for a status.
func moodleCell(g *grades.Grade) string {
	if g.Score == nil {
		return "-"
	}
	return scoreText(g)
}
