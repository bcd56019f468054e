package grades

import (
	"errors"
	"net/http"
	"strings"
	"testing"
)

// Nothing in an archived class changes but by who takes it back into use, or
// away.
func TestArchived(t *testing.T) {
	s := openService(t, t.TempDir())
	ctx := t.Context()
	for _, line := range []struct{ request, body string }{
		{"POST /classes", `{"title":"Archive","categories":[{"name":"Test"}]}`},
		{"POST /classes/2/assignments", `{"title":"T1"}`},
		{"POST /students", `{"firstName":"Ann","class":2}`},
		{"POST /students/6/grades", `{"title":"T1","score":5}`},
		{"POST /students", `{"firstName":"Bo","lastName":"Ek"}`},
	} {
		if resp, body := s.request(t, line.request, line.body); resp.StatusCode != http.StatusCreated {
			t.Fatalf("%s: %s %s", line.request, resp.Status, body)
		}
	}
	if _, err := s.ChangeClass(ctx, 2, ClassInput{Archived: new(true)}); err != nil {
		t.Fatal(err)
	}
	before := s.everything(t)
	for _, c := range []struct{ request, body string }{
		{"POST /classes/2/assignments", `{"title":"T2"}`},
		{"PATCH /classes/2/assignments/4", `{"title":"T2"}`},
		{"DELETE /classes/2/assignments/4", ``},
		{"POST /classes/2/students", `{"student":7}`},
		{"DELETE /classes/2/students/6", ``},
		{"POST /students", `{"firstName":"New","class":2}`},
		{"POST /students/6/grades", `{"title":"T2","type":"Test","score":5}`},
		{"POST /students/6/grades", `{"title":"T2","type":"Test","score":5,"class":2}`},
		{"PUT /classes/2/grades/6/4", `{"score":6}`},
		{"POST /classes/2/grades", `{"cells":[{"student":6,"assignment":4,"score":6,"revision":5}]}`},
		{"POST /classes/2/grades", `{"atomic":false,"cells":[{"student":6,"assignment":4,"score":6,"revision":5}]}`},
		{"POST /imports?format=plain&class=2", "assignments T1\n,Ann,,9\n"},
	} {
		resp, body := s.request(t, c.request, c.body, "If-Match: *")
		if resp.StatusCode != http.StatusConflict || !strings.Contains(body, `PATCH /classes/2 with {\"archived\": false} first`) {
			t.Errorf("%s %s: %s %s, want 409 that says what to do", c.request, c.body, resp.Status, body)
		}
	}
	_, err := s.CreateAssignment(ctx, 2, AssignmentInput{Title: new("T2")}, "")
	conflict, _ := errors.AsType[*ConflictError](err)
	if class, ok := conflict.Current.(Class); !ok || class.ID != 2 || !class.Archived {
		t.Errorf("the conflict is with %+v", conflict.Current)
	}
	if after := s.everything(t); after != before {
		t.Errorf("something has changed: before\n%s\nafter\n%s", before, after)
	}

	// To take back what was done is no new change.
	undone, err := s.Undo(ctx, 2, UndoInput{Revision: 5}, "")
	if err != nil || undone.Cells != 1 {
		t.Errorf("undo: %+v, %v", undone, err)
	}
	if _, err := s.Undo(ctx, 2, UndoInput{Revision: undone.Revision}, ""); err != nil {
		t.Errorf("undo of the undo: %v", err)
	}

	// A grade without a class is for the one in use.
	if _, err := s.Enroll(ctx, 1, 6); err != nil {
		t.Fatal(err)
	}
	if grade, err := s.AddGrade(ctx, 6, GradeInput{Title: "Quiz 1", Score: Points(9)}, ""); err != nil || grade.Class != 1 {
		t.Errorf("%+v, %v, want a grade in class 1", grade, err)
	}
	if _, err := s.ChangeClass(ctx, 2, ClassInput{Archived: new(false)}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.AddGrade(ctx, 6, GradeInput{Title: "T2", Type: "Test", Score: Points(9), Class: 2}, ""); err != nil {
		t.Errorf("back in use: %v", err)
	}
	if _, err := s.ChangeClass(ctx, 2, ClassInput{Archived: new(true)}); err != nil {
		t.Fatal(err)
	}
	if err := s.RemoveClass(ctx, 2); err != nil {
		t.Errorf("remove it: %v", err)
	}
}
