package grades

// Gradebook is the whole grid of a class at one revision.
type Gradebook struct {
	Class       Class          `json:"class"`
	Students    []Student      `json:"students"`    // by last name, first name, id
	Assignments []Assignment   `json:"assignments"` // in the order they were made
	Cells       []Grade        `json:"cells"`       // those not empty, by student then assignment, in the orders above
	Totals      map[int]Totals `json:"totals"`      // by student id
	Revision    uint64         `json:"revision"`    // of the class
}
