package registry

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"time"
)

const (
	ejectFrom    = 500 * time.Millisecond // after the first failed connection; doubles with each further one
	ejectTo      = 30 * time.Second
	ejectMost    = 7                // failures that count: more would only take longer to heal
	healEvery    = 10 * time.Second // without a failure, one is forgotten
	latencyFloor = 0.001            // seconds: faster answers than this are equally good
	latencyHalf  = 10.0             // seconds after which a latency counts half: who was slow once gets another chance
	latencyShare = 0.2              // of the newest answer in the average
	retryShare   = 0.1              // retries per request
	retryReserve = 10               // that may be saved up
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
	failures int       // connections refused or broken, less those that healed
	failed   time.Time // the latest of them
	trial    bool      // it has answered no call that began after that,
	trying   bool      // and one is on its way
	ejected  time.Time // until then it is only called when nobody else is left
}

func newPool() *pool {
	return &pool{endpoints: make(map[string]*endpoint), budget: retryReserve}
}

// first returns the provider that a new request goes to, the key's own when
// there is a key. There is one.
func (p *pool) first(providers []string, key string) *endpoint {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.budget < retryReserve {
		p.budget += retryShare
	}
	return p.pick(providers, nil, key)
}

// another returns one for a retry: nil when all have failed or the budget for
// retries is used up.
func (p *pool) another(providers, failed []string, key string) *endpoint {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.budget < 1 {
		return nil
	}
	e := p.pick(providers, failed, key)
	if e != nil {
		p.budget--
	}
	return e
}

// pick returns one of the endpoints that have not failed, if possible one that
// is not ejected. The caller holds p.mu and releases the endpoint later.
func (p *pool) pick(providers, failed []string, key string) *endpoint {
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
		if e.fit(now) {
			fit = append(fit, e)
		} else {
			ejected = append(ejected, e)
		}
	}
	p.forget(providers)
	if len(fit) == 0 {
		fit = ejected
	}
	if len(fit) == 0 {
		return nil
	}
	e := fit[0]
	if key != "" {
		e = slices.MaxFunc(fit, func(a, b *endpoint) int { return cmp.Compare(rank(key, a.url), rank(key, b.url)) })
	} else if len(fit) > 1 {
		e = better(fit, now)
	}
	e.inFlight++
	e.trying = e.trial
	return e
}

// better returns the better of two random ones.
func better(of []*endpoint, now time.Time) *endpoint {
	i := rand.IntN(len(of))
	a, b := of[i], of[(i+1+rand.IntN(len(of)-1))%len(of)]
	if b.cost(now) < a.cost(now) {
		return b
	}
	return a
}

// forget drops those that left.
func (p *pool) forget(providers []string) {
	if len(p.endpoints) == len(providers) {
		return
	}
	for url, e := range p.endpoints {
		if e.inFlight == 0 && !slices.Contains(providers, url) {
			delete(p.endpoints, url)
		}
	}
}

// fit reports whether e may be given work: one that failed and was let back gets
// one request at a time until it has answered.
func (e *endpoint) fit(now time.Time) bool {
	return !now.Before(e.ejected) && !(e.trial && e.trying)
}

// cost is the time that a new request would take, roughly.
func (e *endpoint) cost(now time.Time) float64 {
	latency := e.latency * math.Exp2(-now.Sub(e.seen).Seconds()/latencyHalf)
	return max(latency, latencyFloor) * float64(e.inFlight+1)
}

// done notes how e answered, or what its failure says of it.
func (p *pool) done(e *endpoint, start, end time.Time, f fault, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	e.trying = false
	switch {
	case ok || f == late:
		took := end.Sub(start).Seconds()
		if e.seen.IsZero() {
			e.latency = took
		}
		e.latency += latencyShare * (took - e.latency)
		e.seen = end
		e.trial = e.trial && !start.After(e.failed)
	case f.proves() && !start.Before(e.failed): // else it is one more call that the same fault ended
		if e.heal(end); e.failures == 0 || !e.trial {
			p.budget += float64(e.inFlight) // it was well: all it has in hand may be tried again once
		}
		e.eject(end)
	}
}

// heal forgets a failure for every while since e was let back.
func (e *endpoint) heal(now time.Time) {
	e.failures = max(0, e.failures-int(max(0, now.Sub(e.ejected)/healEvery)))
}

// eject has e left alone for a time that grows with the failures that have not
// healed.
func (e *endpoint) eject(now time.Time) {
	e.failures = min(e.failures+1, ejectMost)
	e.failed, e.trial = now, true
	e.ejected = now.Add(min(ejectFrom<<(e.failures-1), ejectTo))
}

func (p *pool) release(e *endpoint) {
	p.mu.Lock()
	defer p.mu.Unlock()
	e.inFlight--
}
