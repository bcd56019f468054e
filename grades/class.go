package grades

// How a class makes one total of its categories.
const (
	Weighted = "weighted" // each category's ratio counts by its weight
	ByPoints = "points"   // every point counts the same
)

// What an ungraded item counts in the total that a class shows first.
const (
	Ignore      = "ignore"       // it is left out: the current total
	Zero        = "zero"         // 0: the final total
	ZeroOnceDue = "zeroAfterDue" // 0 once its due date has passed: the current total, which then counts it so
)

// Class is a class and its rules of grading; [CalculateTotals] says what they
// mean.
type Class struct {
	ID               int        `json:"id"`
	Title            string     `json:"title"`
	Term             string     `json:"term"`
	Weighting        string     `json:"weighting"` // Weighted or ByPoints
	Categories       []Category `json:"categories"`
	Scale            []Cutoff   `json:"scale"`            // from high to low
	BlankPolicy      string     `json:"blankPolicy"`      // Ignore, Zero or ZeroOnceDue
	MissingDeduction Score      `json:"missingDeduction"` // percent of the points possible, 0 to 100
	LatePolicy       LatePolicy `json:"latePolicy"`
	AllowNegative    bool       `json:"allowNegative"`        // scores below 0 are accepted
	Archived         bool       `json:"archived"`             // nothing in it changes until it is taken back into use
	Sample           bool       `json:"sample"`               // the class that a new data directory starts with
	ExternalID       string     `json:"externalID,omitempty"` // in the system that it came from
	Revision         uint64     `json:"revision"`             // of the last change to anything in the class
}

// Category groups assignments. Its name is unique in its class.
type Category struct {
	Name        string `json:"name"`
	Weight      Score  `json:"weight"` // percent of the total, in a weighted class
	DropLowest  int    `json:"dropLowest"`
	DropHighest int    `json:"dropHighest"`
}

// Cutoff gives a letter to every percentage from From up to the next cutoff.
type Cutoff struct {
	Letter string  `json:"letter"`
	From   Percent `json:"from"`
}

// LatePolicy takes Percent of the points possible for each IntervalHours begun
// that a late item is late, but never below Floor percent. Percent 0 takes
// nothing.
type LatePolicy struct {
	IntervalHours int   `json:"intervalHours"`
	Percent       Score `json:"percent"`
	Floor         Score `json:"floor"`
}

// ClassSummary is a class on the list of classes.
type ClassSummary struct {
	Class
	Removed     *Removal `json:"removed,omitempty"`
	Students    int      `json:"students"`
	Assignments int      `json:"assignments"`
	Graded      int      `json:"graded"`          // cells with nothing left to enter: a score, or excused, missing or unassigned
	Median      *Percent `json:"median"`          // of the students' current totals
	Histogram   []int    `json:"histogram"`       // students by current total: 12 bins of 5 from 40 to 100, the ends taking what is beyond
	Names       []string `json:"names,omitempty"` // first names, when there are at most 5 students
}

// DefaultScale returns the scale of a class that was given none.
func DefaultScale() []Cutoff {
	return []Cutoff{
		{"A", 94_00}, {"A−", 90_00}, {"B+", 87_00}, {"B", 84_00}, {"B−", 80_00},
		{"C+", 77_00}, {"C", 74_00}, {"C−", 70_00}, {"D+", 67_00}, {"D", 64_00}, {"D−", 61_00}, {"F", 0},
	}
}
