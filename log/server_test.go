package log

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

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
}

func mustOpen(tb testing.TB, dir string) *logService {
	tb.Helper()
	s := &logService{metrics: telemetry.NewMetrics(), draining: make(chan struct{})}
	app, err := Open(web.Env{
		Name: "LogService", Instance: "test", DataDir: dir, Logger: slog.New(slog.DiscardHandler), Draining: s.draining,
		Fatal: func(err error) { tb.Errorf("fatal: %v", err) },
	}, s.metrics)
	if err != nil {
		tb.Fatal(err)
	}
	s.Server = app.(*Server)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.ServeHTTP(&web.Recorder{ResponseWriter: w}, r)
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

func zipped(s string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	io.WriteString(z, s)
	z.Close()
	return b.String()
}

func TestPost(t *testing.T) {
	const ndjson, form = "application/x-ndjson", "application/x-www-form-urlencoded"
	big := strings.Repeat("x", MaxEntry)
	tests := []struct {
		name, contentType, body string
		status                  int
		answer                  string // in the answer
		stored                  string // messages, newest first
	}{
		{"old client", "text/plain", "[GradingService] - hello", 200, `{"offset":1}`, "hello"},
		{"curl -d", form, "hello", 200, `{"offset":1}`, "hello"},
		{"no type", "", "hello", 200, `{"offset":1}`, "hello"},
		{"type that is none", "a;b;c", "hello", 200, `{"offset":1}`, "hello"},
		{"JSON as a form is text", form, `{"message":"a"}`, 200, `{"offset":1}`, `{"message":"a"}`},
		{"largest text", "text/plain", big, 200, `{"offset":1}`, big},
		{"text too large", "text/plain", big + "x", 413, "262144", ""},
		{"no text", "text/plain", "", 400, "empty", ""},
		{"object", "application/json", `{"message":"a"}`, 200, `{"first":1,"count":1,"rejected":[]}`, "a"},
		{"object of another JSON type", "application/otel+json", ` {"message":"a"} `, 200, `"count":1`, "a"},
		{"array", "application/json; charset=utf-8", `[{"message":"a"},{"message":"b"}]`, 200, `"first":1,"count":2`, "b a"},
		{"array with a bad element", "application/json", `[{"message":"a"},7]`, 200, `"rejected":[{"line":2,"detail":"an entry is a JSON object, not a number"}]`, "a"},
		{"malformed JSON", "application/json", `{"message":`, 400, "not JSON", ""},
		{"malformed array", "application/json", `[{"message":"a"},`, 400, "not JSON", ""},
		{"two objects in one JSON", "application/json", `{"message":"a"}{"message":"b"}`, 400, "not JSON", ""},
		{"empty array", "application/json", `[]`, 400, "holds no entry", ""},
		{"null", "application/json", `null`, 400, "holds no entry", ""},
		{"string", "application/json", `"hello"`, 400, "not a string", ""},
		{"object too large", "application/json", `{"message":"` + big + `"}`, 413, "at most 256 KiB", ""},
		{"lines", ndjson, "{\"message\":\"a\"}\n\n{\"message\":\"b\"}\n", 200, `"first":1,"count":2,"rejected":[]`, "b a"},
		{"bad line", ndjson, "{\"message\":\"a\"}\n\nnonsense\n{\"message\":\"b\"}", 200, `"rejected":[{"line":3,"detail":"not JSON`, "b a"},
		{"line too large", ndjson, `{"message":"` + big + `"}` + "\n" + `{"message":"b"}`, 200, `{"line":1,"detail":"an entry is at most 256 KiB"}`, "b"},
		{"no good line", ndjson, "x\n{}\n", 400, `{"field":"line 2","detail":"message: missing"}`, ""},
		{"no line", ndjson, "\n\n", 400, "holds no entry", ""},
		{"body too large", ndjson, strings.Repeat("{\"message\":\"a\"}\n", maxBody/16+1), 413, "4194304", ""},
		{"bad level", "application/json", `{"message":"a","level":"loud"}`, 400, `level: \"loud\" is not a level`, ""},
		{"bad time", "application/json", `{"message":"a","time":"noon"}`, 400, `time: \"noon\" is not`, ""},
		{"bad attributes", "application/json", `{"message":"a","attributes":[1]}`, 400, "attributes: want a JSON object", ""},
		{"bad field", "application/json", `{"message":7}`, 400, "message: a number does not fit", ""},
		{"long service", "application/json", `{"message":"a","service":"` + strings.Repeat("x", 200) + `"}`, 400, "service: longer than 128 bytes", ""},
		{"unknown fields, any case", "application/json", `{"MESSAGE":"a","colour":"red"}`, 200, `"count":1`, "a"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for _, encoding := range []string{"", "gzip"} {
				s, body := mustOpen(t, t.TempDir()), test.body
				if encoding == "gzip" {
					body = zipped(body)
				}
				status, answer := s.do(t, "POST", "/log", body, "Content-Type", test.contentType, "Content-Encoding", encoding)
				if status != test.status || !strings.Contains(answer, test.answer) {
					t.Errorf("encoding %q: got %d %.200s, want %d %s", encoding, status, answer, test.status, test.answer)
				}
				if got := messages(s.entries(t, "")); got != test.stored {
					t.Errorf("encoding %q: stored %.200q, want %.200q", encoding, got, test.stored)
				}
			}
		})
	}
}
