package cmd_test

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"
)

// providers starts a registry and n grading services, and returns their names
// once the registry has settled: before, it takes nobody away.
func (s *system) providers(n int, flags ...string) []string {
	s.t.Helper()
	s.startWith(registryService, flags...)
	names := []string{gradingService}
	for len(names) < n {
		names = append(names, s.another(gradingService))
	}
	s.start(names...)
	s.waitSettled()
	return names
}

// knows waits until d has found all of these services.
func (d *dependent) knows(s *system, names ...string) {
	d.t.Helper()
	for _, name := range names {
		d.await(s.url(name), true)
	}
}

// readsAndWrites makes requests of which every tenth adds a grade.
func readsAndWrites(keyed bool) func(int64) *http.Request {
	read, run := get("GradingService", "/students/1"), rand.Text()
	return func(n int64) *http.Request {
		if n%10 != 0 {
			return read(n)
		}
		body := fmt.Sprintf(`{"title":"Load %s %d","type":"Test","score":50}`, run, n)
		req, err := http.NewRequest(http.MethodPost, fmt.Sprintf("http://GradingService/students/%d/grades", 1+n/10%5), strings.NewReader(body))
		if err != nil {
			panic(err)
		}
		req.Header.Set("Content-Type", "application/json")
		if keyed {
			req.Header.Set("Idempotency-Key", fmt.Sprintf("%s-%d", run, n))
		}
		return req
	}
}

// TestKilledUnderTraffic: who has another provider loses no request.
func TestKilledUnderTraffic(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	providers := s.providers(2)
	d := s.depend("Caller", "GradingService")
	d.knows(s, providers...)
	traffic := d.traffic(*rate, 5*time.Second, readsAndWrites(true))
	for _, name := range providers {
		traffic.more(100)
		s.kill(name)
		d.await(s.url(name), false)
		s.start(name)
		d.await(s.url(name), true)
	}
	traffic.endUnharmed(t)
}

// TestRollingRestart restarts both of two providers in order, while requests
// that must not be sent twice go on.
func TestRollingRestart(t *testing.T) {
	for _, c := range []struct {
		what string
		end  func(s *system, name string)
	}{
		{"stopped", func(s *system, name string) { s.stop(name, syscall.SIGTERM) }},
		{"drained and killed", func(s *system, name string) {
			a := s.send(http.StatusOK, http.MethodPost, name, "/drain", "")
			if !strings.Contains(a.body, `"inFlight":0`) {
				s.t.Errorf("drained, it has left: %v", a)
			}
			if a := s.get(name, "/ready"); a.status != http.StatusServiceUnavailable || !strings.Contains(a.body, "drain") {
				s.t.Errorf("drained, it is ready: %v", a)
			}
			s.kill(name)
		}},
	} {
		t.Run(c.what, func(t *testing.T) {
			t.Parallel()
			s := newSystem(t)
			providers := s.providers(2)
			d := s.depend("Caller", "GradingService")
			d.knows(s, providers...)
			traffic := d.traffic(*rate, 5*time.Second, readsAndWrites(false))
			for range 2 { // each once more would be flapping
				for _, name := range providers {
					traffic.more(100)
					c.end(s, name)
					d.await(s.url(name), false)
					s.start(name)
					d.await(s.url(name), true)
				}
			}
			traffic.endUnharmed(t)
		})
	}
}

// TestTwoOfThreeKilled: most of all services are gone at once, and it is no
// fault of the registry's: refusal is proof.
func TestTwoOfThreeKilled(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	providers := s.providers(2)
	d := s.depend("Caller", "GradingService")
	d.knows(s, providers...)
	s.kill(providers...)
	for _, name := range providers {
		d.await(s.url(name), false)
	}
	graph := read[struct{ Frozen string }](t, s.get(registryService, "/graph"))
	if graph.Frozen != "" {
		t.Errorf("removal is frozen: %s", graph.Frozen)
	}
}

// TestRegistryAway: without the registry the services go on, and when it comes
// back with nothing to remember they are all there again.
func TestRegistryAway(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	providers := s.providers(2)
	dependents := []*dependent{s.depend("Caller", "GradingService")}
	for i := range 20 {
		dependents = append(dependents, s.depend(fmt.Sprintf("Dependent%d", i), "GradingService"))
	}
	for _, d := range dependents {
		d.knows(s, providers...)
	}
	traffic := dependents[0].traffic(100, 5*time.Second, readsAndWrites(false))
	s.kill(registryService)
	<-time.After(*away)
	if err := os.RemoveAll(s.dataOf(registryService)); err != nil {
		t.Fatal(err)
	}
	s.start(registryService)
	within(t, 10*time.Second, "everybody is registered again", func() error {
		a, err := s.ask(http.MethodGet, registryService, "/services", "")
		if err != nil {
			return err
		}
		var list []json.RawMessage
		if list, err = decode[[]json.RawMessage](a); err == nil && len(list) != len(providers)+len(dependents) {
			err = fmt.Errorf("%d are, want %d", len(list), len(providers)+len(dependents))
		}
		return err
	})
	for _, d := range dependents {
		d.knows(s, providers...)
	}
	traffic.endUnharmed(t)
}
