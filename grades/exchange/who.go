package exchange

import (
	"fmt"
	"slices"
	"strings"
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
	r.ask(lineColumn, "no column says who the students are: say which one does, as id or name, or let each be called by the number of the line", "name")
}

// named reports whether a column is enough to know the students by.
func (r *reading) named() bool {
	return slices.ContainsFunc(r.columns, func(c fileColumn) bool { return c.role.names() })
}
