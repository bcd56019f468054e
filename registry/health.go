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

const missesToRemove = 2

// probe is one heartbeat to be sent after a while, give or take some jitter.
type probe struct {
	key        string
	generation uint64
	after      time.Duration
}

// Beat is the body of a heartbeat answer. Clients of the earlier demo answer
// with an empty body.
type Beat struct {
	Status   string `json:"status"`   // "up", "blocked" when a required service is missing, "leaving"
	Instance string `json:"instance"` // of the process that answers
	Epoch    string `json:"epoch"`    // of the registry it is registered with
	Revision uint64 `json:"revision"` // of the view it holds
}

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
		t.remove(s, fx)
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
	s.beat, s.doubted, s.misses, s.silent = now, false, 0, time.Time{}
	if s.health != up {
		word := "up"
		if s.health == down {
			word = "back, " + s.reason + " since " + clock(s.since)
		}
		t.setHealth(s, up, "", fx, now)
		t.change(fx, now, "%s is %s", s, word)
	}
	if beat.Epoch == t.epoch {
		t.reconcile(s, beat.Revision)
	}
	t.send(s, fx)
}

// silence counts a heartbeat that was not answered, and takes s out at the
// second unless so many are silent that the fault is likely ours.
func (t *table) silence(s *service, fx *effects, now time.Time) {
	if s.misses++; s.silent.IsZero() {
		s.silent = now
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
		t.dirty = t.dirty || s.reason != reason
		s.reason = reason
		return
	}
	t.setHealth(s, down, reason, fx, now)
	t.change(fx, now, "%s is down: %s", s, reason)
}

func (t *table) setHealth(s *service, h health, reason string, fx *effects, now time.Time) {
	s.health, s.reason, s.since = h, reason, now
	t.dirty = true
	fx.save = true
}

// massSilence reports whether 3 or more services, over half of those that were
// well, fell silent at from: after it, or at most two intervals before, and the
// timeout that it takes to see it.
func (t *table) massSilence(from time.Time) bool {
	quiet, all := 0, 0
	for _, s := range t.services {
		switch recent := !s.silent.IsZero() && from.Sub(s.silent) <= 2*t.interval+t.timeout; {
		case recent:
			quiet++
			all++
		case s.health != down:
			all++
		}
	}
	return quiet >= 3 && 2*quiet > all
}

func (t *table) freeze(fx *effects, f freeze) {
	t.frozen = f
	t.dirty = true // those not heard from yet are offered meanwhile
	t.change(fx, f.since, "removal for silence is frozen until %s at the latest: %s", clock(f.until), f.reason)
}

// clock formats a time as people say it.
func clock(at time.Time) string { return at.Format(time.TimeOnly) }
