package grades

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// propose says what a file would do.
func (s *service) propose(t testing.TB, file string) *ImportReport {
	t.Helper()
	r, err := s.Import(t.Context(), ImportRequest{ImportOptions: ImportOptions{Format: "plain"}, Name: "a.plain", DryRun: true}, strings.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// cellsOf are the cells of a report, each as "Ann Lee Quiz: changed 9 → 8".
func cellsOf(r *ImportReport) string {
	text := func(v *CellValue) string {
		if v == nil {
			return "-"
		}
		return newGrade(0, 0, v, 0, "", time.Time{}).text()
	}
	var list []string
	for _, row := range r.Rows {
		for _, c := range row.Cells {
			list = append(list, fmt.Sprintf("%s %s: %s %s → %s", row.Name, c.Title, c.What, text(c.From), text(c.To)))
		}
	}
	return strings.Join(list, "\n")
}

// A proposal changes nothing, says cell by cell what applying it does, and does
// that once.
func TestProposal(t *testing.T) {
	s := openService(t, t.TempDir())
	s.mustImport(t, ImportRequest{}, "title Art\nassignments A/10 B/10 C/10\n7,Ann,Lee,9,5,EX\n8,Bo,Ek,4,4,4\n")
	before := s.everything(t)
	p := s.propose(t, "title Art\nassignments A/10 B/10 C/10 D/5\n7,Ann,Lee,8,,EX,1\n8,Bo,Ek,4,x,.,2\n9,Cy,Fox,1,,,\n")
	if after := s.everything(t); after != before {
		t.Error("a proposal has changed something")
	}
	want := `Ann Lee A: changed 9 → 8
Ann Lee B: kept 5 → 5
Ann Lee D: new - → 1
Bo Ek B: cleared 4 → -
Bo Ek D: new - → 2
Cy Fox A: new - → 1`
	if got := cellsOf(p); got != want {
		t.Errorf("it shows\n%s\nwant\n%s", got, want)
	}
	if c := p.Classes[0]; p.State != ImportProposed || p.File != "a.plain" || c.ID != 2 || c.Columns[3].Assignment != 0 || p.Rows[2].Student != 0 || c.Cells != (CellCounts{3, 1, 1, 1, 2}) {
		t.Errorf("%+v", p)
	}
	done, err := s.ApplyImport(t.Context(), p.ID, nil, "")
	if err != nil {
		t.Fatal(err)
	}
	if got := cellsOf(done); got != want || done.State != ImportApplied || done.Revision != p.Revision+1 || done.Rows[2].Student != 8 || done.Classes[0].Columns[3].Assignment == 0 {
		t.Errorf("it did\n%s\n%+v", got, done)
	}
	for _, key := range []string{"", "k"} {
		if _, err := s.ApplyImport(t.Context(), p.ID, nil, key); problem(t, err, http.StatusConflict) != nil && !strings.Contains(err.Error(), "was applied before, as change 3") {
			t.Errorf("applied again: %v", err)
		}
	}
	again, err := s.ImportReport(t.Context(), p.ID, "", 0)
	if err != nil || cellsOf(again) != want || again.Revision != done.Revision {
		t.Errorf("%+v, %v", again, err)
	}
	if _, err := s.Undo(t.Context(), 2, UndoInput{Revision: done.Revision}, ""); err != nil {
		t.Errorf("undo: %v", err)
	}
}

// Rows can be chosen, and what is for a class of which none is chosen is left out.
func TestApplySomeRows(t *testing.T) {
	s := openService(t, t.TempDir())
	p := s.propose(t, "title Art\nassignments A/10\n7,Ann,Lee,9\n8,Bo,Ek,4\ntitle Music\nassignments M/10\n7,Ann,Lee,3\ntitle Dance\nassignments D/10\n7,Ann,Lee,5\n9,Cy,Fox,6\n")
	for _, rows := range []string{"[]", "[0]", "[1, 6]"} {
		if resp, body := s.request(t, "POST /imports/"+p.ID+"/apply", `{"rows": `+rows+`}`); resp.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("rows %s: %d %s", rows, resp.StatusCode, body)
		}
	}
	done, err := s.ApplyImport(t.Context(), p.ID, []int{2, 4}, "")
	if err != nil {
		t.Fatal(err)
	}
	if got, want := cellsOf(done), "Bo Ek A: new - → 4\nAnn Lee D: new - → 5"; got != want || len(done.Classes) != 2 {
		t.Errorf("%d classes, and\n%s\nwant\n%s", len(done.Classes), got, want)
	}
}

// What an import showed is done, or nothing: it says what has moved.
func TestApplyRefusesWhatHasMoved(t *testing.T) {
	const file = "title Art\nassignments A/10 B/10\n7,Ann,Lee,8,2\n8,Bo,Ek,4,\n9,Cy,Fox,1,\n"
	for _, c := range []struct {
		name string
		move func(s *service) error
		want string // "" if it is applied
	}{
		{"nothing", func(s *service) error { return nil }, ""},
		{"another class", func(s *service) error {
			_, err := s.PutCell(t.Context(), 1, CellInput{Student: 1, Assignment: 1, Score: new(Points(1)), Revision: 1})
			return err
		}, ""},
		{"a cell that would change", func(s *service) error {
			_, err := s.PutCell(t.Context(), 2, CellInput{Student: 6, Assignment: 4, Score: new(Points(7)), Revision: 2})
			return err
		}, "line 3, A: api has changed the cell to 7 in change 3"},
		{"a cell that is now as in the file", func(s *service) error {
			_, err := s.PutCell(t.Context(), 2, CellInput{Student: 6, Assignment: 4, Score: new(Points(8)), Revision: 2})
			return err
		}, "line 3, A: api has changed the cell to 8 in change 3"},
		{"a cell that was as in the file", func(s *service) error {
			_, err := s.PutCell(t.Context(), 2, CellInput{Student: 7, Assignment: 4, Score: new(Points(5)), Revision: 2})
			return err
		}, "line 4, A: api has changed the cell to 5 in change 3"},
		{"a cell of which the file says nothing", func(s *service) error {
			_, err := s.PutCell(t.Context(), 2, CellInput{Student: 7, Assignment: 5, Score: new(Points(5))})
			return err
		}, ""},
		{"the student is made meanwhile", func(s *service) error {
			_, err := s.CreateStudent(t.Context(), StudentInput{FirstName: new("Cy"), LastName: new("Fox"), ExternalID: new("9")}, "")
			return err
		}, "line 5: Cy Fox would now be student 8, and in the proposal was a new one"},
		{"the student is removed", func(s *service) error { return s.RemoveStudent(t.Context(), 7) }, "line 4: Bo Ek would now be a new student, and in the proposal was student 7"},
		{"the assignment is renamed", func(s *service) error {
			_, err := s.ChangeAssignment(t.Context(), 2, 5, AssignmentInput{Title: new("Z")})
			return err
		}, "class Art: the class or its assignments have changed since the proposal; make the proposal again"},
		{"the class is removed", func(s *service) error { return s.RemoveClass(t.Context(), 2) }, "class Art: the class or its assignments have changed since the proposal; make the proposal again"},
	} {
		s := openService(t, t.TempDir())
		s.mustImport(t, ImportRequest{}, "title Art\nassignments A/10 B/10\n7,Ann,Lee,9,2\n8,Bo,Ek,4,\n")
		p := s.propose(t, file)
		if err := c.move(s); err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		before := s.everything(t)
		_, err := s.ApplyImport(t.Context(), p.ID, nil, "")
		if c.want == "" {
			if err != nil {
				t.Errorf("%s: %v", c.name, err)
			}
			continue
		}
		conflict, ok := errors.AsType[*ConflictError](err)
		if !ok || len(conflict.Faults) == 0 {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if got := conflict.Faults[0].Field + ": " + conflict.Faults[0].Detail; got != c.want {
			t.Errorf("%s: %s\nwant %s", c.name, got, c.want)
		}
		if after := s.everything(t); after != before {
			t.Errorf("%s: something was changed", c.name)
		}
	}
}

// A restart keeps proposals and their pages; what was removed stays away.
func TestProposalsAfterARestart(t *testing.T) {
	dir := t.TempDir()
	s := openService(t, dir)
	kept, gone := s.propose(t, algebra), s.propose(t, "title Gone\nassignments A/5\n1,A,B,3\n")
	if err := s.RemoveImport(t.Context(), gone.ID); err != nil {
		t.Fatal(err)
	}
	s.stop()
	s = openService(t, dir)
	list, err := s.Imports(t.Context())
	if err != nil || len(list) != 1 || list[0].ID != kept.ID || list[0].State != ImportProposed {
		t.Fatalf("%+v, %v", list, err)
	}
	page, err := s.ImportReport(t.Context(), kept.ID, "", 1)
	if err != nil || len(page.Rows) != 1 || page.Next == "" {
		t.Fatalf("%+v, %v", page, err)
	}
	rest, err := s.ImportReport(t.Context(), kept.ID, page.Next, 0)
	if err != nil || len(rest.Rows) != 1 || rest.Rows[0].Name != "Bo Ek" || rest.Next != "" {
		t.Errorf("%+v, %v", rest, err)
	}
	_, err = s.ImportReport(t.Context(), kept.ID, "3", 0)
	problem(t, err, http.StatusUnprocessableEntity)
	if _, err := s.ApplyImport(t.Context(), kept.ID, nil, ""); err != nil {
		t.Fatal(err)
	}
	s.stop()
	s = openService(t, dir)
	_, err = s.ApplyImport(t.Context(), kept.ID, nil, "")
	problem(t, err, http.StatusConflict)
}

// What is not clear is asked, and the answer has the file read again.
func TestProposalAsks(t *testing.T) {
	s := openService(t, t.TempDir())
	p := s.propose(t, "assignments A/5\nask Nr\n1,Ann,Lee,3\n")
	if p.State != ImportAsks || len(p.Questions) != 1 || p.Questions[0].Option != "columns" {
		t.Fatalf("%+v", p)
	}
	_, err := s.ApplyImport(t.Context(), p.ID, nil, "")
	problem(t, err, http.StatusConflict)
	p, err = s.ChangeImport(t.Context(), p.ID, ImportChange{Columns: map[string]string{"Nr": "ignore"}})
	if err != nil || p.State != ImportAsks || p.Questions[0].Option != "title" {
		t.Fatalf("%+v, %v", p, err)
	}
	_, err = s.ChangeImport(t.Context(), p.ID, ImportChange{Columns: map[string]string{"Nr": "age"}})
	problem(t, err, http.StatusUnprocessableEntity)
	if p, err = s.ChangeImport(t.Context(), p.ID, ImportChange{Title: new("Art")}); err != nil || p.State != ImportProposed || p.Asked.Columns["Nr"] != "ignore" {
		t.Fatalf("%+v, %v", p, err)
	}
	if _, err := s.ApplyImport(t.Context(), p.ID, nil, ""); err != nil {
		t.Error(err)
	}
	_, err = s.ChangeImport(t.Context(), p.ID, ImportChange{Title: new("Music")})
	problem(t, err, http.StatusConflict)
}

// Refused lines are told in the proposal, which cannot be applied.
func TestProposalRefused(t *testing.T) {
	s := openService(t, t.TempDir())
	p := s.propose(t, "title Art\nassignments A/5\n1,Ann,Lee,-3\n")
	if p.State != ImportRefused || len(p.Errors) != 1 || p.Errors[0].field() != "line 3, A" {
		t.Fatalf("%+v", p)
	}
	_, err := s.ApplyImport(t.Context(), p.ID, nil, "")
	if _, ok := errors.AsType[*SheetError](err); !ok {
		t.Errorf("%v", err)
	}
}

func TestProposalInTheBackground(t *testing.T) {
	s := openService(t, t.TempDir())
	s.server.imports.reading <- struct{}{} // another file is being read
	p, err := s.Import(t.Context(), ImportRequest{ImportOptions: ImportOptions{Format: FormatAuto}, DryRun: true, Async: true}, strings.NewReader(algebra))
	if err != nil || p.State != ImportReading || p.Progress == nil || p.Progress.Of != int64(len(algebra)) {
		t.Fatalf("%+v, %v", p, err)
	}
	for p.State == ImportReading && !p.Progress.Waits {
		if p, err = s.ImportReport(t.Context(), p.ID, "", 0); err != nil {
			t.Fatal(err)
		}
	}
	if p.State != ImportReading {
		t.Fatalf("two files are read at once: %+v", p)
	}
	_, err = s.ApplyImport(t.Context(), p.ID, nil, "")
	problem(t, err, http.StatusConflict)
	waiting, err := s.server.imports.get(p.ID)
	if err != nil {
		t.Fatal(err)
	}
	<-s.server.imports.reading
	<-waiting.done
	if p, err = s.ImportReport(t.Context(), p.ID, "", 0); err != nil || p.State != ImportProposed || p.Format != "plain" || p.Guesses[0].Value != "plain" {
		t.Errorf("%+v, %v", p, err)
	}
}
