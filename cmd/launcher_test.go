package cmd_test

import (
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
)

const launcher = "gradebook"

// launch starts all four with the launcher and waits until it says that they
// are ready.
func (s *system) launch(flags ...string) *process {
	s.t.Helper()
	s.t.Cleanup(s.waitGone) // after the launcher's end, which stops the four
	p := run(s.t, launcher, append([]string{
		"-data", s.dir,
		"-registry-addr", fmt.Sprintf("localhost:%d", s.ports[registryService]),
		"-log-addr", fmt.Sprintf("localhost:%d", s.ports[logService]),
		"-grading-addr", fmt.Sprintf("localhost:%d", s.ports[gradingService]),
		"-portal-addr", fmt.Sprintf("localhost:%d", s.ports[portalService]),
	}, flags...)...)
	eventually(s.t, "the launcher says that all is ready", func() error {
		select {
		case <-p.ended:
			s.t.Fatalf("the launcher ended: %v", p.err)
		default:
		}
		if !strings.Contains(p.out.String(), fmt.Sprintf("ready: http://localhost:%d", s.ports[portalService])) {
			return errors.New("it has not")
		}
		return nil
	})
	return p
}

// waitGone waits until no service runs on the system's data.
func (s *system) waitGone() {
	s.t.Helper()
	eventually(s.t, "the four are gone", func() error {
		if left := runningIn(s.t, s.dir); len(left) > 0 {
			return fmt.Errorf("there are %v", slices.Collect(maps.Keys(left)))
		}
		return nil
	})
}

// four returns the processes that the launcher started.
func (s *system) four() map[string]*os.Process {
	s.t.Helper()
	found := runningIn(s.t, s.dir)
	for _, name := range inOrder() {
		if found[name] == nil {
			s.t.Fatalf("%s does not run; there are %v", name, slices.Collect(maps.Keys(found)))
		}
	}
	return found
}

func TestLauncherStopsTheFour(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	p := s.launch()
	s.waitReady()
	code, err := p.stop(os.Interrupt)
	if err != nil || code != 0 {
		t.Errorf("the launcher stopped with exit code %d (%v), want 0", code, err)
	}
	for name := range runningIn(t, s.dir) {
		t.Errorf("%s outlived the launcher", name)
	}
}

// TestLauncherDies: the four stop by themselves, in order, with everything kept.
func TestLauncherDies(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	p := s.launch()
	s.addGrade(1, "Kept", "64")
	p.kill()
	s.waitGone()
	s.start(gradingService)
	if a := s.get(gradingService, "/students/1"); !strings.Contains(a.body, "Kept") {
		t.Errorf("the grade is gone: %v", a)
	}
}

// TestLauncherRestarts kills one of the four under the launcher.
func TestLauncherRestarts(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	p := s.launch()
	for _, name := range []string{gradingService, registryService} {
		said := len(p.out.String())
		if err := s.four()[name].Kill(); err != nil {
			t.Fatal(err)
		}
		eventually(t, "the launcher names "+name, func() error {
			if out := p.out.String()[said:]; !strings.Contains(out, names()[name]) && !strings.Contains(out, name) {
				return fmt.Errorf("it printed: %s", out)
			}
			return nil
		})
		s.waitReady()
	}
	s.works()
}

// TestPortInUse: the launcher, and a service, say which port it is and what to
// do, and leave the port's holder alone.
func TestPortInUse(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	port := s.ports[gradingService]
	holder, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		t.Fatal(err)
	}
	defer holder.Close()
	go http.Serve(holder, http.NotFoundHandler()) // ends with its listener
	addr := fmt.Sprintf("localhost:%d", port)
	for _, p := range []*process{
		run(t, gradingService, "-addr", addr, "-data", s.dataOf(gradingService)),
		run(t, launcher, "-data", s.dir, "-grading-addr", addr, "-registry-addr", "localhost:0", "-log-addr", "localhost:0", "-portal-addr", "localhost:0"),
	} {
		code, err := p.wait()
		if out := p.out.String(); err != nil || code == 0 || !strings.Contains(out, fmt.Sprint(port)) || !strings.Contains(out, "addr") {
			t.Errorf("%s with its port in use: exit code %d (%v), and it printed %q", p.name, code, err, out)
		}
	}
}
