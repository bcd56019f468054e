package portal

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gradebook/grades"
	"gradebook/log"
	"gradebook/registry"
	"gradebook/service/telemetry"
	"gradebook/service/web"
)

// school is what the fake services know, and what they were asked.
type school struct {
	classes  []grades.ClassSummary
	books    map[int]*grades.Gradebook
	students []grades.StudentView
	entries  []log.Entry
	graph    registry.Graph
	refusal  error // answers what would change something

	mu       sync.Mutex
	requests []*http.Request // that changed something, or tried
	bodies   []string
}

// fakes is a portal over real servers that stand in for the other services.
type fakes struct {
	*school
	url    string
	routes []web.Route
	front  http.Handler // at url
}

// open starts a portal over the fakes, without those that are away; everything
// stops with the test.
func open(t testing.TB, s *school, away ...string) *fakes {
	t.Helper()
	serve := func(h http.Handler) string {
		server := httptest.NewServer(h)
		t.Cleanup(server.Close)
		return strings.TrimPrefix(server.URL, "http://")
	}
	hosts := map[string]string{
		gradingService:           serve(s.grading()),
		logService:               serve(answer(func(*http.Request) any { return s.entries }, "GET /log")),
		registry.RegistryService: serve(answer(func(*http.Request) any { return s.graph }, "GET /graph")),
	}
	resolve := roundTripper(func(r *http.Request) (*http.Response, error) {
		name := r.URL.Host
		if slices.Contains(away, name) {
			return nil, &registry.NoProviderError{Service: name, Since: time.Date(2026, 11, 20, 10, 42, 7, 0, time.Local)}
		}
		r = r.Clone(r.Context())
		r.URL.Host, r.Host = hosts[name], ""
		return http.DefaultTransport.RoundTrip(r)
	})
	app, err := Open(web.Env{
		Name: "TeacherPortal", Logger: slog.New(slog.DiscardHandler), Draining: make(chan struct{}),
		Client: &http.Client{Transport: resolve},
	}, telemetry.NewMetrics())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { app.Close() })
	front := recorded(api.Record(app.Routes(), web.LimitBodies(app)))
	return &fakes{s, "http://" + serve(front), app.Routes(), front}
}

// recorded does for a request what the chassis does and the portal relies on.
func recorded(app http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := web.WithRequestID(r.Context(), requestID("b7c1e04f"))
		app.ServeHTTP(&web.Recorder{ResponseWriter: w}, r.WithContext(ctx))
	})
}

type requestID string

func (id requestID) String() string { return string(id) }

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// answer serves one route with what f returns as JSON.
func answer(f func(*http.Request) any, pattern string) *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) { web.WriteJSON(w, http.StatusOK, f(r)) })
	return mux
}

// grading speaks as the grading service does on the wire.
func (s *school) grading() http.Handler {
	mux := web.NewMux(web.Problems(grades.Problem))
	mux.Handle("GET /classes", func(w http.ResponseWriter, r *http.Request) error {
		return web.WriteJSON(w, http.StatusOK, s.classes)
	})
	mux.Handle("GET /classes/{class}", func(w http.ResponseWriter, r *http.Request) error {
		id, _ := web.PathID(r, "class")
		for _, c := range s.classes {
			if c.ID == id {
				return web.WriteJSON(w, http.StatusOK, c)
			}
		}
		return &grades.NotFoundError{What: fmt.Sprint("class ", id)}
	})
	mux.Handle("GET /classes/{class}/gradebook", func(w http.ResponseWriter, r *http.Request) error {
		id, _ := web.PathID(r, "class")
		if s.books[id] == nil {
			return &grades.NotFoundError{What: fmt.Sprint("class ", id)}
		}
		return web.WriteJSON(w, http.StatusOK, s.books[id])
	})
	mux.Handle("GET /classes/{class}/export", func(w http.ResponseWriter, r *http.Request) error {
		_, err := io.WriteString(w, "Student,ID,Section\n"+r.URL.Query().Get("format"))
		return err
	})
	mux.Handle("GET /students", func(w http.ResponseWriter, r *http.Request) error {
		if r.URL.Query().Get("cursor") == "five" {
			return web.WriteJSON(w, http.StatusOK, s.students[5:])
		}
		w.Header().Set("Link", `</students?limit=200&cursor=five>; rel="next"`)
		return web.WriteJSON(w, http.StatusOK, s.students[:min(5, len(s.students))])
	})
	mux.Handle("GET /students/{student}", func(w http.ResponseWriter, r *http.Request) error {
		id, _ := web.PathID(r, "student")
		for _, student := range s.students {
			if student.ID == id {
				return web.WriteJSON(w, http.StatusOK, student)
			}
		}
		return &grades.NotFoundError{What: fmt.Sprint("student ", id)}
	})
	mux.Handle("POST /students/{student}/grades", s.change(func(body []byte) any {
		var in grades.GradeInput
		if err := json.Unmarshal(body, &in); err != nil {
			return err.Error()
		}
		return grades.StudentGrade{Title: in.Title, Type: in.Type, Score: in.Score, Assignment: 3}
	}, http.StatusCreated))
	mux.Handle("POST /imports", s.change(func([]byte) any { return importReport(grades.ImportProposed) }, http.StatusCreated))
	mux.Handle("GET /imports", func(w http.ResponseWriter, r *http.Request) error {
		return web.WriteJSON(w, http.StatusOK, []grades.ImportReport{importReport(grades.ImportProposed), importReport(grades.ImportApplied)})
	})
	mux.Handle("GET /imports/{import}", func(w http.ResponseWriter, r *http.Request) error {
		id := r.PathValue("import")
		if id == "gone" {
			return &grades.NotFoundError{What: "import " + id}
		}
		if r.URL.Query().Get("cursor") == "x" {
			return &grades.InvalidError{Faults: []grades.Fault{{Field: "cursor", Detail: "is not one that a page gave"}}}
		}
		return web.WriteJSON(w, http.StatusOK, importReport(id)) // its state is its id
	})
	mux.Handle("PATCH /imports/{import}", s.change(func([]byte) any { return importReport(grades.ImportProposed) }, http.StatusOK))
	mux.Handle("POST /imports/{import}/apply", s.change(func([]byte) any { return importReport(grades.ImportApplied) }, http.StatusOK))
	mux.Handle("DELETE /imports/{import}", s.change(func([]byte) any { return nil }, http.StatusOK))
	mux.Handle("POST /classes/{class}/undo", s.change(func([]byte) any { return grades.UndoReport{Revision: 8, Undoes: 7} }, http.StatusOK))
	return mux
}

// change serves a route that changes something, unless the school refuses.
func (s *school) change(f func(body []byte) any, status int) web.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) error {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return err
		}
		s.mu.Lock()
		s.requests, s.bodies = append(s.requests, r), append(s.bodies, string(body))
		s.mu.Unlock()
		if s.refusal != nil {
			return s.refusal
		}
		return web.WriteJSON(w, status, f(body))
	}
}

// get returns the page at path: its status, header and text.
func (f *fakes) get(t testing.TB, path string) (int, http.Header, string) {
	t.Helper()
	return f.do(t, http.MethodGet, path, "", nil)
}

func (f *fakes) post(t testing.TB, path string, form url.Values) (int, http.Header, string) {
	t.Helper()
	return f.do(t, http.MethodPost, path, "application/x-www-form-urlencoded", strings.NewReader(form.Encode()))
}

// do follows no redirects.
func (f *fakes) do(t testing.TB, method, path, mediaType string, body io.Reader) (int, http.Header, string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, method, f.url+path, body)
	if err != nil {
		t.Fatal(err)
	}
	if mediaType != "" {
		r.Header.Set("Content-Type", mediaType)
	}
	resp, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, resp.Header, string(text)
}

func ptr[T any](v T) *T { return &v }
