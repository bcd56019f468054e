package grades

import (
	"iter"
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
	at          time.Time      // that the totals are of
}

// gradebook is the whole grid of a class at a time. As JSON appendGradebook is
// quicker.
func (c *classState) gradebook(now time.Time) *Gradebook {
	roster := c.sorted()
	out := &Gradebook{
		Class: c.Class, Students: make([]Student, 0, len(roster)), Assignments: make([]Assignment, 0, len(c.assignments)),
		Totals: make(map[int]Totals, len(roster)), Revision: c.Revision, at: now,
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
		for cell := range c.filled(e) {
			out.Cells = append(out.Cells, Grade{})
			last := len(out.Cells) - 1
			cell.copy(&out.Cells[last], e.student.ID, &scores[last])
		}
		out.Totals[e.student.ID] = calculator.totals(calculator.marks(e.row), now)
	}
	return out
}

// filled are the cells of a student that are not empty, in the order of the
// assignments.
func (c *classState) filled(e *enrollment) iter.Seq[*cell] {
	return func(yield func(*cell) bool) {
		rest := e.row // both are by id
		for _, a := range c.assignments {
			for len(rest) > 0 && int(rest[0].assignment) < a.ID {
				rest = rest[1:]
			}
			if len(rest) > 0 && int(rest[0].assignment) == a.ID && !rest[0].empty() && !yield(&rest[0]) {
				return
			}
		}
	}
}
