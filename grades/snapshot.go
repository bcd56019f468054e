package grades

import (
	"encoding/json"
	"fmt"
	"time"
)

// snapshotVersion is the version of snapshots. One of another version is not
// used: the log is read instead.
const snapshotVersion = 2

// snapshot is a Book as JSON. Lists are in the order of ids, or of enrollment.
type snapshot struct {
	Version     int                 `json:"version"`
	Revision    uint64              `json:"revision"`
	Classes     []saved[Class]      `json:"classes"`
	Students    []saved[Student]    `json:"students"`
	Assignments []saved[Assignment] `json:"assignments"`
	Enrollments []savedEnrollment   `json:"enrollments"`
	Undone      map[uint64]uint64   `json:"undone,omitempty"`
	Keys        []savedKey          `json:"keys"`
}

type saved[T any] struct {
	Value     T        `json:"value"`
	Removed   bool     `json:"removed,omitempty"`
	Revisions []uint64 `json:"revisions,omitempty"`
}

type savedEnrollment struct {
	Class   int         `json:"class"`
	Student int         `json:"student"`
	Removed bool        `json:"removed,omitempty"`
	Cells   []savedCell `json:"cells,omitempty"`
}

type savedCell struct {
	Assignment int        `json:"a"`
	Value      *CellValue `json:"v,omitempty"`
	Revision   uint64     `json:"r"`
	By         string     `json:"by"`
	At         time.Time  `json:"at"`
}

type savedKey struct {
	At  time.Time `json:"at"`
	Use *KeyUse   `json:"use"`
}

// Snapshot encodes the book.
func (b *Book) Snapshot() ([]byte, error) {
	s := snapshot{Version: snapshotVersion, Revision: b.revision, Undone: b.undone}
	for _, c := range b.classes {
		s.Classes = append(s.Classes, saved[Class]{c.Class, c.removed, c.revisions})
	}
	for _, st := range b.students {
		s.Students = append(s.Students, saved[Student]{st.Student, st.removed, st.revisions})
	}
	for _, a := range b.assignments {
		s.Assignments = append(s.Assignments, saved[Assignment]{Value: a.Assignment, Removed: a.removed})
	}
	for _, e := range b.enrollments {
		out := savedEnrollment{Class: e.class.ID, Student: e.student.ID, Removed: e.removed}
		for i := range e.row {
			g := e.row[i].grade(e.student.ID)
			out.Cells = append(out.Cells, savedCell{g.Assignment, g.value(), g.Revision, g.By, g.At})
		}
		s.Enrollments = append(s.Enrollments, out)
	}
	for _, id := range b.keys.order {
		s.Keys = append(s.Keys, savedKey{b.keys.uses[id].At, b.keys.uses[id].KeyUse})
	}
	return json.Marshal(s)
}

// Restore replaces the book by one that Snapshot has encoded.
func (b *Book) Restore(text []byte) error {
	var s snapshot
	if err := json.Unmarshal(text, &s); err != nil {
		return err
	}
	if s.Version != snapshotVersion {
		return fmt.Errorf("it has version %d and this program reads version %d", s.Version, snapshotVersion)
	}
	*b = Book{revision: s.Revision, undone: s.Undone}
	for _, c := range s.Classes {
		b.setClass(Change[Class]{New: &c.Value})
	}
	for _, st := range s.Students {
		b.setStudent(Change[Student]{New: &st.Value})
		b.students[st.Value.ID-1].removed = st.Removed
	}
	for _, a := range s.Assignments {
		if a.Removed {
			b.assignments = append(b.assignments, &assignmentState{a.Value, true})
		} else {
			b.setAssignment(Change[Assignment]{New: &a.Value})
		}
	}
	for _, saved := range s.Enrollments {
		b.setEnrollment(EnrollmentChange{saved.Class, saved.Student, !saved.Removed})
		e := b.enrollments[len(b.enrollments)-1]
		for _, c := range saved.Cells {
			e.row.set(newCell(c.Assignment, c.Value, c.Revision, b.actor(c.By), c.At))
		}
	}
	for i, c := range s.Classes {
		b.classes[i].removed, b.classes[i].Revision, b.classes[i].revisions = c.Removed, c.Value.Revision, c.Revisions
	}
	for i, st := range s.Students {
		b.students[i].revisions = st.Revisions
	}
	for _, k := range s.Keys {
		b.keys.add(k.Use, k.At)
	}
	return nil
}
