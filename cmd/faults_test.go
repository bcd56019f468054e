package cmd_test

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestKilledGrading: the demo's portal answered 500 and then panicked on every
// request, and its registry noticed after 4 to 301 seconds.
func TestKilledGrading(t *testing.T) {
	t.Parallel()
	s := started(t)
	s.addGrade(1, "Before the fall", "77.25")
	kept := s.get(gradingService, "/students").body

	s.kill(gradingService)
	s.checkAway()
	s.waitState(5*time.Second, gradingService, "down")
	s.checkAway()
	eventually(t, "the portal is not ready", func() error {
		a, err := s.ask(http.MethodGet, portalService, "/ready", "")
		if err == nil && (a.status != http.StatusServiceUnavailable || !strings.Contains(a.body, "GradingService")) {
			err = fmt.Errorf("got %v, want 503 that names GradingService", a)
		}
		return err
	})

	s.start(gradingService)
	s.waitReady()
	if got := s.get(gradingService, "/students").body; got != kept {
		t.Errorf("after the restart the students are\n%s\nwant\n%s", got, kept)
	}
	s.works()
}

// checkAway checks that the portal says in words that grading is away, and
// shows what does not need it.
func (s *system) checkAway() {
	s.t.Helper()
	for _, path := range []string{"/", "/classes", "/classes/1", "/students", "/students/1"} {
		a := s.get(portalService, path)
		html := strings.HasPrefix(a.header.Get("Content-Type"), "text/html")
		if a.status != http.StatusServiceUnavailable || !html || !strings.Contains(a.body, "GradingService") {
			s.t.Errorf("GET %s without grading: got %v (%s), want a 503 page that names GradingService", path, a, a.header.Get("Content-Type"))
		}
		if a.header.Get("Retry-After") == "" {
			s.t.Errorf("GET %s without grading: no Retry-After", path)
		}
	}
	for _, path := range []string{"/status", "/logs"} {
		s.page(path)
	}
}

// TestKilledAmongSilent: the demo probed one service after the other, so that
// with 50 it took 122 seconds in the mean to notice one that was killed.
func TestKilledAmongSilent(t *testing.T) {
	t.Parallel()
	s := started(t)
	for i := range 50 {
		silent, err := net.Listen("tcp", "127.0.0.1:0") // takes connections and never answers
		if err != nil {
			t.Fatal(err)
		}
		defer silent.Close()
		url := "http://" + silent.Addr().String()
		s.send(http.StatusOK, http.MethodPost, registryService, "/services", fmt.Sprintf(
			`{"serviceName":"Silent%d","serviceURL":%q,"serviceUpdateURL":"%s/services","heartbeatURL":"%s/heartbeat"}`, i, url, url, url))
	}
	s.kill(gradingService)
	s.waitState(5*time.Second, gradingService, "down")
}

// TestKilledRegistry: nobody ever came back to the demo's.
func TestKilledRegistry(t *testing.T) {
	t.Parallel()
	s := started(t)
	s.kill(registryService)
	s.works() // the services know each other
	if err := os.RemoveAll(s.dataOf(registryService)); err != nil {
		t.Fatal(err)
	}
	s.start(registryService) // with nothing to remember
	s.works()                // takes nobody's providers away
	s.waitReady()
}

// TestKilledLog: the demo lost its lines silently.
func TestKilledLog(t *testing.T) {
	t.Parallel()
	s := started(t)
	s.kill(logService)
	var traces []string
	for i := range 20 {
		traces = append(traces, s.addGrade(1, fmt.Sprintf("Unseen %d", i), "50"))
	}
	s.waitState(5*time.Second, logService, "down")
	traces = append(traces, s.addGrade(1, "Known to be down", "50"))
	s.start(logService)
	for _, trace := range traces {
		s.waitLine(trace)
	}
	s.waitReady()
}

// TestLogStartedLast: the demo never used it.
func TestLogStartedLast(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.start(registryService, gradingService, portalService)
	early := s.addGrade(1, "Early", "60")
	s.start(logService)
	s.waitReady()
	s.waitLine(early)
	s.works()
}

// TestQuitWithoutRegistry: the demo's services had a nil-pointer panic.
func TestQuitWithoutRegistry(t *testing.T) {
	t.Parallel()
	s := started(t)
	s.kill(registryService)
	s.stop(portalService, os.Interrupt)
	s.stop(gradingService, syscall.SIGTERM)
	s.stop(logService, os.Interrupt)
}

// TestStartWithoutRegistry: the demo's services exited.
func TestStartWithoutRegistry(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.start(logService, gradingService, portalService)
	if got := len(read[[]any](t, s.get(gradingService, "/students"))); got != 5 {
		t.Errorf("grading without a registry has %d students, want 5", got)
	}
	if a := s.get(portalService, "/students"); a.status != http.StatusServiceUnavailable {
		t.Errorf("the portal without a registry: got %v, want 503", a)
	}
	s.start(registryService)
	s.waitReady()
	s.works()
}

// TestRestartWithoutRegistry: who was here before finds the others again.
func TestRestartWithoutRegistry(t *testing.T) {
	t.Parallel()
	s := started(t)
	eventually(t, "what the portal knows is on disk", func() error {
		file, err := os.ReadFile(filepath.Join(s.dataOf(portalService), "providers.json"))
		if err == nil && (!strings.Contains(string(file), s.url(gradingService)) || !strings.Contains(string(file), s.url(logService))) {
			err = fmt.Errorf("the file is %s", file)
		}
		return err
	})
	s.kill(registryService, portalService)
	s.start(portalService)
	eventually(t, "the portal shows the students", func() error {
		a, err := s.ask(http.MethodGet, portalService, "/students", "")
		if err == nil && a.status != http.StatusOK {
			err = fmt.Errorf("got %v", a)
		}
		return err
	})
	s.works()
	s.start(registryService)
	s.waitReady()
}

// TestQuit stops all four in order while everything is well: each exits 0, and
// those that stay hear it.
func TestQuit(t *testing.T) {
	t.Parallel()
	s := started(t)
	s.stop(gradingService, os.Interrupt)
	s.checkAway()
	eventually(t, "GradingService is absent", func() error {
		states, err := s.states()
		if state := states["GradingService"]; err == nil && state != "absent" {
			err = fmt.Errorf("it is %q", state)
		}
		return err
	})
	s.stop(portalService, os.Interrupt)
	s.stop(logService, syscall.SIGTERM)
	s.stop(registryService, os.Interrupt)
	for _, name := range inOrder() {
		if _, err := s.ask(http.MethodGet, name, "/heartbeat", ""); !errors.Is(err, syscall.ECONNREFUSED) {
			t.Errorf("%s after its end: got %v, want connection refused", name, err)
		}
	}
}
