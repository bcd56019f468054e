package grades

// Totals are a student's two totals in a class.
type Totals struct {
	// Current leaves ungraded items out; in a class whose blank policy is
	// ZeroOnceDue it counts those that are past their due date as 0.
	Current Total `json:"current"`
	// Final counts every ungraded item as 0.
	Final Total `json:"final"`
}

// Total is a percentage and its letter, both nil when there is no grade.
type Total struct {
	Percent *Percent `json:"percent"`
	Letter  *string  `json:"letter"`
}
