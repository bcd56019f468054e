package grades

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"gradebook/service/web"
)

// problem returns the problem that err is, or fails.
func problem(t testing.TB, err error, status int) *web.Problem {
	t.Helper()
	p := web.AsProblem(err, Problem)
	if err == nil || p.Status != status {
		t.Fatalf("%v, want a problem with status %d", err, status)
	}
	return p
}

// newcomer is a student of the sample class without grades.
func newcomer(t testing.TB, s *service) int {
	t.Helper()
	student, err := s.CreateStudent(t.Context(), StudentInput{FirstName: new("New"), LastName: new("Comer"), Class: 1}, "")
	if err != nil {
		t.Fatal(err)
	}
	return student.ID
}

func TestCell(t *testing.T) {
	s := openService(t, t.TempDir())
	ctx, id := WithActor(t.Context(), "Ines Okoro"), newcomer(t, s)
	path := fmt.Sprintf("/classes/1/grades/%d/1", id)

	made, err := s.PutCell(ctx, 1, CellInput{Student: id, Assignment: 1, Score: new(Points(17)), Comment: " well done\n"})
	if err != nil {
		t.Fatal(err)
	}
	if *made.Score != Points(17) || made.Status != Graded || made.By != "Ines Okoro" || made.Comment != "well done" || made.At.IsZero() {
		t.Errorf("made %+v", made)
	}
	resp, _ := s.request(t, "GET "+path, "")
	if got, want := resp.Header.Get("ETag"), fmt.Sprintf(`"r%d"`, made.Revision); got != want {
		t.Errorf("ETag %s, want %s", got, want)
	}

	_, err = s.PutCell(t.Context(), 1, CellInput{Student: id, Assignment: 1, Score: new(Points(18))})
	stale, _ := errors.AsType[*StaleError](err)
	if stale == nil || *stale.Current.Score != Points(17) || stale.Current.By != "Ines Okoro" || stale.Current.At.IsZero() {
		t.Errorf("%+v does not say what is there", err)
	}

	changed, err := s.PutCell(t.Context(), 1, CellInput{Student: id, Assignment: 1, Score: new(Points(18)), Revision: made.Revision})
	if err != nil || *changed.Score != Points(18) || changed.By != "api" || changed.Comment != "" {
		t.Fatalf("changed %+v, %v", changed, err)
	}
	same, err := s.PutCell(ctx, 1, CellInput{Student: id, Assignment: 1, Score: new(Points(18)), Revision: changed.Revision})
	if err != nil || same.Revision != changed.Revision || same.By != "api" {
		t.Errorf("the same again made a change: %+v, %v", same, err)
	}

	cleared, err := s.PutCell(ctx, 1, CellInput{Student: id, Assignment: 1, Revision: changed.Revision})
	if err != nil || cleared != nil {
		t.Fatalf("cleared %+v, %v", cleared, err)
	}
	_, err = s.PutCell(t.Context(), 1, CellInput{Student: id, Assignment: 1, Score: new(Points(19)), Revision: changed.Revision})
	if p := problem(t, err, http.StatusPreconditionFailed); !strings.Contains(p.Detail, "Ines Okoro has emptied the cell") {
		t.Errorf("detail %q does not say who emptied it", p.Detail)
	}
	if _, err := s.PutCell(t.Context(), 1, CellInput{Student: id, Assignment: 1, Status: Excused}); err != nil {
		t.Errorf("an emptied cell is not empty: %v", err)
	}
	resp, _ = s.request(t, "PUT "+path, `{"score":1}`, "If-Match: *")
	if resp.StatusCode != http.StatusOK {
		t.Errorf("If-Match: * on a cell that is there: %s", resp.Status)
	}
}

// Of many who fill one empty cell at once, exactly one wins, and the others are
// told what is there.
func TestOneWriterWins(t *testing.T) {
	s := openService(t, t.TempDir())
	id := newcomer(t, s)
	const writers = 64
	results := make([]error, writers)
	var all sync.WaitGroup
	for i := range writers {
		all.Go(func() {
			_, results[i] = s.PutCell(t.Context(), 1, CellInput{Student: id, Assignment: 1, Score: new(Points(i))})
		})
	}
	all.Wait()
	winner := slices.Index(results, nil)
	if winner < 0 {
		t.Fatalf("nobody won: %v", results[0])
	}
	for i, err := range results {
		if i != winner {
			if stale, ok := errors.AsType[*StaleError](err); !ok || *stale.Current.Score != Points(winner) {
				t.Errorf("writer %d was told %v, want the score %d", i, err, winner)
			}
		}
	}
}

func TestBatch(t *testing.T) {
	s := openService(t, t.TempDir())
	ctx, id := WithActor(t.Context(), "me"), newcomer(t, s)
	in := BatchInput{Atomic: true, Cells: []CellInput{
		{Student: id, Assignment: 1, Score: new(Points(5))},
		{Student: 1, Assignment: 1, Score: new(Points(85)), Revision: 1}, // as it is
		{Student: 1, Assignment: 2, Score: new(Points(7)), Revision: 99}, // stale
		{Student: 2, Assignment: 1, Revision: 1},                         // cleared
	}}
	before := s.everything(t)
	_, err := s.PutCells(ctx, 1, in, "")
	p := problem(t, err, http.StatusConflict)
	if len(p.Errors) != 1 || p.Errors[0].Field != "cells[2].revision" {
		t.Errorf("errors %v, want one for cells[2].revision", p.Errors)
	}
	if after := s.everything(t); after != before {
		t.Error("a refused batch has changed something")
	}
	in.Atomic = false
	report, err := s.PutCells(ctx, 1, in, "")
	if err != nil {
		t.Fatal(err)
	}
	var outcomes []string
	for _, c := range report.Cells {
		outcomes = append(outcomes, c.Outcome)
	}
	if got, want := strings.Join(outcomes, " "), "changed unchanged refused changed"; got != want {
		t.Errorf("outcomes %s, want %s", got, want)
	}
	if g := report.Cells[2].Grade; g == nil || *g.Score != Points(94) {
		t.Errorf("the stale cell comes with %+v, want 94", g)
	}
	book, err := s.Gradebook(ctx, 1)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(book.Cells, func(g Grade) bool { return g.Student == id })
	if i < 0 || *book.Cells[i].Score != Points(5) || book.Cells[i].Revision != report.Revision || book.Revision != report.Revision {
		t.Errorf("cells %+v at %d, want the new one at %d", book.Cells, book.Revision, report.Revision)
	}
	if slices.ContainsFunc(book.Cells, func(g Grade) bool { return g.Student == 2 && g.Assignment == 1 }) {
		t.Error("the cleared cell is still there")
	}
}

func TestIdempotencyKey(t *testing.T) {
	dir := t.TempDir()
	s := openService(t, dir)
	const line, body = "POST /students/1/grades", `{"title":"T","type":"Quiz","score":1}`
	first, answer := s.request(t, line, body, "Idempotency-Key: k1")
	if first.StatusCode != http.StatusCreated {
		t.Fatalf("%s %s", first.Status, answer)
	}
	for _, when := range []string{"at once", "after a restart", "after a restart from a snapshot"} {
		again, same := s.request(t, line, body, "Idempotency-Key: k1")
		if again.StatusCode != first.StatusCode || same != answer || again.Header.Get("Location") != first.Header.Get("Location") {
			t.Errorf("%s: %s %s, want %s", when, again.Status, same, answer)
		}
		s.stop()
		s = openService(t, dir)
	}
	for _, c := range []struct {
		name, line, body, actor string
		status                  int
	}{
		{"another body", line, `{"title":"T","type":"Quiz","score":2}`, "api", 422},
		{"another student", "POST /students/2/grades", body, "api", 422},
		{"another actor", line, body, "someone", 409},
		{"another route", "POST /classes", `{"title":"C"}`, "api", 201},
		{"an import", "POST /imports?format=plain&title=I", "assignments A/5\n1,A,B,4\n", "api", 200},
		{"the import again", "POST /imports?format=plain&title=I", "assignments A/5\n1,A,B,4\n", "api", 200},
		{"another import", "POST /imports?format=plain&title=I", "assignments A/5\n1,A,B,3\n", "api", 422},
	} {
		if resp, got := s.request(t, c.line, c.body, "Idempotency-Key: k1", "Gradebook-Actor: "+c.actor); resp.StatusCode != c.status {
			t.Errorf("%s: %s %s, want %d", c.name, resp.Status, got, c.status)
		}
	}
}

// All that come with one key at once get one answer, and it is done once.
func TestIdempotencyKeyInFlight(t *testing.T) {
	s := openService(t, t.TempDir())
	answers := make([]StudentGrade, 32)
	var all sync.WaitGroup
	for i := range answers {
		all.Go(func() {
			var err error
			if answers[i], err = s.AddGrade(t.Context(), 1, GradeInput{Title: "T", Type: "Quiz", Score: Points(9)}, "same"); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	for _, a := range answers {
		if a != answers[0] {
			t.Fatalf("%+v and %+v", a, answers[0])
		}
	}
}

// Everybody writes at once, and every grade that was acknowledged is there,
// after a restart too.
func TestConcurrentWriters(t *testing.T) {
	dir := t.TempDir()
	s := openService(t, dir)
	var all sync.WaitGroup
	for i := range 16 {
		all.Go(func() {
			for j := range 20 {
				if _, err := s.AddGrade(t.Context(), 1+i%5, GradeInput{Title: fmt.Sprintf("%d of %d", j, i), Type: "Quiz", Score: Points(j)}, ""); err != nil {
					t.Error(err)
				}
				if _, _, err := s.Students(t.Context(), StudentQuery{}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	before := s.everything(t)
	if got := strings.Count(before, ` of `); got != 2*320 { // in the gradebook's assignments and the students' grades
		t.Errorf("%d grades, want 640", got)
	}
	s.stop()
	if after := openService(t, dir).everything(t); after != before {
		t.Errorf("after a restart\n%s\nbefore\n%s", after, before)
	}
}
