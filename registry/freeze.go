package registry

import "time"

const (
	massFrom   = 3                      // services that fall silent together are a mass, if they are over half
	thawsEvery = 100 * time.Millisecond // how often it is asked whether they still are
)

// freeze forbids removal for silence: when many fall silent at once, the fault
// is likely ours.
type freeze struct {
	reason       string // "" when nothing is frozen
	since, until time.Time
	checked      time.Time // when it was last asked whether most are still silent
	stall        bool      // our own clock stood still: ends by the clock alone
}

// freeze begins f.
func (t *table) freeze(fx *effects, f freeze) {
	t.frozen = f
	t.markAll() // those not heard from yet are offered meanwhile
	t.change(fx, f.since, "removal for silence is frozen until %s at the latest: %s", clock(f.until), f.reason)
}

// forgive has everybody who is silent asked twice again before it is out: what
// was missed meanwhile does not count.
func (t *table) forgive() {
	for _, s := range t.services {
		s.misses = 0
	}
}

// thaws reports whether what is frozen is so no longer.
func (t *table) thaws(now time.Time) bool {
	f := &t.frozen
	switch {
	case f.reason == "":
		return false
	case !now.Before(f.until):
		return true
	case f.stall || now.Sub(f.checked) < thawsEvery:
		return false
	}
	f.checked = now
	return !t.massSilence(f.since)
}

// massSilence reports whether 3 or more services, over half of those that were
// well, fell silent at from: after it, or at most two intervals before, and the
// timeout that it takes to see it. It is over when all of them are down by proof:
// there is nobody left to keep.
func (t *table) massSilence(from time.Time) bool {
	if well := len(t.services) - t.health[down]; t.quiet < massFrom || 2*t.quiet <= well {
		return false // as it nearly always is: nobody need be counted
	}
	quiet, all, kept := 0, 0, 0
	for _, s := range t.services {
		switch recent := !s.silent.IsZero() && from.Sub(s.silent) <= 2*t.interval+t.timeout; {
		case recent:
			quiet++
			all++
			if s.health != down {
				kept++
			}
		case s.health != down:
			all++
		}
	}
	return quiet >= massFrom && 2*quiet > all && kept > 0
}
