package exchange

import (
	"io"
	"slices"
	"strings"

	"gradebook/grades"
)

// Write writes a file that Canvas imports, with the class's title for the
// section. An id stands in it only where the student or assignment came with
// one: an id of ours could be that of someone else there.
func (canvas) Write(w io.Writer, books []*grades.Gradebook) error {
	book := books[0]
	columns := canvasStudent(book.Students, book.Class.Title)
	columns = append(columns, canvasAssignments(book.Assignments)...)
	columns = append(columns, canvasTotals(&book.Class)...)
	return writeTable(w, ',', book, canvasMarks(columns, book.Assignments))
}

// canvasStudent are the columns that say who a student is. A last name with a
// comma, which "Last, First" cannot hold, makes it two for the names, as Canvas
// has it too.
func canvasStudent(students []grades.Student, section string) []column {
	names := []column{textColumn("Student", func(l *line) string { return joinName(l.FirstName, l.LastName) })}
	if slices.ContainsFunc(students, func(s grades.Student) bool { return strings.Contains(s.LastName, ",") }) {
		names = []column{lastNames("LastName"), firstNames("FirstName")}
	}
	return append(names, ids("ID"), sisIDs("SIS User ID"), logins("SIS Login ID"), sameColumn("Section", section))
}

// canvasAssignments are the columns of assignments. An id that two have stands
// with the first.
func canvasAssignments(list []grades.Assignment) []column {
	var columns []column
	used := map[string]bool{}
	for i, a := range list {
		id := a.ExternalID
		if used[id] {
			id = ""
		}
		used[id] = true
		c := gradeColumn(joinTitle(a.Title, id), i, canvasCell)
		c.above = []string{"", decimals(a.Points.String())}
		if !a.Posted {
			c.above[0] = "Manual Posting"
		}
		columns = append(columns, c)
	}
	return columns
}

// canvasTotals are the columns of totals, which an import leaves out: of each
// category and of the class. As in Canvas, a weighted class has no points. Our
// totals count what is hidden, so Canvas's Unposted columns would say the same.
func canvasTotals(class *grades.Class) []column {
	var columns []column
	add := func(c column) {
		c.above = []string{"", "(read only)"}
		columns = append(columns, c)
	}
	points := func(title string, of func(l *line) *grades.Subtotal) {
		if class.Weighting != grades.Weighted {
			add(column{title: guard(title), cell: func(l *line) string { return pointsText(of(l)) }})
		}
	}
	for i, category := range class.Categories {
		current := func(l *line) *grades.Subtotal { return &l.subtotals.Current.Categories[i] }
		final := func(l *line) *grades.Subtotal { return &l.subtotals.Final.Categories[i] }
		points(category.Name+" Current Points", current)
		points(category.Name+" Final Points", final)
		add(percentColumn(category.Name+" Current Score", func(l *line) *grades.Percent { return current(l).Percent }))
		add(percentColumn(category.Name+" Final Score", func(l *line) *grades.Percent { return final(l).Percent }))
	}
	points("Current Points", func(l *line) *grades.Subtotal { return &l.subtotals.Current.All })
	points("Final Points", func(l *line) *grades.Subtotal { return &l.subtotals.Final.All })
	add(percentColumn("Current Score", currentPercent))
	add(percentColumn("Final Score", finalPercent))
	add(letterColumn("Current Grade", currentLetter))
	add(letterColumn("Final Grade", finalLetter))
	return columns
}

// pointsText writes what was earned, "" where there was nothing to earn it on.
func pointsText(s *grades.Subtotal) string {
	if s.Percent == nil && s.Earned == (grades.Amount{}) {
		return ""
	}
	return decimals(s.Earned.String())
}

// canvasMarks completes what stands above the students: which assignments are
// hidden, where any is, and the points possible.
func canvasMarks(columns []column, list []grades.Assignment) []column {
	for i := range columns {
		if columns[i].above == nil {
			columns[i].above = []string{"", ""}
		}
	}
	columns[0].above[1] = "    Points Possible"
	if !slices.ContainsFunc(list, func(a grades.Assignment) bool { return !a.Posted }) {
		for i := range columns {
			columns[i].above = columns[i].above[1:]
		}
	}
	return columns
}

// canvasCell writes a cell. One without a score is blank, for Canvas has no mark
// for a status but these two.
func canvasCell(g *grades.Grade) string {
	switch {
	case g.Status == grades.Excused:
		return "EX"
	case g.Status == grades.Unassigned:
		return "N/A"
	}
	return scoreText(g)
}
