package log

import (
	"os"
	"strings"
	"testing"

	"gradebook/service/web/webtest"
)

// api is what the tests see of the log's routes.
var api webtest.API

func TestMain(m *testing.M) { os.Exit(api.Main(m)) }

func TestRefusals(t *testing.T) {
	s := mustOpen(t, t.TempDir())
	webtest.Refuses(t, s.Routes(), api.Record(s.Routes(), s))
}

func TestSmallAnswers(t *testing.T) {
	s := mustOpen(t, t.TempDir())
	s.do(t, "PUT", "/alerts/quiet", "silence(service=A) over 5m")
	s.do(t, "POST", "/log", "hello")
	if _, page := s.browse(t, "/?until=2001-01-01T00:00:00Z"); strings.Contains(page, "hello") {
		t.Error("the page shows what came later")
	}
	for _, test := range []struct {
		path, want string
		status     int
	}{
		{"/favicon.ico", "<svg", 200},
		{"/static/none.css", "there is nothing at /static/none.css", 404},
		{"/alerts?format=text", "silence(service=A) over 5m", 200},
	} {
		if status, body := s.do(t, "GET", test.path, ""); status != test.status || !strings.Contains(body, test.want) {
			t.Errorf("GET %s: %d %s, want %d with %q", test.path, status, body, test.status, test.want)
		}
	}
}
