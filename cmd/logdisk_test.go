//go:build linux

package cmd_test

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestFullDisk fills the disk of the log service while eight senders are
// writing. It refuses with 507, answers readers, goes on by itself once there is
// room, and whatever it acknowledged is there, and nothing that it refused.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.smallDisk(logService, 64<<20)
	s.start(logService)
	load := s.logLoad(6, 2, 0)
	for round := range 3 {
		waitFor(t, "answered", &load.stored, 20)
		enough := load.refused.Load() + 50
		eventually(t, "the disk is full", func() error {
			s.fillDisk(logService, 100<<10) // again and again: packing makes room
			a := s.post(strings.Repeat("no room for this ", 10_000))
			if n := load.refused.Load(); a.status != http.StatusInsufficientStorage || n < enough {
				return fmt.Errorf("%d of %d requests were refused; the last got %v", n, enough, a)
			}
			if a.header.Get("Content-Type") != "application/problem+json" || a.header.Get("Retry-After") == "" || !strings.Contains(a.body, "make room") {
				t.Errorf("full disk: got %v %v, want a problem that says what to do, and when to try again", a, a.header)
			}
			return nil
		})
		if a := s.get(logService, "/log?limit=10"); a.status != http.StatusOK {
			t.Errorf("full disk: GET /log: got %v, want 200", a)
		}
		if round == 1 { // it starts on a full disk, too
			s.kill(logService)
			s.start(logService)
		}
		s.makeRoom(logService)
		waitFor(t, "answered once there is room", &load.stored, 20)
	}
	load.end()
	load.check(t)
	s.kill(logService)
	s.start(logService)
	load.check(t)
	s.stop(logService, os.Interrupt)
}

// smallDisk gives a service a file system of its own, which the test's system
// can make for root only.
func (s *system) smallDisk(name string, size int) {
	s.t.Helper()
	dir := s.dataOf(name)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		s.t.Fatal(err)
	}
	err := syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%d,mode=700", size))
	if errors.Is(err, syscall.EPERM) || errors.Is(err, syscall.EACCES) {
		s.t.Skipf("no full disk without the right to mount a small one: %v", err)
	}
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() {
		if p := s.running[name]; p != nil {
			p.kill()
		}
		if err := syscall.Unmount(dir, 0); err != nil {
			s.t.Errorf("unmount %s: %v", dir, err)
		}
	})
}

// ballast is the file that fills the disk of a service.
func (s *system) ballast(name string) string { return filepath.Join(s.dataOf(name), "ballast") }

// post sends text to the log service, whatever it answers.
func (s *system) post(text string) answer {
	s.t.Helper()
	a, err := s.ask(http.MethodPost, logService, "/log", text)
	if err != nil {
		s.t.Fatal(err)
	}
	return a
}

// fillDisk leaves so many bytes free, or a little less.
func (s *system) fillDisk(name string, free int64) {
	s.t.Helper()
	var disk syscall.Statfs_t
	if err := syscall.Statfs(s.dataOf(name), &disk); err != nil {
		s.t.Fatal(err)
	}
	more := int64(disk.Bavail)*disk.Bsize - free
	if more <= 0 {
		return
	}
	f, err := os.OpenFile(s.ballast(name), os.O_WRONLY|os.O_CREATE, 0o600)
	if err != nil {
		s.t.Fatal(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		s.t.Fatal(err)
	}
	err = syscall.Fallocate(int(f.Fd()), 0, info.Size(), more)
	if err != nil && !errors.Is(err, syscall.ENOSPC) { // the service was quicker
		s.t.Fatal(err)
	}
}

func (s *system) makeRoom(name string) {
	s.t.Helper()
	if err := os.Remove(s.ballast(name)); err != nil {
		s.t.Fatal(err)
	}
}

// TestSyncError has the system fail every sync of a log service that is being
// written to, as a disk does that dies. It says so, acknowledges nothing more,
// and exits non-zero; what it had acknowledged is there when the disk is well.
func TestSyncError(t *testing.T) {
	t.Parallel()
	tool(t, "strace")
	s := newSystem(t)
	s.start(logService)
	load := s.logLoad(6, 0, 0)
	waitFor(t, "answered", &load.stored, 50)
	s.failSyncs(logService, "commit log has stopped")
	load.end()
	s.start(logService)
	load.check(t)
	s.send(http.StatusOK, http.MethodPost, logService, "/log", "the disk is well again")
}

// failSyncs has every sync of a service fail, which is to end it with an exit
// code that is not 0 and with words.
func (s *system) failSyncs(name, what string) {
	s.t.Helper()
	p := s.running[name]
	fault := run(s.t, tool(s.t, "strace"), "-f", "-qq", "-e", "trace=fsync,fdatasync", "-e", "signal=none", "-e", "inject=fsync,fdatasync:error=EIO", "-p", fmt.Sprint(p.cmd.Process.Pid))
	select {
	case <-p.ended:
	case <-fault.ended: // with what it traced, unless it may not trace
		if out := fault.out.String(); strings.Contains(out, "Operation not permitted") {
			absent(s.t, "strace may not trace here: %s", out)
		}
	}
	code, err := p.wait()
	if err != nil || code == 0 {
		s.t.Errorf("exit code %d (%v), want one that is not 0; strace printed %q", code, err, fault.out.String())
	}
	out := p.out.String()
	for _, want := range []string{name + ": " + what, "check the disk", "input/output error"} {
		if !strings.Contains(out, want) {
			s.t.Errorf("it did not print %q", want)
		}
	}
	if _, err := fault.wait(); err != nil {
		s.t.Error(err)
	}
}
