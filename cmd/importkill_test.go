package cmd_test

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"testing"
	"time"

	"gradebook/grades/exchange"
)

// generated is the Canvas file of a made-up class.
func generated(t *testing.T, students int) string {
	t.Helper()
	var file bytes.Buffer
	if err := exchange.Generate(&file, students, 1); err != nil {
		t.Fatal(err)
	}
	return file.String()
}

// waiting are the addresses of the proposals that the service lists.
func (s *system) waiting() map[string]bool {
	s.t.Helper()
	list := map[string]bool{}
	for _, p := range read[[]struct{ ID any }](s.t, s.get(gradingService, "/imports")) {
		list[fmt.Sprint("/imports/", p.ID)] = true
	}
	return list
}

// TestKilledImport is kill -9 of the grading service while it reads a file, and
// while it applies what it proposed: a proposal is there whole or not at all, what
// was acknowledged is there, and a class is imported whole, once, or not at all.
func TestKilledImport(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.start(gradingService)
	const students = 2000
	file := generated(t, students)
	begun := time.Now()
	path, p := s.propose("format=canvas&title=Whole", file)
	reading := time.Since(begun)
	whole := s.get(gradingService, path).body
	begun = time.Now()
	s.apply(http.StatusOK, path, "")
	applying := time.Since(begun)
	cells := p.Classes[0].Cells.New
	t.Logf("%d cells: read in %v, applied in %v; a proposal page of %d KiB", cells, reading, applying, len(whole)>>10)

	proposed, applied, lost := 0, 0, 0
	for round := range *importKills {
		title := fmt.Sprintf("Round %d", round)
		k := s.killDuring(gradingService, http.MethodPost, "/imports?dryRun=true&format=canvas&title=Round%20"+fmt.Sprint(round), file, reading*3/2)
		for path := range s.waiting() {
			if p := s.wasRead(path); p.State != "proposed" && p.State != "applied" || len(p.Classes) != 1 || p.Classes[0].Cells.New != cells {
				t.Errorf("round %d left half a proposal: %s %s", round, p.State, p.counts())
			}
		}
		path := k.header.Get("Location")
		if k.status == http.StatusCreated {
			proposed++
			if now := s.get(gradingService, path); now.body != k.body {
				t.Errorf("round %d: the proposal is %v, and was %v", round, now, k)
			}
		} else {
			path, _ = s.propose("format=canvas&title=Round%20"+fmt.Sprint(round), file)
		}

		k = s.killDuring(gradingService, http.MethodPost, path+"/apply", "", applying*3/2)
		state := read[proposal](t, s.get(gradingService, path)).State
		there := s.inClass(title)
		switch {
		case k.status == http.StatusOK:
			applied++
			if state != "applied" || there != students {
				t.Errorf("round %d: applied, the proposal is %s and the class has %d students", round, state, there)
			}
		case there == 0 && state == "proposed":
			lost++
			s.apply(http.StatusOK, path, "")
		case there == students:
			s.apply(http.StatusConflict, path, "") // it is done already, and says so
		default:
			t.Errorf("round %d: the proposal is %s, and %d students are in the class", round, state, there)
		}
		if there = s.inClass(title); there != students {
			t.Errorf("round %d ends with %d students", round, there)
		}
		again, same := s.propose("format=canvas&title=Round%20"+fmt.Sprint(round), file)
		if same.Classes[0].Cells.Unchanged != cells {
			t.Errorf("round %d: the same file again is %s", round, same.counts())
		}
		s.send(http.StatusNoContent, http.MethodDelete, gradingService, again, "")
	}
	t.Logf("%d times: %d proposals and %d applies were acknowledged before the kill, %d had not begun", *importKills, proposed, applied, lost)
	s.stop(gradingService, os.Interrupt)
}

// wasRead is what a proposal says once its file was read, which a service goes on
// with when it is back.
func (s *system) wasRead(path string) (p proposal) {
	s.t.Helper()
	eventually(s.t, path+" was read", func() error {
		if p = read[proposal](s.t, s.get(gradingService, path)); p.State == "reading" {
			return fmt.Errorf("%d of %d bytes are read", p.Progress.Bytes, p.Progress.Of)
		}
		return nil
	})
	return p
}

// inClass is how many students the class of that title has; 0 if there is none.
func (s *system) inClass(title string) int {
	s.t.Helper()
	for _, class := range read[[]struct {
		Title    string
		Students int
	}](s.t, s.get(gradingService, "/classes")) {
		if class.Title == title {
			return class.Students
		}
	}
	return 0
}
