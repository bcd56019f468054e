package exchange

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"

	"gradebook/grades"
)

// Read reads a table of one's own: a line for each student, a column for each
// assignment.
func (spreadsheet) Read(file io.ReaderAt, size int64, o grades.ReadOptions) (*grades.File, error) {
	return readFile(dialect{role: spreadsheetRole, item: plainItem, choose: (*reading).choosePlain}, file, size, o)
}

// Recognizes reports whether the file is a table in text that no other system
// has made, with that separator.
func (f spreadsheet) Recognizes(head []byte) bool {
	return recognize(head) == map[bool]string{true: "text", false: "plain"}[f.separator == '\t']
}

// spreadsheetRole is plainRole, but for titles that give points possible, which
// only assignments have.
func spreadsheetRole(title string) role {
	if plainItem(title).points != "" {
		return assignment
	}
	return plainRole(title)
}

// choosePlain decides on the columns that say nothing of the student. What looks
// like work and has scores is an assignment. What has none is left out. What has
// numbers is an assignment too, unless the file holds more than grades: then it
// is left out, or asked about.
func (r *reading) choosePlain() {
	mixed, work := r.holdsMore(), r.hasWork()
	for i := range r.columns {
		c := &r.columns[i]
		switch {
		case c.said || c.title == "":
		case c.role == ignored && c.survey.filled > 0:
			r.guess("column", "ignore", "%s: left out, since it is no assignment", r.where(i))
		case c.role == assignment:
			r.guess("column", "assignment", "%s: taken for an assignment", r.where(i))
		case c.role.ofStudent():
			r.guess("column", c.role.String(), "%s: taken for the students' %s", r.where(i), c.role.words())
		case c.role == unknown:
			r.choosePlainColumn(i, mixed, work)
		}
	}
}

func (r *reading) choosePlainColumn(i int, mixed, work bool) {
	c := &r.columns[i]
	possible := above(r.marks.possible, i)
	hasPoints := possible != "" && !isReadOnly(possible) || plainItem(c.title).points != ""
	switch {
	case hasPoints:
		c.role = assignment
		r.guess("column", "assignment", "%s: taken for an assignment, since it has points possible", r.where(i))
		r.doubtTotal(i, possible)
	case strings.HasSuffix(strings.ToLower(c.title), "(read only)"), isReadOnly(possible):
		c.role = ignored
		r.guess("column", "ignore", "%s: left out, since it is marked (read only)", r.where(i))
	case c.survey.filled == 0 && !isWork(c.title):
		c.role = ignored
		r.guess("column", "ignore", "%s: left out, since it is empty", r.where(i))
	case isTotalWord(c.title) && c.survey.numbers > 0:
		r.askAbout(i, work, "looks like a total, which is computed here")
	case isWork(c.title) && !isTotalWord(c.title) && (c.survey.filled == 0 || c.survey.numbers+c.survey.statuses > 0), c.survey.scores() && !mixed:
		c.role = assignment
		r.guess("column", "assignment", "%s: taken for an assignment, since it has scores", r.where(i))
	case c.survey.numbers > 0:
		r.askAbout(i, work, "has numbers that may be scores or something else")
	default:
		c.role = ignored
		r.doubt(c.survey.otherLine, c.title, "left out, since it has no scores but such as %q", c.survey.other)
	}
}

// askAbout leaves a column out until it is said to be an assignment. That must
// be said where nothing else in the file looks like work.
func (r *reading) askAbout(i int, work bool, detail string) {
	c := &r.columns[i]
	c.role = ignored
	if work {
		r.doubt(r.header.line, c.title, "left out, since it %s: if it is an assignment, say so", detail)
		return
	}
	r.ask(r.key(i), fmt.Sprintf("%s %s: say whether it is an assignment or to be ignored", r.where(i), detail), "assignment", "ignore")
}

// hasWork reports whether a column is surely an assignment, or said to be one.
func (r *reading) hasWork() bool {
	return slices.ContainsFunc(r.columns, func(c fileColumn) bool {
		return c.role == assignment || c.role == unknown && c.survey.scores() && isWork(c.title) && !isTotalWord(c.title)
	})
}

// holdsMore reports whether the file has columns of text beside what it says of
// students, so that its numbers may be anything too.
func (r *reading) holdsMore() bool {
	for i := range r.columns {
		c := &r.columns[i]
		if c.role == unknown && c.survey.numbers == 0 && c.survey.otherLine > 0 && !isWork(c.title) {
			return true
		}
	}
	return false
}

// isWork reports whether a title names a piece of work: with one of the usual
// words in it, or as "HW 3" and "G1" do.
func isWork(title string) bool {
	lower := strings.ToLower(title)
	for _, word := range []string{
		"quiz", "homework", "assignment", "essay", "exam", "test", "midterm", "project", "lab", "paper", "worksheet", "presentation",
		"unit", "chapter", "exercise", "problem", "report", "aufgabe", "klausur", "prüfung", "devoir", "tarea", "toets",
	} {
		if strings.HasPrefix(lower, word) || strings.Contains(lower, " "+word) {
			return true
		}
	}
	letters := strings.TrimRight(title, "0123456789")
	bare := strings.TrimRight(letters, " -_#.")
	return letters != title && bare != "" && len(bare) <= 4 && !strings.ContainsFunc(bare, func(r rune) bool { return !unicode.IsUpper(r) })
}

// isTotalWord reports whether a title is what people call a total.
func isTotalWord(title string) bool {
	switch strings.ToLower(title) {
	case "total", "totals", "sum", "average", "avg", "mean", "overall", "overall grade", "grade", "final grade", "final score", "final", "course total", "course grade", "percent", "percentage", "%", "gpa", "rank", "summe", "durchschnitt", "moyenne", "promedio", "media":
		return true
	}
	return isTotal(title)
}
