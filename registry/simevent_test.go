package registry

import (
	"slices"
	"time"
)

// checkEvent is what e must have led to. The mirror of its place is still as it
// was before.
func (w *simWorld) checkEvent(e event, fx *effects) {
	switch e := e.(type) {
	case probed:
		w.checkProbed(e)
	case pushed:
		w.checkPushed(e)
	case suspected:
		w.checkSuspected(e, fx)
	case registering:
		w.checkRegistered(e, fx)
	case leaving:
		w.checkLeft(e, fx)
	}
}

func (w *simWorld) checkProbed(e probed) {
	t, p, now := w.hub.table, w.byKey[e.key], w.hub.now()
	s, lane, before := t.services[e.key], &p.lane, p.mirror
	if s == nil && before.generation == e.generation && (before.health != down || now.Sub(before.since) < 10*time.Minute) {
		w.fail("%s is forgotten and was %s for %v", e.key, before.health, now.Sub(before.since))
	}
	if s == nil || s.generation != e.generation {
		if s != nil && s.health != before.health {
			w.fail("%s is changed by a heartbeat to another", s)
		}
		return
	}
	if e.outcome == answered && e.beat.Epoch == t.epoch && s.lives() && s.acked > e.beat.Revision {
		w.fail("%s holds %d and has acknowledged %d", s, e.beat.Revision, s.acked)
	}
	if s.health == down && now.Sub(s.since) >= 10*time.Minute {
		w.fail("%s is down for %v and not forgotten", s, now.Sub(s.since))
	}
	lane.count(e.outcome, w.now, w.memory.froze)
	other := s.Instance != "" && e.beat.Instance != "" && e.beat.Instance != s.Instance
	switch failed := e.outcome != answered; {
	case !failed && (other || e.beat.going()):
		if s.lives() {
			w.fail("%s is %s, and what answers is %q and %s", s, s.health, e.beat.Instance, e.beat.Status)
		}
	case !failed && !s.lives():
		w.fail("%s answers and is %s", s, s.health)
	case failed && lane.streak >= 2 && !lane.excused && s.health != down:
		w.fail("%s is %s after %d times %s", s, s.health, lane.streak, e.outcome)
	case failed && lane.streak == 1 && lane.answered && s.health != before.health:
		w.fail("%s is %s after one time %s", s, s.health, e.outcome)
	}
	lane.answered = e.outcome == answered
	lane.failed = lane.failed && !lane.answered
}

// count notes how a heartbeat ended. What was missed in a freeze is forgiven.
func (l *simLane) count(o outcome, now, froze time.Duration) {
	if o == refused {
		o = broken
	}
	if o != l.outcome {
		l.outcome, l.streak = o, 0
	}
	l.streak++
	l.excused = o != broken && froze >= l.ended
	l.ended = now
}

func (w *simWorld) checkPushed(e pushed) {
	p, s := w.byKey[e.key], w.hub.table.services[e.key]
	p.lane.failed = p.lane.failed || !e.ok
	if p.process == nil || p.process.old == nil || !p.process.is(s) || p.process.frozen || p.registrant != p.process || p.lane.sending != nil {
		return
	}
	if old := p.process.old; !old.astray && !old.agrees(s) {
		w.fail("%v holds %v, and is believed to hold %v and perhaps %v", p.process, old.held, s.base, s.unsure)
	}
}

// checkSuspected is that a suspicion has its target asked, and not too often.
func (w *simWorld) checkSuspected(e suspected, fx *effects) {
	p, now := w.byURL[e.url], w.hub.now()
	s := w.hub.table.services[p.key]
	if (s == nil) != (fx.err != nil) {
		w.fail("a suspicion of %s, which is %v, ends with %v", e.url, s, fx.err)
	}
	if s == nil || s.health == down {
		return
	}
	rests := p.suspectedOf == s.generation && now.Sub(p.suspected) < 100*time.Millisecond
	if asked := len(fx.probes) == 1 && fx.probes[0].after == 0; asked == rests {
		w.fail("%s, suspected %v ago, is asked: %t", s, now.Sub(p.suspected), asked)
	}
	if !rests {
		p.suspected, p.suspectedOf = now, s.generation
	}
}

// checkRegistered is the answer to a registration.
func (w *simWorld) checkRegistered(e registering, fx *effects) {
	t, p, r := w.hub.table, w.byURL[e.ServiceURL], fx.registered
	s, before := t.services[p.key], w.memory.entries[p.index]
	departed := e.Instance != "" && t.departed[p.key].Instance == e.Instance
	switch {
	case (fx.err != nil) != departed:
		w.fail("%s (%s), which has departed: %t, registers: %v", e.ServiceURL, e.Instance, departed, fx.err)
	case departed:
		if !w.memory.departed[e.Instance] {
			w.fail("%s (%s) is refused and has not left", e.ServiceURL, e.Instance)
		}
	case s == nil || s.Instance != e.Instance || s.ServiceName != e.ServiceName:
		w.fail("%s (%s) registers, and %v is there", e.ServiceURL, e.Instance, s)
	case r.Epoch != t.epoch || r.Revision != s.revision || r.Settling != t.settling && len(s.needed) > 0:
		w.fail("%s is answered %s@%d, settling %t", s, r.Epoch, r.Revision, r.Settling)
	case before != nil && before.ServiceName == s.ServiceName && p.mirror.health == up && s.health != up:
		w.fail("%s was up and is %s while its next process begins", s, s.health)
	}
	if fx.err == nil {
		given := 0
		for name, list := range r.Providers {
			for _, g := range list {
				if !slices.Contains(s.view, Provider{Name: name, URL: g.URL}) {
					w.fail("%s is answered %v and should know %v", s, r.Providers, s.view)
				}
				given++
			}
		}
		if given != len(s.view) || len(r.Providers) != len(s.needed) {
			w.fail("%s is answered %v and should know %v", s, r.Providers, s.view)
		}
	}
}

// checkLeft is that only who left is gone, and is remembered.
func (w *simWorld) checkLeft(e leaving, fx *effects) {
	t, p := w.hub.table, w.byURL[e.url]
	before := w.memory.entries[p.index]
	if fx.err != nil || before == nil {
		return
	}
	if e.instance != "" && before.Instance != "" && before.Instance != e.instance {
		w.fail("%s (%s) leaves, and took %s with it", e.url, e.instance, before.Instance)
	}
	if t.services[p.key] != nil || t.departed[p.key].Instance != e.instance {
		w.fail("%s (%s) has left, and %v is there", e.url, e.instance, t.services[p.key])
	}
}
