package cmd_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"path"
	"sync"
	"testing"
)

// stub is a service of a few lines that behaves as a test wants, on a port that
// outlives its ends. It answers heartbeats as its instance, and acknowledges
// pushes, unless told otherwise.
type stub struct {
	t    testing.TB
	name string
	addr string

	mu       sync.Mutex // guards what follows
	instance string     // "" is an old client
	beat     http.HandlerFunc
	update   http.HandlerFunc
	server   *httptest.Server // nil while it is down
	calls    map[string]int   // by the last part of the path
}

// newStub returns a stub that runs and is not registered.
func newStub(t testing.TB, name, instance string) *stub {
	t.Helper()
	b := &stub{
		t: t, name: name, instance: instance, calls: map[string]int{},
		addr: fmt.Sprintf("127.0.0.1:%d", freePort(t)), // which nobody else is given while it is down
	}
	b.up()
	t.Cleanup(b.down)
	return b
}

func (b *stub) url() string { return "http://" + b.addr }

// up listens, always at the same port.
func (b *stub) up() {
	b.t.Helper()
	l, err := net.Listen("tcp", b.addr)
	if err != nil {
		b.t.Fatal(err)
	}
	server := &httptest.Server{Listener: l, Config: &http.Server{Handler: b}}
	server.Start()
	b.mu.Lock()
	defer b.mu.Unlock()
	b.server = server
}

// down closes the port and every connection, as a killed process does.
func (b *stub) down() {
	b.mu.Lock()
	server := b.server
	b.server = nil
	b.mu.Unlock()
	if server != nil {
		server.Listener.Close()
		server.CloseClientConnections()
		server.Config.Close()
	}
}

// set changes how it behaves.
func (b *stub) set(change func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	change()
}

// called returns how often a path was asked for.
func (b *stub) called(path string) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.calls[path]
}

func (b *stub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	what := "/" + path.Base(r.URL.Path) // a stub may be several services, by path
	b.mu.Lock()
	b.calls[what]++
	instance, beat, update := b.instance, b.beat, b.update
	b.mu.Unlock()
	switch {
	case what == "/heartbeat" && beat != nil:
		beat(w, r)
	case what == "/heartbeat" && instance != "":
		json.NewEncoder(w).Encode(map[string]string{"status": "up", "instance": instance})
	case what == "/update" && update != nil:
		update(w, r)
	case what == "/update" && instance != "":
		var push struct {
			Epoch    string `json:"epoch"`
			Revision uint64 `json:"revision"`
		}
		json.NewDecoder(r.Body).Decode(&push)
		json.NewEncoder(w).Encode(push)
	default:
		io.Copy(io.Discard, r.Body)
	}
}

// registration is what it says of itself.
func (b *stub) registration(needs ...string) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	body, err := json.Marshal(map[string]any{
		"serviceName": b.name, "serviceURL": b.url(), "requiredServices": needs,
		"serviceUpdateURL": b.url() + "/update", "heartbeatURL": b.url() + "/heartbeat", "instance": b.instance,
	})
	if err != nil {
		b.t.Fatal(err)
	}
	return string(body)
}

// register registers it.
func (b *stub) register(s *system, needs ...string) {
	b.t.Helper()
	s.send(http.StatusOK, http.MethodPost, registryService, "/services", b.registration(needs...))
}
