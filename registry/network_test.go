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
