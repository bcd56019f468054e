package exchange

import (
	"slices"
	"strings"
)

// markKind is what a row says of the columns, which is no student.
type markKind uint8

const (
	noMark markKind = iota
	possibleMark
	postingMark // which assignments are hidden from students
	dueMark
	categoryMark
	statisticMark
	headerMark // the titles again
)

// marks are the rows that are no students; the zero record stands for none.
type marks struct{ possible, posting, due, category record }

// mark keeps a row that is no student.
func (r *reading) mark(kind markKind, rec record) {
	rec.cells = slices.Clone(rec.cells)
	switch kind {
	case possibleMark:
		r.keep(&r.marks.possible, rec, "points possible")
	case dueMark:
		r.keep(&r.marks.due, rec, "due dates")
	case categoryMark:
		r.keep(&r.marks.category, rec, "categories")
	case postingMark:
		r.marks.posting = rec
	case statisticMark:
		r.doubt(rec.line, "", "%.40q is no student but a row that is computed: left out", r.label(rec))
	case headerMark:
		r.bad.add(rec.line, "", "the titles of line %d again, as in two files joined: import one after the other, or delete this line", r.header.line)
	}
}

func (r *reading) keep(mark *record, rec record, what string) {
	if mark.line != 0 {
		r.bad.add(rec.line, "", "a second row of %s, beside line %d: delete one of them", what, mark.line)
		return
	}
	*mark = rec
	if !r.exact && !strings.EqualFold(r.label(rec), "points possible") {
		r.doubt(rec.line, "", "%.40q is taken for a row of %s, not for a student", r.label(rec), what)
	}
}

// markOf tells a row that is no student by its label.
func (r *reading) markOf(rec record) markKind {
	label := strings.ToLower(r.label(rec))
	switch {
	case r.isHeaderAgain(rec):
		return headerMark
	case label == "" && isPosting(rec):
		return postingMark
	case label == "points possible":
		return possibleMark
	case label == "", r.exact, r.pointsInTitles:
		return noMark // with points in titles nothing else need say them, so it is a name
	}
	return labelMark(label)
}

// labelMark is what people write beside a row that is no student.
func labelMark(label string) markKind {
	switch strings.TrimSuffix(label, ":") {
	case "points", "max points", "maximum points", "possible points", "total points", "max score", "maximum score", "maximum", "out of", "possible":
		return possibleMark
	case "due", "due date", "due dates", "deadline":
		return dueMark
	case "category", "categories":
		return categoryMark
	case "average", "averages", "class average", "mean", "class mean", "median", "class median", "minimum", "std dev", "standard deviation", "total", "totals", "class total", "sum", "count", "highest", "lowest":
		return statisticMark
	}
	return noMark
}

// label returns the only text among the columns about the student, or in the
// first column where those are empty; "" when there are several.
func (r *reading) label(rec record) string {
	label := ""
	for i, cell := range rec.cells[:min(len(rec.cells), len(r.columns))] {
		if !r.columns[i].role.ofStudent() {
			continue
		}
		if cell = tidy(cell); cell != "" && label != "" {
			return ""
		} else if cell != "" {
			label = cell
		}
	}
	if label == "" {
		return tidy(rec.cells[0])
	}
	return label
}

// isPosting reports whether rec is the row that says which assignments are
// hidden. Canvas does not always give it as many cells as the header.
func isPosting(rec record) bool {
	return !slices.ContainsFunc(rec.cells, func(cell string) bool {
		mark := strings.ToLower(trim(cell))
		return mark != "" && mark != "muted" && !strings.HasPrefix(mark, "manual posting")
	})
}

func (r *reading) isHeaderAgain(rec record) bool {
	return slices.EqualFunc(rec.cells, r.columns, func(cell string, c fileColumn) bool { return r.line(cell) == c.title })
}

// above returns what a row that is no student has in column i.
func above(mark record, i int) string {
	if i < len(mark.cells) {
		return trim(mark.cells[i])
	}
	return ""
}
