package log

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// storeSpan stores a span of a trace by its attributes.
func storeSpan(tb testing.TB, s *logService, trace, id, service, name string, start time.Time, attributes map[string]any) {
	tb.Helper()
	line := mustJSON(tb, Entry{
		Kind: "span", Level: "trace", Time: start, Service: service, Trace: trace, Span: id, Message: name, Attributes: attributes,
	})
	if err := s.Send(tb.Context(), []byte(line+"\n")); err != nil {
		tb.Fatal(err)
	}
}

func mustJSON(tb testing.TB, v any) string {
	tb.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		tb.Fatal(err)
	}
	return string(data)
}

// fillTraces stores traces t1 to t5, one a minute, the last one now: each a request to P that took
// as many times 100 ms as its number, of which P spent all but 1 ms asking G. Of t2 nothing is known
// but the call; t3 failed; t5 did not call.
func fillTraces(tb testing.TB, s *logService) {
	tb.Helper()
	for i := 1; i <= 5; i++ {
		id, start, took := fmt.Sprint("t", i), time.Now().Add(time.Duration(i-5)*time.Minute), time.Duration(i)*100*time.Millisecond
		status, err := 200, ""
		if i == 3 {
			status, err = 503, "no provider"
		}
		if i != 2 {
			storeSpan(tb, s, id, "a", "P", "GET /"+id, start, map[string]any{"kind": "server", "duration": took.String(), "status": status})
		}
		if i == 5 {
			break
		}
		storeSpan(tb, s, id, "b", "P", "GET G /", start.Add(time.Millisecond), map[string]any{"kind": "client", "peer": "G", "parent": "a", "duration": (took - time.Millisecond).String(), "error": err})
		if i != 3 {
			storeSpan(tb, s, id, "c", "G", "GET /", start.Add(2*time.Millisecond), map[string]any{"kind": "server", "parent": "b", "duration": "1ms", "status": 200})
		}
	}
}

func TestListTraces(t *testing.T) {
	s := mustOpen(t, t.TempDir())
	fill(t, s) // lines, of traces of the same names
	fillTraces(t, s)
	ago := func(d time.Duration) string { return url.QueryEscape(time.Now().Add(-d).Format(time.RFC3339Nano)) }
	tests := []struct{ query, want string }{
		{"", "t5 t4 t3 t2 t1"},
		{"?service=&min=&error=&since=&until=&limit=", "t5 t4 t3 t2 t1"},
		{"?service=G", "t4 t2 t1"},
		{"?service=P&limit=2", "t5 t4"},
		{"?min=350ms", "t5 t4"},
		{"?error=true", "t3"},
		{"?error=false&service=G", "t4 t2 t1"},
		{"?since=150s", "t5 t4 t3"},
		{"?until=" + ago(90*time.Second), "t3 t2 t1"},
		{"?since=210s&until=90s", "t3 t2"},
		{"?min=10s", ""},
	}
	for _, tt := range tests {
		var list []TraceSummary
		status, body := s.do(t, "GET", "/traces"+tt.query, "")
		if err := json.Unmarshal([]byte(body), &list); err != nil || status != 200 {
			t.Fatalf("GET /traces%s: %d %s", tt.query, status, body)
		}
		var ids []string
		for _, l := range list {
			ids = append(ids, l.ID)
		}
		if got := strings.Join(ids, " "); got != tt.want {
			t.Errorf("GET /traces%s: got %s, want %s", tt.query, got, tt.want)
		}
	}
}

func TestTraceSummary(t *testing.T) {
	s := mustOpen(t, t.TempDir())
	fillTraces(t, s)
	_, body := s.do(t, "GET", "/traces", "")
	var list []TraceSummary
	if err := json.Unmarshal([]byte(body), &list); err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{
		"GET /t5 P 500ms 200 1 [P] ",
		"GET /t4 P 400ms 200 3 [P G] ",
		"GET /t3 P 300ms 503 2 [P] status 503",
		"GET G / P 199ms 0 2 [P G] ",
	} {
		l := list[i]
		if got := fmt.Sprint(l.Name, " ", l.Service, " ", l.Duration, " ", l.Status, " ", l.Spans, " ", l.Services, " ", l.Error); got != want {
			t.Errorf("%s: got %q, want %q", l.ID, got, want)
		}
	}
}

// TestTracePages follows the links from page to page, over more spans than are looked at in a step.
func TestTracePages(t *testing.T) {
	s := mustOpen(t, t.TempDir())
	var lines strings.Builder
	start := time.Now().Add(-time.Hour)
	const traces = 1000
	for i := range traces {
		at := start.Add(time.Duration(i) * time.Second)
		for _, span := range []Entry{
			{Span: "b", Time: at.Add(time.Millisecond), Attributes: map[string]any{"parent": "a", "duration": "1ms"}},
			{Span: "a", Time: at, Attributes: map[string]any{"duration": "1s"}},
		} {
			span.Kind, span.Level, span.Trace, span.Service = "span", "trace", fmt.Sprint("t", i), "S"
			lines.WriteString(mustJSON(t, span) + "\n")
		}
	}
	if err := s.Send(t.Context(), []byte(lines.String())); err != nil {
		t.Fatal(err)
	}
	next, seen := "/traces?limit=300", 0
	for next != "" {
		resp, err := s.client.Get(s.url + next)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(resp.Body)
		resp.Body.Close()
		var list []TraceSummary
		if err := json.Unmarshal(body, &list); err != nil {
			t.Fatalf("%s: %v in %s", next, err, body)
		}
		for _, l := range list {
			seen++
			if want := fmt.Sprint("t", traces-seen); l.ID != want || l.Spans != 2 {
				t.Fatalf("%s: got %s with %d spans, want %s with 2", next, l.ID, l.Spans, want)
			}
		}
		next, _, _ = strings.Cut(strings.TrimPrefix(resp.Header.Get("Link"), "<"), ">")
	}
	if seen != traces {
		t.Errorf("saw %d traces, want %d", seen, traces)
	}
}

// TestListOfManySpans gives up reading before it has what it looks for. A service among those that
// sent them is a year ahead, so that nothing seems to be past.
func TestListOfManySpans(t *testing.T) {
	s := mustOpen(t, t.TempDir())
	start := time.Now().Add(-time.Hour)
	var spans []record
	for i := range 10 * listStep {
		at := start.Add(time.Duration(i) * time.Second)
		if i%10 == 0 {
			at = at.AddDate(1, 0, 0)
		}
		spans = append(spans, record{kind: kindSpan, level: levelTrace, time: at.UnixNano(), trace: fmt.Sprint(i), span: "a", service: "S", message: "x"})
	}
	if _, _, err := s.journal.append(spans); err != nil {
		t.Fatal(err)
	}
	q := traceQuery{most: 5 * listStep, filter: newFilter()}
	list, older, err := s.journal.traces(t.Context(), &q)
	if want := start.Add(5*listStep*time.Second + time.Second); err != nil || len(list) != q.limit || !older.After(want) {
		t.Errorf("got %d traces, more before %v, %v; want %d", len(list), older, err, q.limit)
	}
	q.service = "Nobody"
	list, older, err = s.journal.traces(t.Context(), &q)
	if want := start.Add(5*listStep*time.Second + time.Second); err != nil || len(list) != 0 || !older.Equal(want) {
		t.Errorf("got %d traces, more before %v, %v; want none, more before %v", len(list), older, err, want)
	}
}

func TestBadTraceQueries(t *testing.T) {
	s := mustOpen(t, t.TempDir())
	for _, tt := range []struct{ query, want string }{
		{"?min=soon", `\"soon\" is not a duration such as 250ms`},
		{"?min=-1s", "is not a duration"},
		{"?error=yes", "must be true or false"},
		{"?limit=1001", "must be a whole number from 1 to 1000"},
		{"?since=x", "nor a duration such as 30m"},
		{"?format=xml", "must be json or text"},
		{"?trace=t1", "unknown parameter; this address takes service, min, error, since, until, limit and format"},
	} {
		if status, body := s.do(t, "GET", "/traces"+tt.query, ""); status != 400 || !strings.Contains(body, tt.want) {
			t.Errorf("GET /traces%s: got %d %s, want 400 with %q", tt.query, status, body, tt.want)
		}
	}
}

// readTrace asks for a trace, which must be there.
func readTrace(tb testing.TB, s *logService, path string) *Trace {
	tb.Helper()
	status, body := s.do(tb, "GET", path, "")
	t := new(Trace)
	if err := json.Unmarshal([]byte(body), t); err != nil || status != 200 {
		tb.Fatalf("GET %s: %d %s", path, status, body)
	}
	return t
}

func TestGetTrace(t *testing.T) {
	s := mustOpen(t, t.TempDir())
	fillTraces(t, s)
	line := mustJSON(t, Entry{Trace: "t4", Span: "c", Service: "G", Message: "hello"})
	if err := s.Send(t.Context(), []byte(line+"\n")); err != nil {
		t.Fatal(err)
	}
	trace := readTrace(t, s, "/traces/t4")
	if got := outline(trace.Spans); got != "a(b(c))" || len(trace.Holes) != 0 || len(trace.Spans[0].Children[0].Children[0].Entries) != 1 {
		t.Errorf("got %s in %+v", got, trace)
	}
	if got := outline(readTrace(t, s, "/traces/t2").Spans); got != "b(c)" {
		t.Errorf("t2: got %s", got)
	}
	if status, body := s.do(t, "GET", "/traces/t9", ""); status != 404 || !strings.Contains(body, "t9") {
		t.Errorf("of a trace that is not there: %d %s", status, body)
	}
}

func TestTraceFormats(t *testing.T) {
	s := mustOpen(t, t.TempDir())
	fillTraces(t, s)
	for _, tt := range []struct{ format, accept, want string }{
		{"", "", "application/json"},
		{"", "*/*", "application/json"},
		{"", "text/plain", "text/plain; charset=utf-8"},
		{"", forBrowsers, "text/html; charset=utf-8"},
		{"text", forBrowsers, "text/plain; charset=utf-8"},
		{"json", forBrowsers, "application/json"},
	} {
		for _, path := range []string{"/traces", "/traces/t4"} {
			req, _ := http.NewRequestWithContext(t.Context(), "GET", s.url+path+"?format="+tt.format, nil)
			req.Header.Set("Accept", tt.accept)
			resp, err := s.client.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			if got := resp.Header.Get("Content-Type"); resp.StatusCode != 200 || got != tt.want {
				t.Errorf("%s as %q for %q: got %d %s, want %s", path, tt.format, tt.accept, resp.StatusCode, got, tt.want)
			}
		}
	}
}

// TestHolesOverHTTP has the registry say why, or be away.
func TestHolesOverHTTP(t *testing.T) {
	s := mustOpen(t, t.TempDir())
	fillTraces(t, s)
	if got := readTrace(t, s, "/traces/t3"); len(got.Holes) != 1 || !strings.Contains(got.Holes[0].Why, "the registry cannot say") {
		t.Errorf("without a registry: %+v", got.Holes)
	}
	s.registry = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, `{"nodes":[{"name":"G","state":"absent","since":%q,"reason":"G is absent since 10:42:07: it left."}],"changes":[]}`, time.Now().Add(-time.Hour).Format(time.RFC3339))
	})
	got := readTrace(t, s, "/traces/t3")
	if len(got.Holes) != 1 || got.Holes[0].Service != "G" || !strings.HasPrefix(got.Holes[0].Why, "G was absent from ") || !strings.HasSuffix(got.Holes[0].Why, " (it left).") {
		t.Errorf("got %+v", got.Holes)
	}
	if call := got.Spans[0].Children[0]; call.Hole != got.Holes[0].Why {
		t.Errorf("the span says %q", call.Hole)
	}
}

// TestLargeTrace is what one gets who gives everything the same id.
func TestLargeTrace(t *testing.T) {
	s := mustOpen(t, t.TempDir())
	var lines strings.Builder
	for i := range maxSpans + 10 {
		fmt.Fprintf(&lines, `{"kind":"span","level":"trace","message":"x","trace":"t","span":"%d","attributes":{"parent":"%d"}}`+"\n", i, i-1)
	}
	if err := s.Send(t.Context(), []byte(lines.String())); err != nil {
		t.Fatal(err)
	}
	if got := readTrace(t, s, "/traces/t"); !got.More {
		t.Errorf("it does not say that there is more")
	}
	if status, body := s.do(t, "GET", "/traces/t?format=text", ""); status != 200 || !strings.Contains(body, "and more") {
		t.Errorf("as text: %d %s", status, body[:min(len(body), 500)])
	}
}
