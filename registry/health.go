package registry

import "time"

// outcome is how a probe ended.
type outcome string

const (
	answered outcome = "answered" // 2xx
	refused  outcome = "refused"  // no process listens: proof
	broken   outcome = "broken"   // the connection failed in another way
	silent   outcome = "silent"   // no answer in time
	wrong    outcome = "wrong"    // an answer that is not 2xx
)

const (
	missesToRemove = 2
	suspectEvery   = 100 * time.Millisecond // one probe for the suspicions of this long
)

// probe is one heartbeat to be sent after a while, give or take some jitter. It
// replaces the one that was due for the same target; one under way counts.
type probe struct {
	key        string
	generation uint64
	after      time.Duration
}

// Beat is the body of a heartbeat answer. Clients of the earlier demo answer
// with an empty body.
type Beat struct {
	Status   string `json:"status"`   // "up", "blocked" when a required service is missing, "draining", "leaving"
	Instance string `json:"instance"` // of the process that answers
	Epoch    string `json:"epoch"`    // of the registry it is registered with
	Revision uint64 `json:"revision"` // of the view it holds
}

// going reports whether the process that answers is about to stop: it has
// deregistered or is going to, and must not be given to anybody, not even when a
// registry that came back with an older file believes that it is there.
func (b Beat) going() bool { return b.Status == "draining" || b.Status == "leaving" }

// probed says how a probe ended, and so when the next one is due.
type probed struct {
	key        string
	generation uint64
	outcome    outcome
	detail     string // of outcome wrong
	beat       Beat
}

func (e probed) apply(t *table, fx *effects, now time.Time) {
	s := t.services[e.key]
	if s == nil || s.generation != e.generation {
		return // it left or registered anew: this series of probes ends here
	}
	next := t.interval
	switch {
	case e.outcome == answered && s.Instance != "" && e.beat.Instance != "" && e.beat.Instance != s.Instance:
		t.takeOut(s, fx, now, "another process answers at its address")
	case e.outcome == answered && e.beat.going():
		counted := s.flaps
		t.takeOut(s, fx, now, "it is stopping")
		s.flaps = counted // a stop in order counts when it deregisters
	case e.outcome == answered:
		t.takeIn(s, e.beat, fx, now)
	case e.outcome == silent:
		t.silence(s, fx, now)
		if s.health != down {
			next = 0 // the wait for the answer was long enough
		}
	case e.outcome == wrong:
		if s.misses++; s.misses >= missesToRemove {
			t.takeOut(s, fx, now, "its heartbeat answers "+e.detail)
		}
	case s.doubted || s.health == down:
		t.takeOut(s, fx, now, connectionReason(e.outcome))
	default:
		s.doubted = true
		next = 0
	}
	if s.health == down && now.Sub(s.since) >= forgetAfter {
		t.delete(s, fx, now)
		t.change(fx, now, "%s forgotten: down for %v", s, forgetAfter)
		return
	}
	fx.probes = append(fx.probes, probe{e.key, e.generation, next})
}

func connectionReason(o outcome) string {
	if o == refused {
		return "connection refused"
	}
	return "connection broken"
}

// takeIn notes an answered heartbeat.
func (t *table) takeIn(s *service, beat Beat, fx *effects, now time.Time) {
	s.beat, s.doubted, s.misses = now, false, 0
	t.setSilent(s, time.Time{})
	switch hold := s.flaps.hold(now); {
	case s.health == up:
	case s.health == flapping:
		t.release(s, fx, now)
	case hold > 0:
		s.held = now.Add(hold)
		t.setHealth(s, flapping, "", fx, now)
		t.change(fx, now, "%s answers, but went too often lately: it is given again if it answers until %s", s, clock(t.group(s.ServiceName).heldUntil(s)))
	case s.health == down:
		t.change(fx, now, "%s is back after %v (%s)", s, now.Sub(s.since).Round(time.Millisecond), s.reason)
		t.setHealth(s, up, "", fx, now)
	default:
		t.setHealth(s, up, "", fx, now)
		t.change(fx, now, "%s is up", s)
	}
	if beat.Epoch == t.epoch {
		t.reconcile(s, beat.Revision, fx, now)
	}
	fx.lacking = s
}

// silence counts a heartbeat that was not answered, and takes s out at the
// second unless so many are silent that the fault is likely ours.
func (t *table) silence(s *service, fx *effects, now time.Time) {
	if s.misses++; s.silent.IsZero() {
		t.setSilent(s, now)
	}
	if t.frozen.reason == "" && s.health != down && t.massSilence(now) {
		t.freeze(fx, freeze{reason: "more than half of all services fell silent at once", since: now, until: now.Add(frozenAtMost)})
	}
	if s.misses >= missesToRemove && (t.frozen.reason == "" || s.health == down) {
		t.takeOut(s, fx, now, "silent: it does not answer heartbeats")
	}
}

// takeOut notes that s is down and why.
func (t *table) takeOut(s *service, fx *effects, now time.Time, reason string) {
	if s.health == down {
		if s.reason != reason {
			s.reason = reason
			t.mark(t.group(s.ServiceName))
			t.touch(s, fx)
			fx.save = true
		}
		return
	}
	if s.lives() {
		s.flaps = s.flaps.add(downCosts, now)
	}
	t.setHealth(s, down, reason, fx, now)
	t.reached(s, s.revision, fx, now)
	t.change(fx, now, "%s is down: %s", s, reason)
}

func (t *table) setHealth(s *service, h health, reason string, fx *effects, now time.Time) {
	t.health[s.health]--
	t.health[h]++
	s.health, s.reason, s.since = h, reason, now
	t.mark(t.group(s.ServiceName))
	t.touch(s, fx)
	fx.save = true
}

// setSilent notes since when s is silent; the zero time: it is not.
func (t *table) setSilent(s *service, since time.Time) {
	if !s.silent.IsZero() {
		t.quiet--
	}
	if !since.IsZero() {
		t.quiet++
	}
	s.silent = since
}

// suspected says that a dependent could not reach what is at url.
type suspected struct{ url string }

// apply has the target asked at once, unless that was done just now: many
// dependents notice the same death.
func (e suspected) apply(t *table, fx *effects, now time.Time) {
	s := t.services[key(e.url)]
	switch {
	case s == nil:
		fx.err = errUnknownURL
	case s.health != down && now.Sub(s.suspected) >= suspectEvery:
		s.suspected = now
		fx.probes = append(fx.probes, probe{key: s.key, generation: s.generation})
	}
}
