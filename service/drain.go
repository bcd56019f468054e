package service

import (
	"context"
	"fmt"
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

// drained answers POST /drain.
type drained struct {
	Laggards []registry.Provider `json:"laggards"` // dependents that live and have not acknowledged it
	Affected []string            `json:"affected"` // names that are blocked by it
	InFlight int                 `json:"inFlight"` // requests that are still in hand
}

// drain has the service go out of use without a request lost, before it is
// stopped: it deregisters, waits until the dependents know, ends its streams and
// finishes what it has in hand. It answers what is left after that or after
// `wait`, and goes on serving whoever still comes. Doing it twice does no harm.
func (p *process) drain(w http.ResponseWriter, r *http.Request) error {
	if host, _, err := net.SplitHostPort(r.RemoteAddr); err != nil || !web.IsLoopbackHost(host) {
		return web.NewProblem(http.StatusForbidden, "a service is drained from its own machine only")
	}
	wait, err := drainWaitOf(r)
	if err != nil {
		return err
	}
	ctx := context.WithoutCancel(r.Context()) // a drain is not left half done
	if !p.leaving.Swap(true) {
		p.logger.Info(p.spec.Name + " drains: it deregisters and finishes what is in hand")
	}
	start := time.Now()
	answer := drained{Laggards: []registry.Provider{}, Affected: []string{}}
	if p.agent != nil {
		departure, err := p.agent.Drain(ctx, wait)
		if err != nil {
			return p.notDrained(err)
		}
		answer.Laggards = append(answer.Laggards, departure.Laggards...)
		answer.Affected = append(answer.Affected, departure.Affected...)
	}
	p.endWork()
	ctx, cancel := context.WithDeadline(ctx, start.Add(wait))
	defer cancel()
	answer.InFlight = p.flight.land(ctx)
	p.logger.Info(p.spec.Name+" is drained and can be stopped", "laggards", len(answer.Laggards), "inFlight", answer.InFlight)
	return web.WriteJSON(w, http.StatusOK, answer)
}

func (p *process) notDrained(cause error) error {
	problem := web.NewProblem(http.StatusServiceUnavailable,
		"the registry at %s does not answer, so nobody was told that %s goes; drain it again when the registry is back, or stop it", p.config.registry, p.spec.Name)
	problem.Cause = cause
	problem.Header = http.Header{"Retry-After": {"1"}}
	return problem
}

// drainWaitOf returns how long r waits at most.
func drainWaitOf(r *http.Request) (time.Duration, error) {
	text := r.URL.Query().Get("wait")
	if text == "" {
		return drainWait, nil
	}
	wait, err := time.ParseDuration(text)
	if err != nil || wait < 0 || wait > longestDrain {
		return 0, web.Invalid(http.StatusBadRequest, web.FieldError{Field: "wait", Detail: fmt.Sprintf("must be a time such as 5s, at most %v", longestDrain)})
	}
	return wait, nil
}
