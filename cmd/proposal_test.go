package cmd_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

// proposal is what the grading service says of a file that it was given.
type proposal struct {
	State    string
	Format   string
	Revision uint64
	Progress struct{ Bytes, Of, Rows int64 }
	Guesses  []struct{ What, Value, Detail string }
	Doubts   []struct{ Detail string }
	Classes  []struct {
		ID                    int
		Title, Outcome        string
		Students, Assignments struct{ Created, Changed, Unchanged, Removed int }
		Cells                 struct{ New, Changed, Cleared, Kept, Unchanged int }
	}
	Questions []struct {
		Column, Detail string
		Choices        []string
	}
	Rows []struct {
		Row, Line int
		Name      string
	}
}

// counts are those of the one class of a proposal, in a line.
func (p proposal) counts() string {
	if len(p.Classes) != 1 {
		return fmt.Sprintf("%d classes", len(p.Classes))
	}
	c := p.Classes[0]
	return fmt.Sprintf("%s: students %d+%d=%d, assignments %d+%d=%d, cells %d new, %d changed, %d cleared, %d kept, %d the same", c.Title,
		c.Students.Created, c.Students.Changed, c.Students.Unchanged, c.Assignments.Created, c.Assignments.Changed, c.Assignments.Unchanged,
		c.Cells.New, c.Cells.Changed, c.Cells.Cleared, c.Cells.Kept, c.Cells.Unchanged)
}

// propose gives the grading service a file, changes nothing, and returns where
// the proposal is and what it says.
func (s *system) propose(query, file string) (path string, p proposal) {
	s.t.Helper()
	a := s.send(http.StatusCreated, http.MethodPost, gradingService, "/imports?dryRun=true&"+query, file)
	if path = a.header.Get("Location"); path == "" {
		s.t.Fatalf("POST /imports?%s: no Location", query)
	}
	return path, read[proposal](s.t, a)
}

// apply applies all of a proposal, or with rows as JSON some of it.
func (s *system) apply(want int, path, body string) answer {
	s.t.Helper()
	return s.send(want, http.MethodPost, gradingService, path+"/apply", body)
}

// realFile is the file of a real class.
func realFile(t *testing.T) string {
	t.Helper()
	file, err := os.ReadFile(shared(t, "data", "oulad-aaa-2013j.canvas.csv"))
	if err != nil {
		t.Fatal(err)
	}
	return string(file)
}

// The real class as its own figures have it, before it is in the book and after.
const (
	realNew  = "AAA 2013J: students 365+0=0, assignments 6+0=0, cells 1631 new, 0 changed, 0 cleared, 0 kept, 0 the same"
	realSame = "AAA 2013J: students 0+0=365, assignments 0+0=6, cells 0 new, 0 changed, 0 cleared, 0 kept, 1631 the same"
)

// TestProposal takes a real class through all that may happen to a proposal:
// it is there after a stop and after kill -9, is applied in part, once only, and
// taken back as one change.
func TestProposal(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.start(gradingService)
	file := realFile(t)
	before := s.everything(gradingService)
	path, p := s.propose("format=auto", file)
	if got := p.counts(); got != realNew || p.State != "proposed" || p.Format != "canvas" {
		t.Errorf("%s %s: %s, want %s", p.Format, p.State, got, realNew)
	}
	if s.everything(gradingService) != before {
		t.Error("a proposal has changed something")
	}
	said := s.get(gradingService, path).body
	s.stop(gradingService, os.Interrupt)
	s.start(gradingService)
	if now := s.get(gradingService, path); now.status != http.StatusOK || now.body != said {
		t.Errorf("after a stop the proposal is %v, and was %.600s", now, said)
	}
	s.kill(gradingService)
	s.start(gradingService)
	if now := s.get(gradingService, path); now.status != http.StatusOK || now.body != said {
		t.Errorf("after kill -9 the proposal is %v, and was %.600s", now, said)
	}

	rows := []int{p.Rows[0].Row, p.Rows[2].Row, p.Rows[4].Row}
	chosen, err := json.Marshal(map[string]any{"rows": rows})
	if err != nil {
		t.Fatal(err)
	}
	done := read[proposal](t, s.apply(http.StatusOK, path, string(chosen)))
	if got := done.Classes[0]; done.State != "applied" || got.Students.Created != 3 || done.Revision == 0 {
		t.Errorf("three rows applied: %s %s at revision %d", done.State, done.counts(), done.Revision)
	}
	if again := s.apply(http.StatusConflict, path, ""); !strings.Contains(again.body, fmt.Sprint(done.Revision)) {
		t.Errorf("applied twice: %v, want the revision %d named", again, done.Revision)
	}
	path, p = s.propose("format=auto", file)
	if p.Classes[0].Students.Created != 362 || p.Classes[0].Students.Unchanged != 3 {
		t.Errorf("the rest is %s", p.counts())
	}
	s.apply(http.StatusOK, path, "")
	if _, p = s.propose("format=auto", file); p.counts() != realSame {
		t.Errorf("the same file again is %s, want %s", p.counts(), realSame)
	}
	class := p.Classes[0].ID
	revision := read[struct{ Revision uint64 }](t, s.get(gradingService, fmt.Sprint("/classes/", class))).Revision
	if revision != done.Revision+1 {
		t.Errorf("362 students were revisions %d to %d, want one", done.Revision+1, revision)
	}
	s.send(http.StatusOK, http.MethodPost, gradingService, fmt.Sprintf("/classes/%d/undo", class), fmt.Sprintf(`{"revision":%d}`, revision))
	if roster := read[[]struct{}](t, s.get(gradingService, fmt.Sprintf("/classes/%d/students", class))); len(roster) != 3 {
		t.Errorf("undone, there are %d students, want the first 3", len(roster))
	}
}

// TestProposalMoved: what a proposal would change must be as it was when the
// teacher saw it; what it does not touch may move.
func TestProposalMoved(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.start(gradingService)
	const file = "Student,ID,Section,Quiz 1 ()\n    Points Possible,,,100\n\"Simen, Averill\",,Sample class,%s\n\"Attwood, Kylee\",,Sample class,%s\n"
	cell := func(student int) string { return fmt.Sprintf("/classes/1/grades/%d/1", student) }
	write := func(student, score int) {
		now := s.get(gradingService, cell(student)).header.Get("ETag")
		s.send(http.StatusOK, http.MethodPut, gradingService, cell(student), fmt.Sprintf(`{"score":%d}`, score), "If-Match", now)
	}
	title := strings.Replace(file, "Quiz 1 ()", "Quiz 1", 1)
	path, p := s.propose("format=canvas&class=1", fmt.Sprintf(title, "11", ""))
	if got := p.Classes[0].Cells; got.Changed != 1 || got.Kept != 1 {
		t.Errorf("one score and one blank: %s", p.counts())
	}
	write(5, 44) // the blank, which clears nothing by itself
	s.apply(http.StatusOK, path, "")

	path, _ = s.propose("format=canvas&class=1", fmt.Sprintf(title, "12", "22"))
	write(5, 55)
	untouched := s.everything(gradingService)
	if a := s.apply(http.StatusConflict, path, ""); !strings.Contains(a.body, "55") {
		t.Errorf("a cell has moved: %v, want what it is now", a)
	}
	if s.everything(gradingService) != untouched {
		t.Error("a refused apply has changed something")
	}
	path, p = s.propose("format=canvas&class=1&blanks=clear", fmt.Sprintf(title, "", "55"))
	if got := p.Classes[0].Cells; got.Cleared != 1 || got.Unchanged != 1 {
		t.Errorf("blanks clear: %s", p.counts())
	}
	s.apply(http.StatusOK, path, "")
	if a := s.get(gradingService, cell(1)); a.status != http.StatusNotFound && !strings.Contains(a.body, `"score":null`) {
		t.Errorf("cleared, the cell is %v", a)
	}
}

// TestRealImportTime: the dry run of a real class and its apply, together.
func TestRealImportTime(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.start(gradingService)
	file := realFile(t)
	var times []time.Duration
	for n := range 9 {
		begun := time.Now()
		path, p := s.propose(fmt.Sprintf("format=auto&title=AAA%d", n), file)
		s.apply(http.StatusOK, path, "")
		times = append(times, time.Since(begun))
		if c := p.Classes[0]; c.Cells.New != 1631 || c.Assignments.Created != 6 {
			t.Errorf("class %d: %s", n, p.counts())
		}
	}
	slices.Sort(times)
	atMost(t, "dry run and apply of a real class", times[len(times)/2].Round(time.Millisecond), 100*time.Millisecond)
}
