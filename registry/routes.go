package registry

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"gradebook/service/web"
)

const (
	defaultWait = 2 * time.Second // of a deregistration that says only that it waits
	longestWait = 10 * time.Second

	maxSuspicion = maxURL + 2<<10 // bytes
)

func (s *Server) routes() {
	s.mux = web.NewMux(web.Problems(problem))
	s.mux.Handle("POST /services", s.register, web.Wire(),
		web.Does("Registers a service, or the same one again: who offers what it needs is in the answer, and pushed to it from now on."),
		web.Takes(Registration{}), web.Gives(200, Registered{}), web.Fails(400, 409, 422))
	s.mux.Handle("DELETE /services", s.deregister, web.Wire(),
		web.Does("Takes a service out, at most waiting until those who need it know. The body is its URL."),
		web.Query(web.Text("instance", "of the process that goes; another one at its URL stays"), web.Span("wait", "for dependents to know, 2s when it does not say how long", longestWait)),
		web.Takes(nil, "text/plain"), web.Gives(200, Departure{}), web.Fails(400, 404, 409))
	s.mux.Handle("POST /services/suspect", s.suspect, web.Wire(),
		web.Does("Takes a dependent's word that it cannot reach a provider, which is then looked at."),
		web.Takes(suspicion{}), web.Gives(202, struct{}{}), web.Fails(400, 404))
	s.mux.Handle("GET /services", s.getServices,
		web.Does("The catalogue: every service and how it is."), web.Gives(200, []Service{}))
	s.mux.Handle("GET /services/{name}", s.getService, web.Wire(),
		web.Does("The services of one name."), web.Path(web.Text("name", "of a service, such as GradingService")),
		web.Gives(200, []Service{}), web.Fails(404))
	s.mux.Handle("GET /graph", s.getGraph,
		web.Does("Who needs whom, how each is, and why."), web.Gives(200, Graph{}))
	s.mux.Handle("GET /watch", s.watch, web.Wire(),
		web.Does("What has changed since a cursor, for which it waits; as a stream with Accept: text/event-stream."),
		web.Query(web.Text("after", "the cursor of the answer before; without it everything is told"), web.Span("wait", "for a change, 30s without it", watchLongest)),
		web.Header(web.Text("Last-Event-ID", "goes before after: the last event that was read")),
		web.Gives(200, News{}), web.Gives(200, News{}, "text/event-stream"), web.Fails(400))
	s.mux.Handle("GET /sd/prometheus", s.getTargets, web.Wire(),
		web.Does("Where Prometheus finds metrics (its HTTP service discovery)."), web.Gives(200, []targetGroup{}))
	s.mux.Handle("GET /{$}", s.getFace,
		web.Does("The state of everything: a live page for browsers, a table for a terminal."),
		web.Gives(200, nil, "text/plain", "text/html", "text/event-stream"))
	s.mux.HandleAssets(s.pages.Assets)
}

// Routes returns what the registry says of its routes.
func (s *Server) Routes() []web.Route { return s.mux.Routes() }

// ServeHTTP answers the routes of the registry.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

// problem says what the table's errors are in HTTP.
func problem(err error) *web.Problem {
	switch {
	case errors.Is(err, errUnknownURL):
		return web.NewProblem(http.StatusNotFound, "%v; GET /services lists what is", err)
	case errors.Is(err, errOtherInstance), errors.Is(err, errDeparted):
		return web.NewProblem(http.StatusConflict, "%v", err)
	case errors.Is(err, errFull):
		p := web.NewProblem(http.StatusServiceUnavailable, "%v; stop services that are not needed (GET /services lists all; those that are down are forgotten after %v)", err, forgetAfter)
		p.Header = http.Header{"Retry-After": {"60"}}
		return p
	}
	return nil
}

func (s *Server) register(w http.ResponseWriter, r *http.Request) error {
	web.BodyLimit(w, r, maxBody)
	var reg Registration
	err := web.DecodeWire(r, &reg)
	if err == nil {
		if errs := reg.validate(); len(errs) > 0 {
			err = web.Invalid(http.StatusUnprocessableEntity, errs...)
		}
	}
	if err != nil {
		s.metrics.registrations.With("refused").Add(1)
		return err
	}
	fx := s.step(registering{reg})
	if fx.err != nil {
		s.metrics.registrations.With("refused").Add(1)
		return fx.err
	}
	s.metrics.registrations.With("accepted").Add(1)
	return web.WriteJSON(w, http.StatusOK, fx.registered)
}

func (s *Server) deregister(w http.ResponseWriter, r *http.Request) error {
	wait := web.Duration(r, "wait", defaultWait)
	if !r.URL.Query().Has("wait") {
		wait = 0
	}
	web.BodyLimit(w, r, maxURL)
	body, err := web.ReadBody(r)
	if err != nil {
		return err
	}
	fx := s.step(leaving{url: strings.TrimSpace(string(body)), instance: web.Value(r, "instance")})
	if fx.err != nil {
		return fx.err
	}
	ctx, cancel := context.WithTimeout(r.Context(), wait)
	defer cancel()
	late := s.awaitAll(ctx, fx.awaited)
	s.saveNow() // who was told that it has left must not be believed to be there after a crash
	return web.WriteJSON(w, http.StatusOK, Departure{
		Laggards: late,
		Affected: append([]string{}, fx.affected...),
	})
}

// suspect takes a dependent's word that a connection to a provider failed, and
// has the registry look at once.
func (s *Server) suspect(w http.ResponseWriter, r *http.Request) error {
	web.BodyLimit(w, r, maxSuspicion)
	var told suspicion
	if err := web.DecodeWire(r, &told); err != nil {
		return err
	}
	fx := s.step(suspected{told.ServiceURL})
	result := "asked"
	switch {
	case fx.err != nil:
		result = "unknown"
	case len(fx.probes) == 0:
		result = "spared" // it was asked just now, or is down
	}
	s.metrics.suspicions.With(result).Add(1)
	if fx.err != nil {
		return fx.err
	}
	s.env.Logger.Debug("a dependent cannot reach a provider", "url", told.ServiceURL, "failure", told.Error, "then", result)
	return web.WriteJSON(w, http.StatusAccepted, struct{}{})
}

func (s *Server) getServices(w http.ResponseWriter, r *http.Request) error {
	return web.WriteJSON(w, http.StatusOK, s.catalogue(""))
}

func (s *Server) getService(w http.ResponseWriter, r *http.Request) error {
	name := r.PathValue("name")
	body, err := s.lookup(name)
	if err != nil {
		return err
	}
	if body == nil {
		return web.NewProblem(http.StatusNotFound, "no service is registered as %q; GET /services lists those that are", name)
	}
	return web.WriteRawJSON(w, http.StatusOK, body)
}

func (s *Server) getGraph(w http.ResponseWriter, r *http.Request) error {
	return web.WriteJSON(w, http.StatusOK, s.graph(r))
}
