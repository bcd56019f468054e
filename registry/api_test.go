package registry

import (
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"gradebook/service/web"
	"gradebook/service/web/webtest"
)

// api is what the tests see of the registry's routes.
var api webtest.API

func TestMain(m *testing.M) { os.Exit(api.Main(m)) }

// front is a registry whose answers are compared with its document.
func front(s *Server) http.Handler { return api.Record(s.Routes(), s) }

func TestRefusals(t *testing.T) {
	s := mustOpen(t, t.TempDir(), Options{})
	defer s.Close()
	webtest.Refuses(t, s.Routes(), front(s))
}

// A copy of a registration that comes late is no new process.
func TestLateRegistration(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fleet) {
		for _, c := range []struct {
			call, body string
			status     int
		}{
			{"POST /services", `{"serviceName":"A","serviceURL":"http://localhost:6000","serviceUpdateURL":"http://localhost:6000/u","heartbeatURL":"http://localhost:6000/h","instance":"one"}`, 200},
			{"DELETE /services?instance=one", "http://localhost:6000", 200},
			{"POST /services", `{"serviceName":"A","serviceURL":"http://localhost:6000","serviceUpdateURL":"http://localhost:6000/u","heartbeatURL":"http://localhost:6000/h","instance":"one"}`, 409},
		} {
			method, path, _ := strings.Cut(c.call, " ")
			w := httptest.NewRecorder()
			front(f.server).ServeHTTP(w, httptest.NewRequest(method, path, strings.NewReader(c.body)))
			if w.Code != c.status {
				t.Errorf("%s: %d %s, want %d", c.call, w.Code, w.Body, c.status)
			}
		}
	})
}

// Every file that the page refers to is there.
func TestStaticFiles(t *testing.T) {
	s := mustOpen(t, t.TempDir(), Options{})
	defer s.Close()
	paths := []string{"/favicon.ico"}
	for _, name := range []string{"base.css", "registry.css", "live.js", "favicon.svg"} {
		path, err := s.pages.Assets.Path(name)
		if err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	for _, path := range append(paths, "/static/none.css") {
		w := httptest.NewRecorder()
		front(s).ServeHTTP(&web.Recorder{ResponseWriter: w}, httptest.NewRequest("GET", path, nil))
		if want := strings.Contains(path, "none"); (w.Code == http.StatusNotFound) != want {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
}
