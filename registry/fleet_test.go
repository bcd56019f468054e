package registry

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"syscall"
	"testing"
	"time"

	"gradebook/service/telemetry"
	"gradebook/service/web"
)

// network carries requests without sockets, so that whole fleets run in the
// fake time of synctest. A host that is not there refuses connections; one that
// is frozen accepts them and does not answer. The registry's connections are
// real ones to an http.Server, and break when the host goes; what services send
// goes straight to the handler.
type network struct {
	mu    sync.Mutex // guards what follows
	hosts map[string]*host
	calls map[string]int // by "METHOD host/path"
}

func newNetwork() *network {
	return &network{hosts: make(map[string]*host), calls: make(map[string]int)}
}

// set starts a process at addr that answers with h, in place of the one that
// is there; nil only kills that. With frozen, the one that is there stops to
// answer, and without goes on.
func (n *network) set(addr string, h http.Handler, frozen bool) {
	if h == nil && frozen {
		h = http.NotFoundHandler()
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	old := n.hosts[addr]
	if old != nil && h != nil && old.freeze(frozen) {
		return
	}
	if old != nil {
		old.kill()
		delete(n.hosts, addr)
	}
	if h != nil {
		n.hosts[addr] = newHost(n, h)
		n.hosts[addr].freeze(frozen)
	}
}

// hangUp closes the connections that addr has accepted.
func (n *network) hangUp(addr string) { n.host(addr).hangUp() }

// dials counts the connections that addr has accepted.
func (n *network) dials(addr string) int {
	h := n.host(addr)
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.dialled
}

// close kills everybody.
func (n *network) close() {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, h := range n.hosts {
		h.kill()
	}
}

func (n *network) host(addr string) *host {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.hosts[addr]
}

func (n *network) count(call string) int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.calls[call]
}

func (n *network) called(method string, u *url.URL) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.calls[method+" "+u.Host+u.Path]++
}

// Dial is the Options.Dial of a registry.
func (n *network) Dial(_ context.Context, _, addr string) (net.Conn, error) {
	if h := n.host(addr); h != nil {
		if conn := h.connect(); conn != nil {
			return conn, nil
		}
	}
	return nil, errRefused
}

var errRefused = &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}

// RoundTrip calls the handler of a host.
func (n *network) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		defer r.Body.Close()
	}
	n.called(r.Method, r.URL)
	h := n.host(r.URL.Host)
	if h == nil {
		return nil, errRefused
	}
	in := r.Clone(r.Context())
	if in.Body == nil {
		in.Body = http.NoBody
	}
	w := httptest.NewRecorder()
	h.answer(w, in)
	resp := w.Result()
	resp.Request = r
	return resp, r.Context().Err()
}

// host is a process on the network: an http.Server whose listener gives it one
// end of pipes.
type host struct {
	network *network
	handler http.Handler
	server  *http.Server
	serve   func() // at the first connection
	accept  chan net.Conn
	dead    chan struct{}

	mu      sync.Mutex    // guards what follows
	thaw    chan struct{} // closed when it goes on; nil while it is not frozen
	conns   []net.Conn
	dialled int
}

func newHost(n *network, h http.Handler) *host {
	o := &host{network: n, handler: h, accept: make(chan net.Conn), dead: make(chan struct{})}
	o.server = &http.Server{Handler: o, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, 0)}
	o.serve = sync.OnceFunc(func() { go o.server.Serve(o) }) // until kill
	return o
}

// Accept, Close and Addr are its net.Listener.
func (h *host) Accept() (net.Conn, error) {
	select {
	case conn := <-h.accept:
		return conn, nil
	case <-h.dead:
		return nil, net.ErrClosed
	}
}

func (h *host) Close() error   { return nil }
func (h *host) Addr() net.Addr { return &net.TCPAddr{} }

// connect returns the other end of a connection, nil once it is dead.
func (h *host) connect() net.Conn {
	h.serve()
	ours, theirs := net.Pipe()
	h.mu.Lock()
	h.conns = append(h.conns, theirs)
	h.dialled++
	h.mu.Unlock()
	select {
	case h.accept <- theirs:
		return ours
	case <-h.dead:
		return nil
	}
}

// ServeHTTP answers what came over a connection.
func (h *host) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.network.called(r.Method, &url.URL{Host: r.Host, Path: r.URL.Path})
	h.answer(w, r)
}

func (h *host) answer(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	thaw := h.thaw
	h.mu.Unlock()
	if thaw != nil {
		select {
		case <-thaw:
		case <-r.Context().Done():
			return
		}
	}
	h.handler.ServeHTTP(w, r)
}

// freeze reports whether that is news.
func (h *host) freeze(frozen bool) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case frozen == (h.thaw != nil):
		return false
	case frozen:
		h.thaw = make(chan struct{})
	default:
		close(h.thaw)
		h.thaw = nil
	}
	return true
}

func (h *host) hangUp() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, c := range h.conns {
		c.Close()
	}
	h.conns = nil
}

// kill is kill -9 as others see it: it is gone, and its connections break.
func (h *host) kill() {
	close(h.dead)
	h.hangUp()
	h.freeze(false)
	h.server.Close()
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
