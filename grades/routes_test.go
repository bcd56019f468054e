package grades

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// The client has a method for every route, and sends every parameter that a
// route takes.
func TestClientTakesEveryRoute(t *testing.T) {
	s := openSchool(t)
	var mu sync.Mutex
	asked := map[string]bool{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.server.ServeHTTP(w, r)
		mu.Lock()
		defer mu.Unlock()
		asked[r.Pattern] = true
		for name := range r.URL.Query() {
			asked[r.Pattern+" "+name] = true
		}
	}))
	defer server.Close()
	c := NewClient(server.Client())
	c.base = server.URL

	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	const file = "title Club\nassignments A\n7,Ann,Lee,9\n"
	history := HistoryQuery{Student: 6, Assignment: 1, By: "api", Before: 99, Limit: 1}
	for _, method := range []struct {
		name string
		do   func() error
	}{
		{"Students", func() error {
			_, _, err := c.Students(ctx, StudentQuery{Class: 1, Text: "a", Removed: true, Limit: 9, Cursor: "1"})
			return err
		}},
		{"Student", func() error { _, err := c.Student(ctx, 1); return err }},
		{"CreateStudent", func() error { _, err := c.CreateStudent(ctx, StudentInput{LastName: new("A")}, "1"); return err }},
		{"ChangeStudent", func() error { _, err := c.ChangeStudent(ctx, 2, StudentInput{LastName: new("B")}); return err }},
		{"RemoveStudent", func() error { return c.RemoveStudent(ctx, 5) }},
		{"StudentHistory", func() error {
			_, _, err := c.StudentHistory(ctx, 6, HistoryQuery{Assignment: 1, By: "api", Before: 99, Limit: 1})
			return err
		}},
		{"UndoStudent", func() error { _, err := c.UndoStudent(ctx, 7, UndoInput{Revision: 5}, "2"); return err }},
		{"AddGrade", func() error {
			_, err := c.AddGrade(ctx, 6, GradeInput{Title: "Quiz 1", Score: Points(5), Class: 1}, "3")
			return err
		}},

		{"Classes", func() error { _, err := c.Classes(ctx); return err }},
		{"AllClasses", func() error { _, err := c.AllClasses(ctx); return err }},
		{"CreateClass", func() error { _, err := c.CreateClass(ctx, ClassInput{Title: new("C")}, "4"); return err }},
		{"Class", func() error { _, err := c.At("6").Class(ctx, 1); return err }},
		{"ChangeClass", func() error { _, err := c.ChangeClass(ctx, 2, ClassInput{Term: new("Autumn")}); return err }},
		{"RemoveClass", func() error { return c.RemoveClass(ctx, 3) }},

		{"Assignments", func() error { _, err := c.Assignments(ctx, 1); return err }},
		{"AllAssignments", func() error { _, err := c.AllAssignments(ctx, 1); return err }},
		{"CreateAssignment", func() error {
			_, err := c.CreateAssignment(ctx, 1, AssignmentInput{Title: new("N"), Category: new("Quiz")}, "5")
			return err
		}},
		{"ChangeAssignment", func() error {
			_, err := c.ChangeAssignment(ctx, 1, 2, AssignmentInput{Points: new(Points(50))})
			return err
		}},
		{"RemoveAssignment", func() error { return c.RemoveAssignment(ctx, 1, 3) }},

		{"Roster", func() error { _, err := c.Roster(ctx, 1); return err }},
		{"EverEnrolled", func() error { _, err := c.EverEnrolled(ctx, 1); return err }},
		{"Enroll", func() error { _, err := c.Enroll(ctx, 2, 1); return err }},
		{"Unenroll", func() error { return c.Unenroll(ctx, 1, 4) }},

		{"Gradebook", func() error { _, err := c.At("6").Gradebook(ctx, 1); return err }},
		{"Cell", func() error { _, err := c.Cell(ctx, 1, 1, 1); return err }},
		{"PutCell", func() error {
			_, err := c.PutCell(ctx, 1, CellInput{Student: 1, Assignment: 1, Score: new(Points(1)), Revision: 1})
			return err
		}},
		{"PutCells", func() error {
			_, err := c.PutCells(ctx, 1, BatchInput{Cells: []CellInput{{Student: 2, Assignment: 1, Score: new(Points(1)), Revision: 1}}}, "6")
			return err
		}},

		{"Explanation", func() error { _, err := c.At("6").Explanation(ctx, 1, 1); return err }},
		{"Preview", func() error { _, err := c.Preview(ctx, 1, PreviewInput{}); return err }},
		{"Checks", func() error { _, err := c.At("6").Checks(ctx, 1); return err }},
		{"ClassStatistics", func() error { _, err := c.At("6").ClassStatistics(ctx, 1); return err }},
		{"Statistics", func() error { _, err := c.Statistics(ctx); return err }},
		{"History", func() error { _, _, err := c.History(ctx, 1, history); return err }},
		{"Undo", func() error { _, err := c.Undo(ctx, 2, UndoInput{Revision: 4}, "7"); return err }},
		{"Difference", func() error { _, err := c.Difference(ctx, 1, "1", "6"); return err }},
		{"DifferencePart", func() error { _, _, err := c.DifferencePart(ctx, 1, "1", "6", 9, "1"); return err }},
		{"Change", func() error { _, _, err := c.Change(ctx, 1, 5, "1"); return err }},
		{"ChangesSince", func() error { _, err := c.ChangesSince(ctx, 1, 5, time.Second); return err }},

		{"Import", func() error {
			_, err := c.Import(ctx, ImportRequest{ImportOptions: ImportOptions{Format: "plain", Title: "Club"}}, strings.NewReader(file))
			return err
		}},
		{"Import a class", func() error {
			_, err := c.Import(ctx, ImportRequest{
				ImportOptions: ImportOptions{Class: 1, Format: "plain", Blanks: BlanksKeep, Dates: "dmy", Columns: map[string]string{"A": "ignore"}},
				Name:          "a.plain", DryRun: true,
			}, strings.NewReader(file))
			return err
		}},
		{"Imports", func() error { _, err := c.Imports(ctx); return err }},
		{"ImportReport", func() error {
			list, err := c.Imports(ctx)
			if err == nil {
				_, err = c.ImportReport(ctx, list[0].ID, "0", 10)
			}
			return err
		}},
		{"ChangeImport", func() error {
			list, err := c.Imports(ctx)
			if err == nil {
				_, err = c.ChangeImport(ctx, list[0].ID, ImportChange{Title: new("Chess")})
			}
			return err
		}},
		{"ApplyImport", func() error {
			list, err := c.Imports(ctx)
			if err == nil {
				_, err = c.ApplyImport(ctx, list[0].ID, nil, "8")
			}
			return err
		}},
		{"RemoveImport", func() error {
			list, err := c.Imports(ctx)
			if err == nil {
				err = c.RemoveImport(ctx, list[0].ID)
			}
			return err
		}},
		{"Archive", func() error {
			body, err := c.Archive(ctx)
			if err != nil {
				return err
			}
			_, err = io.Copy(io.Discard, body) // the answer is a stream, which is counted at its end
			return errors.Join(err, body.Close())
		}},
		{"Restore", func() error {
			_, err := c.Restore(ctx, strings.NewReader("PK"))
			if _, used := errors.AsType[*ConflictError](err); used {
				return nil
			}
			return fmt.Errorf("into a book that is in use: %w", err)
		}},
		{"ExportSchool", func() error {
			body, err := c.ExportSchool(ctx, "plain", "6")
			if err == nil {
				err = body.Close()
			}
			return err
		}},
		{"Export", func() error {
			body, err := c.At("6").Export(ctx, 1, "plain")
			if err == nil {
				err = body.Close()
			}
			return err
		}},
	} {
		if err := method.do(); err != nil {
			t.Errorf("%s: %#v", method.name, err)
		}
	}
	server.Close() // waits for those whose answer was not read to its end
	mu.Lock()
	defer mu.Unlock()
	for _, route := range s.server.Routes() {
		if !asked[route.Pattern] {
			t.Errorf("no method of the client asks for %s", route.Pattern)
		}
		for _, p := range route.Query {
			if !asked[route.Pattern+" "+p.Name] {
				t.Errorf("%s: no method of the client sends %s", route.Pattern, p.Name)
			}
		}
	}
}
