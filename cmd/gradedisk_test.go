//go:build linux

package cmd_test

import (
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
)

// TestFullGradingDisk fills the disk of the grading service while teachers are
// writing. It refuses with 507 and says what to do, answers readers, starts on a
// full disk, goes on by itself once there is room, and holds what it
// acknowledged and nothing that it refused.
func TestFullGradingDisk(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.smallDisk(gradingService, 64<<20)
	s.start(gradingService)
	load := s.gradeLoad(8, 4, 4)
	for round := range 3 {
		waitFor(t, "answered", &load.answered, 20)
		enough := load.refused.Load() + 50
		eventually(t, "the disk is full", func() error {
			s.fillDisk(gradingService, 16<<10)
			a, err := s.ask(http.MethodPost, gradingService, "/students", fmt.Sprintf(`{"firstName":"Nobody","email":"%s@example.org"}`, strings.Repeat("x", 150)))
			if n := load.refused.Load(); err != nil || a.status != http.StatusInsufficientStorage || n < enough {
				return fmt.Errorf("%d of %d requests were refused; the last got %v %v", n, enough, a, err)
			}
			if a.header.Get("Content-Type") != "application/problem+json" || a.header.Get("Retry-After") == "" || !strings.Contains(a.body, "make room") {
				t.Errorf("full disk: got %v %v, want a problem that says what to do, and when to try again", a, a.header)
			}
			return nil
		})
		if a := s.get(gradingService, "/classes/2/gradebook"); a.status != http.StatusOK {
			t.Errorf("full disk: got %v, want the gradebook", a)
		}
		if round == 1 {
			s.kill(gradingService)
			s.start(gradingService)
		}
		s.makeRoom(gradingService)
		waitFor(t, "answered once there is room", &load.answered, 20)
	}
	load.end()
	load.check(t)
	s.kill(gradingService)
	s.start(gradingService)
	load.check(t)
	s.stop(gradingService, os.Interrupt)
}

// TestGradingSyncError has the system fail every sync of a grading service that
// is being written to, as a disk does that dies. It says so, acknowledges nothing
// more, and exits non-zero; what it had acknowledged is there when the disk is
// well.
func TestGradingSyncError(t *testing.T) {
	t.Parallel()
	tool(t, "strace")
	s := newSystem(t)
	s.start(gradingService)
	load := s.gradeLoad(8, 4, 4)
	waitFor(t, "answered", &load.answered, 50)
	s.failSyncs(gradingService, "store has stopped")
	s.start(gradingService)
	waitFor(t, "answered when the disk is well again", &load.answered, 50)
	load.end()
	load.check(t)
}
