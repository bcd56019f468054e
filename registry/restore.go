package registry

import (
	"maps"
	"time"
)

// membership is what a restarted registry needs to probe and tell at once those
// it knew. It is soft: without it, the services register again.
type membership struct {
	Version  int                 `json:"version"`
	Services []savedService      `json:"services"`
	Departed map[string]departed `json:"departed,omitempty"`
}

// savedService is one entry of the table.
type savedService struct {
	Registration
	Registered time.Time  `json:"registered"`
	Base       []Provider `json:"base"`             // what it acknowledged last
	Unsure     []Provider `json:"unsure,omitempty"` // copies it may hold besides
	Down       string     `json:"down,omitempty"`   // why
	Since      time.Time  `json:"since,omitzero"`
}

// saved returns what restore needs. It shares nothing that changes later.
func (t *table) saved() membership {
	m := membership{Version: membershipVersion, Departed: maps.Clone(t.departed)}
	for _, s := range t.sorted() {
		saved := savedService{Registration: s.Registration, Registered: s.registered, Base: s.base, Unsure: s.unsure}
		if s.health == down {
			saved.Down, saved.Since = s.reason, s.since
		}
		m.Services = append(m.Services, saved)
	}
	return m
}

// restore puts back what a file of an earlier run says. Only who is down stays
// so; the others are unverified until they answer.
func (t *table) restore(m membership, now time.Time) effects {
	var fx effects
	maps.Copy(t.departed, m.Departed)
	for _, saved := range m.Services {
		if len(saved.Registration.validate()) > 0 {
			continue // the file is not ours alone to write
		}
		s := t.newService(saved.Registration, now)
		if t.services[s.key] != nil {
			continue
		}
		s.registered, s.base, s.unsure = saved.Registered, saved.Base, saved.Unsure
		if saved.Down != "" {
			s.health, s.reason, s.since = down, saved.Down, saved.Since
		}
		t.insert(s)
		t.touch(s, &fx)
		fx.probes = append(fx.probes, probe{key: s.key, generation: s.generation})
	}
	t.publish(&fx, now)
	return fx
}
