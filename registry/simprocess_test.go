package registry

import (
	"fmt"
	"time"
)

// simProcess is one life of a service: the loop of an [Agent] around a real
// session, or a client of the earlier demo.
type simProcess struct {
	place        *simPlace
	role         *simRole
	registration Registration
	session      session
	seen         map[string]bool // epochs it held
	old          *simOldClient   // nil for ours

	frozen, ended bool
	waiting       []func() // for the end of frozen

	attempt      uint64 // to register; a later one makes an earlier one void
	asking       bool   // it waits for the answer
	known        bool   // it was registered at some time
	failed       int    // attempts in a row
	again        bool   // a sign came that it must register, again
	joined, beat time.Duration
	overtaken    []func() // pushes that wait for the answer
}

func newSimProcess(p *simPlace, role *simRole, number int) *simProcess {
	r := Registration{
		ServiceName: role.name, ServiceURL: p.url, ServiceUpdateURL: p.url + "/update", HeartbeatURL: p.url + "/heartbeat",
		RequiredServices: role.required, OptionalServices: role.optional,
	}
	process := &simProcess{place: p, role: role, seen: make(map[string]bool)}
	if role.old {
		process.old = &simOldClient{held: make(map[Provider]int)}
	} else {
		r.Instance = fmt.Sprint("i", number)
	}
	process.registration, process.session = r, newSession(r)
	return process
}

func (p *simProcess) String() string {
	return fmt.Sprintf("%s at %s (%s)", p.registration.ServiceName, p.place.url, p.registration.Instance)
}

// is reports whether s is the entry of p.
func (p *simProcess) is(s *service) bool {
	return s != nil && s.Instance == p.registration.Instance && s.ServiceName == p.registration.ServiceName
}

// awake does something now, or when the process thaws; never when it has ended.
func (p *simProcess) awake(do func()) {
	switch {
	case p.ended:
	case p.frozen:
		p.waiting = append(p.waiting, func() { p.awake(do) })
	default:
		do()
	}
}

// register makes one attempt.
func (p *simProcess) register() {
	if p.session.going != "" {
		return
	}
	w := p.place.w
	p.attempt++
	attempt := p.attempt
	p.asking, p.again = true, false
	w.note("register", p.place.index, attempt)
	var taken *Registered
	done := func(answer *Registered) {
		p.awake(func() {
			switch {
			case p.asking && p.attempt == attempt:
				taken = answer
				p.answered(answer)
			case answer != nil && answer == taken && p.old == nil:
				p.take(answer) // a late copy
			}
		})
	}
	w.after(callTimeout, func() { done(nil) })
	w.hub.call(p.place, func() {
		if p.old != nil {
			if p.old.arrived {
				return // an old client's request arrives once
			}
			p.old.arrived = true
		}
		p.place.registrant = p
		fx := w.hub.step(registering{p.registration})
		answer := func() { done(fx.registered) }
		w.send(p.place.deaf, answer)
		if w.network.twice > 0 {
			w.after(w.upTo(time.Minute), answer) // a copy, of an earlier run of the registry perhaps
		}
	}, func() { done(nil) })
}

// answered takes the end of an attempt: nil when it failed.
func (p *simProcess) answered(answer *Registered) {
	w := p.place.w
	ok := answer != nil && (p.old != nil || p.take(answer))
	p.asking = false
	overtaken := p.overtaken
	p.overtaken = nil
	for _, do := range overtaken {
		p.awake(do)
	}
	switch {
	case ok:
		w.note("registered", p.place.index, p.session.revision)
		p.known, p.failed, p.again, p.joined, p.beat = true, 0, false, w.now, w.now
		p.watch(missedBeats * w.interval)
	case p.old != nil:
		p.place.end() // as the demo does
	default:
		if p.failed++; p.failed == 1 && !p.known {
			p.session.recall(p.role.remembered.given())
		}
		wait := p.retryDelay()
		if p.again {
			wait = 0 // a registry asked for it: it is there
		}
		p.registerAfter(wait)
	}
}

// retryDelay is as the function of the same name, with the world's dice.
func (p *simProcess) retryDelay() time.Duration {
	most := min(retryTo, retryFrom<<min(p.failed, 10))
	if p.known {
		most = min(most, max(p.place.w.interval, retryFrom))
	}
	return retryFrom + p.place.w.upTo(most-retryFrom+1)
}

func (p *simProcess) registerAfter(d time.Duration) {
	attempt := p.attempt
	p.place.w.after(d, func() {
		p.awake(func() {
			if p.attempt == attempt {
				p.register()
			}
		})
	})
}

// watch registers again when no heartbeat has come for too long.
func (p *simProcess) watch(d time.Duration) {
	if p.old != nil {
		return
	}
	w, attempt := p.place.w, p.attempt
	w.after(d, func() {
		p.awake(func() {
			switch patience := p.beat + missedBeats*w.interval - w.now; {
			case p.attempt != attempt || p.again || p.asking:
			case patience > 0:
				p.watch(patience)
			default:
				p.register()
			}
		})
	})
}

// sign makes it register again, at most once an interval.
func (p *simProcess) sign() {
	if w := p.place.w; !p.asking && !p.again {
		p.registerAfter(max(0, p.joined+w.interval-w.now))
	}
	p.again = true
}

// heartbeat answers one.
func (p *simProcess) heartbeat(epoch, instance string) Beat {
	if p.old != nil {
		return Beat{}
	}
	b, known := p.session.beat(epoch, instance)
	if known {
		if epoch != p.session.epoch || instance != p.registration.Instance {
			p.place.w.fail("%v knows a registry %s that asks for %s", p, epoch, instance)
		}
		p.beat = p.place.w.now
	} else {
		p.sign()
	}
	return b
}
