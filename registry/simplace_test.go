package registry

import (
	"fmt"
	"time"
)

// simPlace is an address at which one process at a time can run.
type simPlace struct {
	w          *simWorld
	index      int
	url, key   string
	roles      []*simRole  // what may run here: a port is used anew, at times by others
	process    *simProcess // nil when nothing listens
	registrant *simProcess // whose registration arrived last

	deaf, mute bool // nothing that is sent to it arrives; nothing that it sends
	sick       bool // it answers heartbeats with 500

	able time.Duration // when somebody here could last begin, or cease, to answer
	left bool          // who was here has deregistered, and nobody came since

	lane        simLane
	mirror      simMirror
	suspected   time.Time // when a suspicion last had it asked
	suspectedOf uint64    // the generation
}

func newSimPlace(w *simWorld, index int) *simPlace {
	p := &simPlace{w: w, index: index, url: fmt.Sprintf("http://localhost:%d", 7000+index)}
	p.key = key(p.url)
	p.roles = append(p.roles, w.role())
	if w.oneIn(4) {
		p.roles = append(p.roles, w.role())
	}
	return p
}

// start has a new process run here, in any of the roles of the place.
func (p *simPlace) start() { p.startAs(p.roles[p.w.rng.IntN(len(p.roles))]) }

func (p *simPlace) startAs(role *simRole) {
	w := p.w
	w.processes++
	w.note("start", p.index, uint64(w.processes))
	p.process = newSimProcess(p, role, w.processes)
	p.sick, p.left, p.able = false, false, w.now
	p.process.register()
}

// crash ends the process here at once. Half of the time the registry sees its
// connection close.
func (p *simPlace) crash() {
	p.w.note("crash", p.index, 0)
	p.end()
	if p.w.oneIn(2) {
		p.w.hub.sense(p)
	}
}

func (p *simPlace) end() {
	p.process.ended = true
	p.process.role.remembered = p.process.session.providers
	p.process, p.able = nil, p.w.now
}

// freeze stops the process without ending it: what is sent to it waits.
func (p *simPlace) freeze() {
	p.w.note("freeze", p.index, 0)
	p.process.frozen, p.able = true, p.w.now
}

func (p *simPlace) thaw() {
	p.w.note("thaw", p.index, 0)
	p.process.frozen, p.able = false, p.w.now
	waiting := p.process.waiting
	p.process.waiting = nil
	for _, do := range waiting {
		do()
	}
}

// runs reports whether a process is here that does not stop.
func (p *simPlace) runs() bool { return p.process != nil && p.process.session.going == "" }

// offers reports whether a process is here that offers name, to whoever asks.
func (p *simPlace) offers(name string) bool {
	return p.runs() && !p.process.frozen && !p.sick && p.process.registration.ServiceName == name
}

// simMirror is what the catalogue said of a place when the table last touched it.
type simMirror struct {
	generation    uint64 // 0 when there is no entry
	health        health
	reason        string
	since         time.Time
	acked, wanted uint64
}

func mirrorOf(s *service) simMirror {
	if s == nil {
		return simMirror{}
	}
	return simMirror{s.generation, s.health, s.reason, s.since, s.acked, s.revision}
}
