package registry

import (
	"context"
	"crypto/rand"
	"flag"
	"fmt"
	"net"
	"sync"
	"time"

	"gradebook/service/telemetry"
	"gradebook/service/web"
)

const (
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
	short   shortage
	lookups lookups

	pages    web.Pages
	watchers watchers

	ctx  context.Context // of all lines and saves
	stop context.CancelFunc
	work sync.WaitGroup

	mu       sync.Mutex // guards what follows; no I/O is done while it is held
	table    *table
	lines    map[string]*line // by key
	follower *follower        // nil when there is none
	journal  journal          // of the table
	saving   bool             // a saver runs
	unsaved  bool

	file      sync.Mutex // held while the membership is written; guards complaint
	complaint string     // the last error of writing it
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
	pages, err := web.NewPages(pageFiles, "page")
	if err != nil {
		return nil, err
	}
	s := &Server{
		env: env, options: o, pages: pages, metrics: newMetrics(tm), scratch: sync.Pool{New: newScratch},
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

// Close stops asking and telling, and saves who is here; that it cannot is
// logged.
func (s *Server) Close() error {
	s.mu.Lock()
	s.stop()
	for _, l := range s.lines {
		l.end()
	}
	s.mu.Unlock()
	s.work.Wait()
	s.saveNow()
	return nil
}

// Follow keeps v at who offers each of names: the view of the registry's own
// process, which does not register with itself.
func (s *Server) Follow(v *View, names ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.follower = &follower{view: v, names: names}
	s.follower.update(s.table)
}
