package registry

import (
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"time"
)

const (
	ejectFrom    = 500 * time.Millisecond // after the first refused connection; doubles with each further one
	ejectTo      = 30 * time.Second
	latencyFloor = 0.001 // seconds: faster answers than this are equally good
	latencyHalf  = 10.0  // seconds after which a latency counts half: who was slow once gets another chance
	latencyShare = 0.2   // of the newest answer in the average
	retryShare   = 0.1   // retries per request
	retryReserve = 10    // that may be saved up
)

// pool is what is known of the providers of one name from calling them.
type pool struct {
	mu        sync.Mutex // guards what follows and the endpoints' fields
	endpoints map[string]*endpoint
	budget    float64 // retries that may be made
}

// endpoint is one provider.
type endpoint struct {
	url      string
	inFlight int
	latency  float64   // seconds, a moving average; as of seen
	seen     time.Time // of the latest answer
	refusals int       // in a row
	ejected  time.Time // until then it is only called when nobody else is left
}

func newPool() *pool {
	return &pool{endpoints: make(map[string]*endpoint), budget: retryReserve}
}

// first returns the provider that a new request goes to. There is one.
func (p *pool) first(providers []string) *endpoint {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.budget = min(p.budget+retryShare, retryReserve)
	return p.pick(providers, nil)
}

// another returns one for a retry: nil when all have failed or the budget for
// retries is used up.
func (p *pool) another(providers, failed []string) *endpoint {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.budget < 1 {
		return nil
	}
	e := p.pick(providers, failed)
	if e != nil {
		p.budget--
	}
	return e
}

// pick returns the better of two random endpoints that have not failed. The
// caller holds p.mu and releases the endpoint later.
func (p *pool) pick(providers, failed []string) *endpoint {
	now := time.Now()
	var fit, ejected []*endpoint
	for _, url := range providers {
		if slices.Contains(failed, url) {
			continue
		}
		e := p.endpoints[url]
		if e == nil {
			e = &endpoint{url: url}
			p.endpoints[url] = e
		}
		if now.Before(e.ejected) {
			ejected = append(ejected, e)
		} else {
			fit = append(fit, e)
		}
	}
	for url, e := range p.endpoints { // those that left
		if e.inFlight == 0 && !slices.Contains(providers, url) {
			delete(p.endpoints, url)
		}
	}
	if len(fit) == 0 {
		fit = ejected
	}
	if len(fit) == 0 {
		return nil
	}
	i := rand.IntN(len(fit))
	e := fit[i]
	if len(fit) > 1 {
		if other := fit[(i+1+rand.IntN(len(fit)-1))%len(fit)]; other.cost(now) < e.cost(now) {
			e = other
		}
	}
	e.inFlight++
	return e
}

// cost is the time that a new request would take, roughly.
func (e *endpoint) cost(now time.Time) float64 {
	latency := e.latency * math.Exp2(-now.Sub(e.seen).Seconds()/latencyHalf)
	return max(latency, latencyFloor) * float64(e.inFlight+1)
}

// done notes how e answered.
func (p *pool) done(e *endpoint, start, end time.Time, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch took := end.Sub(start).Seconds(); {
	case err == nil || isTimeout(err):
		if e.seen.IsZero() {
			e.latency = took
		}
		e.latency += latencyShare * (took - e.latency)
		e.seen = end
		e.refusals = 0
	case isRefused(err):
		e.ejected = end.Add(min(ejectFrom<<min(e.refusals, 10), ejectTo))
		e.refusals++
	}
}

func (p *pool) release(e *endpoint) {
	p.mu.Lock()
	defer p.mu.Unlock()
	e.inFlight--
}
