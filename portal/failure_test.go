package portal

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"gradebook/grades"
	"gradebook/registry"
	"gradebook/service/web"
)

// TestAway opens pages whose service is away, and others.
func TestAway(t *testing.T) {
	for _, c := range []struct {
		away, path string
		status     int
		texts      []string
	}{
		{gradingService, "/", 503, []string{"GradingService is away", "since 20 Nov, 10:42:07", "Status and logs work as before", `href="/">Try again`, "b7c1e04f"}},
		{gradingService, "/classes/1?page=1", 503, []string{`href="/classes/1?page=1">Try again`}},
		{gradingService, "/classes/1/export", 503, []string{"GradingService is away"}},
		{gradingService, "/students", 503, nil},
		{gradingService, "/students/1", 503, nil},
		{gradingService, "/import", 200, nil},
		{gradingService, "/logs", 200, nil},
		{gradingService, "/status", 200, nil},
		{logService, "/logs", 503, []string{"LogService is away", "Classes, students and grades work as before"}},
		{logService, "/", 200, nil},
		{registry.RegistryService, "/", 200, []string{"Status unknown"}},
		{registry.RegistryService, "/status", 200, []string{"RegistryService does not answer", "go on with what they know"}},
	} {
		t.Run(c.away+" "+c.path, func(t *testing.T) {
			f := open(t, sampleSchool(), c.away)
			status, header, text := f.get(t, c.path)
			if status != c.status || (status == 503) != (header.Get("Retry-After") != "") {
				t.Errorf("got %d and Retry-After %q, want %d", status, header.Get("Retry-After"), c.status)
			}
			for _, want := range c.texts {
				if !strings.Contains(text, want) {
					t.Errorf("the page lacks %q:\n%s", want, text)
				}
			}
			readHTML(t, text)
		})
	}
}

func TestFailureOf(t *testing.T) {
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.Local)
	refused := &url.Error{Op: "Get", URL: "http://GradingService/classes", Err: errors.New("connection refused")}
	slow := &url.Error{Op: "Get", URL: "http://LogService/log", Err: context.DeadlineExceeded}
	for _, c := range []struct {
		err    error
		status int
		text   string
	}{
		{&registry.NoProviderError{Service: "GradingService", Since: now.Add(-time.Hour)}, 503, "GradingService is away It has been missing since 11:00:00."},
		{&registry.NoProviderError{Service: "GradingService", Since: now.AddDate(0, 0, -1)}, 503, "since 19 Nov, 12:00:00."},
		{&registry.NoProviderError{Service: "GradingService", Since: now.AddDate(-1, 0, 0)}, 503, "since 20 Nov 2025, 12:00:00."},
		{fmt.Errorf("list classes: %w", refused), 503, "GradingService is away It cannot be reached."},
		{slow, 503, "LogService did not answer in time"},
		{context.DeadlineExceeded, 503, "A service did not answer"},
		{context.Canceled, 503, "This was interrupted"},
		{&grades.NotFoundError{What: "class 7"}, 404, "There is no class 7."},
		{&grades.StaleError{}, 412, "The cell is empty; read it again and decide."},
		{web.NewProblem(404, "there is nothing at /x"), 404, "There is nothing at /x."},
		{web.NewProblem(500, "oops"), 503, "A service could not answer Oops."},
		{web.NewProblem(400, ""), 400, "This did not work"},
		{web.Invalid(400, web.FieldError{Field: "page", Detail: "must be 1"}), 400, "Page must be 1."},
		{errors.New("template"), 500, "The portal made a mistake"},
	} {
		f := failureOf(c.err, now)
		if got := f.Title + " " + f.Detail; f.Status != c.status || !strings.Contains(got, c.text) {
			t.Errorf("failureOf(%v) = %d %q, want %d %q", c.err, f.Status, got, c.status, c.text)
		}
		if strings.Contains(f.Detail, "template") {
			t.Errorf("failureOf(%v) tells its cause: %q", c.err, f.Detail)
		}
	}
}

// TestAllow passes on which methods a page takes.
func TestAllow(t *testing.T) {
	f := open(t, sampleSchool())
	status, header, _ := f.do(t, http.MethodDelete, "/students/1/grades", "", nil)
	if got, want := header.Get("Allow"), "POST"; status != http.StatusMethodNotAllowed || got != want {
		t.Errorf("got %d and Allow %q, want 405 and %q", status, got, want)
	}
}
