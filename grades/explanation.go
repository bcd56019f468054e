package grades

import "time"

// Explanation says where a student's totals in a class come from: it is what
// [CalculateTotals] did, item by item. Its numbers are exact but for those of
// type Percent, which are rounded as they are shown.
type Explanation struct {
	Class       int             `json:"class"`
	Title       string          `json:"title"` // of the class
	Student     int             `json:"student"`
	Name        string          `json:"name"`     // of the student
	Revision    uint64          `json:"revision"` // of the class
	At          time.Time       `json:"at"`       // the time for which blanks are past due or not
	Weighting   string          `json:"weighting"`
	BlankPolicy string          `json:"blankPolicy"`
	Shown       string          `json:"shown"` // the total that the class shows first: ShownCurrent or ShownFinal
	Items       []ExplainedItem `json:"items"` // one for each assignment, in the order they were made
	Current     ExplainedTotal  `json:"current"`
	Final       ExplainedTotal  `json:"final"`
	Reach       Reach           `json:"reach"`
}

// The total that a class shows first.
const (
	ShownCurrent = "current"
	ShownFinal   = "final"
)

// ExplainedItem is what one assignment is in the totals.
type ExplainedItem struct {
	Assignment int      `json:"assignment"`
	Title      string   `json:"title"`
	Category   string   `json:"category"`
	Points     Score    `json:"points"` // possible
	Status     string   `json:"status"` // "" for a blank
	Score      *Score   `json:"score"`  // as it was entered
	Earned     *Amount  `json:"earned"` // what it counts where it does, after what being missing or late takes; nil without any
	Ratio      string   `json:"ratio"`  // earned ÷ points, such as "70/100"; "" without one
	Percent    *Percent `json:"percent"`
	Why        string   `json:"why"` // in a sentence, how what is earned follows from what was entered
	Current    Use      `json:"current"`
	Final      Use      `json:"final"`
}

// Use is what a total makes of an item, and why in a sentence.
type Use struct {
	Use string `json:"use"` // Used, DroppedLowest, DroppedHighest or Excluded
	Why string `json:"why"`
}

// What a total makes of an item.
const (
	Used           = "used"
	DroppedLowest  = "droppedLowest"
	DroppedHighest = "droppedHighest"
	Excluded       = "excluded" // excused, not assigned, or a blank that is left out
)

// ExplainedTotal is a total with how it was made.
type ExplainedTotal struct {
	Total
	Exact      string              `json:"exact"` // the percentage before it was rounded: a decimal that ends, or a fraction such as "260/3"; "" for no grade
	Why        string              `json:"why"`   // how it was made, as a formula in words
	Next       *NextLetter         `json:"next"`  // nil at the top of the scale and without a grade
	Categories []ExplainedCategory `json:"categories"`
}

// NextLetter is the next better letter of the scale.
type NextLetter struct {
	Letter string  `json:"letter"`
	From   Percent `json:"from"`
	Short  Percent `json:"short"` // how much the rounded total is below From
}

// ExplainedCategory is what one category adds to a total.
type ExplainedCategory struct {
	Category string   `json:"category"`
	Used     int      `json:"used"` // items
	Dropped  int      `json:"dropped"`
	Excluded int      `json:"excluded"`
	Earned   Amount   `json:"earned"` // of the items used
	Possible Amount   `json:"possible"`
	Ratio    string   `json:"ratio"` // such as "117/130"; "" where nothing is possible
	Percent  *Percent `json:"percent"`
	Weight   *Score   `json:"weight,omitempty"` // of a weighted class, in percent
	Scaled   string   `json:"scaled,omitempty"` // the weight that its ratio has in this total, in percent: like Exact, "" where it has no ratio
	Why      string   `json:"why"`
}

// Reach is the range of final totals that a student can still get to: with
// nothing, and with full marks, on every item that has no score yet.
type Reach struct {
	Remaining int             `json:"remaining"` // items without a score
	Points    Amount          `json:"points"`    // possible on them
	Lowest    Total           `json:"lowest"`
	Highest   Total           `json:"highest"`
	Letters   []ReachedLetter `json:"letters"` // from high to low; none where there can be no grade
}

// ReachedLetter says what it takes to get to a letter.
type ReachedLetter struct {
	Letter string   `json:"letter"`
	From   Percent  `json:"from"`
	State  string   `json:"state"`  // Reached, WithinReach or OutOfReach
	Needed *Percent `json:"needed"` // the least percentage, to the hundredth, that is enough if each remaining item gets it or more; nil unless WithinReach
	Why    string   `json:"why"`
}

// How a letter stands to the totals that can still be reached.
const (
	Reached     = "reached"     // even with nothing on what remains
	WithinReach = "withinReach" // with what is needed
	OutOfReach  = "outOfReach"  // even with full marks
)
