package registry

import "slices"

// simWait is a deregistration that is answered once the dependents know.
type simWait struct {
	name  string
	place *simPlace
	who   []awaited
	known uint64 // the generation of the latest registration before it
	done  func()
}

// await answers a deregistration once all of who know.
func (h *simHub) await(name string, place *simPlace, who []awaited, done func()) {
	h.waits = append(h.waits, &simWait{name, place, who, h.table.generation, done})
	h.answerWaits()
}

func (h *simHub) answerWaits() {
	if len(h.waits) == 0 || h.table == nil {
		return
	}
	rest := h.waits[:0]
	for _, wait := range h.waits {
		if len(h.table.laggards(wait.who)) > 0 {
			rest = append(rest, wait)
			continue
		}
		h.w.checkTold(wait)
		wait.done()
	}
	h.waits = rest
}

// checkTold is that nobody who was registered and lives would still call who has
// left, once all have acknowledged.
func (w *simWorld) checkTold(wait *simWait) {
	t := w.hub.table
	if t.services[wait.place.key] != nil || wait.place.runs() {
		return // another one has come already
	}
	for _, p := range w.places {
		s := t.services[p.key]
		if s == nil || !slices.Contains(s.needed, wait.name) || s.generation > wait.known || !s.lives() || p.process == nil || p.process.frozen || p.registrant != p.process {
			continue
		}
		if p.process.old != nil && p.process.old.astray || p.process.old == nil && p.process.session.epoch != t.epoch {
			continue
		}
		if p.process.knows(wait.name, wait.place.url) {
			w.fail("%v still calls %s at %s, which has left, and all have acknowledged", p.process, wait.name, wait.place.url)
		}
	}
}
