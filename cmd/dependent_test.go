package cmd_test

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"gradebook/registry"
	"gradebook/service/web"
)

// dependent is a service in this process that needs one other: the registry's
// client side behind a real listener, so that a test sees the moment at which
// a change has been applied.
type dependent struct {
	t      testing.TB
	url    string
	needs  string
	view   *registry.View
	client *http.Client // names lead to providers, as in every service

	mu      sync.Mutex // guards what follows
	known   []string   // the providers of the latest note, sorted
	changed map[string]time.Time
	noted   chan struct{} // closed at the next note
	pushes  int
}

// depend registers a dependent, until the end of the test, and waits until the
// registry has answered.
func (s *system) depend(name, needs string) *dependent {
	s.t.Helper()
	d := &dependent{t: s.t, needs: needs, view: registry.NewView(), changed: map[string]time.Time{}, noted: make(chan struct{})}
	mux := web.NewMux(web.Problems(nil))
	server := httptest.NewServer(mux)
	d.url = server.URL
	agent := registry.NewAgent(registry.AgentOptions{
		Registration: registry.Registration{
			ServiceName: name, ServiceURL: d.url, RequiredServices: []string{needs},
			ServiceUpdateURL: d.url + "/update", HeartbeatURL: d.url + "/heartbeat", Instance: "test-" + d.url[len("http://"):],
		},
		RegistryURL: s.url(registryService), View: d.view, HTTP: newClient(), Logger: loggerOf(s.t),
	})
	mux.Handle("GET /heartbeat", agent.Heartbeat)
	mux.Handle("POST /update", func(w http.ResponseWriter, r *http.Request) error {
		err := agent.Update(w, r)
		d.note(1)
		return err
	})
	base := &http.Transport{DialContext: (&net.Dialer{Timeout: time.Second}).DialContext, MaxIdleConnsPerHost: 64}
	d.client = &http.Client{Transport: registry.NewTransport(registry.TransportOptions{
		View: d.view, RegistryURL: s.url(registryService), Base: base, Suspect: agent.Suspect,
	})}
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { agent.Run(ctx) })
	s.t.Cleanup(func() {
		cancel()
		running.Wait()
		agent.Leave(context.Background()) // the registry may be gone
		server.Close()
		base.CloseIdleConnections()
	})
	eventually(s.t, name+" is registered", func() error {
		a, err := s.ask(http.MethodGet, registryService, "/services/"+name, "")
		if err == nil && a.status != http.StatusOK {
			err = fmt.Errorf("got %v", a)
		}
		return err
	})
	return d
}

// loggerOf prints with a test, and not at all in a benchmark, whose output it
// would spoil.
func loggerOf(t testing.TB) *slog.Logger {
	if _, benchmark := t.(*testing.B); benchmark {
		return slog.New(slog.DiscardHandler)
	}
	return slog.New(slog.NewTextHandler(t.Output(), nil))
}

// note takes down what the view has now.
func (d *dependent) note(pushes int) {
	now, urls := time.Now(), d.view.Providers(d.needs)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.pushes += pushes
	for _, url := range slices.Concat(urls, d.known) {
		if slices.Contains(urls, url) != slices.Contains(d.known, url) {
			d.changed[url] = now
		}
	}
	d.known = urls
	close(d.noted)
	d.noted = make(chan struct{})
}

// pushed returns how many pushes it got so far.
func (d *dependent) pushed() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.pushes
}

// await waits until the view holds a provider, or does not any more, and
// returns since when.
func (d *dependent) await(url string, held bool) time.Time {
	d.t.Helper()
	timeout := time.NewTimer(patience)
	defer timeout.Stop()
	ticker := time.NewTicker(25 * time.Millisecond) // an answer to a registration is no push
	defer ticker.Stop()
	for {
		d.mu.Lock()
		now, changed, noted := slices.Contains(d.known, url), d.changed[url], d.noted
		d.mu.Unlock()
		if now == held {
			return changed
		}
		select {
		case <-noted:
		case <-ticker.C:
			d.note(0)
		case <-timeout.C:
			d.t.Fatalf("after %v the dependent at %s has the providers %q; %s in it: want %t", patience, d.url, d.known, url, held)
		}
	}
}

// awaitAll is await for many, and returns when the last of them had it.
func awaitAll(dependents []*dependent, url string, held bool) time.Time {
	var last time.Time
	for _, d := range dependents {
		if at := d.await(url, held); at.After(last) {
			last = at
		}
	}
	return last
}
