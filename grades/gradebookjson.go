package grades

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// appendGradebook appends what gradebook makes, as encoding/json would. It reads
// the cells where they are: to copy them first takes longer than to write them.
func (c *classState) appendGradebook(b []byte, now time.Time) []byte {
	roster := c.sorted()
	cells := 0
	for _, e := range roster {
		cells += len(e.row)
	}
	b = slices.Grow(b, 160*cells+240*(len(roster)+len(c.assignments))+2000) // about
	b = appendValue(append(b, `{"class":`...), c.Class)
	b = append(b, `,"students":[`...)
	for _, e := range roster {
		b = append(appendStudent(b, e.student), ',')
	}
	b = append(ended(b, ']'), `,"assignments":[`...)
	for _, a := range c.assignments {
		b = append(appendAssignment(b, a), ',')
	}
	b = c.appendCells(append(ended(b, ']'), `,"cells":[`...), roster)
	b = c.appendTotals(append(b, `,"totals":{`...), roster, now)
	b = strconv.AppendUint(append(b, `,"revision":`...), c.Revision, 10)
	return append(b, '}')
}

// appendStudent appends what student returns.
func appendStudent(b []byte, s *studentState) []byte {
	b = appendInt(append(b, `{"id":`...), s.ID)
	b = appendString(append(b, `,"firstName":`...), s.FirstName)
	b = appendString(append(b, `,"lastName":`...), s.LastName)
	rare := func(start, value string) {
		if value != "" {
			b = appendString(append(b, start...), value)
		}
	}
	rare(`,"email":`, s.Email)
	rare(`,"externalID":`, s.ExternalID)
	rare(`,"sisID":`, s.SISID)
	rare(`,"login":`, s.Login)
	b = append(b, `,"classes":[`...)
	for _, e := range s.enrollments {
		if e.active() {
			b = append(appendInt(b, e.class.ID), ',')
		}
	}
	return append(ended(b, ']'), '}')
}

// appendCells appends the cells of a list that has begun, and its end. What many
// cells have in common, because they are a student's or because one change wrote
// them, is encoded once.
func (c *classState) appendCells(b []byte, roster []*enrollment) []byte {
	var origin, student []byte
	var last *cell
	for _, e := range roster {
		student = appendInt(append(student[:0], `{"student":`...), e.student.ID)
		student = append(student, `,"assignment":`...)
		for cell := range c.filled(e) {
			if last == nil || cell.revision != last.revision || cell.at != last.at || cell.by != last.by {
				last, origin = cell, cell.appendOrigin(origin[:0])
			}
			b = cell.appendContent(append(b, student...))
			b = append(append(b, origin...), ',')
		}
	}
	return ended(b, ']')
}

// appendContent appends what is in a cell: the middle of a Grade, from the number
// of the assignment.
func (c *cell) appendContent(b []byte) []byte {
	b = append(appendInt(b, int(c.assignment)), `,"score":`...)
	if c.scored {
		b = c.score.append(b)
	} else {
		b = append(b, `null`...)
	}
	b = append(append(append(b, `,"status":"`...), c.status.String()...), '"')
	if c.extra == nil {
		return b
	}
	if c.extra.submitted != nil {
		b = appendTime(append(b, `,"submitted":`...), *c.extra.submitted)
	}
	if c.extra.comment != "" {
		b = appendString(append(b, `,"comment":`...), c.extra.comment)
	}
	return b
}

// appendOrigin appends the rest of a Grade: which change wrote it.
func (c *cell) appendOrigin(b []byte) []byte {
	b = strconv.AppendUint(append(b, `,"revision":`...), c.revision, 10)
	b = appendString(append(b, `,"by":`...), *c.by)
	b = appendTime(append(b, `,"at":`...), time.Unix(0, c.at).UTC())
	return append(b, '}')
}

// appendTotals appends the totals of an object that has begun, and its end. Its
// names are in the order of encoding/json, which is that of text: 10 before 9.
func (c *classState) appendTotals(b []byte, roster []*enrollment, now time.Time) []byte {
	type named struct {
		id string
		*enrollment
	}
	list := make([]named, 0, len(roster))
	for _, e := range roster {
		list = append(list, named{strconv.Itoa(e.student.ID), e})
	}
	slices.SortFunc(list, func(x, y named) int { return strings.Compare(x.id, y.id) })
	calculator := newCalculator(&c.Class, c.assignments)
	for _, e := range list {
		totals := calculator.totals(calculator.marks(e.row), now)
		b = append(append(append(b, '"'), e.id...), `":{"current":`...)
		b = append(appendTotal(b, totals.Current), `,"final":`...)
		b = append(appendTotal(b, totals.Final), `},`...)
	}
	return ended(b, '}')
}

func appendTotal(b []byte, t Total) []byte {
	b = append(b, `{"percent":`...)
	if t.Percent != nil {
		b = percentDecimals().append(b, int64(*t.Percent))
	} else {
		b = append(b, `null`...)
	}
	b = append(b, `,"letter":`...)
	if t.Letter != nil {
		b = appendString(b, *t.Letter)
	} else {
		b = append(b, `null`...)
	}
	return append(b, '}')
}
