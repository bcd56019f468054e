package grades

import (
	"maps"
	"slices"
	"time"
)

// side is a class at one of the two times.
type side struct {
	class *classState
	at    time.Time
	there map[int]*enrollment // by student
	*calculator
}

func newSide(class *classState, at time.Time) *side {
	s := &side{class: class, at: at, there: make(map[int]*enrollment), calculator: newCalculator(&class.Class, class.assignments)}
	for _, e := range class.roster {
		if e.gone() == nil {
			s.there[e.student.ID] = e
		}
	}
	return s
}

func (s *side) instant() Instant { return Instant{s.class.Revision, s.at.UTC()} }

func (s *side) students() (list []Student) {
	for _, e := range s.there {
		list = append(list, e.student.student())
	}
	return list
}

// filled appends the cells of a student, who may not be there.
func (s *side) filled(list []*cell, student int) []*cell {
	if e := s.there[student]; e != nil {
		list = slices.AppendSeq(list, s.class.filled(e))
	}
	return list
}

// totals are those of a student who is there.
func (s *side) totals(student int) Totals {
	return s.calculator.totals(s.marks(s.there[student].row), s.at)
}

// compare returns what differs in a class between two times, of cells and totals
// those in a window. It reads the cells where they are: there may be a million.
func compare(from, to *side, w window) *Difference {
	d := &Difference{
		From: from.instant(), To: to.instant(),
		Settings: append([]FieldEdit{}, fieldEdits(&from.class.Class, &to.class.Class)...),
		Students: compareThings(from.students(), to.students(), func(s *Student) Edit {
			return Edit{ID: s.ID, Name: s.Name()}
		}, Joined, Left),
		Assignments: compareThings(values(from.class.assignments), values(to.class.assignments), func(a *Assignment) Edit {
			return Edit{ID: a.ID, Class: a.ClassID, Name: a.Title}
		}, Created, Removed),
		Cells: []CellEdit{}, Totals: []TotalEdit{},
	}
	everyone := maps.Clone(from.there)
	maps.Copy(everyone, to.there)
	ids := slices.Sorted(maps.Keys(everyone))
	c := comparison{from: from, to: to, window: w, out: d, titles: make(map[int]string)}
	for _, a := range slices.Concat(from.class.assignments, to.class.assignments) {
		c.titles[a.ID] = a.Title
	}
	for _, id := range ids {
		c.cells(everyone[id].student)
	}
	for _, id := range ids {
		c.totals(id)
	}
	return d
}

func values[T any](list []*T) (out []T) {
	for _, v := range list {
		out = append(out, *v)
	}
	return out
}

// comparison is a Difference that is being made.
type comparison struct {
	window
	from, to      *side
	titles        map[int]string // of the assignments, as they were called later
	before, after []*cell        // room
	out           *Difference
}

// lists reports whether what differs next is in the part, and counts it if not.
func (c *comparison) lists() bool {
	if c.next() {
		return true
	}
	c.out.Omitted++
	return false
}

// cells compares a student's cells. Both lists are by assignment.
func (c *comparison) cells(student *studentState) {
	c.before, c.after = c.from.filled(c.before[:0], student.ID), c.to.filled(c.after[:0], student.ID)
	for before, after := c.before, c.after; len(before)+len(after) > 0; {
		var old, now *cell
		if len(after) == 0 || len(before) > 0 && before[0].assignment <= after[0].assignment {
			old, before = before[0], before[1:]
		}
		if len(after) > 0 && (old == nil || old.assignment == after[0].assignment) {
			now, after = after[0], after[1:]
		}
		if !old.same(now) && c.lists() {
			c.out.Cells = append(c.out.Cells, c.edit(student, old, now))
		}
	}
}

// edit tells of a cell that was old and is now.
func (c *comparison) edit(student *studentState, old, now *cell) CellEdit {
	some := now
	if some == nil {
		some = old
	}
	return CellEdit{
		Class: c.to.class.ID, Student: student.ID, Name: student.Name(),
		Assignment: int(some.assignment), Title: c.titles[int(some.assignment)],
		From: old.grade(student.ID).value().told(), To: now.grade(student.ID).value().told(),
	}
}

// totals compares those of a student who is there both times.
func (c *comparison) totals(student int) {
	e := c.to.there[student]
	if e == nil || c.from.there[student] == nil {
		return
	}
	before, after := c.from.totals(student), c.to.totals(student)
	if !before.equal(after) && c.lists() {
		c.out.Totals = append(c.out.Totals, TotalEdit{student, e.student.Name(), before, after})
	}
}
