package log

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"gradebook/log/commitlog"
	"gradebook/service/web"
)

// fill stores entries 1 to 6: one a minute, the last one now.
func fill(tb testing.TB, s *logService) {
	tb.Helper()
	var lines []byte
	for i, e := range []Entry{
		{Level: "debug", Service: "A", Message: "one"},
		{Level: "info", Service: "A", Message: "two", Trace: "t1"},
		{Level: "warn", Service: "B", Message: "Three", Trace: "t1"},
		{Level: "error", Service: "B", Message: "four", Attributes: map[string]any{"student": 5, "request": map[string]any{"path": "/Students"}}},
		{Level: "info+2", Service: "A", Message: "five", Trace: "t2"},
		{Level: "error", Service: "A", Message: "six"},
	} {
		e.Time = time.Now().Add(time.Duration(i-5) * time.Minute)
		line, err := json.Marshal(e)
		if err != nil {
			tb.Fatal(err)
		}
		lines = append(append(lines, line...), '\n')
	}
	if err := s.Send(tb.Context(), lines); err != nil {
		tb.Fatal(err)
	}
}

func TestQuery(t *testing.T) {
	s := mustOpen(t, t.TempDir())
	fill(t, s)
	ago := func(d time.Duration) string { return url.QueryEscape(time.Now().Add(-d).Format(time.RFC3339Nano)) }
	tests := []struct{ query, want string }{
		{"", "six five four Three two one"},
		{"?service=&level=&q=", "six five four Three two one"},
		{"?service=B", "four Three"},
		{"?service=C", ""},
		{"?level=debug", "six five four Three two one"},
		{"?level=info", "six five four Three two"},
		{"?level=WARNING", "six four Three"},
		{"?level=info%2B1", "six five four Three"},
		{"?level=error&service=A", "six"},
		{"?since=150s", "six five four"},
		{"?until=150s", "Three two one"},
		{"?since=210s&until=90s", "four Three"},
		{"?since=" + ago(150*time.Second), "six five four"},
		{"?until=" + ago(150*time.Second), "Three two one"},
		{"?trace=t1", "Three two"},
		{"?trace=t3", ""},
		{"?q=three", "Three"},
		{"?q=O", "four two one"},
		{"?q=student%3D5", "four"},
		{"?q=request.path%3D/students", "four"},
		{"?limit=2", "six five"},
		{"?limit=2&before=5", "four Three"},
		{"?before=1", ""},
		{"?before=999", "six five four Three two one"},
		{"?after=4", "six five"},
		{"?after=6", ""},
		{"?after=9223372036854775807", ""},
		{"?after=1&before=4", "Three two"},
		{"?q=o&limit=2", "four two"},
		{"?q=o&limit=2&before=2", "one"},
	}
	for _, test := range tests {
		if got := messages(s.entries(t, test.query)); got != test.want {
			t.Errorf("%s: got %q, want %q", test.query, got, test.want)
		}
	}
}

// Spans are in the log too, but seen only by those who ask for them.
func TestQueryLeavesSpansOut(t *testing.T) {
	s := mustOpen(t, t.TempDir())
	if err := s.Send(t.Context(), []byte(`{"message":"line","trace":"t1"}
{"message":"span","trace":"t1","kind":"span","level":"trace"}
{"message":"debug","level":"debug"}`)); err != nil {
		t.Fatal(err)
	}
	tests := []struct{ query, want string }{
		{"", "debug line"},
		{"?level=trace", "debug span line"},
		{"?trace=t1", "span line"},
		{"?trace=t1&level=info", "line"},
	}
	for _, test := range tests {
		if got := messages(s.entries(t, test.query)); got != test.want {
			t.Errorf("%s: got %q, want %q", test.query, got, test.want)
		}
	}
}

func TestMatchesText(t *testing.T) {
	tests := []struct {
		text, message, attributes string
		want                      bool
	}{
		{"hello", "Say Hello", "", true},
		{"hello", "Say", `{"a":1}`, false},
		{"hello", "Say", `{"a":"HELLO"}`, true},
		{"say a", "Say", `{"a":1}`, true},
		{"say b", "Say", `{"a":1,"b":1}`, false},
		{"a=1 b", "Say", `{"b":2,"a":1}`, true}, // as shown, not as stored
		{"g.a=1", "Say", `{"g":{"a":1}}`, true},
		{"g.b=1", "Say", `{"g":{"a":1},"b":1}`, false},
		{`a="two words"`, "Say", `{"a":"two words"}`, true},
		{"<b>", "Say", `{"a":"\u003cb\u003e"}`, true},
		{`one\ntwo`, "one\ntwo", "", true},
		{"one\ntwo", "One\nTwo", "", true},
		{"größe", "", `{"a":"GRÖSSE"}`, false},
		{"größe", "", `{"a":"GRÖßE"}`, true},
		{"a=null", "", `{"a":null}`, true},
		{"9007199254740993", "", `{"a":9007199254740993}`, true},
	}
	for _, test := range tests {
		f, r := newFilter(), record{message: test.message, attributes: test.attributes}
		if f.text = test.text; f.matches(&r) != test.want {
			t.Errorf("%q in %q %s: got %v", test.text, test.message, test.attributes, !test.want)
		}
	}
}

func TestBadQuery(t *testing.T) {
	s := mustOpen(t, t.TempDir())
	tests := []struct{ query, field, detail string }{
		{"level=loud", "level", "use debug, info, warn or error"},
		{"since=yesterday", "since", "nor a duration such as 30m"},
		{"since=-5m", "since", "nor a duration"},
		{"until=0001-01-01T00:00:00Z", "until", "too far from today"},
		{"limit=0", "limit", "from 1 to 1000"},
		{"limit=1001", "limit", "from 1 to 1000"},
		{"limit=x", "limit", "from 1 to 1000"},
		{"after=-1", "after", "not an offset"},
		{"before=x", "before", "not an offset"},
		{"format=xml", "format", "json, text or ndjson"},
		{"lvl=error", "lvl", "unknown parameter; this address takes service, level, q, trace, since, until, limit, after, before and format"},
	}
	for _, test := range tests {
		status, body := s.do(t, "GET", "/log?"+test.query, "")
		var p web.Problem
		if err := json.Unmarshal([]byte(body), &p); err != nil {
			t.Fatal(err)
		}
		if status != 400 || len(p.Errors) != 1 || p.Errors[0].Field != test.field || !strings.Contains(p.Errors[0].Detail, test.detail) {
			t.Errorf("%s: got %d %s, want 400 with %s: %s", test.query, status, body, test.field, test.detail)
		}
	}
}

func TestGet(t *testing.T) {
	s := mustOpen(t, t.TempDir())
	fill(t, s)
	tests := []struct {
		path   string
		status int
		want   string
	}{
		{"/log/1", 200, `"message":"one"`},
		{"/log/4", 200, `"attributes":{"request":{"path":"/Students"},"student":5}`},
		{"/log/0", 404, "numbered from 1"},
		{"/log/7", 404, "ends before 7"},
		{"/log/18446744073709551615", 404, "ends before 7"},
		{"/log/x", 404, "not an offset"},
		{"/log/-1", 404, "not an offset"},
	}
	for _, test := range tests {
		if status, body := s.do(t, "GET", test.path, ""); status != test.status || !strings.Contains(body, test.want) {
			t.Errorf("%s: got %d %s, want %d %s", test.path, status, body, test.status, test.want)
		}
	}
}

// What retention removed is gone, which is not the same as never having been.
func TestGetRemoved(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		j, err := openJournal(t.TempDir(), commitlog.Options{SegmentBytes: 1 << 10, MaxBytes: 1})
		if err != nil {
			t.Fatal(err)
		}
		defer j.log.Close()
		for range 3 {
			if _, _, err := j.append([]record{{message: strings.Repeat("m", 1<<10)}}); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(10 * time.Minute) // what is too much was removed
		if _, ok, err := j.get(t.Context(), 1); ok || err != nil {
			t.Errorf("got entry 1: %v, %v", ok, err)
		}
		pages, err := web.NewPages(pageFiles, "page")
		if err != nil {
			t.Fatal(err)
		}
		s := &Server{journal: j, pages: pages}
		s.routes()
		tests := []struct {
			offset, status int
			detail         string
		}{
			{2, 410, "begins with 3"},
			{4, 404, "ends before 4"},
		}
		for _, test := range tests {
			w := httptest.NewRecorder()
			api.Record(s.Routes(), s).ServeHTTP(w, httptest.NewRequest("GET", fmt.Sprint("/log/", test.offset), nil))
			if w.Code != test.status || !strings.Contains(w.Body.String(), test.detail) {
				t.Errorf("%d: got %d %s, want %d with %q", test.offset, w.Code, w.Body, test.status, test.detail)
			}
		}
	})
}

func TestForms(t *testing.T) {
	s := mustOpen(t, t.TempDir())
	if err := s.Send(t.Context(), []byte(`{"time":"2026-11-20T18:09:03.5+01:00","level":"warn","service":"A","message":"a\nb","attributes":{"n":1}}
{"time":"2026-11-20T17:09:04Z","service":"Longer","message":"c","attributes":{"text":"two words","none":null,"list":[1,"x"]}}
{"time":"2026-11-20T17:09:05Z","message":"\u001b[31mred"}`)); err != nil {
		t.Fatal(err)
	}
	const text = "2026-11-20T17:09:05.000Z info  -      \\x1b[31mred\n" +
		"2026-11-20T17:09:04.000Z info  Longer c list=\"[1,\\\"x\\\"]\" none=null text=\"two words\"\n" +
		"2026-11-20T17:09:03.500Z warn  A      a\\nb n=1\n"
	const first = `{"offset":1,"time":"2026-11-20T17:09:03.5Z","level":"warn","service":"A","message":"a\nb","attributes":{"n":1}}` + "\n"
	tests := []struct{ query, accept, want string }{
		{"", "text/plain", text},
		{"?format=text", "*/*", text},
		{"?format=text", "application/json", text},
		{"?limit=1&before=2", "application/x-ndjson", first},
		{"?limit=1&before=2&format=ndjson", "text/plain", first},
		{"?limit=1&before=2&format=json", "text/plain", "[" + strings.TrimSpace(first) + "]\n"},
		{"?limit=1&before=2", "*/*", "[" + strings.TrimSpace(first) + "]\n"},
		{"?limit=1&before=1", "", "[]\n"},
	}
	for _, test := range tests {
		if status, got := s.do(t, "GET", "/log"+test.query, "", "Accept", test.accept); status != 200 || got != test.want {
			t.Errorf("%s as %s: got %d\n%s\nwant\n%s", test.query, test.accept, status, got, test.want)
		}
	}
}

// A client that follows the links sees every match once, whatever the page and however far apart
// the matches are.
func TestPages(t *testing.T) {
	s := mustOpen(t, t.TempDir())
	var lines strings.Builder
	const all, rare = 5000, 70
	for i := range all {
		service := "often"
		if i%rare == 0 {
			service = "rare"
		}
		fmt.Fprintf(&lines, `{"message":"%d","service":"%s"}`+"\n", i, service)
	}
	if err := s.Send(t.Context(), []byte(lines.String())); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		query       string
		step, first int
	}{
		{"/log?service=rare&limit=7", rare, 4970},
		{"/log?service=rare&limit=7&q=0", rare, 4970},
		{"/log?limit=1000", 1, all - 1},
	}
	for _, test := range tests {
		want, next := test.first, test.query
		for next != "" {
			resp, err := s.client.Get(s.url + next)
			if err != nil {
				t.Fatal(err)
			}
			var entries []Entry
			err = json.NewDecoder(resp.Body).Decode(&entries)
			resp.Body.Close()
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range entries {
				if e.Message != fmt.Sprint(want) {
					t.Fatalf("%s: got %s, want %d", next, e.Message, want)
				}
				want -= test.step
			}
			next, _, _ = strings.Cut(strings.TrimPrefix(resp.Header.Get("Link"), "<"), ">")
		}
		if want >= 0 {
			t.Errorf("%s: ended at %d", test.query, want)
		}
	}
}

func TestClient(t *testing.T) {
	s := mustOpen(t, t.TempDir())
	fill(t, s)
	c := NewClient(s.client)
	now := time.Now()
	tests := []struct {
		query Query
		want  string
	}{
		{Query{}, "six five four Three two one"},
		{Query{Service: "A", Level: "info", Limit: 2}, "six five"},
		{Query{Text: "student=5"}, "four"},
		{Query{Trace: "t1"}, "Three two"},
		{Query{Since: now.Add(-210 * time.Second), Until: now.Add(-90 * time.Second)}, "four Three"},
		{Query{After: 1, Before: 4}, "Three two"},
	}
	for _, test := range tests {
		entries, err := c.Query(t.Context(), test.query)
		if err != nil || messages(entries) != test.want {
			t.Errorf("%+v: got %q, %v; want %q", test.query, messages(entries), err, test.want)
		}
	}
	_, err := c.Query(t.Context(), Query{Level: "loud"})
	if p, ok := err.(*web.Problem); !ok || p.Status != 400 || p.Errors[0].Field != "level" {
		t.Errorf("bad level: got %v, want a problem", err)
	}
}

func TestLevels(t *testing.T) {
	tests := []struct {
		in   string
		want slog.Level
		ok   bool
	}{
		{"", slog.LevelInfo, true},
		{"debug", slog.LevelDebug, true},
		{"Warning", slog.LevelWarn, true},
		{"ERROR+4", slog.LevelError + 4, true},
		{"error+1000", 0, false},
		{"fatal", 0, false},
	}
	for _, test := range tests {
		if got, err := parseLevel(test.in); got != test.want || (err == nil) != test.ok {
			t.Errorf("%q: got %v, %v; want %v", test.in, got, err, test.want)
		}
	}
}

// An answer has a size, too: the rest is behind its link.
func TestLargeAnswer(t *testing.T) {
	s := mustOpen(t, t.TempDir())
	const entries, size = 100, 200 << 10
	for range entries {
		if _, _, err := s.store([]record{{message: strings.Repeat("x", size)}}); err != nil {
			t.Fatal(err)
		}
	}
	f := newFilter()
	for seen := 0; seen < entries; {
		found, more, err := s.journal.query(t.Context(), &f)
		if err != nil {
			t.Fatal(err)
		}
		if len(found) == 0 || len(found)*size > maxAnswer+size || more != (seen+len(found) < entries) {
			t.Fatalf("got %d entries after %d, more %v", len(found), seen, more)
		}
		for _, e := range found {
			if seen++; e.Offset != uint64(entries+1-seen) {
				t.Fatalf("got entry %d, want %d", e.Offset, entries+1-seen)
			}
		}
		f.before = found[len(found)-1].Offset
	}
}
