package grades

import "time"

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
	out := &Gradebook{
		Class: c.Class, Students: []Student{}, Assignments: []Assignment{}, Cells: []Grade{},
		Totals: make(map[int]Totals), Revision: c.Revision,
	}
	for _, a := range c.assignments {
		out.Assignments = append(out.Assignments, *a)
	}
	calculator := newCalculator(&out.Class, c.assignments)
	for _, e := range c.sorted() {
		out.Students = append(out.Students, e.student.student())
		for _, a := range c.assignments {
			if cell := e.row.find(a.ID); !cell.empty() {
				out.Cells = append(out.Cells, *cell.grade(e.student.ID))
			}
		}
		out.Totals[e.student.ID] = calculator.totals(calculator.marks(e.row), now)
	}
	return out
}
