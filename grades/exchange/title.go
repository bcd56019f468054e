package exchange

import (
	"strings"

	"gradebook/grades"
)

// isReadOnly reports whether a cell in the row of the points possible marks a
// column that Canvas computes.
func isReadOnly(mark string) bool { return strings.EqualFold(strings.TrimSpace(mark), "(read only)") }

// isTotal reports whether a column is one of those that Canvas computes, by the
// end of its title: "Current Score", "Homework Unposted Final Grade (Fall)".
func isTotal(title string) bool {
	title = withoutPeriod(title)
	for _, kind := range []string{"Score", "Points", "Grade"} {
		for _, total := range []string{"Current ", "Final "} {
			if title == total+kind || strings.HasSuffix(title, " "+total+kind) {
				return true
			}
		}
	}
	return isOverride(title)
}

// isOverride reports whether a column holds a teacher's own total. Canvas does
// not mark it (read only) where it may be imported.
func isOverride(title string) bool {
	switch withoutPeriod(title) {
	case "Override Score", "Override Grade", "Override Status":
		return true
	}
	return false
}

// withoutPeriod takes the title of a grading period, in brackets, off the end.
func withoutPeriod(title string) string {
	at := strings.LastIndex(title, " (")
	if _, id := splitTitle(title); at > 0 && id == "" && strings.HasSuffix(title, ")") {
		return title[:at]
	}
	return title
}

// splitTitle splits "Essay (501)" into the title and the id of the assignment,
// "" when it has none.
func splitTitle(column string) (title, id string) {
	at := strings.LastIndex(column, " (")
	if at < 1 || !strings.HasSuffix(column, ")") {
		return column, ""
	}
	id = column[at+2 : len(column)-1]
	if !isNumeric(id) {
		return column, ""
	}
	return strings.TrimSpace(column[:at]), id
}

// joinTitle writes a title and an id so that splitTitle reads them back. Canvas
// has numbers for ids; what is none is left out. 0 stands for no id, where the
// bare title would be read as something else.
func joinTitle(title, id string) string {
	if isNumeric(id) {
		return title + " (" + id + ")"
	}
	if bare, id := splitTitle(title); id != "" || bare != title || isStudentColumn(title) {
		return title + " (0)"
	}
	return title
}

// titleWithPoints writes "Essay (20 points)", always, so that the reader may
// always take the last such off.
func titleWithPoints(a grades.Assignment) string {
	return a.Title + " (" + a.Points.String() + " points)"
}

func isNumeric(id string) bool { return id != "" && strings.Trim(id, "0123456789") == "" }
