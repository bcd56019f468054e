package cmd_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// process is one running binary. It ends with the test that started it.
type process struct {
	name  string
	cmd   *exec.Cmd
	out   *output
	stdin io.Closer     // the services stop when the other end of their input is gone
	ended chan struct{} // closed when it has ended and err is set
	err   error         // of Wait
}

// output collects what a process prints. It is safe for concurrent use.
type output struct {
	mu  sync.Mutex // guards buf
	buf bytes.Buffer
}

func (o *output) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buf.Write(b)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buf.String()
}

// run starts a binary, or any other program when name is a path, and ends it
// with the test. Its output is shown if the test fails.
func run(t testing.TB, name string, args ...string) *process {
	t.Helper()
	path := name
	if !strings.ContainsAny(name, `/\`) {
		path = binary(name)
	}
	p := &process{name: name, cmd: exec.Command(path, args...), out: new(output), ended: make(chan struct{})}
	p.cmd.Dir = t.TempDir()
	p.cmd.Env = append(withoutOurs(os.Environ()), "GRADEBOOK_STOP_ON_EOF=1", "NO_COLOR=1")
	p.cmd.Stdout, p.cmd.Stderr = p.out, p.out
	p.cmd.WaitDelay = 5 * time.Second // for a child that holds our pipe open
	stdin, err := p.cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	p.stdin = stdin
	if err := p.cmd.Start(); err != nil {
		t.Fatalf("start %s: %v", name, err)
	}
	go func() { // ends with the process
		p.err = p.cmd.Wait()
		close(p.ended)
	}()
	t.Cleanup(func() { p.end(t) })
	return p
}

// withoutOurs leaves out settings of whoever runs the tests.
func withoutOurs(env []string) []string {
	var kept []string
	for _, pair := range env {
		if !strings.HasPrefix(pair, "GRADEBOOK_") {
			kept = append(kept, pair)
		}
	}
	return kept
}

// end kills the process if it still runs and shows its output if the test
// failed. A service never panics nor races, whatever a test does to it.
func (p *process) end(t testing.TB) {
	p.kill()
	out := p.out.String()
	for _, sign := range []string{"panic: ", "DATA RACE", "fatal error: "} {
		if strings.Contains(out, sign) {
			t.Errorf("%s printed %q", p.name, sign)
		}
	}
	if t.Failed() {
		lines := strings.SplitAfter(out, "\n")
		t.Logf("%s (%v) printed:\n%s", p.name, p.cmd.ProcessState, strings.Join(lines[max(0, len(lines)-60):], ""))
	}
}

// kill is kill -9. It returns once the process is gone.
func (p *process) kill() {
	p.cmd.Process.Kill() // an error says that it has ended
	<-p.ended
	p.stdin.Close()
}

// stop sends a signal and returns the exit code, or an error when the process
// does not end.
func (p *process) stop(signal os.Signal) (int, error) {
	if err := p.cmd.Process.Signal(signal); err != nil {
		return 0, fmt.Errorf("signal %s: %w", p.name, err)
	}
	return p.wait()
}

// wait returns the exit code, or an error when the process does not end.
func (p *process) wait() (int, error) {
	timeout := time.NewTimer(patience)
	defer timeout.Stop()
	select {
	case <-p.ended:
	case <-timeout.C:
		return 0, fmt.Errorf("%s still runs after %v", p.name, patience)
	}
	if _, ok := errors.AsType[*exec.ExitError](p.err); p.err != nil && !ok {
		return 0, p.err
	}
	return p.cmd.ProcessState.ExitCode(), nil
}

// runningIn returns the processes that have a path below dir on their command
// line, by the name of the binary, whoever started them.
func runningIn(t testing.TB, dir string) map[string]*os.Process {
	t.Helper()
	found := map[string]*os.Process{}
	for pid, args := range commandLines(t) {
		inside := func(arg string) bool { return strings.HasPrefix(arg, dir+string(filepath.Separator)) }
		if !slices.ContainsFunc(args, inside) {
			continue
		}
		process, err := os.FindProcess(pid)
		if err != nil {
			t.Fatal(err)
		}
		found[filepath.Base(args[0])] = process
	}
	return found
}

// commandLines returns the command line of every process, by its id.
func commandLines(t testing.TB) map[int][]string {
	t.Helper()
	lines := map[int][]string{}
	if procfs() {
		files, err := filepath.Glob("/proc/[0-9]*/cmdline")
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			line, err := os.ReadFile(file)
			pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(file)))
			if err == nil && len(line) > 0 { // neither ended meanwhile nor before
				lines[pid] = strings.Split(string(line), "\x00")
			}
		}
		return lines
	}
	out, err := exec.Command(tool(t, "ps"), "-A", "-ww", "-o", "pid=,args=").Output()
	if err != nil {
		t.Fatalf("ps: %v", err)
	}
	for line := range strings.Lines(string(out)) {
		if fields := strings.Fields(line); len(fields) > 1 {
			pid, _ := strconv.Atoi(fields[0])
			lines[pid] = fields[1:]
		}
	}
	return lines
}

// procfs reports whether this system tells about processes in /proc.
func procfs() bool { return runtime.GOOS == "linux" }

// peakMemory returns the most memory the process held, in bytes. It needs
// procfs.
func (p *process) peakMemory(t testing.TB) int { return p.memory(t, "VmHWM:") }

// memory returns a figure of the process's status in bytes. It needs procfs.
func (p *process) memory(t testing.TB, figure string) int {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(status)) {
		if fields := strings.Fields(line); len(fields) == 3 && fields[0] == figure {
			kib, err := strconv.Atoi(fields[1])
			if err != nil {
				t.Fatal(err)
			}
			return kib << 10
		}
	}
	t.Fatalf("no %s in the status of %s", figure, p.name)
	return 0
}

// cpu returns the processor time used so far, in steps of 10 ms. It needs
// procfs.
func (p *process) cpu(t testing.TB) time.Duration {
	t.Helper()
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.cmd.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(stat), ") ") // the name may hold spaces
	fields := strings.Fields(rest)
	user, err1 := strconv.Atoi(fields[11])
	system, err2 := strconv.Atoi(fields[12])
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
	return time.Duration(user+system) * 10 * time.Millisecond
}
