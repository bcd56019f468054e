package registry

// The defects of the demo that this package replaces, each as a test over real
// sockets.

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// quick is a registry for tests that have to wait for it.
func quick() Options {
	return Options{Interval: 50 * time.Millisecond, Timeout: 100 * time.Millisecond}
}

// serveRegistry runs a registry at addr until the end of the test.
func serveRegistry(t *testing.T, addr, dir string, o Options) (*Server, *listener) {
	t.Helper()
	s := mustOpen(t, dir, o)
	l := listen(t, addr, front(s))
	t.Cleanup(func() {
		l.kill()
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s, l
}

// join runs a member that listens at addr.
func join(t *testing.T, name, addr, registryURL string, required ...string) (*member, *listener) {
	t.Helper()
	var m *member
	l := listen(t, addr, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { m.ServeHTTP(w, r) }))
	m = newMember(t, describe(name, rand.Text(), l.URL, required...), registryURL, nil)
	m.run()
	t.Cleanup(func() {
		m.end()
		l.kill()
	})
	return m, l
}

func has(m *member, name string) func() bool {
	return func() bool { return len(m.view.Providers(name)) > 0 }
}

func lacks(m *member, name string) func() bool {
	return func() bool { return len(m.view.Providers(name)) == 0 }
}

// The demo noticed a killed service after 4 s with 1 service, a mean of 21 s
// with 10 and 122 s with 50. Here no heartbeat is due for a minute.
func TestKilledServiceIsNoticedAtOnce(t *testing.T) {
	for _, others := range []int{1, 10, 50} {
		t.Run(fmt.Sprint(others), func(t *testing.T) {
			t.Parallel()
			s, registry := serveRegistry(t, "127.0.0.1:0", t.TempDir(), Options{Interval: time.Minute})
			settle(s)
			_, grading := join(t, "Grading", "127.0.0.1:0", registry.URL)
			portal, _ := join(t, "Portal", "127.0.0.1:0", registry.URL, "Grading")
			for i := range others - 1 {
				join(t, fmt.Sprintf("Other-%d", i), "127.0.0.1:0", registry.URL)
			}
			eventually(t, "the portal finds grading", has(portal, "Grading"))
			grading.kill()
			took := eventually(t, "the portal loses grading", lacks(portal, "Grading"))
			t.Logf("%d services: noticed after %v", others, took.Round(time.Millisecond))
			if portal.Ready() == nil {
				t.Error("the portal is ready without grading")
			}
		})
	}
}

// A frozen service was never detected, and stopped all heartbeats.
func TestFrozenServiceIsTakenOutAndComesBack(t *testing.T) {
	t.Parallel()
	s, registry := serveRegistry(t, "127.0.0.1:0", t.TempDir(), quick())
	settle(s)
	portal, _ := join(t, "Portal", "127.0.0.1:0", registry.URL, "Grading", "Log")
	join(t, "Log", "127.0.0.1:0", registry.URL)
	grading, _ := join(t, "Grading", "127.0.0.1:0", registry.URL)
	eventually(t, "the portal finds both", func() bool { return portal.Ready() == nil })
	thaw := grading.freeze()
	defer thaw()
	took := eventually(t, "the portal loses grading", lacks(portal, "Grading"))
	if len(portal.view.Providers("Log")) == 0 {
		t.Error("the log service was lost as well")
	}
	t.Logf("interval 50ms, timeout 100ms: noticed after %v", took.Round(time.Millisecond))
	thaw()
	eventually(t, "the portal finds grading again", has(portal, "Grading"))
}

// Nobody ever came back to a registry that was killed and restarted.
func TestEverybodyReturnsToARestartedRegistry(t *testing.T) {
	for _, kept := range []bool{true, false} {
		t.Run(fmt.Sprintf("kept=%t", kept), func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			first := mustOpen(t, dir, quick())
			settle(first)
			l := listen(t, "127.0.0.1:0", first)
			portal, _ := join(t, "Portal", "127.0.0.1:0", l.URL, "Grading")
			grading, _ := join(t, "Grading", "127.0.0.1:0", l.URL)
			eventually(t, "the portal finds grading", has(portal, "Grading"))
			l.kill()
			if err := first.Close(); err != nil {
				t.Fatal(err)
			}
			if !kept {
				dir = t.TempDir()
			}
			lost := make(chan struct{})
			watch, stop := context.WithCancel(t.Context())
			defer stop()
			go func() { // ends with stop
				for watch.Err() == nil {
					if len(portal.view.Providers("Grading")) == 0 {
						close(lost)
						return
					}
					<-time.After(time.Millisecond)
				}
			}()
			second, _ := serveRegistry(t, l.addr, dir, quick())
			both := func() bool {
				return healthOf(second, grading.options.Registration.ServiceURL) == up && healthOf(second, portal.options.Registration.ServiceURL) == up
			}
			eventually(t, "both are registered again", both)
			awaitSettled(t, second)
			eventually(t, "both agents know the new epoch", func() bool {
				a, _ := portal.holds()
				b, _ := grading.holds()
				return a == second.table.epoch && b == second.table.epoch
			})
			select {
			case <-lost:
				t.Error("the portal lost grading meanwhile")
			default:
			}
		})
	}
}

// Registering twice made two entries, of which one stayed after the quit.
func TestRegisteredTwiceIsOneEntry(t *testing.T) {
	s, registry := serveRegistry(t, "127.0.0.1:0", t.TempDir(), quick())
	c := &Client{http: registry.Client(), base: registry.URL}
	r := describe("Grading", "", "http://localhost:1")
	for range 2 {
		if _, err := c.Register(t.Context(), r); err != nil {
			t.Fatal(err)
		}
	}
	if list := s.catalogue(""); len(list) != 1 {
		t.Errorf("%d entries, want 1", len(list))
	}
	if _, err := c.Deregister(t.Context(), r.ServiceURL, "", 0); err != nil {
		t.Fatal(err)
	}
	if list := s.catalogue(""); len(list) != 0 {
		t.Errorf("%v is left after the quit", list)
	}
}

// A registration that was answered 400 was registered all the same.
func TestRefusedRegistrationLeavesNothing(t *testing.T) {
	s, registry := serveRegistry(t, "127.0.0.1:0", t.TempDir(), quick())
	tests := []struct {
		name, body string
		status     int
		says       string
	}{
		{"not JSON", `{"serviceName":`, 400, ""},
		{"a wrong type", `{"serviceName":1}`, 400, "serviceName"},
		{"an address elsewhere", `{"serviceName":"A","serviceURL":"http://localhost:6000","serviceUpdateURL":"http://localhost:6000/u","heartbeatURL":"http://example.com/h"}`, 422, `"field":"heartbeatURL"`},
		{"nothing", `{}`, 422, `"field":"serviceName"`},
		{"300 KiB", `{"serviceName":"` + strings.Repeat("x", 300<<10) + `"}`, 413, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			resp, err := http.Post(registry.URL+"/services", "text/plain", strings.NewReader(tt.body))
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			var body bytes.Buffer
			body.ReadFrom(resp.Body)
			if resp.StatusCode != tt.status || !strings.Contains(body.String(), tt.says) {
				t.Errorf("got %d %s, want %d with %s", resp.StatusCode, body.String(), tt.status, tt.says)
			}
			if list := s.catalogue(""); len(list) != 0 {
				t.Errorf("registered: %v", list)
			}
		})
	}
}

// The first push came before the service listened, and 2 of 100 starts died.
func TestPushBeforeTheServiceListensIsMadeUpFor(t *testing.T) {
	t.Parallel()
	s, registry := serveRegistry(t, "127.0.0.1:0", t.TempDir(), quick())
	join(t, "Grading", "127.0.0.1:0", registry.URL)
	settle(s)
	l := listen(t, "127.0.0.1:0", http.NotFoundHandler())
	l.kill()
	c := &Client{http: http.DefaultClient, base: registry.URL}
	if _, err := c.Register(t.Context(), describe("Portal", "", l.URL, "Grading")); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the registry sees that nothing listens", func() bool { return healthOf(s, l.URL) == down })
	old := newOldClient()
	serving := listen(t, l.addr, old)
	t.Cleanup(serving.kill)
	eventually(t, "the push arrives after all", func() bool { return len(old.providers("Grading")) == 1 })
}

// Quitting while the registry was down was a nil-pointer panic, and starting
// an exit.
func TestStartAndQuitWhileTheRegistryIsDown(t *testing.T) {
	t.Parallel()
	l := listen(t, "127.0.0.1:0", http.NotFoundHandler())
	l.kill()
	m, _ := join(t, "Grading", "127.0.0.1:0", l.URL)
	m.end()
	start := time.Now()
	if err := m.Leave(t.Context()); !isRefused(err) {
		t.Errorf("left with %v, want a refused connection", err)
	}
	if took := time.Since(start); took > time.Second {
		t.Errorf("leaving took %v", took)
	}

	late, _ := join(t, "Grading", "127.0.0.1:0", l.URL)
	s, _ := serveRegistry(t, l.addr, t.TempDir(), quick())
	eventually(t, "the service registers with the late registry", func() bool {
		return healthOf(s, late.options.Registration.ServiceURL) == up
	})
}
