package registry

import (
	"math"
	"time"
)

const (
	flapHalf  = time.Minute // after which a penalty counts half
	flapFree  = 1.5         // up to this penalty an instance is given as soon as it answers
	flapMost  = 8.0
	flapHold  = time.Second     // times 2 to the power of the penalty: how long it must answer then
	flapLong  = time.Minute     // at most
	flapAlone = 3 * time.Second // at most, when nobody else is offered: one that may go is better than none
	downCosts = 1.0
	leftCosts = 0.7 // a stop in order; several in a minute trouble dependents as well
)

// flaps is how often an instance went lately: a penalty that each time adds to
// and that halves every minute. One that comes and goes every second would
// otherwise have its dependents told twice a second.
type flaps struct {
	penalty float64 // as of at
	at      time.Time
}

// now returns the penalty at a time.
func (f flaps) now(now time.Time) float64 {
	return f.penalty * math.Exp2(-now.Sub(f.at).Seconds()/flapHalf.Seconds())
}

// add returns f after one more.
func (f flaps) add(cost float64, now time.Time) flaps {
	return flaps{min(f.now(now)+cost, flapMost), now}
}

// hold returns how long an instance that is back must answer before it is given.
func (f flaps) hold(now time.Time) time.Duration {
	p := f.now(now)
	if p <= flapFree {
		return 0
	}
	return min(time.Duration(math.Exp2(p)*float64(flapHold)), flapLong)
}

// heldUntil says when s, which flaps, is given again: sooner when nobody else is
// offered in its place.
func (g *group) heldUntil(s *service) time.Time {
	if soon := s.since.Add(flapAlone); len(g.offered) == 0 && s.held.After(soon) {
		return soon
	}
	return s.held
}

// release gives s, which answers, to dependents again once it has done so for
// long enough.
func (t *table) release(s *service, fx *effects, now time.Time) {
	if now.Before(t.group(s.ServiceName).heldUntil(s)) {
		return
	}
	t.setHealth(s, up, "", fx, now)
	t.change(fx, now, "%s is up: it has stayed", s)
}
