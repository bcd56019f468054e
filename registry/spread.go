package registry

import (
	"fmt"
	"slices"
	"time"
)

// Change is something that happened, in words, and how it spread to those whom
// it concerned.
type Change struct {
	Time       time.Time `json:"time"`
	Text       string    `json:"text"`
	Revision   uint64    `json:"revision"`   // of the views that it changed
	Dependents int       `json:"dependents"` // that had to hear of it
	Waiting    int       `json:"waiting"`    // of them, those that live and have not acknowledged yet
	Took       string    `json:"took"`       // until the last of them had; a Go duration, "" before
}

// spread is how far the change of one step has reached.
type spread struct {
	revision            uint64
	at                  time.Time
	dependents, waiting int
	took                time.Duration
}

// noted is a change that is kept.
type noted struct {
	Change
	spread *spread
}

// concerns notes that s is to hear of sp. One that is down is told when it is
// back, and nobody waits for it.
func (sp *spread) concerns(s *service) {
	if s.health == down {
		return
	}
	sp.dependents++
	sp.waiting++
	if s.owes = append(s.owes, sp); len(s.owes) > keptChanges { // it answers and never acknowledges
		s.owes = slices.Delete(s.owes, 0, 1)
	}
}

// reached notes that s knows what happened up to revision, or that nobody waits
// for it any longer.
func (t *table) reached(s *service, revision uint64, fx *effects, now time.Time) {
	n := 0
	for n < len(s.owes) && s.owes[n].revision <= revision {
		sp := s.owes[n]
		if sp.waiting--; sp.waiting == 0 {
			sp.took = now.Sub(sp.at)
			fx.converged = append(fx.converged, sp.took)
		}
		n++
	}
	s.owes = slices.Delete(s.owes, 0, n)
}

// change notes what happened, in words.
func (t *table) change(fx *effects, now time.Time, format string, args ...any) {
	fx.changes = append(fx.changes, Change{Time: now, Text: fmt.Sprintf(format, args...)})
}

// keep remembers changes, which spread as sp.
func (t *table) keep(changes []Change, sp *spread) {
	for i := range changes {
		changes[i].Revision = t.revision
		t.changes = append(t.changes, noted{changes[i], sp})
	}
	if over := len(t.changes) - keptChanges; over > 0 {
		t.changes = slices.Delete(t.changes, 0, over)
	}
}

// latestChanges returns what is kept, newest first, as far as it has spread.
func (t *table) latestChanges() []Change {
	list := make([]Change, 0, len(t.changes))
	for _, c := range slices.Backward(t.changes) {
		sp := c.spread
		c.Dependents, c.Waiting = sp.dependents, sp.waiting
		if sp.dependents > 0 && sp.waiting == 0 {
			c.Took = sp.took.String()
		}
		list = append(list, c.Change)
	}
	return list
}

// clock formats a time as people say it.
func clock(at time.Time) string { return at.Format(time.TimeOnly) }
