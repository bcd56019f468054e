package exchange

import (
	"cmp"
	"fmt"
	"slices"

	"gradebook/grades"
)

// decide says what every column is, and makes the assignments.
func (r *reading) decide() error {
	r.choose(r)
	r.tellIgnored()
	r.checkRoles()
	r.findDecimals()
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
	r.checkWho()
	r.checkWork()
	r.place()
	return nil
}

// findDecimals finds the decimal mark of the scores and points.
func (r *reading) findDecimals() {
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

// checkWork refuses a file without an assignment, unless it is a list of
// students and nothing else.
func (r *reading) checkWork() {
	switch {
	case len(r.sheet.Assignments) > 0 || len(r.questions) > 0:
		return
	case !r.exact && len(r.doubts) == 0 && r.named():
		r.doubt(r.header.line, "", "the file has no scores: only the students are read")
		return
	}
	for _, d := range r.doubts {
		r.bad.add(max(d.Line, 1), d.Column, "%s", d.Detail)
	}
	r.bad.add(r.header.line, "", "there is no column for an assignment: add one, such as Essay, with its points in a row Points Possible below the titles")
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
