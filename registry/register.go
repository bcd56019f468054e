package registry

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// registering is a valid registration. It replaces what was registered at the
// same address: only one process can answer there.
type registering struct{ Registration }

func (e registering) apply(t *table, fx *effects, now time.Time) {
	k := key(e.ServiceURL)
	s := t.services[k]
	switch d, left := t.departed[k]; {
	case left && d.Instance == e.Instance && e.Instance != "":
		fx.err = errDeparted // a late copy of a registration, which must not bring back who has gone
		return
	case s != nil && s.Instance != "" && s.Registration.equal(&e.Registration):
		fx.registrant = s // it only asks again: nothing has changed
		return
	case s != nil && s.Instance != "" && s.Instance == e.Instance && s.ServiceName == e.ServiceName:
		t.update(s, e.Registration)
	case s == nil && len(t.services) >= maxServices:
		fx.err = errFull
		return
	default:
		s = t.replace(s, e.Registration, now)
		t.change(fx, now, "%s registered", s)
		fx.probes = append(fx.probes, probe{key: s.key, generation: s.generation})
	}
	t.touch(s, fx)
	fx.save = true
	fx.registrant = s
}

// update takes what the same process says of itself now. That it can call us
// does not prove that it answers, so its health stays what the heartbeats say;
// and what it holds it will say in its next heartbeat.
func (t *table) update(s *service, r Registration) {
	same := s.ServiceURL == r.ServiceURL && slices.Equal(s.RequiredServices, r.RequiredServices) && slices.Equal(s.OptionalServices, r.OptionalServices)
	if same {
		s.Registration = r
		return
	}
	t.dropNeeds(s)
	t.dropMember(s)
	s.Registration, s.needed = r, r.needs()
	t.addMember(s)
	t.addNeeds(s)
	t.findCircles(s)
	t.stale = append(t.stale, s)
}

// replace puts a new entry in the place of old, which may be nil.
func (t *table) replace(old *service, r Registration, now time.Time) *service {
	s := t.newService(r, now)
	if old != nil {
		if old.ServiceName == s.ServiceName {
			s.flaps = old.flaps
			if old.health == up {
				s.health = up // nobody loses it while its first probe is under way
			}
		}
		t.delete(old, new(effects), now)
	} else if d, ok := t.departed[s.key]; ok {
		s.flaps = d.flaps
	}
	t.insert(s)
	t.findCircles(s)
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

// answer is what s is told about its registration.
func (t *table) answer(s *service) *Registered {
	return &Registered{
		Epoch: t.epoch, Revision: s.revision, Settling: s.settling, Providers: s.byName(),
		HeartbeatInterval: t.interval.String(), Warnings: t.warnings(s),
	}
}

// warnings says what in the requirements of s looks like a mistake. They are no
// reason to refuse it: whom it needs may come later.
func (t *table) warnings(s *service) []string {
	list := slices.Clone(s.circles)
	for _, name := range s.needed {
		if slices.Contains(s.RequiredServices, name) && !t.groups[name].ever {
			list = append(list, fmt.Sprintf("%s requires %s, which nobody has offered since this registry started at %s", s.ServiceName, name, clock(t.started)))
		}
	}
	return list
}

// findCircles notes the requirements that lead from s back to itself. It is
// asked when they are new; a circle is reported by who closes it.
func (t *table) findCircles(s *service) {
	s.circles = nil
	for _, name := range s.needed {
		if !slices.Contains(s.RequiredServices, name) {
			continue
		}
		if path := t.path(name, s.ServiceName, map[string]bool{}); path != nil {
			s.circles = append(s.circles, fmt.Sprintf("%s requires itself in a circle: when one in it is down, the others are blocked: %s → %s",
				s.ServiceName, s.ServiceName, strings.Join(path, " → ")))
		}
	}
}

// path returns the requirements that lead from one name to another, both
// included; nil when none do.
func (t *table) path(from, to string, seen map[string]bool) []string {
	if from == to {
		return []string{to}
	}
	if seen[from] {
		return nil
	}
	seen[from] = true
	for _, next := range slices.Sorted(maps.Keys(t.groups[from].requires)) {
		if rest := t.path(next, to, seen); rest != nil {
			return append([]string{from}, rest...)
		}
	}
	return nil
}

var (
	errUnknownURL    = errors.New("nothing is registered at this URL")
	errOtherInstance = errors.New("another instance is registered at this URL; it stays")
	errFull          = fmt.Errorf("%d services are registered, as many as this registry takes", maxServices)
	errDeparted      = errors.New("this instance has deregistered; a new process registers with an instance of its own")
)
