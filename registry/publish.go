package registry

import (
	"cmp"
	"slices"
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
		return // the next heartbeat it answers tries again
	}
	s.acked = e.Revision
	if e.Settling { // nothing was taken away from any client
		s.base = union(e.view, minus(s.base, e.view))
	} else {
		s.base = e.view
	}
	fx.save = true
	if len(e.Added)+len(e.Removed) > 0 {
		t.change(fx, now, "%s told, acknowledged in %v", s.ServiceName, e.took.Round(100*time.Microsecond))
	}
	t.send(s, fx)
}

// publish gives every dependent the view that follows from the table, and
// sends it to those for whom it is new.
func (t *table) publish(fx *effects, now time.Time) {
	t.revision++
	before := t.offered
	t.offered = make(map[string][]Provider)
	for _, s := range t.services {
		if t.offers(s) {
			t.offered[s.ServiceName] = append(t.offered[s.ServiceName], s.provider())
		}
	}
	for _, list := range t.offered {
		slices.SortFunc(list, compareProviders)
	}
	fx.published = true
	t.noteMissing(before, now)
	for _, s := range t.services {
		var view []Provider
		for _, name := range s.needed {
			view = append(view, t.offered[name]...)
		}
		isNew := s.revision == 0
		if isNew || s.settling != t.settling || !slices.Equal(s.view, view) {
			s.view, s.settling, s.revision = view, t.settling, t.revision
		}
		if isNew && fx.registered != nil {
			fx.registered.Revision, fx.registered.Settling = s.revision, s.settling
			fx.registered.Providers = s.byName()
		}
		t.send(s, fx)
	}
}

// noteMissing keeps since when each needed name has nobody, and why.
func (t *table) noteMissing(before map[string][]Provider, now time.Time) {
	still := make(map[string]missing)
	for _, s := range t.services {
		for _, name := range s.needed {
			if _, done := still[name]; done || len(t.offered[name]) > 0 {
				continue
			}
			m, known := t.missing[name]
			if !known {
				m = missing{since: now, cause: "nobody has registered it"}
				if len(before[name]) > 0 {
					m.cause = "it left"
				}
			}
			for _, p := range t.services {
				switch {
				case p.ServiceName != name:
				case p.health == down:
					m.cause = p.reason
				default:
					m.cause = "its first heartbeat is awaited"
				}
			}
			still[name] = m
		}
	}
	t.missing = still
}

// send pushes to s what it has not acknowledged, unless a push is under way or
// nobody is there.
func (t *table) send(s *service, fx *effects) {
	if s.sending != nil || s.acked >= s.revision || s.health == down {
		return
	}
	p := &push{
		key: s.key, url: s.ServiceUpdateURL, view: s.view,
		Added: minus(s.view, s.base), Removed: minus(s.base, s.view),
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
func (t *table) reconcile(s *service, holds uint64) {
	switch {
	case holds < s.acked:
		s.acked = holds
	case holds == s.revision && s.sending == nil && s.acked < holds:
		s.acked, s.base = holds, s.view
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

// knows reports whether p is in the view of s.
func (s *service) knows(p Provider) bool { return slices.Contains(s.view, p) }

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
