package grades

import (
	"slices"
	"time"
)

// How the students of a class differ, besides Changed.
const (
	Joined = "joined"
	Left   = "left"
)

// Difference is what differs in a class between two times: what one sees in the
// gradebook, whatever happened between them. Everything is called what it was
// called later. Where very much differs, it is told in parts.
type Difference struct {
	From        Instant     `json:"from"`
	To          Instant     `json:"to"`
	Settings    []FieldEdit `json:"settings"`
	Students    []Edit      `json:"students"`    // Joined, Left or Changed, by id
	Assignments []Edit      `json:"assignments"` // Created, Removed or Changed, by id
	Cells       []CellEdit  `json:"cells"`       // by student, then assignment
	Totals      []TotalEdit `json:"totals"`      // of those who were there both times, by student
	Omitted     int         `json:"omitted"`     // how many cells and totals are in other parts
}

// Instant is a moment in the history of a class.
type Instant struct {
	Revision uint64    `json:"revision"` // of the class then
	At       time.Time `json:"at"`
}

// TotalEdit is what a student's totals were and became.
type TotalEdit struct {
	Student int    `json:"student"`
	Name    string `json:"name"`
	From    Totals `json:"from"`
	To      Totals `json:"to"`
}

// compareThings returns what was made of things between two lists of them.
func compareThings[T any](from, to []T, name func(*T) Edit, came, went string) []Edit {
	before, after, list := make(map[int]*T), make(map[int]*T), []Edit{}
	for i := range from {
		before[name(&from[i]).ID] = &from[i]
	}
	for i := range to {
		edit := name(&to[i])
		after[edit.ID] = &to[i]
		old := before[edit.ID]
		if edit.Fields = fieldEdits(old, &to[i]); old == nil {
			edit.Edit = came
		} else if edit.Edit = Changed; len(edit.Fields) == 0 {
			continue
		}
		list = append(list, edit)
	}
	for i := range from {
		if edit := name(&from[i]); after[edit.ID] == nil {
			edit.Edit = went
			list = append(list, edit)
		}
	}
	slices.SortFunc(list, func(a, b Edit) int { return a.ID - b.ID })
	return list
}
