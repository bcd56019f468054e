package grades

import "time"

// Sheet is a class in a gradebook file. Its rows are added with Add and read
// with Rows.
type Sheet struct {
	Title       string // of the class, "" when the file does not say
	Class       SheetClass
	Assignments []SheetAssignment
	rows        sheetRows
}

// SheetClass is what a file says of a class beside its title. Zero values are
// what it does not say.
type SheetClass struct {
	ExternalID, Term string
	Weighting        string
	Categories       []Category
	Scale            []Cutoff
	Rules            *SheetRules
	Removed          bool // the file says to remove the class
}

// SheetRules are what a file may say of how a class counts what is not as usual.
// They are as in a Class.
type SheetRules struct {
	BlankPolicy      string     `json:"blankPolicy"`
	MissingDeduction Score      `json:"missingDeduction"`
	LatePolicy       LatePolicy `json:"latePolicy"`
	AllowNegative    bool       `json:"allowNegative"`
}

// NewSheetRules returns those of a class.
func NewSheetRules(c *Class) SheetRules {
	return SheetRules{c.BlankPolicy, c.MissingDeduction, c.LatePolicy, c.AllowNegative}
}

// SheetAssignment is a column of a sheet.
type SheetAssignment struct {
	Column     int    // from 1, for messages; 0 where an assignment is no column
	File       string // in a file of several
	Line       int    // where it stands, from 1
	Title      string
	ExternalID string
	Category   string // by name; "" when the file does not say
	Points     Score
	HasPoints  bool // the file gives the points possible
	Due        *time.Time
	Hidden     bool // from students
	NeverDrop  bool
	Removed    bool // the file says to remove the assignment
}

// SheetRow is a student in a sheet.
type SheetRow struct {
	File                                                          string // in a file of several
	Line                                                          int    // from 1, for messages
	FirstName, LastName, ExternalID, SISID, Login, Section, Email string
	Removed                                                       bool        // the file says to take the student out of the class
	Cells                                                         []SheetCell // one for each of the sheet's Assignments
}

// SheetCell is a cell of a sheet. The zero value is one of which the file says
// nothing.
type SheetCell struct {
	Kind      CellKind
	Score     Score  // of a CellScore
	Status    string // of a CellStatus; a CellScore may have Late or Incomplete
	Comment   string
	Submitted *time.Time
}

// CellKind is what a file says of a cell.
type CellKind uint8

// The kinds of cells.
const (
	CellAbsent CellKind = iota // nothing
	CellBlank                  // it is there and empty, which in some systems clears it
	CellClear                  // to take away what is there
	CellScore
	CellStatus // a status and no score, or only a comment or a time of submission
)
