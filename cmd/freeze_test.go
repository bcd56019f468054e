//go:build unix

package cmd_test

import (
	"fmt"
	"net/http"
	"syscall"
	"testing"
	"time"
)

// freeze stops a process without ending it: it keeps its port and connections.
func (s *system) freeze(name string) {
	s.t.Helper()
	if err := s.running[name].cmd.Process.Signal(syscall.SIGSTOP); err != nil {
		s.t.Fatal(err)
	}
}

func (s *system) thaw(name string) {
	s.t.Helper()
	if err := s.running[name].cmd.Process.Signal(syscall.SIGCONT); err != nil {
		s.t.Fatal(err)
	}
}

// TestFrozenGrading: the demo never saw it, and stopped all heartbeats.
func TestFrozenGrading(t *testing.T) {
	t.Parallel()
	s := started(t)
	s.freeze(gradingService)
	s.waitState(10*time.Second, gradingService, "down")
	s.checkAway()

	before := s.beats("LogService")
	eventually(t, "the heartbeats of the others go on", func() error {
		if now := s.beats("LogService"); !now.After(before.Add(time.Second)) {
			return fmt.Errorf("the last one was at %v", now)
		}
		return nil
	})
	s.kill(logService) // and what else happens is seen
	s.waitState(5*time.Second, logService, "down")
	s.start(logService)
	s.waitState(5*time.Second, logService, "up")

	s.thaw(gradingService)
	s.waitReady()
	s.works()
}

// TestFrozenProvider: calls keep their deadline while a provider is frozen, and
// once it is out all go to the other.
func TestFrozenProvider(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	providers := s.providers(2)
	d := s.depend("Caller", "GradingService")
	d.knows(s, providers...)
	read := get("GradingService", "/students/1")
	hasty := d.traffic(50, 300*time.Millisecond, read)
	s.freeze(providers[0])
	d.await(s.url(providers[0]), false)
	hasty.end()
	t.Logf("%d of %d calls failed, the latest %v after its deadline", hasty.failed, hasty.sent.Load(), hasty.late)
	if hasty.late > time.Second { // the benchmark says how late on a machine that is not busy
		t.Errorf("a call outlived its deadline by %v", hasty.late)
	}
	patient := d.traffic(200, 5*time.Second, read)
	patient.more(100)
	patient.endUnharmed(t)
}

// beats returns when a service last answered a heartbeat.
func (s *system) beats(name string) time.Time {
	s.t.Helper()
	services := read[[]struct{ LastHeartbeat time.Time }](s.t, s.get(registryService, "/services/"+name))
	if len(services) != 1 {
		s.t.Fatalf("%d entries of %s, want 1", len(services), name)
	}
	return services[0].LastHeartbeat
}

// TestFrozenLog: after one 404 the demo's student routes and portal hung.
func TestFrozenLog(t *testing.T) {
	t.Parallel()
	s := started(t)
	s.freeze(logService)
	var traces []string
	for i := range 3 {
		s.send(http.StatusNotFound, http.MethodGet, gradingService, "/students/999999", "")
		traces = append(traces, s.addGrade(1, fmt.Sprintf("While frozen %d", i), "40"))
		for _, path := range []string{"/students", "/students/1"} {
			s.promptly(gradingService, path)
			s.promptly(portalService, path)
		}
		s.promptly(portalService, "/classes/1")
	}
	s.thaw(logService)
	s.waitReady()
	for _, trace := range traces {
		s.waitLine(trace)
	}
}

// promptly checks that a page comes at once; a hang would last seconds.
func (s *system) promptly(service, path string) {
	s.t.Helper()
	start := time.Now()
	if a := s.get(service, path); a.status != http.StatusOK {
		s.t.Errorf("GET %s of %s: got %v, want 200", path, service, a)
	}
	if took := time.Since(start); took > 5*time.Second {
		s.t.Errorf("GET %s of %s took %v", path, service, took)
	}
}
