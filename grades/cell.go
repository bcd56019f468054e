package grades

import (
	"slices"
	"time"
)

// cell is a Grade as the book keeps it: there may be millions. The store's lock
// guards it, so what is read of it in a View must be copied; its extra never
// changes.
type cell struct {
	score      Score
	revision   uint64
	at         int64   // nanoseconds since 1970
	by         *string // shared by all cells of an actor
	extra      *cellExtra
	assignment int32
	status     status
	scored     bool
}

// cellExtra is what few cells have.
type cellExtra struct {
	submitted *time.Time
	comment   string
}

// newCell is a cell with a value. One that is emptied, by a nil value, is kept
// too, for it says who emptied it.
func newCell(assignment int, value *CellValue, revision uint64, by *string, at time.Time) cell {
	c := cell{revision: revision, at: at.UnixNano(), by: by, assignment: int32(assignment)}
	if value == nil {
		return c
	}
	c.status = newStatus(value.Status)
	if value.Score != nil {
		c.score, c.scored = *value.Score, true
		if c.status == statusNone {
			c.status = statusGraded
		}
	}
	if value.Submitted != nil || value.Comment != "" {
		c.extra = &cellExtra{value.Submitted, value.Comment}
	}
	return c
}

// empty reports whether there is nothing in the cell; c may be nil.
func (c *cell) empty() bool {
	return c == nil || !c.scored && c.status == statusNone && c.extra == nil
}

// same reports whether two cells hold the same, whoever wrote it; each may be
// nil.
func (c *cell) same(other *cell) bool {
	if c.empty() || other.empty() {
		return c.empty() && other.empty()
	}
	if c.scored != other.scored || c.score != other.score || c.status != other.status {
		return false
	}
	if c.extra == nil || other.extra == nil {
		return c.extra == other.extra
	}
	x, y := c.extra.submitted, other.extra.submitted
	return c.extra.comment == other.extra.comment && (x == y || x != nil && y != nil && x.Equal(*y))
}

// grade is a copy of the cell as the API has it; nil when it was never filled.
func (c *cell) grade(student int) *Grade {
	if c == nil {
		return nil
	}
	g := new(Grade)
	c.copy(g, student, new(Score))
	return g
}

// copy makes g a copy of the cell. Its score, if there is one, goes to score.
func (c *cell) copy(g *Grade, student int, score *Score) {
	*g = Grade{
		Student: student, Assignment: int(c.assignment), Status: c.status.String(),
		Revision: c.revision, By: *c.by, At: time.Unix(0, c.at).UTC(),
	}
	if c.scored {
		*score = c.score
		g.Score = score
	}
	if c.extra != nil {
		g.Submitted, g.Comment = c.extra.submitted, c.extra.comment
	}
}

// mark is what counts of the cell; c may be nil.
func (c *cell) mark() mark {
	if c == nil {
		return mark{}
	}
	m := mark{score: c.score, status: c.status, scored: c.scored}
	if c.extra != nil {
		m.submitted = c.extra.submitted
	}
	return m
}

// row is the cells of a student in a class that were ever filled, by
// assignment id.
type row []cell

// find returns the cell of an assignment, nil when it was never filled.
func (r row) find(assignment int) *cell {
	if at, found := r.search(assignment); found {
		return &r[at]
	}
	return nil
}

// set puts a cell in its place.
func (r *row) set(c cell) {
	at, found := r.search(int(c.assignment))
	if found {
		(*r)[at] = c
		return
	}
	*r = slices.Insert(*r, at, c)
}

func (r row) search(assignment int) (at int, found bool) {
	if n := len(r); n > 0 && int(r[n-1].assignment) < assignment {
		return n, false // most new cells belong to the newest assignment
	}
	return slices.BinarySearchFunc(r, assignment, func(c cell, id int) int { return int(c.assignment) - id })
}
