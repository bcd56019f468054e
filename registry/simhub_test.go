package registry

import (
	"encoding/json"
	"fmt"
	"time"
)

// simHub is the process of the registry: a real table, and what carries out its
// effects.
type simHub struct {
	w     *simWorld
	table *table // nil while no registry runs
	runs  int    // the number of the present one
	steps uint64

	began   time.Time
	skew    time.Duration // how far its clock has been stepped forward
	stalled time.Duration // until then it stands still
	since   time.Duration // when it last began, or went on

	disks           []membership // what was written, latest last
	unsaved, saving bool
	waits           []*simWait
	flights         []*simFlight // at rest
}

// simDisks is how many older files are kept for a restart with an old one.
const simDisks = 6

func (h *simHub) now() time.Time { return h.began.Add(h.w.now + h.skew) }

// start has a registry run, with the file of so many writes ago; none when age
// is negative or there are not so many.
func (h *simHub) start(age int) {
	w := h.w
	h.runs++
	w.note("registry starts", -1, uint64(age))
	h.since, h.stalled = w.now, w.now
	h.table = newTable(fmt.Sprint("e", h.runs), w.interval, w.timeout, h.now())
	for _, p := range w.places {
		p.lane, p.mirror = simLane{}, simMirror{}
	}
	i := len(h.disks) - 1 - age
	if age < 0 || i < 0 {
		h.disks = nil
		return
	}
	h.disks = h.disks[:i+1]
	m := h.read(h.disks[i])
	fx := h.table.restore(m, h.now())
	h.perform(fx)
	w.checkRestored(m, age)
	w.check(nil, &fx)
}

// read returns what a file holds that m was written to.
func (h *simHub) read(m membership) (read membership) {
	data, err := json.Marshal(m)
	if err == nil {
		err = json.Unmarshal(data, &read)
	}
	if err != nil {
		h.w.fail("the file: %v", err)
	}
	return read
}

// crash ends the registry at once.
func (h *simHub) crash() {
	w := h.w
	w.note("registry crashes", -1, 0)
	for _, p := range w.places {
		if p.process != nil && p.process.old != nil && (h.unsaved || p.process.frozen || p.lane.sending != nil) {
			p.process.old.astray = true // what it took last is written nowhere
		}
	}
	h.table, h.unsaved, h.saving = nil, false, false
	for _, wait := range h.waits {
		wait.done()
	}
	h.waits = nil
}

// stall has the registry stand still for d.
func (h *simHub) stall(d time.Duration) {
	h.w.note("registry stalls", -1, uint64(d))
	h.stalled = max(h.stalled, h.w.now+d)
	h.since = h.stalled
}

// call has a place call the registry: arrive runs there, or away at the caller
// when nobody listens.
func (h *simHub) call(from *simPlace, arrive, away func()) {
	h.w.send(from.mute, func() {
		if h.table == nil {
			h.w.send(from.deaf, away)
			return
		}
		h.receive(h.runs, arrive)
	})
}

// receive does something at the registry: now, or when it goes on; never when
// that run is over.
func (h *simHub) receive(run int, do func()) {
	switch {
	case h.table == nil || h.runs != run:
	case h.w.now < h.stalled:
		h.w.after(h.stalled-h.w.now, func() { h.receive(run, do) })
	default:
		do()
	}
}

// step has the table take e, carries out the effects and checks everything.
func (h *simHub) step(e event) effects {
	h.steps++
	fx := h.table.step(e, h.now())
	if h.w.reading {
		for _, c := range fx.changes {
			h.w.say("  registry: %s", c.Text)
		}
	}
	h.perform(fx)
	h.w.check(e, &fx)
	return fx
}

func (h *simHub) perform(fx effects) {
	for _, p := range fx.probes {
		h.plan(p)
	}
	for _, p := range fx.pushes {
		h.push(p)
	}
	if fx.save {
		h.unsaved = true
		if !h.saving {
			h.saving = true
			h.save(h.runs)
		}
	}
}

// save writes the file until it is what the table holds, at most once a second.
func (h *simHub) save(run int) {
	h.receive(run, func() {
		if !h.unsaved {
			h.saving = false
			return
		}
		h.unsaved = false
		h.disks = append(h.disks, h.table.saved())
		if len(h.disks) > simDisks {
			h.disks = append(h.disks[:0], h.disks[1:]...)
		}
		h.w.after(saveEvery, func() { h.save(run) })
	})
}

// push delivers p and reports how that ended, at the latest after the timeout.
func (h *simHub) push(p *push) {
	w, run, place := h.w, h.runs, h.w.byKey[p.key]
	process, meant, sent, ended := place.process, place.registrant, w.now, false
	w.note("push", place.index, p.Revision)
	if w.reading {
		w.say("  adds %v, removes %v, settling %t", p.Added, p.Removed, p.Settling)
	}
	end := func(ok bool) {
		if ended {
			return
		}
		ended = true
		h.receive(run, func() { h.pushed(p, ok, w.now-sent) })
	}
	w.after(w.timeout, func() { end(false) })
	arrive := func() {
		to := place.process
		switch {
		case to == nil, to.old != nil && to != process: // the connection was to another
			end(false)
			return
		case to.old != nil && to != meant:
			to.old.astray = true
		}
		to.awake(func() {
			to.push(p, func(ok bool) { w.send(place.mute, func() { end(ok) }) })
		})
	}
	if process != nil && process.old != nil {
		w.sendOnce(place.deaf, arrive)
	} else {
		w.send(place.deaf, arrive)
	}
}

func (h *simHub) pushed(p *push, ok bool, took time.Duration) {
	what, place := "acknowledged", h.w.byKey[p.key]
	if !ok {
		what = "push failed"
	}
	h.w.note(what, place.index, p.Revision)
	if place.lane.sending == p {
		place.lane.sending = nil
	}
	h.step(pushed{push: p, ok: ok, took: took})
	h.answerWaits()
}
