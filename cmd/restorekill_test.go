package cmd_test

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// TestKilledRestore is kill -9 of the grading service while it restores an
// archive: what is there afterwards is all of it or nothing, and then it takes the
// archive as if nothing had been.
func TestKilledRestore(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.start(gradingService)
	newSchool(t, s.url(gradingService), 300, func(sc *school, c *schoolClass) { sc.fill(c, 0, 0) })
	file := filepath.Join(t.TempDir(), "school.zip")
	s.download("/archive", file)
	archive, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	want := s.everything(gradingService)
	first := s.another(gradingService)
	s.start(first)
	begun := time.Now()
	s.restore(first, file)
	took := time.Since(begun)
	whole, nothing := 0, 0
	for round := range *importKills {
		service := s.another(gradingService)
		s.start(service)
		before := s.everything(service)
		k := s.killDuring(service, http.MethodPost, "/restore", string(archive), took*3/2)
		now := s.everything(service)
		switch {
		case now == want:
			whole++
		case now == before && k.status == 0:
			nothing++
			s.restore(service, file)
			if now = s.everything(service); now != want {
				t.Errorf("round %d: restored again, it differs: %s", round, firstDifference(now, want))
			}
		default:
			t.Errorf("round %d: after %v it is neither whole nor empty: %s", round, k, firstDifference(now, want))
		}
		s.kill(service)
	}
	t.Logf("a restore of %d KiB takes %v; killed %d times: %d were whole, %d had left nothing", len(archive)>>10, took.Round(time.Millisecond), *importKills, whole, nothing)
}
