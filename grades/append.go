package grades

import (
	"encoding/binary"
	"encoding/json"
	"strconv"
	"time"
	"unicode/utf8"

	"gradebook/service/store"
)

// What is written with every grade is encoded here without reflection. The
// struct tags remain the definition: a test compares the two.

// The largest record has maxRecord bytes, with room for what its undo says more:
// undoRoom for each cell, which is the revision that it finds there, packed and
// in base64. What is between that and store.MaxRecord is for the names that were
// made longer since, and for the few cells that are a list in JSON.
const (
	maxRecord = 48 << 20
	undoRoom  = (binary.MaxVarintLen64*4 + 2) / 3
)

// AppendJSON appends r as encoding/json would write it. It makes Record a
// store.Appender. The error for one that is too large is a *store.TooLargeError.
func (r *Record) AppendJSON(b []byte) (_ []byte, err error) {
	start := len(b)
	rare := func(start string, given bool, v any) {
		if given && err == nil {
			var text []byte
			text, err = json.Marshal(v)
			b = append(append(b, start...), text...)
		}
	}
	b = appendInt(append(b, `{"version":`...), int(r.Version))
	b = appendString(append(b, `,"action":`...), r.Action)
	b = appendString(append(b, `,"actor":`...), r.Actor)
	rare(`,"undoes":`, r.Undoes != 0, r.Undoes)
	rare(`,"import":`, r.Import != "", r.Import)
	rare(`,"key":`, r.Key != nil, r.Key)
	rare(`,"classes":`, len(r.Classes) > 0, r.Classes)
	rare(`,"students":`, len(r.Students) > 0, r.Students)
	b = appendList(b, `,"assignments":[`, r.Assignments, appendAssignmentChange)
	rare(`,"enrollments":`, len(r.Enrollments) > 0, r.Enrollments)
	if r.Cells.Len() > 0 {
		b = r.Cells.appendJSON(append(b, `,"cells":`...))
	}
	b = append(b, '}')
	if size := len(b) - start + undoRoom*r.Cells.Len(); err == nil && r.Undoes == 0 && size > maxRecord {
		err = &store.TooLargeError{Bytes: size, Limit: maxRecord}
	}
	return b, err
}

// appendList appends what begins with start, unless it is empty.
func appendList[T any](b []byte, start string, list []T, item func([]byte, *T) []byte) []byte {
	if len(list) == 0 {
		return b
	}
	b = append(b, start...)
	for i := range list {
		b = append(item(b, &list[i]), ',')
	}
	return ended(b, ']')
}

// appendValue appends what always has a JSON form and is seldom written.
func appendValue(b []byte, v any) []byte {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return append(b, text...)
}

// ended ends an object or a list, each of whose parts was followed by a comma.
func ended(b []byte, end byte) []byte {
	if b[len(b)-1] == ',' {
		b[len(b)-1] = end
		return b
	}
	return append(b, end)
}

func appendAssignmentChange(b []byte, c *Change[Assignment]) []byte {
	b = append(b, '{')
	if c.Old != nil {
		b = append(appendAssignment(append(b, `"old":`...), c.Old), ',')
	}
	if c.New != nil {
		b = append(appendAssignment(append(b, `"new":`...), c.New), ',')
	}
	return ended(b, '}')
}

func appendAssignment(b []byte, a *Assignment) []byte {
	b = appendInt(append(b, `{"id":`...), a.ID)
	b = appendInt(append(b, `,"classID":`...), a.ClassID)
	b = appendString(append(b, `,"title":`...), a.Title)
	b = appendString(append(b, `,"category":`...), a.Category)
	b = a.Points.append(append(b, `,"points":`...))
	if a.Due != nil {
		b = appendTime(append(b, `,"due":`...), *a.Due)
	}
	b = strconv.AppendBool(append(b, `,"posted":`...), a.Posted)
	b = strconv.AppendBool(append(b, `,"neverDrop":`...), a.NeverDrop)
	if a.ExternalID != "" {
		b = appendString(append(b, `,"externalID":`...), a.ExternalID)
	}
	return append(b, '}')
}

func appendCellChange(b []byte, c *CellChange) []byte {
	b = appendInt(append(b, `{"s":`...), c.Student)
	b = appendInt(append(b, `,"a":`...), c.Assignment)
	if c.Old != nil {
		b = appendCellValue(append(b, `,"old":`...), c.Old)
	}
	if c.OldRevision != 0 {
		b = strconv.AppendUint(append(b, `,"r":`...), c.OldRevision, 10)
	}
	if c.New != nil {
		b = appendCellValue(append(b, `,"new":`...), c.New)
	}
	return append(b, '}')
}

func appendCellValue(b []byte, v *CellValue) []byte {
	b = append(b, '{')
	if v.Score != nil {
		b = append(v.Score.append(append(b, `"score":`...)), ',')
	}
	if v.Status != "" {
		b = append(appendString(append(b, `"status":`...), v.Status), ',')
	}
	if v.Submitted != nil {
		b = append(appendTime(append(b, `"submitted":`...), *v.Submitted), ',')
	}
	if v.Comment != "" {
		b = append(appendString(append(b, `"comment":`...), v.Comment), ',')
	}
	return ended(b, '}')
}

// appendJSON appends the answer to a new grade.
func (g *StudentGrade) appendJSON(b []byte) []byte {
	b = appendString(append(b, `{"title":`...), g.Title)
	b = appendString(append(b, `,"type":`...), g.Type)
	b = g.Score.append(append(b, `,"score":`...))
	b = g.Points.append(append(b, `,"points":`...))
	b = appendInt(append(b, `,"class":`...), g.Class)
	b = appendInt(append(b, `,"assignment":`...), g.Assignment)
	b = appendString(append(b, `,"status":`...), g.Status)
	b = strconv.AppendUint(append(b, `,"revision":`...), g.Revision, 10)
	return append(b, '}')
}

func appendInt(b []byte, n int) []byte { return strconv.AppendInt(b, int64(n), 10) }

func appendTime(b []byte, t time.Time) []byte {
	b = t.AppendFormat(append(b, '"'), time.RFC3339Nano)
	return append(b, '"')
}

// appendString appends s as a JSON string: most need no escaping.
func appendString(b []byte, s string) []byte {
	for _, r := range s {
		switch {
		case r < ' ', r == '"', r == '\\', r == '<', r == '>', r == '&', r == '\u2028', r == '\u2029', r == utf8.RuneError:
			text, _ := json.Marshal(s) // a string always has a JSON form
			return append(b, text...)
		}
	}
	return append(append(append(b, '"'), s...), '"')
}
