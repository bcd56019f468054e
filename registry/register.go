package registry

import (
	"errors"
	"maps"
	"time"
)

var (
	errUnknownURL    = errors.New("nothing is registered at this URL")
	errOtherInstance = errors.New("another instance is registered at this URL")
)

// registering is a valid registration. It replaces what was registered at the
// same address: only one process can answer there.
type registering struct{ Registration }

func (e registering) apply(t *table, fx *effects, now time.Time) {
	s := t.services[key(e.ServiceURL)]
	if s != nil && s.Instance != "" && s.Instance == e.Instance && s.ServiceName == e.ServiceName {
		// The same process again: that it can call us does not prove that it
		// answers, so its health stays what the heartbeats say.
		s.Registration, s.needed = e.Registration, e.needs()
		s.base, s.acked, s.revision = nil, 0, 0
	} else {
		s = t.replace(s, e.Registration, now)
		t.change(fx, now, "%s registered", s)
		fx.probes = append(fx.probes, probe{key: s.key, generation: s.generation})
	}
	t.dirty = true
	fx.save = true
	fx.registered = &Registered{Epoch: t.epoch, HeartbeatInterval: t.interval.String()}
	// publish completes the answer: it finds the entry by its missing view.
}

// replace puts a new entry in the place of old, which may be nil.
func (t *table) replace(old *service, r Registration, now time.Time) *service {
	s := t.newService(r, now)
	if old != nil && old.health == up && old.ServiceName == s.ServiceName {
		s.health = up // nobody loses it while its first probe is under way
	}
	t.services[s.key] = s
	return s
}

// newService returns a valid entry that is not in the table yet.
func (t *table) newService(r Registration, now time.Time) *service {
	t.generation++
	return &service{
		Registration: r, key: key(r.ServiceURL), needed: r.needs(), generation: t.generation,
		registered: now, health: unverified, since: now,
	}
}

// leaving is the deregistration of whatever is at url, or of that instance only.
type leaving struct{ url, instance string }

// awaited is a dependent that was told of a service which left.
type awaited struct {
	key        string
	generation uint64
	revision   uint64 // it knows once it acknowledged this
}

func (e leaving) apply(t *table, fx *effects, now time.Time) {
	s := t.services[key(e.url)]
	switch {
	case s == nil:
		fx.err = errUnknownURL
		return
	case e.instance != "" && s.Instance != "" && e.instance != s.Instance:
		fx.err = errOtherInstance
		return
	}
	t.remove(s, fx)
	t.change(fx, now, "%s left", s)
	for _, d := range t.services {
		if d.knows(s.provider()) {
			fx.awaited = append(fx.awaited, awaited{d.key, d.generation, t.revision + 1})
		}
	}
}

// remove takes s out; publish tells its dependents.
func (t *table) remove(s *service, fx *effects) {
	delete(t.services, s.key)
	t.dirty = true
	fx.save = true
}

// laggards returns those of who that live and have not acknowledged yet.
func (t *table) laggards(who []awaited) []Provider {
	late := []Provider{}
	for _, a := range who {
		if s := t.services[a.key]; s != nil && s.generation == a.generation && s.health == up && s.acked < a.revision {
			late = append(late, s.provider())
		}
	}
	return late
}

// restore puts back what a file of an earlier run says. Only who is down stays
// so; the others are unverified until they answer.
func (t *table) restore(saved []savedService, now time.Time) effects {
	var fx effects
	for _, m := range saved {
		if len(m.Registration.validate()) > 0 {
			continue // the file is not ours alone to write
		}
		s := t.newService(m.Registration, now)
		s.registered, s.base = m.Registered, m.Base
		if m.Down != "" {
			s.health, s.reason, s.since = down, m.Down, m.Since
		}
		t.services[s.key] = s
		fx.probes = append(fx.probes, probe{key: s.key, generation: s.generation})
	}
	t.publish(&fx, now)
	return fx
}

// saved returns what restore needs.
func (t *table) saved() []savedService {
	var list []savedService
	for s := range maps.Values(t.services) {
		m := savedService{Registration: s.Registration, Registered: s.registered, Base: s.base}
		if s.health == down {
			m.Down, m.Since = s.reason, s.since
		}
		list = append(list, m)
	}
	return list
}
