package registry

import (
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"gradebook/service/telemetry"
	"gradebook/service/web"
)

const (
	defaultWait = 2 * time.Second // of a deregistration that says only that it waits
	longestWait = 10 * time.Second

	defaultInterval  = time.Second // between heartbeats of one service
	shortestInterval = 100 * time.Millisecond
	longestInterval  = time.Minute
)

// Options are the settings of a server; the zero value is what production uses.
type Options struct {
	Interval time.Duration // between heartbeats of one service; 1 s
	Timeout  time.Duration // of a heartbeat or push; 1 s

	// Dial opens the connection to a service, as net.Dialer does by default.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
}

// Server is the registry: a table behind HTTP, with the goroutines that probe
// and tell the services in it. It is safe for concurrent use.
type Server struct {
	mux     *web.Mux
	env     web.Env
	options Options
	metrics metrics
	scratch sync.Pool

	watchers watchers

	ctx  context.Context // of all lines and saves
	stop context.CancelFunc
	work sync.WaitGroup

	mu       sync.Mutex // guards what follows; no I/O is done while it is held
	table    *table
	lines    map[string]*line // by key
	follower *View
	stepped  chan struct{} // closed at the next step; nil while nobody waits
	journal  journal       // of the table
	saving   bool          // a saver runs
	unsaved  bool
}

// Flags declares the flags of the service.
func Flags(fs *flag.FlagSet) {
	fs.Duration("heartbeat", defaultInterval, fmt.Sprintf("ask each service this `often` whether it lives, from %v to %v", shortestInterval, longestInterval))
}

// Open opens the registry of a process, as its flags say; the App is a *Server.
func Open(env web.Env, metrics *telemetry.Metrics) (web.App, error) {
	interval, err := intervalOf(env.Flag("heartbeat"))
	if err != nil {
		return nil, err
	}
	return OpenServer(env, metrics, Options{Interval: interval})
}

// intervalOf reads -heartbeat; "" is a service without flags.
func intervalOf(text string) (time.Duration, error) {
	if text == "" {
		return defaultInterval, nil
	}
	interval, err := time.ParseDuration(text)
	if err != nil || interval < shortestInterval || interval > longestInterval {
		return 0, fmt.Errorf("-heartbeat %s must be from %v to %v", text, shortestInterval, longestInterval)
	}
	return interval, nil
}

// OpenServer opens a registry in env.DataDir, where it finds the services that
// it knew before, if any. It works without them: a file that is missing or
// damaged is reported and replaced.
func OpenServer(env web.Env, tm *telemetry.Metrics, o Options) (*Server, error) {
	if o.Interval <= 0 {
		o.Interval = defaultInterval
	}
	if o.Timeout <= 0 {
		o.Timeout = time.Second
	}
	if o.Dial == nil {
		o.Dial = (&net.Dialer{KeepAlive: -1}).DialContext // heartbeats keep it alive
	}
	s := &Server{
		env: env, options: o, metrics: newMetrics(tm), scratch: sync.Pool{New: newScratch},
		table: newTable(rand.Text(), o.Interval, o.Timeout, time.Now()), lines: make(map[string]*line),
	}
	tm.GaugeFunc("gradebook_registry_watchers", "Long polls and streams that are open.", s.watchers.count)
	s.ctx, s.stop = context.WithCancel(context.Background())
	s.routes()
	saved, err := readMembership(env.DataDir)
	if err != nil {
		env.Logger.Warn("the services known before cannot be read; they will register again", "error", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	fx := s.table.restore(saved, time.Now())
	stagger(fx.probes, o.Interval)
	s.perform(fx)
	return s, nil
}

// Close stops asking and telling, and saves who is here.
func (s *Server) Close() error {
	s.mu.Lock()
	s.stop()
	for _, l := range s.lines {
		l.end()
	}
	s.mu.Unlock()
	s.work.Wait()
	s.mu.Lock()
	saved, unsaved := s.table.saved(), s.unsaved
	s.mu.Unlock()
	if !unsaved {
		return nil
	}
	return writeMembership(s.env.DataDir, saved)
}

// Follow keeps v at what the registry offers, all names: the view of the
// registry's own process, which does not register with itself.
func (s *Server) Follow(v *View) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.follower = v
	v.replace(s.table.offering(), s.table.settling)
}

func (s *Server) routes() {
	s.mux = web.NewMux(web.Problems(problem))
	s.mux.Handle("POST /services", s.register)
	s.mux.Handle("DELETE /services", s.deregister)
	s.mux.Handle("GET /services", s.getServices)
	s.mux.Handle("GET /services/{name}", s.getService)
	s.mux.Handle("GET /graph", s.getGraph)
	s.mux.Handle("GET /watch", s.watch)
	s.mux.Handle("GET /sd/prometheus", s.getTargets)
	s.mux.Handle("GET /{$}", s.getText)
}

// ServeHTTP answers the routes of the registry.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

// problem says what the table's errors are in HTTP.
func problem(err error) *web.Problem {
	switch {
	case errors.Is(err, errUnknownURL):
		return web.NewProblem(http.StatusNotFound, "%v; GET /services lists what is", err)
	case errors.Is(err, errOtherInstance), errors.Is(err, errDeparted):
		return web.NewProblem(http.StatusConflict, "%v", err)
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
	s.metrics.registrations.With("accepted").Add(1)
	fx := s.step(registering{reg})
	if fx.err != nil {
		return fx.err
	}
	return web.WriteJSON(w, http.StatusOK, fx.registered)
}

func (s *Server) deregister(w http.ResponseWriter, r *http.Request) error {
	wait, err := waitOf(r, defaultWait, longestWait)
	if err != nil {
		return err
	}
	if !r.URL.Query().Has("wait") {
		wait = 0
	}
	web.BodyLimit(w, r, maxURL)
	body, err := web.ReadBody(r)
	if err != nil {
		return err
	}
	fx := s.step(leaving{url: strings.TrimSpace(string(body)), instance: r.URL.Query().Get("instance")})
	if fx.err != nil {
		return fx.err
	}
	ctx, cancel := context.WithTimeout(r.Context(), wait)
	defer cancel()
	return web.WriteJSON(w, http.StatusOK, Departure{Laggards: s.awaitAll(ctx, fx.awaited), Affected: fx.affected})
}

// waitOf returns how long a request is to wait: usual when it does not say.
func waitOf(r *http.Request, usual, longest time.Duration) (time.Duration, error) {
	text := r.URL.Query().Get("wait")
	if text == "" {
		return usual, nil
	}
	wait, err := time.ParseDuration(text)
	if err != nil || wait < 0 || wait > longest {
		return 0, web.Invalid(http.StatusBadRequest, web.FieldError{Field: "wait", Detail: fmt.Sprintf("must be a time such as 2s, at most %v", longest)})
	}
	return wait, nil
}

func (s *Server) getServices(w http.ResponseWriter, r *http.Request) error {
	return web.WriteJSON(w, http.StatusOK, s.catalogue(""))
}

func (s *Server) getService(w http.ResponseWriter, r *http.Request) error {
	name := r.PathValue("name")
	list := s.catalogue(name)
	if len(list) == 0 {
		return web.NewProblem(http.StatusNotFound, "no service is registered as %q; GET /services lists those that are", name)
	}
	return web.WriteJSON(w, http.StatusOK, list)
}

func (s *Server) getGraph(w http.ResponseWriter, r *http.Request) error {
	return web.WriteJSON(w, http.StatusOK, s.graph(r))
}

func (s *Server) getText(w http.ResponseWriter, r *http.Request) error {
	g := s.graph(r)
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, err := io.WriteString(w, g.text())
	return err
}
