package registry

import (
	"slices"
	"time"
)

// take gives the session the answer to a registration.
func (p *simProcess) take(answer *Registered) bool {
	before := p.session
	_, ok := p.session.registered(*answer)
	if ok {
		p.place.w.checkSession(p, &before, answer.Epoch, answer.Revision, answer.Providers, answer.Settling)
	}
	return ok
}

// push delivers m, now or when the answer to a registration under way is there,
// and has reply say whether it was acknowledged.
func (p *simProcess) push(m *push, reply func(ok bool)) {
	w := p.place.w
	switch {
	case p.old != nil:
		p.old.apply(m)
		reply(true)
	case p.asking && p.session.epoch != m.Epoch:
		done := false
		later := func() {
			if !done {
				done = true
				p.pushNow(m, reply)
			}
		}
		p.overtaken = append(p.overtaken, later)
		w.after(answerPatience, func() { p.awake(later) })
	default:
		p.pushNow(m, reply)
	}
}

func (p *simProcess) pushNow(m *push, reply func(ok bool)) {
	before := p.session
	held, _, err := p.session.pushed(m)
	if err != nil {
		p.sign()
		reply(false)
		return
	}
	if m.Epoch != before.epoch || m.Instance != p.registration.Instance {
		p.place.w.fail("%v at %s takes a push of %s for %s", p, before.epoch, m.Epoch, m.Instance)
	}
	p.place.w.checkSession(p, &before, m.Epoch, m.Revision, m.Providers, m.Settling)
	reply(held.Epoch == m.Epoch && held.Revision >= m.Revision)
}

// knows reports whether p would send a request to url for name.
func (p *simProcess) knows(name, url string) bool {
	if p.old != nil {
		return p.old.held[Provider{Name: name, URL: url}] > 0
	}
	return slices.Contains(p.session.providers[name], url)
}

// use sends a request to a provider. When nobody is there, the registry is told.
func (p *simProcess) use() {
	w := p.place.w
	if p.old != nil || p.frozen || len(p.registration.RequiredServices) == 0 {
		return
	}
	name := p.registration.RequiredServices[w.rng.IntN(len(p.registration.RequiredServices))]
	urls := p.session.providers[name]
	if len(urls) == 0 {
		return
	}
	place := w.byURL[urls[w.rng.IntN(len(urls))]]
	if place.process != nil && !w.oneIn(30) {
		return
	}
	w.hub.call(p.place, func() { w.hub.step(suspected{place.url}) }, func() {})
}

// leave deregisters, waits until the dependents know, and ends a while later.
func (p *simProcess) leave() {
	place, w := p.place, p.place.w
	w.note("leave", place.index, 0)
	p.session.going = "leaving"
	if w.oneIn(2) {
		p.session.going = "draining"
	}
	place.able = w.now
	ended := false
	end := func() {
		if ended {
			return
		}
		ended = true
		w.after(w.upTo(3*time.Second), func() { // for the requests in flight
			p.awake(func() {
				w.note("end", place.index, 0)
				place.end()
			})
		})
	}
	w.after(leaveWait, end)
	w.hub.call(place, func() {
		fx := w.hub.step(leaving{url: place.url, instance: p.registration.Instance})
		if fx.err != nil {
			end()
			return
		}
		w.memory.departed[p.registration.Instance] = true
		if place.process == nil || place.process == p {
			place.left = true
		}
		w.hub.await(p.registration.ServiceName, place, fx.awaited, end)
	}, end)
}

// simOldClient is what a client of the earlier demo holds: it appends each that
// was added, and takes out the first of each that was removed.
type simOldClient struct {
	held    map[Provider]int
	arrived bool // its registration has
	// The registry lost what this client acknowledged, or told it what was meant
	// for another: nothing can be promised to who knows deltas only.
	astray bool
}

func (c *simOldClient) apply(m *push) {
	for _, x := range m.Added {
		c.held[x]++
	}
	for _, x := range m.Removed {
		if c.held[x]--; c.held[x] <= 0 {
			delete(c.held, x)
		}
	}
}

// agrees reports whether c holds what s says it does: all that it acknowledged,
// and nothing that it was not sent.
func (c *simOldClient) agrees(s *service) bool {
	most := make(map[Provider]int)
	for _, x := range slices.Concat(s.base, s.unsure) {
		most[x]++
	}
	for x, n := range c.held {
		if n > most[x] {
			return false
		}
	}
	return !slices.ContainsFunc(s.base, func(x Provider) bool { return c.held[x] == 0 })
}
