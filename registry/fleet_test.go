package registry

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"syscall"
	"testing"
	"time"

	"gradebook/service/telemetry"
	"gradebook/service/web"
)

// network carries requests between handlers without sockets, so that whole
// fleets run in the fake time of synctest. A host that is not there refuses
// connections; one that is frozen accepts them and does not answer.
type network struct {
	mu     sync.Mutex
	hosts  map[string]http.Handler
	frozen map[string]bool
	calls  map[string]int // by "METHOD host/path"
}

func newNetwork() *network {
	return &network{hosts: make(map[string]http.Handler), frozen: make(map[string]bool), calls: make(map[string]int)}
}

func (n *network) set(host string, h http.Handler, frozen bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.hosts[host], n.frozen[host] = h, frozen
}

func (n *network) count(call string) int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.calls[call]
}

func (n *network) RoundTrip(r *http.Request) (*http.Response, error) {
	n.mu.Lock()
	h, frozen := n.hosts[r.URL.Host], n.frozen[r.URL.Host]
	n.calls[r.Method+" "+r.URL.Host+r.URL.Path]++
	n.mu.Unlock()
	if r.Body != nil {
		defer r.Body.Close()
	}
	switch {
	case frozen:
		<-r.Context().Done()
		return nil, r.Context().Err()
	case h == nil:
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
	}
	in := r.Clone(r.Context())
	if in.Body == nil {
		in.Body = http.NoBody
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, in)
	resp := w.Result()
	resp.Request = r
	return resp, r.Context().Err()
}

// mustOpen opens a registry in dir that is closed at the end.
func mustOpen(tb testing.TB, dir string, o Options) *Server {
	tb.Helper()
	env := web.Env{Name: RegistryService, DataDir: dir, Logger: slog.New(slog.NewTextHandler(tb.Output(), nil))}
	s, err := OpenServer(env, telemetry.NewMetrics(), o)
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

// member is a service of the fleet: an agent behind the routes that the
// chassis gives it.
type member struct {
	*Agent
	view *View
	mux  *web.Mux
	end  func() // ends Run and waits for it

	gate sync.RWMutex // held for writing while frozen
}

func (m *member) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	m.gate.RLock()
	defer m.gate.RUnlock()
	m.mux.ServeHTTP(w, r)
}

// freeze is SIGSTOP as others see it: connections are accepted and nothing is
// answered, until the returned function is called for the first time.
func (m *member) freeze() (thaw func()) {
	m.gate.Lock()
	return sync.OnceFunc(m.gate.Unlock)
}

func newMember(tb testing.TB, registration Registration, registryURL string, plain *http.Client) *member {
	m := &member{view: NewView(), mux: web.NewMux(web.Problems(nil))}
	m.Agent = NewAgent(AgentOptions{
		Registration: registration, RegistryURL: registryURL, View: m.view, HTTP: plain,
		Logger: slog.New(slog.NewTextHandler(tb.Output(), &slog.HandlerOptions{Level: slog.LevelInfo})).With("service", registration.ServiceName),
	})
	m.mux.Handle("GET /heartbeat", m.Heartbeat)
	m.mux.Handle("POST /services/update", m.Update)
	return m
}

func (m *member) run() {
	ctx, cancel := context.WithCancel(context.Background())
	var run sync.WaitGroup
	run.Go(func() { m.Run(ctx) })
	m.end = func() {
		cancel()
		run.Wait()
	}
}

// holds returns what the agent has adopted.
func (m *member) holds() (epoch string, revision uint64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.session.epoch, m.session.revision
}

// describe is the registration of a process at u.
func describe(name, instance, u string, required ...string) Registration {
	return Registration{
		ServiceName: name, ServiceURL: u, ServiceUpdateURL: u + "/services/update", HeartbeatURL: u + "/heartbeat",
		RequiredServices: required, Instance: instance,
	}
}

// listener is a real HTTP server on a port that can be killed and started
// again at the same address.
type listener struct {
	*httptest.Server
	addr string
}

func listen(tb testing.TB, addr string, h http.Handler) *listener {
	tb.Helper()
	l, err := net.Listen("tcp", addr)
	if err != nil {
		tb.Fatal(err)
	}
	s := httptest.NewUnstartedServer(h)
	s.Listener.Close()
	s.Listener = l
	s.Start()
	return &listener{s, l.Addr().String()}
}

// kill is kill -9 as others see it: connections break, new ones are refused.
func (l *listener) kill() {
	l.Listener.Close()
	l.CloseClientConnections()
	l.Close()
}

// eventually waits until ok and returns how long that took.
func eventually(tb testing.TB, within time.Duration, what string, ok func() bool) time.Duration {
	tb.Helper()
	start := time.Now()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		if time.Since(start) > within {
			tb.Fatalf("not within %v: %s", within, what)
		}
		<-tick.C
	}
	return time.Since(start)
}

// settle makes the registry one that started an hour ago.
func settle(s *Server) {
	s.mu.Lock()
	s.table.started = s.table.started.Add(-time.Hour)
	s.mu.Unlock()
	s.step(nil)
}

// awaitSettled waits until it has settled by itself.
func awaitSettled(tb testing.TB, s *Server) {
	tb.Helper()
	eventually(tb, 10*time.Second, "the registry settles", func() bool {
		s.step(nil)
		s.mu.Lock()
		defer s.mu.Unlock()
		return !s.table.settling
	})
}

// healthOf returns the health of what is registered at u, or "".
func healthOf(s *Server, u string) health {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e := s.table.services[key(u)]; e != nil {
		return e.health
	}
	return ""
}
