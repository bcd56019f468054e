package grades

import (
	"cmp"
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
// called later.
type Difference struct {
	From        Instant     `json:"from"`
	To          Instant     `json:"to"`
	Settings    []FieldEdit `json:"settings"`
	Students    []Edit      `json:"students"`    // Joined, Left or Changed, by id
	Assignments []Edit      `json:"assignments"` // Created, Removed or Changed, by id
	Cells       []CellEdit  `json:"cells"`       // by student, then assignment
	Totals      []TotalEdit `json:"totals"`      // of those who were there both times, by student
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

// compareGradebooks returns what differs between two gradebooks of a class.
func compareGradebooks(from, to *Gradebook) *Difference {
	return &Difference{
		Settings: append([]FieldEdit{}, fieldEdits(&from.Class, &to.Class)...),
		Students: compareThings(from.Students, to.Students, func(s *Student) Edit {
			return Edit{ID: s.ID, Name: s.Name()}
		}, Joined, Left),
		Assignments: compareThings(from.Assignments, to.Assignments, func(a *Assignment) Edit {
			return Edit{ID: a.ID, Class: a.ClassID, Name: a.Title}
		}, Created, Removed),
		Cells:  compareCells(from, to),
		Totals: compareTotals(from, to),
	}
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

// compareCells returns the cells that hold something else.
func compareCells(from, to *Gradebook) []CellEdit {
	students, titles := make(map[int]string), make(map[int]string)
	cells := make(map[cellKey]*CellEdit)
	for _, g := range []*Gradebook{from, to} {
		for i := range g.Students {
			students[g.Students[i].ID] = g.Students[i].Name()
		}
		for i := range g.Assignments {
			titles[g.Assignments[i].ID] = g.Assignments[i].Title
		}
		for i := range g.Cells {
			c := &g.Cells[i]
			key := cellKey{c.Student, c.Assignment}
			if cells[key] == nil {
				cells[key] = &CellEdit{Class: g.Class.ID, Student: c.Student, Assignment: c.Assignment}
			}
			if g == from {
				cells[key].From = c.value()
			} else {
				cells[key].To = c.value()
			}
		}
	}
	list := []CellEdit{}
	for _, c := range cells {
		if !sameValue(c.From, c.To) {
			c.Name, c.Title, c.From, c.To = students[c.Student], titles[c.Assignment], c.From.told(), c.To.told()
			list = append(list, *c)
		}
	}
	slices.SortFunc(list, func(a, b CellEdit) int {
		return cmp.Or(a.Student-b.Student, a.Assignment-b.Assignment)
	})
	return list
}

func compareTotals(from, to *Gradebook) []TotalEdit {
	list := []TotalEdit{}
	for i := range to.Students {
		id := to.Students[i].ID
		before, there := from.Totals[id]
		if after := to.Totals[id]; there && !before.equal(after) {
			list = append(list, TotalEdit{id, to.Students[i].Name(), before, after})
		}
	}
	slices.SortFunc(list, func(a, b TotalEdit) int { return a.Student - b.Student })
	return list
}
