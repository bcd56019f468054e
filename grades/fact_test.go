package grades

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"time"

	"gradebook/service/web"
)

// refusing is a client of a service that answers everything with an error.
func refusing(t testing.TB, err error) *Client {
	mux := web.NewMux(web.Problems(problems))
	mux.Handle("POST /classes", func(http.ResponseWriter, *http.Request) error { return err })
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return &Client{http: server.Client(), base: server.URL}
}

// What the domain says is what the client returns: the same type with the same
// content.
func TestFacts(t *testing.T) {
	at := time.Date(2026, 11, 21, 9, 40, 45, 342692539, time.UTC)
	grade := Grade{Student: 1, Assignment: 2, Score: new(Score(91_500001)), Status: Late, Submitted: &at, Comment: "“late”\n", Revision: 7, By: "Ines Okoro", At: at}
	emptied := Grade{Student: 1, Assignment: 2, Revision: 8, By: "api", At: at}
	class := newClass(3)
	class.Title, class.Archived = "Old", true
	for _, want := range []error{
		&NotFoundError{"student 7 in class 2; enroll the student first"},
		&InvalidError{[]Fault{{"score", "is -5; give 0 or more"}}},
		&InvalidError{[]Fault{{"scale[0].from", "is 5"}, {"scale[1].from", "is 6"}}},
		&ConflictError{Detail: "it was undone by 9 already"},
		&ConflictError{Detail: "the cells have changed", Faults: []Fault{{"cells[2].revision", "is old"}}, Current: []Grade{grade, emptied}},
		&ConflictError{Detail: "there is a grade", Current: grade},
		&ConflictError{Detail: "the title is taken", Current: Assignment{ID: 4, ClassID: 3, Title: "T", Points: Points(5), Due: &at, Posted: true}},
		&ConflictError{Detail: "the id is taken", Current: Student{ID: 4, LastName: "B", ExternalID: "x", Classes: []int{1}}},
		&ConflictError{Detail: "the class is archived", Current: class},
		&StaleError{},
		&StaleError{&grade},
		&StaleError{&emptied},
		&KeyReusedError{"k \"1\""},
		&SheetError{Errors: []LineError{
			{Line: 1, Column: "Quiz 1, the second", Detail: "is twice"}, {Line: 30, Detail: "has too few cells"},
			{File: "results.csv", Line: 2, Column: "score, line 3", Detail: "is no number"},
		}},
	} {
		_, got := refusing(t, fmt.Errorf("decide: %w", want)).CreateClass(t.Context(), ClassInput{}, "k \"1\"")
		if !reflect.DeepEqual(got, want) {
			t.Errorf("got %#v, want %#v", got, want)
		}
		if got.Error() != want.Error() {
			t.Errorf("got %v, want %v", got, want)
		}
	}
}

// What is no fact of the domain is the problem that was answered.
func TestOtherProblems(t *testing.T) {
	for _, want := range []*web.Problem{
		web.NewProblem(400, "no"),
		web.Invalid(400, web.FieldError{Field: "limit", Detail: "must be less"}),
		web.NewProblem(404, `"x" is not the id of any class`),
		web.NewProblem(413, "too large"),
		web.NewProblem(422, "the file cannot be read: it is empty"),
		web.NewProblem(428, "say what the cell must be"),
		web.NewProblem(503, "the service is stopping"),
	} {
		_, err := refusing(t, want).CreateClass(t.Context(), ClassInput{}, "")
		if got, ok := err.(*web.Problem); !ok || got.Status != want.Status || got.Detail != want.Detail || !reflect.DeepEqual(got.Errors, want.Errors) {
			t.Errorf("got %#v, want %#v", err, want)
		}
	}
}

// An answer that only looks like ours is not made into something it is not.
func TestOddProblems(t *testing.T) {
	for _, body := range []string{
		`{"type":"/problems/cell-filled","status":409,"detail":"no","current":"x"}`,
		`{"type":"/problems/cell-filled","status":409,"detail":"no"}`,
		`{"type":"/problems/file-refused","status":422,"detail":"no","errors":[{"field":"row 5"}]}`,
		`{"status":412,"detail":"no","current":[5]}`,
		`{"status":412,"detail":"no","current":null`,
		`<html>`,
	} {
		var p web.Problem
		json.Unmarshal([]byte(body), &p)
		if p.Status == 0 {
			p.Status = 500
		}
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(p.Status)
			w.Write([]byte(body))
		}))
		defer server.Close()
		_, err := (&Client{http: server.Client(), base: server.URL}).Class(t.Context(), 1)
		if got, ok := err.(*web.Problem); !ok || got.Status != p.Status {
			t.Errorf("%s: got %#v, want a problem", body, err)
		}
	}
}

// A file of nothing but errors is answered with the first and how many more
// there are; a batch that is refused in every cell is answered whole.
func TestLargeRefusals(t *testing.T) {
	sheet := new(SheetError)
	for i := range 1000 {
		sheet.Errors = append(sheet.Errors, LineError{Line: i + 2, Column: strings.Repeat("Quiz", 50), Detail: strings.Repeat("8", 200)})
	}
	_, err := refusing(t, sheet).CreateClass(t.Context(), ClassInput{}, "")
	refused, ok := errors.AsType[*SheetError](err)
	if !ok || len(refused.Errors) != maxLineErrors+1 || !reflect.DeepEqual(refused.Errors[:maxLineErrors], sheet.Errors[:maxLineErrors]) {
		t.Fatalf("got %.200v, want the first %d", err, maxLineErrors)
	}
	if last := refused.Errors[maxLineErrors]; last.Line != 202 || !strings.HasPrefix(last.Detail, "and 800 more errors") {
		t.Errorf("the last is %+v", last)
	}

	conflict := &ConflictError{Detail: "not all cells are what the batch expects"}
	cells := make([]Grade, 10_000)
	for i := range cells {
		cells[i] = Grade{Student: i + 1, Assignment: 1, Score: new(Points(i)), Status: Graded, By: "api", At: time.Unix(0, 0).UTC()}
		conflict.Faults = append(conflict.Faults, Fault{fmt.Sprintf("cells[%d].revision", i), (&StaleError{&cells[i]}).Error()})
	}
	conflict.Current = cells
	if _, err := refusing(t, conflict).CreateClass(t.Context(), ClassInput{}, ""); !reflect.DeepEqual(err, conflict) {
		t.Errorf("got %.200v, want all %d cells", err, len(cells))
	}
}
