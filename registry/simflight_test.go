package registry

import "time"

// simLane is the heartbeats and the push of one place, as the registry sends them.
type simLane struct {
	due        uint64 // the plan of the next heartbeat; 0 when there is none
	flying     int    // heartbeats of the present generation under way
	generation uint64
	entered    time.Duration // when that came to be

	sending *push  // under way
	meant   uint64 // the generation it is for
	told    uint64 // its revision, or that of the latest
	failed  bool   // the latest one did, and no heartbeat was answered since

	// How the latest heartbeats of the generation ended.
	outcome  outcome       // a refusal counts as broken: either is a connection that failed
	streak   int           // so many alike
	ended    time.Duration // when the latest did
	excused  bool          // removal for silence was frozen since the one before
	answered bool          // the latest was
}

// simFlight is one heartbeat. Flights are used again: nearly everything that
// happens is one.
type simFlight struct {
	place          *simPlace
	run            int
	e              probed
	late           time.Duration // when it counts as silent
	arrive, report func()
}

func (h *simHub) flight() *simFlight {
	if n := len(h.flights); n > 0 {
		f := h.flights[n-1]
		h.flights = h.flights[:n-1]
		return f
	}
	f := new(simFlight)
	f.arrive = func() { h.arrive(f) }
	f.report = func() { h.report(f) }
	return f
}

func (h *simHub) rest(f *simFlight) { h.flights = append(h.flights, f) }

// plan has a heartbeat sent later, in place of the one that was due.
func (h *simHub) plan(p probe) {
	w, f := h.w, h.flight()
	f.place, f.run, f.e = w.byKey[p.key], h.runs, probed{key: p.key, generation: p.generation}
	lane := &f.place.lane
	if lane.generation != p.generation {
		*lane = simLane{generation: p.generation, entered: w.now, sending: lane.sending, meant: lane.meant}
	}
	after := time.Duration(float64(p.after) * (1 - jitter + 2*jitter*w.rng.Float64()))
	lane.due = w.after(after, f.arrive)
}

// sense has the next heartbeat of p sent at once: its connection was closed.
func (h *simHub) sense(p *simPlace) {
	if h.table == nil {
		return
	}
	if s := h.table.services[p.key]; s != nil && s.health != down {
		h.plan(probe{key: s.key, generation: s.generation})
	}
}

// arrive carries a heartbeat to its target and draws how it ends.
func (h *simHub) arrive(f *simFlight) {
	w, lane := h.w, &f.place.lane
	switch {
	case w.running != lane.due || f.run != h.runs || h.table == nil:
		h.rest(f)
		return
	case w.now < h.stalled:
		lane.due = w.after(h.stalled-w.now, f.arrive)
		return
	case lane.flying > 0:
		lane.due = 0 // the one under way counts
		h.rest(f)
		return
	}
	lane.due = 0
	lane.flying++
	f.late = w.now + w.timeout
	w.after(h.ask(f, h.table.services[f.place.key]), f.report)
}

// ask sets how f, which goes to s, ends, and returns after how long.
func (h *simHub) ask(f *simFlight, s *service) time.Duration {
	w, p := h.w, f.place
	fate := w.fate()
	f.e.outcome = silent
	switch {
	case p.deaf || fate.lost || s == nil:
		return w.timeout
	case p.process == nil:
		f.e.outcome = refused
		return min(fate.delay, w.timeout)
	case p.process.frozen:
		if process, epoch, instance := p.process, h.table.epoch, s.Instance; len(process.waiting) < 8 {
			process.awake(func() { process.heartbeat(epoch, instance) })
		}
		return w.timeout
	}
	beat := p.process.heartbeat(h.table.epoch, s.Instance)
	switch {
	case p.mute || fate.delay >= w.timeout:
		return w.timeout
	case fate.broken:
		f.e.outcome = broken
	case p.sick:
		f.e.outcome, f.e.detail = wrong, "500 Internal Server Error"
	default:
		f.e.outcome, f.e.beat = answered, beat
	}
	return fate.delay
}

// report has the table know how a heartbeat ended. Who stood still finds all
// deadlines passed.
func (h *simHub) report(f *simFlight) {
	w, lane := h.w, &f.place.lane
	switch {
	case f.run != h.runs || h.table == nil:
		h.rest(f)
		return
	case w.now < h.stalled:
		if h.stalled > f.late {
			f.e.outcome, f.e.beat = silent, Beat{}
		}
		w.after(h.stalled-w.now, f.report)
		return
	}
	w.note(string(f.e.outcome), f.place.index, f.e.beat.Revision)
	if lane.generation == f.e.generation {
		lane.flying--
	}
	h.step(f.e)
	h.rest(f)
}
