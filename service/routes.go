package service

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"gradebook/registry"
	"gradebook/service/web"
)

// updatePath is where the registry pushes to.
const updatePath = "/services/update"

// routes answers the chassis's own paths and leaves the rest to the app.
func (p *process) routes() http.Handler {
	mux := p.chassis()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/ready", "/drain", "/metrics", "/heartbeat", "/openapi.json", updatePath:
			mux.ServeHTTP(w, r)
		default:
			p.flight.serve(p.app, w, r)
		}
	})
}

// chassis has the paths that every service answers.
func (p *process) chassis() *web.Mux {
	mux := web.NewMux(web.Problems(nil))
	mux.Handle("GET /ready", p.ready, web.Wire(),
		web.Does("Whether this service should be given work: all that it needs is there, and it is not draining."),
		web.Gives(200, status{}), web.Fails(503))
	mux.Handle("POST /drain", p.drain,
		web.Does("Takes this service out of use without a request lost, before it is stopped."),
		web.Query(web.Span("wait", "for what is in hand, 10s without it", longestDrain)), web.Gives(200, drained{}))
	mux.Handle("GET /metrics", func(w http.ResponseWriter, r *http.Request) error {
		p.metrics.ServeHTTP(w, r)
		return nil
	}, web.Wire(), web.Does("Metrics in the text format of Prometheus."), web.Gives(200, nil, "text/plain"))
	if p.agent != nil {
		p.agent.AddRoutes(mux, updatePath)
	} else {
		mux.Handle("GET /heartbeat", p.alive, web.Wire(), web.Does("That this service lives."), web.Gives(200, status{}))
	}
	document := sync.OnceValues(func() ([]byte, error) {
		return web.Document(p.spec.Name, cmp.Or(version(), "unversioned"), aboutAll, append(p.app.Routes(), mux.Routes()...))
	})
	mux.Handle("GET /openapi.json", func(w http.ResponseWriter, _ *http.Request) error {
		body, err := document()
		if err != nil {
			return err
		}
		return web.WriteRawJSON(w, http.StatusOK, body)
	}, web.Does("This document."), web.Gives(200, map[string]any{}))
	return mux
}

// aboutAll is what the documents of all services say first.
const aboutAll = "Answers on loopback only. A GET may also be a HEAD. A failure is a problem document (RFC 9457) whose detail says what to do. " +
	"A query parameter that is not documented is refused, except by the routes between services. " +
	"JSON is taken as application/json, +json, text/plain, the form type that curl -d sends, or without a type; members may be in any letter case, null is as good as leaving one out, and those that are not documented are refused, except by the routes between services. " +
	"Of a stream or of lines, x-itemSchema is the schema of the data of each event that has no name, or of each line."

// status answers those who ask how a service is.
type status struct {
	Status   string `json:"status"`
	Instance string `json:"instance,omitempty"`
}

// alive answers for the registry, which nobody probes but people.
func (p *process) alive(w http.ResponseWriter, _ *http.Request) error {
	return web.WriteJSON(w, http.StatusOK, status{"up", p.instance})
}

// ready answers 200 when everything this service requires has a provider and it
// is not draining, else 503 with the reason.
func (p *process) ready(w http.ResponseWriter, _ *http.Request) error {
	err := p.unready()
	if err == nil {
		return web.WriteJSON(w, http.StatusOK, status{Status: "ready"})
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
