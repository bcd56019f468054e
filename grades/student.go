package grades

// Student is a person with grades. Classes lists the classes the student is
// enrolled in, in the order of enrollment.
type Student struct {
	ID         int    `json:"id"`
	FirstName  string `json:"firstName"`
	LastName   string `json:"lastName"`
	Email      string `json:"email,omitempty"`
	ExternalID string `json:"externalID,omitempty"` // the id in the system the student came from
	SISID      string `json:"sisID,omitempty"`      // the school's own id
	Login      string `json:"login,omitempty"`
	Classes    []int  `json:"classes"`
}

// Name returns the full name, first name first.
func (s *Student) Name() string {
	switch {
	case s.FirstName == "":
		return s.LastName
	case s.LastName == "":
		return s.FirstName
	}
	return s.FirstName + " " + s.LastName
}

// StudentView is a student with the grades that have a score, and totals.
type StudentView struct {
	Student
	Removed *Removal       `json:"removed,omitempty"`
	Grades  []StudentGrade `json:"grades"`
	Average *Percent       `json:"average"` // the current total, or the mean of those of several classes; nil without any
	Totals  []ClassTotals  `json:"totals"`
}

// StudentGrade is one score of a student with what it belongs to.
type StudentGrade struct {
	Title      string `json:"title"`
	Type       string `json:"type"` // the assignment's category
	Score      Score  `json:"score"`
	Points     Score  `json:"points"`
	Class      int    `json:"class"`
	Assignment int    `json:"assignment"`
	Status     string `json:"status"`
	Revision   uint64 `json:"revision"`
}

// ClassTotals are a student's totals in one class.
type ClassTotals struct {
	Class int    `json:"class"`
	Title string `json:"title"`
	Totals
}

// StudentQuery selects students. The zero value selects all, 1,000 a page.
type StudentQuery struct {
	Class   int    // only those enrolled in it; 0 for all
	Text    string // in the name, email or external id, in any letter case
	Removed bool   // those who were removed, too
	Limit   int    // 1 to 1,000; 0 is 1,000
	Cursor  string // where the page before ended
}
