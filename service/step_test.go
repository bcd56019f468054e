package service

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"gradebook/service/telemetry"
	"gradebook/service/web"
)

// TestStepOfARequest says of each request what is recorded of it.
func TestStepOfARequest(t *testing.T) {
	const sampled = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
	tests := []struct {
		rate                 uint
		method, path, header string
		want                 string // name, status, error
	}{
		{1, "GET", "/students/7", "", "GET /students/{student} 200 "},
		{1, "HEAD", "/students/7", "", "HEAD /students/7 200 "},
		{0, "GET", "/students/7", "", ""},
		{0, "GET", "/students/7", sampled, "GET /students/{student} 200 "},
		{1, "POST", "/any/method", "", "POST /any/method 200 "},
		{0, "GET", "/nowhere", "", "GET /nowhere 404 "},
		{0, "GET", "/broken", "", "GET /broken 500 disk on fire"},
		{1, "GET", "/cut", "", "GET /cut 0 "},
		{0, "GET", "/slow", "", "GET /slow 200 "},
		{0, "GET", "/stream", "", ""},
		{1, "GET", "/static/base.css", "", ""},
		{1, "GET", "/log/7", "", ""},
		{1, "GET", "/graph", "", ""},
		{0, "GET", "/graph", sampled, "GET /graph 200 "},
		{1, "GET", "/traces/0af7", "", ""},
		{0, "GET", "/traces/0af7", sampled, "GET /traces/{id} 200 "},
		{1, "POST", "/log", "", ""},
		{1, "GET", "/heartbeat", "", ""},
		{1, "GET", "/services/lookup", "", ""},
		{0, "GET", "/log", sampled, "GET /log 200 "},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprint(tt.method, tt.path, tt.rate), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var got string
				tracer := telemetry.NewTracer(tt.rate, func(s *telemetry.Step) { got = fmt.Sprint(s.Name, " ", s.Status, " ", s.Error) })
				h := observe(slog.New(slog.DiscardHandler), telemetry.NewMetrics(), tracer)(stepApp())
				r := httptest.NewRequestWithContext(t.Context(), tt.method, tt.path, nil)
				if tt.header != "" {
					r.Header.Set("Traceparent", tt.header)
				}
				func() {
					defer func() { recover() }() // as net/http does
					h.ServeHTTP(httptest.NewRecorder(), r)
				}()
				if got != tt.want {
					t.Errorf("recorded %q, want %q", got, tt.want)
				}
			})
		})
	}
}

func stepApp() http.Handler {
	mux := web.NewMux(web.Problems(nil))
	nothing := func(http.ResponseWriter, *http.Request) error { return nil }
	for _, path := range []string{"/students/{student}", "/static/{name}", "/log", "/log/{offset}", "/traces/{id}", "/graph"} {
		mux.Handle("GET "+path, nothing)
	}
	mux.Handle("/any/", nothing)
	mux.Handle("GET /broken", func(http.ResponseWriter, *http.Request) error { return errors.New("disk on fire") })
	mux.Handle("GET /cut", func(http.ResponseWriter, *http.Request) error { panic(http.ErrAbortHandler) })
	mux.Handle("GET /slow", func(http.ResponseWriter, *http.Request) error { time.Sleep(slow); return nil })
	mux.Handle("GET /stream", func(w http.ResponseWriter, _ *http.Request) error {
		web.Wait(w, 0) // the recorder of this test cannot, but notes it
		time.Sleep(slow)
		return nil
	})
	return mux
}

// TestRequestIDIsTraceID of a problem, a line of the log and what is recorded.
func TestRequestIDIsTraceID(t *testing.T) {
	var span telemetry.Span
	tracer := telemetry.NewTracer(1, func(s *telemetry.Step) { span = s.Span })
	var id string
	app := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		id = web.RequestID(r.Context())
		if here, ok := telemetry.SpanFrom(r.Context()); !ok || here.Trace.String() != id {
			t.Errorf("request %s has the span %v", id, here)
		}
	})
	h := observe(slog.New(slog.DiscardHandler), telemetry.NewMetrics(), tracer)(app)
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
	if id == "" || id != span.Trace.String() {
		t.Errorf("the request is %q, its trace %s", id, span.Trace)
	}
}

// BenchmarkObserve is what the chassis adds to a request that is not recorded.
func BenchmarkObserve(b *testing.B) {
	app := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { r.Pattern = "GET /students/{student}" })
	h := observe(slog.New(slog.DiscardHandler), telemetry.NewMetrics(), telemetry.NewTracer(0, nil))(app)
	r := httptest.NewRequest("GET", "/students/1", nil)
	w := httptest.NewRecorder()
	b.ReportAllocs()
	for b.Loop() {
		h.ServeHTTP(w, r)
	}
}
