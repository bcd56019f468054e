package exchange

import (
	"io"

	"gradebook/grades"
)

// Write writes a file of the shape that Google Classroom exports.
func (google) Write(w io.Writer, books []*grades.Gradebook) error {
	book := books[0]
	columns := []column{
		lastNames("Last Name"), firstNames("First Name"), emails("Email"),
		percentColumn("Overall Grade", func(l *line) *grades.Percent { return shown(&book.Class, l).Percent }),
	}
	for i, a := range book.Assignments {
		columns = append(columns, gradeColumn(titleWithPoints(a), i, googleCell))
	}
	return writeTable(w, ',', book, columns)
}

// googleCell writes a cell. Google has no mark for a status but these two.
func googleCell(g *grades.Grade) string {
	switch g.Status {
	case grades.Missing:
		return "Missing"
	case grades.Excused:
		return "Excused"
	}
	return scoreText(g)
}
