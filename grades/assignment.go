package grades

import "time"

// Assignment is a column of a class's gradebook. Its title is unique in the
// class.
type Assignment struct {
	ID         int        `json:"id"`
	ClassID    int        `json:"classID"`
	Title      string     `json:"title"`
	Category   string     `json:"category"`
	Points     Score      `json:"points"` // 0 makes every score extra credit
	Due        *time.Time `json:"due,omitempty"`
	Posted     bool       `json:"posted"` // students may see it
	NeverDrop  bool       `json:"neverDrop"`
	ExternalID string     `json:"externalID,omitempty"`
}
