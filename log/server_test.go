package log

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gradebook/log/commitlog"
	"gradebook/service/telemetry"
	"gradebook/service/web"
)

// logService is a log service on a real listener, and a client for which every host is that one.
type logService struct {
	*Server
	url      string
	client   *http.Client
	metrics  *telemetry.Metrics
	draining chan struct{}
	registry http.Handler // answers what the service asks of others; nil: it is away
}

// RoundTrip is the way of the service to others.
func (s *logService) RoundTrip(r *http.Request) (*http.Response, error) {
	if s.registry == nil || r.URL.Host != "RegistryService" {
		return nil, fmt.Errorf("nobody is at %s", r.URL)
	}
	w := httptest.NewRecorder()
	s.registry.ServeHTTP(w, r)
	return w.Result(), nil
}

// flags returns the service's flags, of which some are set.
func flags(set map[string]string) func(name string) string {
	return func(name string) string {
		if value, ok := set[name]; ok {
			return value
		}
		fs := flag.NewFlagSet("logservice", flag.PanicOnError)
		Flags(fs)
		return fs.Lookup(name).Value.String()
	}
}

func mustOpen(tb testing.TB, dir string) *logService {
	tb.Helper()
	return mustOpenWith(tb, dir, nil)
}

// mustOpenWith is mustOpen with some flags set.
func mustOpenWith(tb testing.TB, dir string, set map[string]string) *logService {
	tb.Helper()
	s := &logService{metrics: telemetry.NewMetrics(), draining: make(chan struct{})}
	app, err := Open(web.Env{
		Name: "LogService", Instance: "test", DataDir: dir, Logger: slog.New(slog.DiscardHandler), Client: &http.Client{Transport: s}, Draining: s.draining, Flag: flags(set),
		Fatal: func(err error) { tb.Errorf("fatal: %v", err) },
	}, s.metrics)
	if err != nil {
		tb.Fatal(err)
	}
	s.Server = app.(*Server)
	front := api.Record(s.Routes(), s)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		front.ServeHTTP(&web.Recorder{ResponseWriter: w}, r)
	}))
	s.url = server.URL
	transport := &http.Transport{DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, server.Listener.Addr().String())
	}}
	s.client = &http.Client{Transport: transport, Timeout: 10 * time.Second}
	tb.Cleanup(func() {
		transport.CloseIdleConnections()
		server.Close()
		if err := s.Close(); err != nil {
			tb.Error(err)
		}
	})
	return s
}

// do sends a request and returns the status and the body.
func (s *logService) do(tb testing.TB, method, path, body string, header ...string) (int, string) {
	tb.Helper()
	req, err := http.NewRequestWithContext(tb.Context(), method, s.url+path, strings.NewReader(body))
	if err != nil {
		tb.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := s.client.Do(req)
	if err != nil {
		tb.Fatal(err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		tb.Fatal(err)
	}
	return resp.StatusCode, string(answer)
}

// entries returns what a query answers.
func (s *logService) entries(tb testing.TB, query string) []Entry {
	tb.Helper()
	status, body := s.do(tb, "GET", "/log"+query, "")
	if status != 200 {
		tb.Fatalf("GET /log%s: %d %s", query, status, body)
	}
	var entries []Entry
	if err := json.Unmarshal([]byte(body), &entries); err != nil {
		tb.Fatal(err)
	}
	return entries
}

func messages(entries []Entry) string {
	var all []string
	for _, e := range entries {
		all = append(all, e.Message)
	}
	return strings.Join(all, " ")
}

func TestRepeatsAreStoredOnce(t *testing.T) {
	const a1, a2, a3, b1 = `{"message":"a1","instance":"a","sequence":1}`, `{"message":"a2","instance":"a","sequence":2}`,
		`{"message":"a3","instance":"a","sequence":3}`, `{"message":"b1","instance":"b","sequence":1}`
	dir := t.TempDir()
	steps := []struct {
		name, body string
		count      string
		stored     string
	}{
		{"first", a1 + "\n" + a2, `"first":1,"count":2`, "a2 a1"},
		{"repeat", a1 + "\n" + a2, `"first":0,"count":0`, "a2 a1"},
		{"overlap", a2 + "\n" + a3, `"first":3,"count":1`, "a3 a2 a1"},
		{"another instance", b1 + "\n" + b1, `"first":4,"count":1`, "b1 a3 a2 a1"},
		{"without a number", `{"message":"x","instance":"a"}`, `"first":5,"count":1`, "x b1 a3 a2 a1"},
		{"without an instance", `{"message":"y","sequence":1}`, `"first":6,"count":1`, "y x b1 a3 a2 a1"},
		{"older", a1, `"first":0,"count":0`, "y x b1 a3 a2 a1"},
	}
	for _, step := range steps {
		t.Run(step.name, func(t *testing.T) {
			s := mustOpen(t, dir) // each step finds what the one before left on disk
			status, answer := s.do(t, "POST", "/log", step.body, "Content-Type", "application/x-ndjson")
			if status != 200 || !strings.Contains(answer, step.count) {
				t.Errorf("got %d %s, want %s", status, answer, step.count)
			}
			if got := messages(s.entries(t, "")); got != step.stored {
				t.Errorf("stored %q, want %q", got, step.stored)
			}
		})
	}
}

// Whoever has been answered sees its own entry, and a reader who goes on after the last entry it
// saw never misses one that was stored meanwhile.
func TestManyWriters(t *testing.T) {
	s := mustOpen(t, t.TempDir())
	const writers, each = 8, 50
	var group sync.WaitGroup
	for w := range writers {
		group.Go(func() {
			for i := range each {
				line := fmt.Sprintf(`{"message":"m","instance":"w%d","sequence":%d}`, w, i+1)
				if w%2 == 0 {
					line = `{"message":"m"}`
				}
				status, answer := s.do(t, "POST", "/log", line, "Content-Type", "application/json")
				var got receipt
				if err := json.Unmarshal([]byte(answer), &got); status != 200 || err != nil {
					t.Errorf("got %d %s", status, answer)
					return
				}
				if status, _ := s.do(t, "GET", fmt.Sprint("/log/", got.First), ""); status != 200 {
					t.Errorf("entry %d is not there after its answer", got.First)
				}
			}
		})
	}
	f := newFilter()
	f.limit = maxLimit
	for f.after < writers*each && !t.Failed() {
		entries, _, err := s.journal.query(t.Context(), &f)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range slices.Backward(entries) {
			if f.after++; e.Offset != f.after {
				t.Fatalf("after %d came %d", f.after-1, e.Offset)
			}
		}
	}
	group.Wait()
}

func TestOpenRefuses(t *testing.T) {
	s := mustOpen(t, t.TempDir())
	_, err := Open(web.Env{DataDir: s.env.DataDir, Logger: slog.New(slog.DiscardHandler), Flag: flags(nil)}, telemetry.NewMetrics())
	if !errors.Is(err, commitlog.ErrLocked) {
		t.Errorf("a second process: %v, want %v", err, commitlog.ErrLocked)
	}
	dir := t.TempDir()
	l, err := commitlog.Open(dir, commitlog.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := l.Append([]byte("\x03 of a later version")); err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	_, err = Open(web.Env{DataDir: dir, Logger: slog.New(slog.DiscardHandler), Flag: flags(nil)}, telemetry.NewMetrics())
	if err == nil || !strings.Contains(err.Error(), "offset 1: entry has version 3") {
		t.Errorf("a later version: %v", err)
	}
}

func TestMetrics(t *testing.T) {
	s := mustOpen(t, t.TempDir())
	for i := range maxLabels + 8 {
		s.do(t, "POST", "/log", fmt.Sprintf(`{"message":"m","service":"s%d","level":"info+1"}`, i), "Content-Type", "application/json")
	}
	page := httptest.NewRecorder()
	s.metrics.ServeHTTP(page, httptest.NewRequest("GET", "/metrics", nil))
	for _, want := range []string{
		`gradebook_log_entries_total{level="info",service="s0"} 1`,
		`gradebook_log_entries_total{level="info",service="other"} 8`,
		"gradebook_log_stored_bytes_total 40\n",
		"gradebook_log_append_seconds_count 40\n",
		"gradebook_log_next_offset 41\n",
	} {
		if !strings.Contains(page.Body.String(), want) {
			t.Errorf("no %s in\n%s", want, page.Body)
		}
	}
}

func TestHelp(t *testing.T) {
	s := mustOpen(t, t.TempDir())
	if status, body := s.do(t, "GET", "/", ""); status != 200 || !strings.Contains(body, "curl -d 'hello' "+s.url+"/log") {
		t.Errorf("got %d %s", status, body)
	}
}
