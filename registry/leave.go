package registry

import (
	"context"
	"errors"
	"net/http"
	"time"

	"gradebook/service/web"
)

const leaveWait = 2 * time.Second // of a stop

// Leave ends Run, deregisters and waits until the dependents know, at most 2 s.
// Heartbeats say "leaving" from now on. That the registry does not know this
// process is no error; that it does not answer is.
func (a *Agent) Leave(ctx context.Context) error {
	_, err := a.depart(ctx, "leaving", leaveWait*9/10, leaveWait)
	return err
}

// Drain is Leave for a service that goes later, when it has finished what it
// has in hand. It waits as long as it is told to, at most 10 s, and returns whom
// that concerns. Heartbeats say "draining" from now on.
func (a *Agent) Drain(ctx context.Context, wait time.Duration) (Departure, error) {
	wait = min(wait, longestWait)
	return a.depart(ctx, "draining", wait, wait+callTimeout)
}

// depart waits for the dependents, and at most limit for the registry.
func (a *Agent) depart(ctx context.Context, status string, wait, limit time.Duration) (Departure, error) {
	a.mu.Lock()
	a.session.going = status
	a.mu.Unlock()
	a.end()
	a.awaitRun() // a registration under way would come after
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	r := &a.options.Registration
	answer, err := a.client.Deregister(ctx, r.ServiceURL, r.Instance, wait)
	if p, ok := errors.AsType[*web.Problem](err); ok && (p.Status == http.StatusNotFound || p.Status == http.StatusConflict) {
		err = nil
	}
	for _, p := range answer.Laggards {
		a.options.Logger.Warn("left before "+p.Name+" has acknowledged it", "url", p.URL)
	}
	for _, name := range answer.Affected {
		a.options.Logger.Warn(name + " is blocked now: it requires " + r.ServiceName + ", and this was the last")
	}
	return answer, err
}

// awaitRun returns when Run has.
func (a *Agent) awaitRun() {
	a.running.Lock()
	defer a.running.Unlock()
}
