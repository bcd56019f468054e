package exchange

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"gradebook/grades"
)

// item is what the title of a column says of an assignment.
type item struct {
	title, id string
	points    string // possible, "" when the title does not say
}

// canvasItem splits "Essay (501)". The id 0 stands for none.
func canvasItem(title string) (it item) {
	if it.title, it.id = splitTitle(title); it.id == "0" {
		it.id = ""
	}
	return it
}

// plainItem splits "Essay (20 points)", "Essay (out of 20)" and "Essay (/20)".
func plainItem(title string) item {
	at := strings.LastIndexByte(title, '(')
	inner, ok := strings.CutSuffix(title[max(at, 0):], ")")
	if at < 1 || !ok {
		return item{title: title}
	}
	inner = strings.ToLower(trim(inner[1:]))
	for _, form := range []struct{ before, after string }{{"", "points"}, {"", "point"}, {"", "pts"}, {"", "pt"}, {"", "punkte"}, {"", "puntos"}, {"out of", ""}, {"/", ""}} {
		points, after := strings.CutSuffix(inner, form.after)
		points, before := strings.CutPrefix(points, form.before)
		if points = trim(points); after && before && isNumber(points) {
			return item{title: trim(title[:at]), points: points}
		}
	}
	return item{title: title}
}

// decide says what every column is, and makes the assignments.
func (r *reading) decide() error {
	r.choose(r)
	r.tellIgnored()
	r.checkRoles()
	points, commas := 0, 0
	for i := range r.columns {
		if c := &r.columns[i]; c.role == assignment {
			c.survey.prove(above(r.marks.possible, i))
			points, commas = points+c.survey.points, commas+c.survey.commas
			r.proof = cmp.Or(r.proof, c.survey.proof)
		}
	}
	r.numbers = decimalMark(points, commas, r.comma)
	if points > 0 && commas > 0 {
		r.doubt(0, "", "some numbers of the file have a decimal point and others a decimal comma: each was read by itself")
	}
	titles, ids := map[string]bool{}, map[string]bool{}
	for i := range r.columns {
		if r.columns[i].role == assignment {
			r.addAssignment(i, titles, ids)
		}
	}
	r.joinFeedback()
	r.tellHidden()
	r.doubtPoints()
	r.setDue()
	if len(r.sheet.Assignments) == 0 && len(r.questions) == 0 {
		for _, d := range r.doubts {
			r.bad.add(max(d.Line, 1), d.Column, "%s", d.Detail)
		}
		r.bad.add(r.header.line, "", "there is no column for an assignment: add one, such as Essay, with its points in a row Points Possible below the titles")
	}
	r.checkWho()
	r.place()
	return nil
}

// tellIgnored tells of columns that a system has and this gradebook does not.
func (r *reading) tellIgnored() {
	var titles []string
	for _, c := range r.columns {
		if r.exact && r.role(c.title) == ignored && !c.said && c.survey.filled > 0 {
			titles = append(titles, c.title)
		}
	}
	if titles != nil {
		r.guess("column", "ignore", "left out, since there is no place for them here: %s", listed(titles))
	}
}

// tellHidden tells which assignments would be hidden from students.
func (r *reading) tellHidden() {
	var titles []string
	for _, a := range r.sheet.Assignments {
		if a.Hidden {
			titles = append(titles, a.Title)
		}
	}
	if titles != nil {
		r.guess("hidden", "", "marked as posted by hand (line %d), so those that are new here are hidden from students: %s", r.marks.posting.line, listed(titles))
	}
}

// doubtPoints tells which assignments the file does not give the points possible
// of: 8 of 10 and 8 of 100 are not the same.
func (r *reading) doubtPoints() {
	var titles []string
	for _, a := range r.sheet.Assignments {
		if !a.HasPoints {
			titles = append(titles, a.Title)
		}
	}
	if titles != nil {
		r.doubt(0, "", "the file does not say what these are out of, so those that are new here are out of 100 until you change that: %s", listed(titles))
	}
}

const sameTitle = "two columns have this title: rename one of them, or delete it if it is a copy"

// checkRoles refuses two columns that would be the same, or asks about them.
func (r *reading) checkRoles() {
	titles := map[string]bool{}
	for i := range r.columns {
		switch c := &r.columns[i]; {
		case c.role == assignment && titles[c.title]:
			r.bad.add(r.header.line, r.where(i), sameTitle)
			c.role = ignored
		case c.role == assignment:
			titles[c.title] = true
		case c.role.ofStudent() && r.find(c.role) != i:
			r.settle(r.find(c.role), i)
			r.place()
		}
	}
}

// settle decides between two columns that hold the same about a student: for
// the one that was said to, or else for the first, and asks.
func (r *reading) settle(first, second int) {
	a, b := &r.columns[first], &r.columns[second]
	role := b.role
	switch {
	case strings.EqualFold(a.title, b.title), a.said && b.said:
		r.bad.add(r.header.line, r.where(second), "%s", sameTitle)
	case b.said:
		a.role = ignored
		return
	case !a.said:
		r.ask(r.key(second), fmt.Sprintf("%s and %s both look like the students' %s: say which of them it is, and that %s is to be ignored or what else it is", r.where(first), r.where(second), role.words(), r.where(second)), "ignore", "id", "sis", "login", "name")
	}
	b.role = ignored
}

// addAssignment adds the assignment of column i to the sheet.
func (r *reading) addAssignment(i int, titles, ids map[string]bool) {
	c := &r.columns[i]
	it := r.item(c.title)
	a := grades.SheetAssignment{
		Column: i + 1, Line: r.header.line, Title: it.title, ExternalID: it.id,
		Category: tidy(above(r.marks.category, i)), Hidden: above(r.marks.posting, i) != "",
	}
	if a.Title == "" {
		a.Title = fmt.Sprint("Column ", i+1)
	}
	if titles[a.Title] {
		r.guess("title", c.title, "two assignments are called %s: this one is called %s here", a.Title, c.title)
		a.Title = c.title
	}
	if titles[a.Title] || a.ExternalID != "" && ids[a.ExternalID] {
		r.bad.add(r.header.line, c.title, "another column is of this assignment too: delete the one that is a copy")
	}
	titles[a.Title], ids[a.ExternalID] = true, true
	r.setPoints(&a, c, it)
	c.item = len(r.sheet.Assignments)
	r.sheet.Assignments = append(r.sheet.Assignments, a)
}

// joinFeedback finds the assignment of each column of feedback.
func (r *reading) joinFeedback() {
	for i := range r.columns {
		c := &r.columns[i]
		if c.role != feedback {
			continue
		}
		name, _ := splitMoodle(c.title)
		at := slices.IndexFunc(r.columns, func(c fileColumn) bool {
			work, _ := splitMoodle(c.title)
			return c.role == assignment && work == name
		})
		if at < 0 {
			c.role = ignored
			r.doubt(r.header.line, c.title, "left out, since there is no column with the grades")
			continue
		}
		c.item = r.columns[at].item
	}
}

// setPoints gives an assignment its points possible: from the row of them, or
// the title. Where its cells are percentages, they are of 100.
func (r *reading) setPoints(a *grades.SheetAssignment, c *fileColumn, it item) {
	text, line := above(r.marks.possible, a.Column-1), r.marks.possible.line
	if text == "" || isReadOnly(text) {
		text, line = it.points, r.header.line
	}
	if text == "" {
		if c.survey.percents > 0 {
			a.Points, a.HasPoints = grades.Points(100), true
		}
		return
	}
	points, _, err := r.numbers.parse(text)
	switch {
	case err != nil:
		r.bad.add(line, c.title, "points possible: %v", err)
	case points < 0:
		r.bad.add(line, c.title, "points possible cannot be below 0: write what the assignment is out of")
	}
	a.Points, a.HasPoints = points, true
}

// checkWho asks who the students are where no column says it.
func (r *reading) checkWho() {
	for _, c := range r.columns {
		if c.role.names() {
			return
		}
	}
	if i := r.find(firstName); i >= 0 {
		r.columns[i].role = fullName
		return
	}
	if r.options.Columns[lineColumn] == "name" {
		return
	}
	r.ask(lineColumn, "no column says who the students are: say which one does, as id or name, or let each be called by the number of the line", "name")
}
