package exchange

import (
	"io"
	"strings"

	"gradebook/grades"
)

// Write writes a spreadsheet: all that says who a student is, and every status
// in words. The totals are marked as such, for the reader to leave them out.
func (f spreadsheet) Write(w io.Writer, books []*grades.Gradebook) error {
	book := books[0]
	columns := []column{
		lastNames("Last name"), firstNames("First name"), ids("ID"), sisIDs("SIS ID"), logins("Login"), emails("Email"),
		sameColumn("Section", book.Class.Title),
	}
	for i, a := range book.Assignments {
		columns = append(columns, gradeColumn(titleWithPoints(a), i, plainCell))
	}
	columns = append(columns,
		percentColumn("Current total (read only)", currentPercent), letterColumn("Current letter (read only)", currentLetter),
		percentColumn("Final total (read only)", finalPercent), letterColumn("Final letter (read only)", finalLetter))
	return writeTable(w, f.separator, book, columns)
}

// plainCell writes a cell: "8.50", "8.50 late", "Late", "Excused".
func plainCell(g *grades.Grade) string {
	switch g.Status {
	case grades.Excused:
		return "Excused"
	case grades.Missing:
		return "Missing"
	case grades.Unassigned:
		return "N/A"
	case grades.Late, grades.Incomplete:
		if g.Score != nil {
			return scoreText(g) + " " + g.Status
		}
		return strings.ToUpper(g.Status[:1]) + g.Status[1:]
	}
	return scoreText(g)
}
