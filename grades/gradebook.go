package grades

import (
	"slices"
	"strconv"
	"time"
)

// Gradebook is the whole grid of a class at one revision.
type Gradebook struct {
	Class       Class          `json:"class"`
	Students    []Student      `json:"students"`    // by last name, first name, id
	Assignments []Assignment   `json:"assignments"` // in the order they were made
	Cells       []Grade        `json:"cells"`       // those not empty, by student then assignment, in the orders above
	Totals      map[int]Totals `json:"totals"`      // by student id
	Revision    uint64         `json:"revision"`    // of the class
}

// gradebook is the whole grid of a class at a time.
func (c *classState) gradebook(now time.Time) *Gradebook {
	roster := c.sorted()
	out := &Gradebook{
		Class: c.Class, Students: make([]Student, 0, len(roster)), Assignments: make([]Assignment, 0, len(c.assignments)),
		Totals: make(map[int]Totals, len(roster)), Revision: c.Revision,
	}
	for _, a := range c.assignments {
		out.Assignments = append(out.Assignments, *a)
	}
	calculator, cells := newCalculator(&out.Class, c.assignments), 0
	for _, e := range roster {
		cells += len(e.row)
	}
	out.Cells = make([]Grade, 0, cells)
	scores := make([]Score, cells) // all together: a class has thousands
	for _, e := range roster {
		out.Students = append(out.Students, e.student.student())
		out.Cells = c.appendGrades(out.Cells, e, scores)
		out.Totals[e.student.ID] = calculator.totals(calculator.marks(e.row), now)
	}
	return out
}

// appendGrades appends the cells of a student that are not empty, with room for
// the score of each.
func (c *classState) appendGrades(list []Grade, e *enrollment, scores []Score) []Grade {
	rest := e.row // both are by id
	for _, a := range c.assignments {
		for len(rest) > 0 && int(rest[0].assignment) < a.ID {
			rest = rest[1:]
		}
		if len(rest) > 0 && int(rest[0].assignment) == a.ID && !rest[0].empty() {
			list = append(list, Grade{})
			last := len(list) - 1
			rest[0].copy(&list[last], e.student.ID, &scores[last])
		}
	}
	return list
}

// appendJSON appends the grid, as encoding/json would.
func (g *Gradebook) appendJSON(b []byte) []byte {
	b = slices.Grow(b, 160*len(g.Cells)+200*(len(g.Students)+len(g.Assignments))) // about
	b = appendValue(append(b, `{"class":`...), g.Class)
	b = appendValue(append(b, `,"students":`...), g.Students)
	b = appendAll(append(b, `,"assignments":[`...), g.Assignments, appendAssignment)
	b = appendAll(append(b, `,"cells":[`...), g.Cells, gradeAppender())
	b = appendValue(append(b, `,"totals":`...), g.Totals)
	b = strconv.AppendUint(append(b, `,"revision":`...), g.Revision, 10)
	return append(b, '}')
}
