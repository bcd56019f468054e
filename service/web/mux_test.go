package web_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"gradebook/service/web"
)

var errGone = errors.New("gone")

type fixedID string

func (id fixedID) String() string { return string(id) }

// newMux has a route for each way a handler can end.
func newMux() *web.Mux {
	m := web.NewMux(web.Problems(func(err error) *web.Problem {
		if errors.Is(err, errGone) {
			return web.NewProblem(http.StatusGone, "it has left")
		}
		return nil
	}))
	m.Handle("GET /things/{thing}", func(w http.ResponseWriter, r *http.Request) error {
		id, err := web.PathID(r, "thing")
		if err != nil {
			return err
		}
		return web.WriteJSON(w, http.StatusOK, []int{id, web.Int(r, "limit", 10)})
	}, web.Query(web.Whole("limit", "at most so many", 1, 100)))
	m.Handle("DELETE /things/{thing}", func(http.ResponseWriter, *http.Request) error { return errGone })
	m.Handle("GET /broken", func(http.ResponseWriter, *http.Request) error { return errors.New("secret path /x") })
	m.Handle("GET /unencodable", func(w http.ResponseWriter, r *http.Request) error {
		return web.WriteJSON(w, http.StatusOK, func() {})
	})
	m.Handle("GET /late", func(w http.ResponseWriter, r *http.Request) error {
		io.WriteString(w, "half")
		return errors.New("disk on fire")
	})
	return m
}

func TestMux(t *testing.T) {
	for _, c := range []struct {
		method, path string
		status       int
		says         string // in the body
	}{
		{"GET", "/things/7?limit=3", 200, "[7,3]\n"},
		{"GET", "/things/7", 200, "[7,10]\n"},
		{"GET", "/things/7?limit=0", 400, `limit: must be a whole number from 1 to 100, not \"0\"`},
		{"GET", "/things/7?limit=x", 400, `"errors":[{"field":"limit"`},
		{"GET", "/things/0", 404, "whole numbers from 1"},
		{"GET", "/things/+7", 404, "whole numbers from 1"},
		{"GET", "/things/007", 404, "whole numbers from 1"},
		{"GET", "/things/99999999999999999999", 404, "whole numbers from 1"},
		{"DELETE", "/things/7", 410, "it has left"},
		{"GET", "/nothing", 404, "there is nothing at /nothing"},
		{"POST", "/things/7", 405, "it takes GET, HEAD, DELETE"},
		{"OPTIONS", "/things/7", 405, "it takes GET, HEAD, DELETE"},
		{"GET", "/broken", 500, `"instance":"/traces/abc123"`},
		{"GET", "/unencodable", 500, "something went wrong"},
		{"GET", "/late", 200, "half"},
	} {
		w := httptest.NewRecorder()
		r := httptest.NewRequest(c.method, c.path, nil)
		newMux().ServeHTTP(&web.Recorder{ResponseWriter: w}, r.WithContext(web.WithRequestID(r.Context(), fixedID("abc123"))))
		body := w.Body.String()
		if w.Code != c.status || !strings.Contains(body, c.says) {
			t.Errorf("%s %s: %d %s, want %d with %s", c.method, c.path, w.Code, body, c.status, c.says)
		}
		if strings.Contains(body, "secret") {
			t.Errorf("%s %s tells its cause: %s", c.method, c.path, body)
		}
		if c.status == 405 && w.Header().Get("Allow") != "GET, HEAD, DELETE" {
			t.Errorf("%s %s: Allow = %q", c.method, c.path, w.Header().Get("Allow"))
		}
		if c.status >= 400 && (w.Header().Get("Content-Type") != "application/problem+json" || !json.Valid(w.Body.Bytes())) {
			t.Errorf("%s %s is no problem document: %s", c.method, c.path, body)
		}
	}
}

func TestCauseIsReported(t *testing.T) {
	for path, want := range map[string]string{"/broken": "secret path /x", "/late": "disk on fire", "/nothing": ""} {
		rec := &web.Recorder{ResponseWriter: httptest.NewRecorder()}
		newMux().ServeHTTP(rec, httptest.NewRequest("GET", path, nil))
		got := ""
		if rec.Cause != nil {
			got = rec.Cause.Error()
		}
		if got != want {
			t.Errorf("%s reported %q, want %q", path, got, want)
		}
	}
}

func TestReadProblem(t *testing.T) {
	sent := web.Invalid(422, web.FieldError{Field: "score", Detail: "is below 0"})
	sent.Current = map[string]any{"score": 5.0}
	mux := web.NewMux(web.Problems(nil))
	mux.Handle("GET /ours", func(http.ResponseWriter, *http.Request) error { return sent })
	mux.Handle("GET /theirs", func(w http.ResponseWriter, _ *http.Request) error {
		http.Error(w, "no coffee", http.StatusTeapot)
		return nil
	})
	server := httptest.NewServer(mux)
	defer server.Close()
	for path, want := range map[string]string{
		"/ours":   "422 Unprocessable Entity: score: is below 0",
		"/theirs": "418 I'm a teapot: no coffee",
	} {
		resp, err := server.Client().Get(server.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		p := web.ReadProblem(resp)
		resp.Body.Close()
		if p.Error() != want {
			t.Errorf("%s: %v, want %s", path, p, want)
		}
		if path == "/ours" && (len(p.Errors) != 1 || p.Errors[0] != sent.Errors[0] || p.Current == nil) {
			t.Errorf("lost on the way: %+v", p)
		}
	}
}
