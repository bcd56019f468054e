package registry

import "fmt"

// simLines is how many lines of a trace are kept.
const simLines = 200

// simTrace is what has happened: as a number that any difference changes, and
// in words when somebody wants to read it.
type simTrace struct {
	hash    uint64
	reading bool
	lines   []string
}

// simFailure is a promise that was broken.
type simFailure string

// note adds to the trace what happened at a place, -1 for none.
func (w *simWorld) note(what string, place int, detail uint64) {
	h := w.hash
	for _, x := range [...]uint64{uint64(w.now), uint64(what[0])<<32 | uint64(len(what))<<16 | uint64(uint16(place)), detail} {
		h = (h ^ x) * 0x9e3779b97f4a7c15
		h ^= h >> 29
	}
	w.hash = h
	if w.reading {
		w.say("%s %d (%d)", what, place, detail)
	}
}

// say adds a line for readers. Callers on a busy path ask first whether there are any.
func (w *simWorld) say(format string, args ...any) {
	if !w.reading {
		return
	}
	w.lines = append(w.lines, fmt.Sprintf("%16v  ", w.now)+fmt.Sprintf(format, args...))
	if len(w.lines) > 2*simLines {
		w.lines = append(w.lines[:0], w.lines[simLines:]...)
	}
}

// fail ends the world: a promise was broken.
func (w *simWorld) fail(format string, args ...any) {
	panic(simFailure(fmt.Sprintf(format, args...)))
}
