package grades

import (
	"errors"
	"strconv"
	"strings"
	"sync"

	"gradebook/service/store"
)

// ownIDs are the ids that a book gives, in files for other systems, to what has
// none of another system: "gradebook/dr3k9x2m1a/student/17". An import of such a
// file finds the same student again, whatever the name. They begin with what tells
// the book from others, since all of them have a student 17: the time of its first
// change, which an archive keeps. "" gives and knows none.
type ownIDs string

// ownIDs are those of the book, none of one that was never written to.
func (s *Server) ownIDs() (ownIDs, error) {
	first, err := s.store.Record(1)
	if errors.Is(err, store.ErrNoRecord) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return ownIDs("gradebook/" + strconv.FormatInt(first.At.UnixNano(), 36) + "/"), nil
}

// The kinds of things that get ids.
const (
	ownClass      = "class"
	ownStudent    = "student"
	ownAssignment = "assignment"
)

// of returns the id of a thing, given that of another system, which goes before.
func (o ownIDs) of(kind string, number int, external string) string {
	if external != "" || o == "" {
		return external
	}
	return string(o) + kind + "/" + strconv.Itoa(number)
}

// number returns the number of the thing that has an id, 0 where that is none of
// the book's.
func (o ownIDs) number(kind, id string) int {
	text, ok := strings.CutPrefix(id, string(o)+kind+"/")
	if !ok || o == "" {
		return 0
	}
	number, err := strconv.Atoi(text)
	if err != nil || number < 1 {
		return 0
	}
	return number
}

// sign gives ids to all of a gradebook, which is a copy.
func (o ownIDs) sign(g *Gradebook) {
	g.Class.ExternalID = o.of(ownClass, g.Class.ID, g.Class.ExternalID)
	for i := range g.Students {
		s := &g.Students[i]
		s.ExternalID = o.of(ownStudent, s.ID, s.ExternalID)
	}
	for i := range g.Assignments {
		a := &g.Assignments[i]
		a.ExternalID = o.of(ownAssignment, a.ID, a.ExternalID)
	}
}

// classOf returns what ReadOptions.ClassOf is for a file that is read now. It
// looks through the book when it is first asked.
func (s *Server) classOf(own ownIDs) func(assignment string) (class string, ok bool) {
	classes := sync.OnceValue(func() map[string]string {
		known := make(map[string]string)
		_ = s.store.View(func(b *Book) { // without it nothing is known, and the file refused
			for _, c := range b.classes {
				if c.removed != nil {
					continue
				}
				class := own.of(ownClass, c.ID, c.ExternalID)
				for _, a := range c.assignments {
					for _, id := range []string{a.ExternalID, own.of(ownAssignment, a.ID, "")} {
						if before, again := known[id]; again && before != class {
							known[id] = "" // it could be either
						} else {
							known[id] = class
						}
					}
				}
			}
		})
		return known
	})
	return func(assignment string) (string, bool) {
		class := classes()[assignment]
		return class, class != ""
	}
}
