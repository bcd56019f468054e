package service

import (
	"context"
	"net"
	"net/http"
	"time"

	"gradebook/registry"
	"gradebook/service/web"
)

const (
	drainWait    = 10 * time.Second // of a request to drain that does not say
	longestDrain = 25 * time.Second // below the limit for writing an answer
)

// drained is what is left of a service that drains.
type drained struct {
	Laggards []registry.Provider `json:"laggards"` // dependents that live and have not acknowledged it
	Affected []string            `json:"affected"` // names that are blocked by it
	InFlight int                 `json:"inFlight"` // requests that are still in hand
}

// drain answers POST /drain?wait=10s with what is left after that long.
func (p *process) drain(w http.ResponseWriter, r *http.Request) error {
	if host, _, err := net.SplitHostPort(r.RemoteAddr); err != nil || !web.IsLoopbackHost(host) {
		return web.NewProblem(http.StatusForbidden, "a service is drained from its own machine only")
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(r.Context())) // a drain is not left half done
	defer cancel()
	defer context.AfterFunc(p.life, cancel)() // unless the service is stopped meanwhile
	answer, err := p.retire(ctx, web.Duration(r, "wait", drainWait))
	if err != nil {
		return p.notDrained(err)
	}
	return web.WriteJSON(w, http.StatusOK, answer)
}

// retire has the service go out of use without a request lost, before it is
// stopped: it deregisters, waits until the dependents know, ends its streams and
// finishes what it has in hand. It returns what is left after that or after
// wait, and the service goes on serving whoever still comes. Doing it twice does
// no harm. The error is that nobody could be told.
func (p *process) retire(ctx context.Context, wait time.Duration) (drained, error) {
	start := time.Now()
	if !p.leaving.Swap(true) {
		p.logger.Info(p.spec.Name + " drains: it deregisters first")
	}
	left := drained{Laggards: []registry.Provider{}, Affected: []string{}}
	if p.agent != nil {
		departure, err := p.agent.Drain(ctx, wait)
		if err != nil {
			return left, err
		}
		left.Laggards = append(left.Laggards, departure.Laggards...)
		left.Affected = append(left.Affected, departure.Affected...)
	}
	p.endWork()
	p.logger.Info(p.spec.Name+" takes no new work and finishes what is in hand", "laggards", len(left.Laggards))
	ctx, cancel := context.WithDeadline(ctx, start.Add(wait))
	defer cancel()
	left.InFlight = p.flight.land(ctx)
	p.logger.Info(p.spec.Name+" can be stopped", "inFlight", left.InFlight)
	return left, nil
}

func (p *process) notDrained(cause error) error {
	if p.life.Err() != nil {
		return web.NewProblem(http.StatusServiceUnavailable, "%s was stopped while it drained", p.spec.Name)
	}
	problem := web.NewProblem(http.StatusServiceUnavailable,
		"the registry at %s does not answer, so nobody was told that %s goes; drain it again when the registry is back, or stop it", p.config.registry, p.spec.Name)
	problem.Cause = cause
	problem.Header = http.Header{"Retry-After": {"1"}}
	return problem
}
