package registry

import (
	"slices"
	"time"
)

// live lets the world live through episodes until so much has happened. Each
// begins when all is well, and afterwards all must become well again.
func (w *simWorld) live(events uint64) {
	w.hub.start(-1)
	w.fill()
	w.calm()
	episodes := []func(){w.storm, w.storm, w.storm, w.storm, w.restarts, w.restarts, w.stalls, w.hush, w.flap, w.rolling, w.forgetting, w.quiet}
	for w.done < events {
		i := w.rng.IntN(len(episodes))
		w.note("episode", i, w.done)
		episodes[i]()
		w.memory.kept = nil
		w.calm()
	}
}

// calm ends all faults; everybody comes to hold the truth within seconds, and
// who flapped is given again within a minute.
func (w *simWorld) calm() {
	w.heal()
	stalled := max(0, w.hub.stalled-w.now)
	w.pass(stalled + 5*w.interval + 4*w.timeout + retryTo + 2*callTimeout)
	w.checkTruth(false)
	w.pass(flapLong + 2*w.interval)
	w.checkTruth(true)
}

// keep says that nobody loses by what happens now whoever is given and lives.
func (w *simWorld) keep() {
	w.memory.kept = make(map[string]bool)
	for _, s := range w.hub.table.services {
		w.memory.kept[s.ServiceURL] = s.health == up
	}
}

// restarts are of the registry alone, with its file, an older one or none:
// nobody loses a living provider by them.
func (w *simWorld) restarts() {
	w.keep()
	for range 1 + w.rng.IntN(4) {
		w.hub.crash()
		away := time.Second
		if w.oneIn(2) {
			away *= 10
		}
		w.pass(w.between(20*time.Millisecond, away))
		w.hub.start(w.age())
		w.pass(w.upTo(20 * time.Second))
	}
	w.pass(10 * w.interval)
}

// stalls are of the registry alone, or of its clock: likewise.
func (w *simWorld) stalls() {
	w.keep()
	for range 1 + w.rng.IntN(4) {
		// Shorter ones look like silence, and are borne only once.
		d := w.between(2*(w.interval+w.timeout)+simSlack, time.Minute)
		if w.oneIn(2) {
			w.hub.stall(d)
		} else {
			w.note("clock steps", -1, uint64(d))
			w.hub.skew += d
		}
		w.pass(d + w.between(3*(w.interval+w.timeout), time.Minute))
	}
}

// hush has everybody fall silent at once. The fault is likely the registry's, so
// nobody who is still given is taken out, for five minutes.
func (w *simWorld) hush() {
	w.fill()
	w.calm()
	for _, p := range w.places {
		p.deaf = true
	}
	// At a second silence one is out, and so a few are before most are silent.
	w.pass(time.Duration(float64(w.interval)*(1+jitter)) + w.timeout + simSlack)
	if len(w.hub.table.services) >= 3 {
		if w.hub.table.frozen.reason == "" {
			w.fail("all are silent, and removal is not frozen")
		}
		w.keep()
	}
	w.pass(w.upTo(5*time.Minute - 2*(w.interval+w.timeout)))
	if w.oneIn(2) {
		w.memory.kept = nil
		w.pass(w.upTo(5 * time.Minute))
	}
	if w.oneIn(4) {
		w.memory.kept = nil
		for _, p := range w.places {
			p.crash()
		}
	}
	for _, p := range w.places {
		p.deaf = false
	}
	w.pass(5 * w.interval)
}

// flap has one process come and go every second, by crashes or in order: nobody
// is told of that more than five times a minute.
func (w *simWorld) flap() {
	p := w.place()
	if s := w.hub.table.services[p.key]; p.process == nil || !p.process.is(s) {
		if p.process != nil { // an old client that the registry does not know
			p.crash()
		}
		p.start()
		w.calm() // that it came is no flapping
	}
	up, inOrder, heard := w.between(100*time.Millisecond, 900*time.Millisecond), w.oneIn(2), make([][]time.Duration, len(w.places))
	for end := w.now + w.between(time.Minute, 5*time.Minute); w.now < end; {
		clear(w.memory.pushes)
		w.comeOrGo(p, up, inOrder)
		for i, n := range w.memory.pushes {
			if i == p.index {
				continue
			}
			heard[i] = slices.DeleteFunc(heard[i], func(at time.Duration) bool { return w.now-at > time.Minute })
			heard[i] = append(heard[i], slices.Repeat([]time.Duration{w.now}, n)...)
			if len(heard[i]) > 5 {
				w.fail("%s was told %d times in a minute of one that flaps", w.places[i].url, len(heard[i]))
			}
		}
	}
}

// comeOrGo is what one that flaps does next. Of each second it is up for so long.
func (w *simWorld) comeOrGo(p *simPlace, up time.Duration, inOrder bool) {
	if p.process == nil {
		p.startAs(p.roles[0])
		w.pass(up)
		return
	}
	if inOrder {
		p.process.leave()
		w.pass(10 * time.Millisecond)
	}
	if p.process != nil {
		p.crash()
	}
	w.pass(time.Second - up)
}

// rolling is that one after the other stops in order and starts again, at times
// with the registry first.
func (w *simWorld) rolling() {
	if w.oneIn(2) {
		w.hub.crash()
		w.pass(w.upTo(time.Second))
		w.hub.start(w.age())
		w.pass(w.upTo(4 * w.interval))
	}
	for _, p := range w.places {
		if p.process == nil {
			continue
		}
		for p.process.leave(); p.process != nil; {
			w.pass(100 * time.Millisecond)
		}
		p.start()
		w.pass(w.upTo(3 * time.Second))
	}
}

// forgetting is that some crash and stay away for so long that they are forgotten.
func (w *simWorld) forgetting() {
	for _, p := range w.places {
		if p.process != nil && w.oneIn(3) {
			p.crash()
		}
	}
	w.pass(11*time.Minute + 10*w.interval)
	for _, p := range w.places {
		if s := w.hub.table.services[p.key]; s != nil && p.process == nil {
			w.fail("%s is away for 11 minutes and not forgotten", s)
		}
	}
}

// quiet is that nothing happens: nobody is told anything.
func (w *simWorld) quiet() {
	clear(w.memory.pushes)
	w.pass(w.between(time.Minute, 10*time.Minute))
	for i, n := range w.memory.pushes {
		if n > 0 {
			w.fail("nothing happened, and %s was told %d times", w.places[i].url, n)
		}
	}
}
