package registry

import (
	"reflect"
	"time"
)

// simSlack is what may pass beside the times that are promised: messages and
// their handling.
const simSlack = 200 * time.Millisecond

// check holds after each step. What an event concerns is looked at each time;
// everything is when anything was published or saved, and every so often.
func (w *simWorld) check(e event, fx *effects) {
	t, h, m := w.hub.table, &w.hub, &w.memory
	w.checkTimes(e)
	w.checkEvent(e, fx)
	for _, k := range fx.touched {
		w.byKey[k].mirror = mirrorOf(t.services[k])
	}
	for _, p := range fx.pushes {
		w.checkPush(p)
	}
	if m.run != h.runs || m.revision != t.revision || fx.save || h.steps%16 == 0 {
		w.checkAll()
	}
	if h.steps%512 == 0 {
		w.checkKept()
	}
	m.run, m.revision, m.stepped = h.runs, t.revision, h.now()
}

// checkTimes is that time passes in the table: a revision is never one of
// before, and a freeze begins when the registry stood still and ends in time.
func (w *simWorld) checkTimes(e event) {
	t, h, m := w.hub.table, &w.hub, &w.memory
	frozen, again := t.frozen.reason != "", m.run == h.runs
	if frozen || m.frozen && again {
		m.froze = w.now
	}
	m.frozen = frozen
	if lasts := h.now().Sub(t.frozen.since); frozen && lasts > 5*time.Minute {
		w.fail("removal has been frozen for %v", lasts)
	}
	if gap := h.now().Sub(m.stepped); again && gap > 2*(w.interval+w.timeout) && !t.frozen.stall {
		if _, ok := e.(probed); ok && len(t.services) > 0 { // else there may be nobody to be asked
			w.fail("the registry stood still for %v and does not notice", gap)
		}
	}
	if again && t.revision < m.revision {
		w.fail("the revision falls from %d to %d", m.revision, t.revision)
	}
}

// checkPush is what must be true of each push.
func (w *simWorld) checkPush(p *push) {
	t, place := w.hub.table, w.byKey[p.key]
	s, lane := t.services[p.key], &place.lane
	switch {
	case s == nil || s.sending != p:
		w.fail("a push goes to %s, which is not registered", p.key)
	case lane.sending != nil && lane.meant == s.generation:
		w.fail("two pushes to %s are under way", s)
	case p.Epoch != t.epoch || p.Revision != s.revision || p.Instance != s.Instance:
		w.fail("a push to %s is of %s@%d for %q", s, p.Epoch, p.Revision, p.Instance)
	case s.health == down || s.misses > 0 || s.doubted:
		w.fail("a push goes to %s, which is in doubt", s)
	case p.Settling && len(p.Removed) > 0:
		w.fail("a settling push takes %v from %s", p.Removed, s)
	case len(minus(p.view, s.base)) != len(p.Added) || len(minus(p.Added, p.view)) > 0:
		w.fail("a push to %s, which has %v and should have %v, adds %v", s, s.base, p.view, p.Added)
	case !p.Settling && len(minus(minus(s.base, p.view), p.Removed)) > 0, len(minus(p.Removed, p.view)) != len(p.Removed):
		w.fail("a push to %s, which has %v and should have %v, removes %v", s, s.base, p.view, p.Removed)
	}
	lane.sending, lane.meant = p, s.generation
	if lane.told != p.Revision { // else a heartbeat of before crossed the first
		lane.told = p.Revision
		w.memory.pushes[place.index]++
	}
}

// checkAll compares the table with what follows from the services in it.
func (w *simWorld) checkAll() {
	t, entries := w.hub.table, w.memory.entries
	known := 0
	for i, p := range w.places {
		if entries[i] = t.services[p.key]; entries[i] != nil {
			known++
		}
	}
	if known != len(t.services) {
		w.fail("of %d services %d are at places", len(t.services), known)
	}
	for i, s := range entries {
		p := w.places[i]
		if m := mirrorOf(s); m != p.mirror {
			w.fail("%s was not touched and changed from %+v to %+v", p.key, p.mirror, m)
		}
		if s == nil {
			continue
		}
		if s.acked > s.revision || s.revision > t.revision {
			w.fail("%s acknowledged %d of %d of %d", s, s.acked, s.revision, t.revision)
		}
		if p.lane.due == 0 && p.lane.flying == 0 {
			w.fail("%s is not asked any more", s)
		}
		if s.health != down && s.acked < s.revision && s.sending == nil && p.lane.answered && !p.lane.failed {
			w.fail("%s answers, has acknowledged %d of %d, and is not told", s, s.acked, s.revision)
		}
		w.checkView(s)
		w.checkGiven(p, s)
	}
}

// checkView is that s is given all that is offered of what it needs, and nothing else.
func (w *simWorld) checkView(s *service) {
	t, n := w.hub.table, 0
	all := t.settling || t.frozen.reason != "" // who was not heard from is given too
	for _, name := range s.needed {
		for _, of := range w.memory.entries {
			if of == nil || of.ServiceName != name || of.health != up && !(of.health == unverified && all) {
				continue
			}
			if n >= len(s.view) || s.view[n] != of.provider() {
				w.fail("%s is given %v without %s", s, s.view, of)
			}
			n++
		}
	}
	if n != len(s.view) {
		w.fail("%s is given %v, of which %d are offered", s, s.view, n)
	}
}

// checkGiven is that nobody is given who cannot be there.
func (w *simWorld) checkGiven(p *simPlace, s *service) {
	if s.health != up {
		return
	}
	if p.left && s.Instance != "" {
		w.fail("%s has deregistered and is given again", s)
	}
	if p.process != nil && !p.process.frozen {
		return
	}
	// It was asked within an interval, twice if it was silent, and a doubt may
	// have come between.
	bound := time.Duration(float64(w.interval)*(1+jitter)) + 3*w.timeout + simSlack
	if gone := w.now - max(p.able, p.lane.entered, w.hub.since, w.memory.froze); gone > bound {
		w.fail("%s is not there for %v and still given", s, gone)
	}
}

// checkKept is what the table keeps beside the services: sums, indexes and the file.
func (w *simWorld) checkKept() {
	t, h := w.hub.table, &w.hub
	if err := t.audit(); err != nil {
		w.fail("audit: %v", err)
	}
	if n := len(h.disks); n > 0 && h.saving && !h.unsaved && !reflect.DeepEqual(h.disks[n-1], t.saved()) {
		w.fail("what is to be saved has changed since that was asked for")
	}
}

// checkRestored is that a restart keeps what the file says.
func (w *simWorld) checkRestored(m membership, age int) {
	t := w.hub.table
	for _, saved := range m.Services {
		p := w.byURL[saved.ServiceURL]
		s := t.services[p.key]
		if s == nil || (s.health == down) != (saved.Down != "") || s.lives() || s.acked != 0 {
			w.fail("the file says %+v and the table %+v", saved, s)
		}
		p.mirror = mirrorOf(s) // whoever watches asks anew, since the epoch is another
		if p.process == nil || p.process.old == nil {
			continue
		}
		if old := p.process.old; !p.process.is(s) || !old.agrees(s) {
			if age == 0 && !old.astray && p.registrant == p.process && p.process.is(s) {
				w.fail("the file was up to date, and %v holds %v of %v and perhaps %v", p.process, old.held, s.base, s.unsure)
			}
			old.astray = true
		}
	}
}
