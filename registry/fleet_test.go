package registry

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"gradebook/service/telemetry"
	"gradebook/service/web"
)

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
	m.AddRoutes(m.mux, "/services/update")
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

// patience is how long a test waits for what comes in milliseconds on a quiet
// machine.
const patience = time.Minute

// eventually waits until ok and returns how long that took.
func eventually(tb testing.TB, what string, ok func() bool) time.Duration {
	tb.Helper()
	start := time.Now()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		if time.Since(start) > patience {
			tb.Fatalf("not within %v: %s", patience, what)
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
	eventually(tb, "the registry settles", func() bool {
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
