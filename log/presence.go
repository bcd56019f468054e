package log

import "time"

const (
	// absenceForgiven is how long a service may be missing from the registry and still be taken for
	// registered: a registry that starts anew hears from all within a few seconds.
	absenceForgiven = 10 * time.Second
	// downForgotten is how long a service was down when the registry may have forgotten it by
	// itself. Then it did not deregister.
	downForgotten = 9*time.Minute + 50*time.Second
)

// A presence is what is known of a service's registration. Its zero value knows nothing.
type presence struct {
	known     bool
	since     time.Time // registered from then on, at least; zero: it is not
	down      time.Time // none of its instances was well from then on; zero: one is
	missed    time.Time // it is not in the registry any more; zero: it is
	forgotten bool      // because the registry forgot it
}

// registered is what the registry says of one instance of a service.
type registered struct {
	Health string
	Since  time.Time // of the health, so it has been registered at least since then
}

// see notes an answer of the registry: all instances of the service.
func (p *presence) see(instances []registered, now time.Time) {
	p.known = true
	if len(instances) == 0 {
		p.miss(now)
		return
	}
	p.missed, p.forgotten, p.down = time.Time{}, false, time.Time{}
	well := false
	for _, instance := range instances {
		if p.since.IsZero() || instance.Since.Before(p.since) {
			p.since = instance.Since
		}
		if instance.Since.After(p.down) {
			p.down = instance.Since
		}
		well = well || instance.Health != "down"
	}
	if well {
		p.down = time.Time{}
	}
}

// miss notes that the registry has no instance of the service.
func (p *presence) miss(now time.Time) {
	switch {
	case p.since.IsZero() || p.forgotten:
	case !p.down.IsZero() && now.Sub(p.down) >= downForgotten:
		p.forgotten = true
	case p.missed.IsZero():
		p.missed = now
	case now.Sub(p.missed) >= absenceForgiven:
		*p = presence{known: true}
	}
}

// here reports whether the service is registered for sure.
func (p *presence) here() bool { return !p.since.IsZero() && p.missed.IsZero() }

// gone reports whether it is not registered for sure.
func (p *presence) gone() bool { return p.known && p.since.IsZero() }
