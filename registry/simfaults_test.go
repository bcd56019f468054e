package registry

import "time"

// storm is everything that can go wrong, at once.
func (w *simWorld) storm() {
	every := w.between(200*time.Millisecond, 5*time.Second)
	for end := w.now + w.between(10*time.Second, 4*time.Minute); w.now < end; {
		w.trouble(w.place())
		w.pass(w.upTo(2 * every))
	}
}

// trouble is one thing that goes wrong, or right again.
func (w *simWorld) trouble(p *simPlace) {
	switch n := w.rng.IntN(24); {
	case n < 4 && p.process == nil:
		p.start()
	case n < 4 && p.process.frozen:
		p.thaw()
	case n < 6 && p.runs():
		p.crash()
	case n < 8 && p.runs() && !p.process.frozen:
		p.process.leave()
	case n < 10 && p.runs() && !p.process.frozen:
		p.freeze()
	case n < 11:
		p.sick = !p.sick
	case n < 12:
		p.deaf = !p.deaf
	case n < 13:
		p.mute = !p.mute
	case n < 15:
		for _, p := range w.places {
			p.deaf, p.mute = false, false
		}
	case n < 18:
		w.registryTrouble()
	case n < 20:
		w.networkTrouble()
	default:
		w.traffic()
	}
}

func (w *simWorld) registryTrouble() {
	switch h := &w.hub; {
	case h.table == nil:
		h.start(w.age())
	case w.oneIn(2):
		h.crash()
	case w.oneIn(5):
		w.note("clock steps", -1, 0)
		h.skew += w.upTo(20 * time.Minute)
	default:
		h.stall(w.upTo(4 * (w.interval + w.timeout)))
	}
}

// age draws how old a file a registry starts with: -1 for none, often the latest.
func (w *simWorld) age() int { return max(0, w.rng.IntN(2*simDisks)-simDisks) - w.rng.IntN(2) }

func (w *simWorld) networkTrouble() {
	w.network = simNetwork{}
	if w.oneIn(2) {
		return
	}
	w.note("network", -1, 0)
	w.network = simNetwork{
		loss: w.rng.Uint64N(8000), twice: w.rng.Uint64N(8000), slow: w.rng.Uint64N(8000), broken: w.rng.Uint64N(4000),
		slowest: w.between(10*time.Millisecond, 4*time.Second),
	}
}

// traffic is that some call their providers, and somebody looks at the
// registry's page.
func (w *simWorld) traffic() {
	for range 1 + w.rng.IntN(5) {
		if p := w.place(); p.process != nil {
			p.process.use()
		}
	}
	if w.hub.table != nil && w.now >= w.hub.stalled {
		w.hub.step(nil)
	}
}

// heal ends all faults. Who is gone stays gone.
func (w *simWorld) heal() {
	w.note("heal", -1, 0)
	w.network = simNetwork{}
	if w.hub.table == nil {
		w.hub.start(0)
	}
	for _, p := range w.places {
		p.deaf, p.mute, p.sick = false, false, false
		if p.process != nil && p.process.frozen {
			p.thaw()
		}
	}
}

// fill has a process run at every place.
func (w *simWorld) fill() {
	for _, p := range w.places {
		if p.process == nil {
			p.start()
		}
	}
	w.pass(5 * w.interval)
}
