package exchange

import (
	"io"
	"slices"
	"strings"

	"gradebook/grades"
)

func canvasDialect() dialect {
	return dialect{role: canvasRole, item: canvasItem, choose: chooseCanvas, exact: true}
}

// Read reads a gradebook that Canvas exported, or one of its shape.
func (canvas) Read(file io.ReaderAt, size int64, o grades.ReadOptions) (*grades.File, error) {
	return readFile(canvasDialect(), file, size, o)
}

// chooseCanvas tells assignments from the columns of teachers, which come
// before, and the totals, which come after.
func chooseCanvas(r *reading) {
	r.test = true
	r.checkCanvas()
	marked := slices.ContainsFunc(r.marks.possible.cells, isReadOnly)
	var totals, custom []string
	started := false
	for i := range r.columns {
		c := &r.columns[i]
		mark := above(r.marks.possible, i)
		switch {
		case c.role != unknown || c.title == "":
		case isReadOnly(mark) && isTotal(c.title):
			c.role = ignored
		case isReadOnly(mark), mark == "" && isTotal(c.title) && (!marked || isOverride(c.title)):
			c.role = ignored
			totals = append(totals, c.title)
			if isOverride(c.title) && c.survey.filled > 0 {
				r.doubt(r.header.line, c.title, "left out, for totals are computed here: %d students have one that a teacher gave", c.survey.filled)
			}
		default:
			c.role = assignment
			_, id := splitTitle(c.title)
			started = started || id != "" || mark != ""
			r.doubtTotal(i, mark)
		}
	}
	if started {
		custom = r.ignoreCustom()
	}
	if totals != nil {
		r.guess("column", "ignore", "left out as totals, which are computed here, or as marked (read only): %s", listed(totals))
	}
	if custom != nil {
		r.guess("column", "ignore", "left out as no assignments, since they have no points possible and come before the first that has: %s", listed(custom))
	}
}

// ignoreCustom leaves out the columns before the first that has an id or points.
func (r *reading) ignoreCustom() (custom []string) {
	for i := range r.columns {
		c := &r.columns[i]
		if c.role != assignment || c.said {
			continue
		}
		if _, id := splitTitle(c.title); id != "" || above(r.marks.possible, i) != "" {
			break
		}
		c.role = ignored
		custom = append(custom, c.title)
		if c.survey.scores() {
			r.doubt(r.header.line, c.title, "left out as a teacher's own column, though it has numbers such as scores: if it is an assignment, give it points possible")
		}
	}
	return custom
}

// doubtTotal says of an assignment that its title looks like a total's.
func (r *reading) doubtTotal(i int, mark string) {
	title := r.columns[i].title
	lower := strings.ToLower(title)
	if !strings.Contains(lower, "final") && !strings.Contains(lower, "total") && !isTotal(title) {
		return
	}
	why := "nothing marks it (read only)"
	if mark != "" {
		why = "it has points possible"
	}
	r.doubt(r.header.line, title, "%.100q looks like a total; taken as an assignment, since %s", title, why)
}

// checkCanvas refuses a file without the columns that Canvas needs.
func (r *reading) checkCanvas() {
	if !r.has(fullName) && !(r.has(lastName) && r.has(firstName)) {
		r.bad.add(r.header.line, "", "there is no column Student (nor LastName and FirstName): add it with each student's name, or export the gradebook from Canvas again")
	}
	if !r.has(externalID) {
		r.bad.add(r.header.line, "", "there is no column ID: add it with each student's id, or export the gradebook from Canvas again")
	}
}

// listed joins titles for people, the first of very many.
func listed(titles []string) string {
	const most = 20
	if len(titles) > most {
		return strings.Join(titles[:most], ", ") + " and more"
	}
	return strings.Join(titles, ", ")
}

// Recognizes reports whether the first line has the columns that Canvas's own
// import needs.
func (canvas) Recognizes(head []byte) bool { return recognize(head) == "canvas" }
