package cmd_test

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The four services, by binary.
const (
	registryService = "registryservice"
	logService      = "logservice"
	gradingService  = "gradingservice"
	portalService   = "teacherportalservice"
)

// names are what the services call each other.
func names() map[string]string {
	return map[string]string{
		registryService: "RegistryService",
		logService:      "LogService",
		gradingService:  "GradingService",
		portalService:   "TeacherPortal",
	}
}

// inOrder returns the four in the order in which people start them.
func inOrder() []string {
	return []string{registryService, logService, gradingService, portalService}
}

// system is the four services of one test, on ports and in a directory of
// their own. Its methods that take no testing.TB fail the test that made it.
type system struct {
	t       testing.TB
	dir     string         // data; outlives every process
	ports   map[string]int // by name, which is the binary's; also of those that do not run
	running map[string]*process
	client  *http.Client
}

// newSystem returns a system of which nothing runs yet.
func newSystem(t testing.TB) *system {
	t.Helper()
	s := &system{t: t, dir: t.TempDir(), ports: map[string]int{}, running: map[string]*process{}, client: newClient()}
	for _, name := range inOrder() {
		s.ports[name] = freePort(t)
	}
	return s
}

// started returns a system that is ready.
func started(t testing.TB) *system {
	t.Helper()
	s := newSystem(t)
	s.start(inOrder()...)
	s.waitReady()
	return s
}

// another returns a name under which a second process of a binary can be
// started, on a port and in a directory of its own.
func (s *system) another(name string) string {
	s.t.Helper()
	second := fmt.Sprintf("%s-%d", name, len(s.ports))
	s.ports[second] = freePort(s.t)
	return second
}

// program is the binary of a service or of another one like it.
func program(name string) string {
	name, _, _ = strings.Cut(name, "-")
	return name
}

// dataOf is the directory of a service.
func (s *system) dataOf(name string) string { return filepath.Join(s.dir, name) }

// url is the address of a service.
func (s *system) url(name string) string { return fmt.Sprintf("http://localhost:%d", s.ports[name]) }

// start starts services and waits, after each, until it listens.
func (s *system) start(names ...string) {
	s.t.Helper()
	for _, name := range names {
		s.startWith(name)
	}
}

// startWith starts one service with more flags.
func (s *system) startWith(name string, flags ...string) {
	s.t.Helper()
	s.running[name] = run(s.t, program(name), append([]string{
		"-addr", fmt.Sprintf("localhost:%d", s.ports[name]),
		"-registry", s.url(registryService),
		"-data", s.dataOf(name),
	}, flags...)...)
	eventually(s.t, name+" listens", func() error {
		select {
		case <-s.running[name].ended:
			s.t.Fatalf("%s ended: %v", name, s.running[name].err)
		default:
		}
		_, err := s.ask(http.MethodGet, name, "/heartbeat", "")
		return err
	})
}

// kill is kill -9.
func (s *system) kill(names ...string) {
	for _, name := range names {
		s.running[name].kill()
		delete(s.running, name)
	}
}

// stop ends a service by signal, which must exit 0.
func (s *system) stop(name string, signal os.Signal) {
	s.t.Helper()
	code, err := s.running[name].stop(signal)
	if err != nil || code != 0 {
		s.t.Errorf("%s stopped by %v with exit code %d (%v), want 0", name, signal, code, err)
	}
	delete(s.running, name)
}

// waitReady waits until every service says that it is ready and the registry
// sees all of them up.
func (s *system) waitReady() {
	s.t.Helper()
	eventually(s.t, "everything is ready", func() error {
		var errs []error
		for _, name := range inOrder() {
			if a, err := s.ask(http.MethodGet, name, "/ready", ""); err != nil {
				errs = append(errs, err)
			} else if a.status != http.StatusOK {
				errs = append(errs, fmt.Errorf("%s /ready: %v", name, a))
			}
		}
		states, err := s.states()
		for _, name := range names() {
			if states[name] != "up" {
				errs = append(errs, fmt.Errorf("%s is %q for the registry", name, states[name]))
			}
		}
		return errors.Join(append(errs, err)...)
	})
}

// waitSettled waits until the registry has been heard from by all who knew an
// earlier one.
func (s *system) waitSettled() {
	s.t.Helper()
	eventually(s.t, "the registry has settled", func() error {
		a, err := s.ask(http.MethodGet, registryService, "/graph", "")
		if err != nil {
			return err
		}
		graph, err := decode[struct{ Settling bool }](a)
		if err == nil && graph.Settling {
			err = errors.New("it is settling")
		}
		return err
	})
}

// states returns the state of each service, by the name others call it.
func (s *system) states() (map[string]string, error) {
	a, err := s.ask(http.MethodGet, registryService, "/graph", "")
	if err != nil {
		return nil, err
	}
	graph, err := decode[struct {
		Nodes []struct{ Name, State string }
	}](a)
	states := map[string]string{}
	for _, node := range graph.Nodes {
		states[node.Name] = node.State
	}
	return states, err
}

// waitState waits until the registry sees a service in a state.
func (s *system) waitState(limit time.Duration, name, want string) {
	s.t.Helper()
	within(s.t, limit, names()[name]+" is "+want, func() error {
		states, err := s.states()
		if err == nil && states[names()[name]] != want {
			err = fmt.Errorf("it is %q", states[names()[name]])
		}
		return err
	})
}

// patience is how long anything may take on a busy machine.
const patience = time.Minute

// eventually waits until check returns nil.
func eventually(t testing.TB, what string, check func() error) {
	t.Helper()
	within(t, patience, what, check)
}

// within is eventually with a limit of its own, and logs how long it took.
func within(t testing.TB, limit time.Duration, what string, check func() error) {
	t.Helper()
	start := time.Now()
	deadline := time.NewTimer(limit)
	defer deadline.Stop()
	ticker := time.NewTicker(25 * time.Millisecond)
	defer ticker.Stop()
	for {
		err := check()
		if err == nil {
			if limit != patience {
				t.Logf("%s after %v", what, time.Since(start).Round(time.Millisecond))
			}
			return
		}
		select {
		case <-deadline.C:
			t.Fatalf("%s: not within %v:\n%v", what, limit, err)
		case <-ticker.C:
		}
	}
}
