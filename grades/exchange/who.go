package exchange

import (
	"fmt"
	"slices"
	"strings"

	"gradebook/grades"
)

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

const sameTitle = "two columns have this title: rename one of them, or delete it if it is a copy"

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

// checkWho asks who the students are where no column says it.
func (r *reading) checkWho() {
	if r.named() {
		return
	}
	if i := r.find(firstName); i >= 0 {
		r.columns[i].role = fullName
		return
	}
	if r.options.Columns[lineColumn] == "name" {
		return
	}
	r.askWho()
}

// askWho asks about the columns that may say who the students are: those of
// text that differs, and numbers in the first. It comes before what else is
// asked.
func (r *reading) askWho() {
	others := r.questions
	r.questions = nil
	for i := range r.columns {
		c := &r.columns[i]
		text := c.survey.otherLine > 0
		if len(r.questions) < 5 && !c.said && c.title != "" && r.role(c.title) == unknown && !isWork(c.title) && c.survey.differs() && (text || i == 0) {
			choices := []string{"id", "name", "login", "sis", "email", "lastName", "assignment", "ignore"}
			if text && strings.ContainsAny(c.survey.other, " ,") {
				choices[0], choices[1] = choices[1], choices[0]
			}
			key := r.key(i)
			r.ask(key, fmt.Sprintf("%s may say who the students are, with such as %q: say what it is", r.where(i), c.survey.values[0]), choices...)
			others = slices.DeleteFunc(others, func(q grades.Question) bool { return q.Column == key })
		}
	}
	const byLine = "let each be called by the number of the line"
	if len(r.questions) > 0 {
		r.ask(lineColumn, "no column surely says who the students are: if none does, "+byLine, "ignore", "name")
	} else {
		r.ask(lineColumn, "no column says who the students are: say which one does, as id or name, or "+byLine, "name")
	}
	r.questions = append(r.questions, others...)
}

// named reports whether a column is enough to know the students by.
func (r *reading) named() bool {
	return slices.ContainsFunc(r.columns, func(c fileColumn) bool { return c.role.names() })
}
