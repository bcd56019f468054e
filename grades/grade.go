package grades

import "time"

// The statuses of a grade.
const (
	Graded     = "graded"     // has a score that counts
	Excused    = "excused"    // leaves the totals
	Missing    = "missing"    // counts what the class's missing deduction leaves of the points
	Late       = "late"       // a score from which the class's late policy takes; ungraded without one
	Incomplete = "incomplete" // a score that counts; ungraded without one
	Unassigned = "unassigned" // not given to this student: leaves the totals
)

// Grade is a cell of a gradebook that is not empty. Score is nil where there is
// none: it always is for Excused, Missing and Unassigned, never for Graded.
// A status of "" is a cell that has only a comment or a time of submission.
type Grade struct {
	Student    int        `json:"student"`
	Assignment int        `json:"assignment"`
	Score      *Score     `json:"score"`
	Status     string     `json:"status"`
	Submitted  *time.Time `json:"submitted,omitempty"`
	Comment    string     `json:"comment,omitempty"`
	Revision   uint64     `json:"revision"` // of the change that wrote it
	By         string     `json:"by"`
	At         time.Time  `json:"at"`
}

// GradeInput is what POST /students/{id}/grades takes. Class may be 0 for a
// student in one class.
type GradeInput struct {
	Title string `json:"title"`
	Type  string `json:"type"`
	Score Score  `json:"score"`
	Class int    `json:"class,omitempty"`
}

// CellInput writes one cell. A nil Score with an empty Status and Comment and
// no Submitted clears it. Revision is what the cell must have now: 0 for an
// empty cell.
type CellInput struct {
	Student    int        `json:"student"`
	Assignment int        `json:"assignment"`
	Score      *Score     `json:"score"`
	Status     string     `json:"status,omitempty"` // "" with a score is Graded
	Submitted  *time.Time `json:"submitted,omitempty"`
	Comment    string     `json:"comment,omitempty"`
	Revision   uint64     `json:"revision"`
}

// newGrade is a cell with a value, nil when it is emptied: that is kept too,
// for it says who emptied it.
func newGrade(student, assignment int, value *CellValue, revision uint64, by string, at time.Time) *Grade {
	g := &Grade{Student: student, Assignment: assignment, Revision: revision, By: by, At: at}
	if value != nil {
		g.Score, g.Status, g.Submitted, g.Comment = value.Score, value.Status, value.Submitted, value.Comment
		if g.Score != nil && g.Status == "" {
			g.Status = Graded
		}
	}
	return g
}

// empty reports whether there is nothing in the cell; g may be nil.
func (g *Grade) empty() bool {
	return g == nil || g.Score == nil && g.Status == "" && g.Submitted == nil && g.Comment == ""
}

// value is what is in the cell, nil for nothing.
func (g *Grade) value() *CellValue {
	if g.empty() {
		return nil
	}
	v := &CellValue{Score: g.Score, Status: g.Status, Submitted: g.Submitted, Comment: g.Comment}
	if v.Status == Graded {
		v.Status = ""
	}
	return v
}

// text is the cell in a word or two, for messages.
func (g *Grade) text() string {
	switch {
	case g.Score != nil && g.Status == Graded:
		return g.Score.String()
	case g.Score != nil:
		return g.Score.String() + ", " + g.Status
	case g.Status != "":
		return g.Status
	}
	return "a comment"
}
