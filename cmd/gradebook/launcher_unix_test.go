//go:build unix

package main

import (
	"bytes"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// system is a launcher that runs with four fake services.
type system struct {
	t     *testing.T
	data  string
	cmd   *exec.Cmd
	out   *buffer
	ended chan struct{}
}

// inOrder are the binaries in the order of start.
var inOrder = []string{"registryservice", "logservice", "gradingservice", "teacherportalservice"}

// launch starts the launcher on free ports, its services behaving as files says
// (see fakeService).
func launch(t *testing.T, files []string, args ...string) *system {
	t.Helper()
	s := &system{t: t, data: t.TempDir(), out: new(buffer), ended: make(chan struct{})}
	misbehave(t, s.data, files)
	args = append(args, "-data", s.data, "-registry-addr", "localhost:0", "-log-addr", "127.0.0.1:0", "-grading-addr", "localhost:0", "-portal-addr", "localhost:0")
	s.cmd = exec.Command(filepath.Join(install(t), "gradebook"), args...)
	s.cmd.Stdout, s.cmd.Stderr = s.out, s.out
	s.cmd.WaitDelay = 5 * time.Second
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { // ends with the launcher
		s.cmd.Wait()
		close(s.ended)
	}()
	t.Cleanup(func() {
		s.cmd.Process.Signal(syscall.SIGTERM)
		<-s.ended
		if t.Failed() {
			t.Logf("it printed:\n%s", s.out)
		}
	})
	return s
}

// misbehave makes files such as gradingservice/crash in a data directory.
func misbehave(t *testing.T, data string, files []string) {
	t.Helper()
	for _, name := range inOrder {
		if err := os.Mkdir(filepath.Join(data, name), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for _, file := range files {
		if err := os.WriteFile(filepath.Join(data, file), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func (s *system) prints(want string) {
	s.t.Helper()
	eventually(s.t, "what it prints", want, s.out.String)
}

// events returns the services that had an event, in order.
func (s *system) events(event string) []string {
	text, err := os.ReadFile(filepath.Join(s.data, "events"))
	if err != nil {
		s.t.Fatal(err)
	}
	var names []string
	for line := range strings.Lines(string(text)) {
		if name, ok := strings.CutPrefix(strings.TrimSpace(line), event+" "); ok {
			names = append(names, name)
		}
	}
	return names
}

// exit waits for the launcher's end and returns its exit code.
func (s *system) exit() int {
	s.t.Helper()
	select {
	case <-s.ended:
	case <-time.After(15 * time.Second):
		s.t.Fatal("the launcher does not end")
	}
	return s.cmd.ProcessState.ExitCode()
}

func TestStartsAndStopsInOrder(t *testing.T) {
	t.Parallel()
	s := launch(t, nil)
	s.prints("ready: http://localhost:")
	if got := s.events("start"); !slices.Equal(got, inOrder) {
		t.Errorf("started %v", got)
	}
	addr := regexp.MustCompile(`ready: (http://\S+)`).FindStringSubmatch(s.out.String())[1]
	resp, err := http.Get(addr + "/args")
	if err != nil {
		t.Fatal(err)
	}
	args, _ := io.ReadAll(resp.Body)
	resp.Body.Close()
	if want := "-data " + filepath.Join(s.data, "teacherportalservice"); !strings.HasPrefix(string(args), "-addr localhost:") || !strings.Contains(string(args), " -registry http://localhost:") || !strings.HasSuffix(string(args), want) {
		t.Errorf("the portal was started with %s", args)
	}
	s.cmd.Process.Signal(syscall.SIGINT)
	if code := s.exit(); code != 0 {
		t.Errorf("exit code %d, want 0", code)
	}
	want := slices.Clone(inOrder)
	slices.Reverse(want)
	if got := s.events("stop"); !slices.Equal(got, want) {
		t.Errorf("stopped %v, want %v", got, want)
	}
}

func TestCrashIsNamedAndRestarted(t *testing.T) {
	t.Parallel()
	s := launch(t, []string{"gradingservice/crash"})
	s.prints("ready: http://")
	s.prints("GradingService stopped by itself: exit status 3; it starts again in 500ms")
	s.prints("its last lines (20):")
	out := s.out.String()
	if !strings.Contains(out, "gradebook |     line 25\n") || !strings.Contains(out, "gradebook |     line 6\n") || strings.Contains(out, "gradebook |     line 5\n") {
		t.Error("these are not the last 20 lines")
	}
	if !strings.Contains(out, "grading   | line 5\n") {
		t.Error("what the service printed does not begin with its label")
	}
	if want, got := append(inOrder[:3:3], "teacherportalservice", "gradingservice"), s.events("start"); !slices.Equal(got, want) {
		t.Errorf("started %v, want %v", got, want)
	}
}

func TestServicesStopWithAKilledLauncher(t *testing.T) {
	t.Parallel()
	s := launch(t, nil)
	s.prints("ready: http://")
	s.cmd.Process.Kill()
	eventually(t, "services at the end of their input", "4", func() string { return count(len(s.events("eof")), "event") })
}

func TestSecondSignalKills(t *testing.T) {
	t.Parallel()
	s := launch(t, []string{"logservice/stubborn"})
	s.prints("ready: http://")
	s.cmd.Process.Signal(syscall.SIGTERM)
	s.prints("stopping LogService")
	eventually(t, "the log service", "logservice", func() string { return strings.Join(s.events("stop"), " ") })
	s.cmd.Process.Signal(syscall.SIGTERM)
	if code := s.exit(); code != 0 {
		t.Errorf("exit code %d, want 0", code)
	}
	if strings.Contains(s.out.String(), "has not stopped after") {
		t.Error("it waited for the log service all the same")
	}
	if got, want := s.events("stop"), []string{"teacherportalservice", "gradingservice", "logservice"}; !slices.Equal(got, want) {
		t.Errorf("stopped %v, want %v: the registry is killed, not asked", got, want)
	}
}

func TestImportsAndGenerates(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "spring 7b.csv")
	if err := os.WriteFile(file, []byte("Student,ID,Essay\nDoe,1,5\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := launch(t, nil, "-import", file, "-generate", "3")
	s.prints("imported format=plain&title=spring+7b: 25 students")
	s.prints("imported format=canvas: ")
	s.prints("ready: http://")
	if out := s.out.String(); strings.Index(out, "ready") < strings.Index(out, "imported format=canvas: ") {
		t.Error("it called itself ready before the import")
	}
}

func TestSaysWhoIsNotReady(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	misbehave(t, data, []string{"logservice/unready"})
	services := fourServices()
	for _, s := range services {
		s.addr = "localhost:0"
	}
	if err := claimPorts(services); err != nil {
		t.Fatal(err)
	}
	setArgs(services, data, false)
	if got := services[grading].args; !slices.Contains(got, "-sample=false") {
		t.Errorf("the grading service is started with %v, want -sample=false in it", got)
	}
	printed := new(buffer)
	l := newLauncher(services, install(t), newOutput(printed, false))
	l.patience = 200 * time.Millisecond
	l.start(t.Context(), t.Context())
	defer l.stop()
	ready := make(chan bool, 1)
	go func() { ready <- l.waitReady(t.Context()) }() // ends at the latest with the test
	eventually(t, "what it prints", "LogService is still not ready: 503 Service Unavailable: logservice waits for the moon", printed.String)
	if err := os.Remove(filepath.Join(data, "logservice", "unready")); err != nil {
		t.Fatal(err)
	}
	select {
	case <-ready:
	case <-time.After(15 * time.Second):
		t.Errorf("it is not ready once the log service is:\n%s", printed)
	}
	if strings.Contains(printed.String(), "GradingService is still not ready") {
		t.Errorf("it complains about who is ready:\n%s", printed)
	}
}

// buffer is what a process printed so far. It is safe for concurrent use.
type buffer struct {
	mu sync.Mutex // guards b
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// eventually waits until got returns what contains want.
func eventually(t *testing.T, what, want string, got func() string) {
	t.Helper()
	deadline := time.NewTimer(time.Minute)
	defer deadline.Stop()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !strings.Contains(got(), want) {
		select {
		case <-tick.C:
		case <-deadline.C:
			t.Fatalf("%s: %q is not in\n%s", what, want, got())
		}
	}
}
