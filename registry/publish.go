package registry

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// push is what one dependent is told: the body of POST serviceUpdateURL.
type push struct {
	key  string
	url  string
	view []Provider

	// Added and Removed are the difference to what this dependent acknowledged
	// last: true for clients that know only deltas.
	Added     []Provider            `json:"added"`
	Removed   []Provider            `json:"removed"`
	Epoch     string                `json:"epoch"`
	Revision  uint64                `json:"revision"`
	Instance  string                `json:"instance"` // of the process this is meant for
	Providers map[string][]Provider `json:"providers"`
	Settling  bool                  `json:"settling,omitempty"`
}

// ack answers a push; clients of the earlier demo answer with an empty body.
type ack struct {
	Epoch    string `json:"epoch"`
	Revision uint64 `json:"revision"`
}

// pushed says how a push ended.
type pushed struct {
	*push
	ok   bool // acknowledged
	took time.Duration
}

func (e pushed) apply(t *table, fx *effects, now time.Time) {
	s := t.services[e.key]
	if s == nil || s.sending != e.push {
		return
	}
	s.sending = nil
	if !e.ok {
		s.unanswered(e.push)
		fx.save = true
		return // the next heartbeat it answers tries again
	}
	base := e.view
	if e.Settling { // nothing was taken away from any client
		base = union(e.view, minus(s.base, e.view))
	} else {
		s.unsure = minus(s.unsure, minus(s.unsure, e.view))
	}
	s.keeps = e.Settling
	t.acknowledge(s, e.Revision, base, fx, now)
	fx.lacking = s
}

// maxUnsure is more copies than the pushes leave that a client misses answers to.
const maxUnsure = 256

// unanswered notes that s may have taken p or not. A client that knows only
// deltas may hold what p added, once more with each try, and may no longer hold
// what p removed: that is added anew when it is offered again, and all copies
// are removed when it is not.
func (s *service) unanswered(p *push) {
	if s.Instance != "" || len(s.unsure) > maxUnsure {
		return // it takes whole views
	}
	lost := minus(s.base, minus(s.base, p.Removed))
	s.base = minus(s.base, p.Removed)
	s.unsure = slices.Concat(s.unsure, p.Added, lost)
}

// acknowledge notes that s holds base, which is revision.
func (t *table) acknowledge(s *service, revision uint64, base []Provider, fx *effects, now time.Time) {
	s.acked, s.base = revision, base
	t.reached(s, revision, fx, now)
	t.touch(s, fx)
	fx.save = true
}

// publish gives every dependent the view that follows from what this step
// changed, and sends it to those for whom it is new.
func (t *table) publish(fx *effects, now time.Time) {
	if len(t.dirty)+len(t.stale)+len(fx.touched)+len(fx.changes) == 0 {
		return
	}
	t.revision++
	sp := &spread{revision: t.revision, at: now}
	for _, g := range t.dirty {
		g.dirty = false
		if before := g.missing; t.refresh(g, now) {
			fx.offered = append(fx.offered, g.name)
			t.stale = append(t.stale, g.dependents...)
			t.tellAffected(g, before, fx, now)
		}
		if len(g.members)+len(g.dependents) == 0 {
			delete(t.groups, g.name)
		}
	}
	for _, s := range t.stale {
		t.review(s, sp, fx)
	}
	clear(t.stale) // who left is not kept in memory
	t.dirty, t.stale = t.dirty[:0], t.stale[:0]
	t.keep(fx.changes, sp)
}

// review makes the view of s and sends it if it is another one than before.
func (t *table) review(s *service, sp *spread, fx *effects) {
	if t.services[s.key] != s {
		return // it left in this step
	}
	var view []Provider
	for _, name := range s.needed {
		view = append(view, t.groups[name].offered...)
	}
	isNew := s.revision == 0
	if !isNew && slices.Equal(s.view, view) && (s.settling == t.settling || len(s.needed) == 0) {
		return
	}
	s.view, s.settling, s.revision = view, t.settling, t.revision
	if !isNew {
		sp.concerns(s)
		t.touch(s, fx)
	}
	t.send(s, fx)
}

// tellAffected says who is blocked by the loss of the last provider of g, or
// freed by the return of one.
func (t *table) tellAffected(g *group, before missing, fx *effects, now time.Time) {
	switch names := g.requirers(); {
	case len(names) == 0:
	case g.missing.is() && !before.is():
		fx.affected = append(fx.affected, names...)
		t.change(fx, now, "%s has no provider any more (%s): %s blocked", g.name, g.missing.cause, list(names))
	case before.is() && !g.missing.is():
		t.change(fx, now, "%s has a provider again: %s no longer blocked by that", g.name, list(names))
	}
}

// list joins names as the subject of a sentence.
func list(names []string) string {
	if len(names) == 1 {
		return names[0] + " is"
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " and " + names[last] + " are"
}

// send pushes to s what it has not acknowledged, unless a push is under way or
// nobody may be there: the next heartbeat that is answered sends it then.
func (t *table) send(s *service, fx *effects) {
	if s.sending != nil || s.acked >= s.revision || s.health == down || s.misses > 0 || s.doubted {
		return
	}
	p := &push{
		key: s.key, url: s.ServiceUpdateURL, view: s.view,
		Added: minus(s.view, s.base), Removed: minus(slices.Concat(s.base, s.unsure), s.view),
		Epoch: t.epoch, Revision: s.revision, Instance: s.Instance, Providers: s.byName(), Settling: s.settling,
	}
	if s.settling {
		p.Removed = nil
	}
	s.sending = p
	fx.pushes = append(fx.pushes, p)
}

// reconcile takes a dependent's word for the revision it holds: it may have
// the answer to its registration and no push yet, or have lost what it had.
func (t *table) reconcile(s *service, holds uint64, fx *effects, now time.Time) {
	switch {
	case holds < s.acked:
		s.acked = holds
		t.touch(s, fx)
	case holds == s.revision && s.sending == nil && s.acked < holds:
		s.keeps = s.settling
		t.acknowledge(s, holds, s.view, fx, now)
	}
}

// byName returns the view of s under each name it asked for.
func (s *service) byName() map[string][]Provider {
	m := make(map[string][]Provider)
	for _, name := range s.needed {
		m[name] = []Provider{}
	}
	for _, p := range s.view {
		m[p.Name] = append(m[p.Name], Provider{URL: p.URL})
	}
	return m
}

func compareProviders(a, b Provider) int {
	return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.URL, b.URL))
}

// minus returns what is in a and not in b.
func minus(a, b []Provider) []Provider {
	var left []Provider
	for _, p := range a {
		if !slices.Contains(b, p) {
			left = append(left, p)
		}
	}
	return left
}

// union returns a and b, which share nothing, in order.
func union(a, b []Provider) []Provider {
	both := slices.Concat(a, b)
	slices.SortFunc(both, compareProviders)
	return both
}
