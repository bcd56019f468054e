package service

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"gradebook/registry"
	"gradebook/service/web"
)

// updatePath is where the registry pushes to.
const updatePath = "/services/update"

// routes answers the chassis's own paths and leaves the rest to the app.
func (p *process) routes() http.Handler {
	mux := web.NewMux(web.Problems(nil))
	mux.Handle("GET /ready", p.ready)
	mux.Handle("POST /drain", p.drain)
	mux.Handle("GET /metrics", func(w http.ResponseWriter, r *http.Request) error {
		p.metrics.ServeHTTP(w, r)
		return nil
	})
	if p.agent != nil {
		mux.Handle("GET /heartbeat", p.agent.Heartbeat)
		mux.Handle("POST "+updatePath, p.agent.Update)
	} else {
		mux.Handle("GET /heartbeat", p.alive)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/ready", "/drain", "/metrics", "/heartbeat", updatePath:
			mux.ServeHTTP(w, r)
		default:
			p.flight.serve(p.app, w, r)
		}
	})
}

// alive answers for the registry, which nobody probes but people.
func (p *process) alive(w http.ResponseWriter, _ *http.Request) error {
	return web.WriteJSON(w, http.StatusOK, map[string]string{"status": "up", "instance": p.instance})
}

// ready answers 200 when everything this service requires has a provider and it
// is not draining, else 503 with the reason.
func (p *process) ready(w http.ResponseWriter, _ *http.Request) error {
	err := p.unready()
	if err == nil {
		return web.WriteJSON(w, http.StatusOK, map[string]string{"status": "ready"})
	}
	detail := err.Error()
	if missing, ok := errors.AsType[*registry.NoProviderError](err); ok {
		detail = fmt.Sprintf("%s needs %s, which has had no healthy provider since %s; start it, or look at %s/graph",
			p.spec.Name, missing.Service, missing.Since.Format(time.TimeOnly), p.config.registry)
	}
	problem := web.NewProblem(http.StatusServiceUnavailable, "%s", detail)
	problem.Header = http.Header{"Retry-After": {"1"}}
	return problem
}

// unready says why this service should not be given work; nil when it should.
func (p *process) unready() error {
	switch {
	case p.leaving.Load():
		return fmt.Errorf("%s is draining: it takes no new work and will be stopped", p.spec.Name)
	case p.agent != nil:
		return p.agent.Ready()
	}
	return nil
}
