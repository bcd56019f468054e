package log

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"log/slog"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

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

func TestPostEncodings(t *testing.T) {
	tests := []struct {
		name, encoding, body string
		status               int
	}{
		{"identity", "identity", "hello", 200},
		{"gzip", "gzip", zipped("hello"), 200},
		{"not gzip", "gzip", "hello", 400},
		{"cut short", "gzip", zipped("hello")[:20], 400},
		{"unknown", "br", "hello", 415},
		{"bomb", "gzip", zipped(strings.Repeat("x", 8<<20)), 413},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := mustOpen(t, t.TempDir())
			if status, answer := s.do(t, "POST", "/log", test.body, "Content-Encoding", test.encoding); status != test.status {
				t.Errorf("got %d %s, want %d", status, answer, test.status)
			}
		})
	}
}

// Only so many large bodies are in memory as records at a time; small ones do not wait for them.
func TestLargeBodiesTakeTurns(t *testing.T) {
	s := mustOpen(t, t.TempDir())
	for range maxLarge {
		s.large <- struct{}{}
	}
	large := make(chan int)
	go func() { // until it is answered
		body := strings.Repeat("{\"message\":\"large\"}\n", smallBody/10)
		status, _ := s.do(t, "POST", "/log", body, "Content-Type", "application/x-ndjson")
		large <- status
	}()
	if status, _ := s.do(t, "POST", "/log", "small"); status != 200 {
		t.Errorf("a small body is answered %d", status)
	}
	select {
	case status := <-large:
		t.Fatalf("a large body is answered %d before its turn", status)
	default:
	}
	<-s.large
	if status := <-large; status != 200 || s.journal.end() <= smallBody/20 {
		t.Errorf("a large body is answered %d", status)
	}
}

func TestParseText(t *testing.T) {
	tests := []struct{ body, service, message string }{
		{"[GradingService] - added a grade", "GradingService", "added a grade"},
		{"[GradingService] - two\nlines\n", "GradingService", "two\nlines"},
		{"[Teacher Portal] - hello", "Teacher Portal", "hello"},
		{"[a] - [b] - c", "a", "[b] - c"},
		{"[a] hello", "", "[a] hello"},
		{"[] - hello", "", "[] - hello"},
		{" [a] - hello", "", " [a] - hello"},
		{"[a\nb] - hello", "", "[a\nb] - hello"},
		{"[" + strings.Repeat("x", 200) + "] - hello", "", "[" + strings.Repeat("x", 200) + "] - hello"},
		{"bad \xff byte", "", "bad \ufffd byte"},
	}
	for _, test := range tests {
		r, err := parseText([]byte(test.body), time.Now())
		if err != nil || r.service != test.service || r.message != test.message {
			t.Errorf("%q: got %q, %q, %v; want %q, %q", test.body, r.service, r.message, err, test.service, test.message)
		}
	}
}

func TestParseKeeps(t *testing.T) {
	const line = `{"time":"2026-11-20T19:09:03.123456789+01:00","level":"WARNING","service":"s","instance":"i","sequence":7,` +
		`"message":"a\nb","trace":"t","span":"p","attributes": {"big": 9007199254740993, "group": {"x": [1, "two", null]}}}`
	const want = `{"offset":5,"time":"2026-11-20T18:09:03.123456789Z","level":"warn","service":"s","instance":"i","sequence":7,` +
		`"message":"a\nb","trace":"t","span":"p","attributes":{"big":9007199254740993,"group":{"x":[1,"two",null]}}}`
	r, err := newObjectParser(len(line), time.Now()).parse(line)
	if err != nil {
		t.Fatal(err)
	}
	if r, err = decodeRecord(r.encode()); err != nil {
		t.Fatal(err)
	}
	if got, err := json.Marshal(r.entry(5)); err != nil || string(got) != want {
		t.Errorf("got  %s, %v\nwant %s", got, err, want)
	}
}

// FuzzParse: whatever is sent, nothing panics, and what is let in comes back as it was: valid, in
// bounds, on one line.
func FuzzParse(f *testing.F) {
	f.Add("text/plain", "[GradingService] - hello\nforged line")
	f.Add("application/json", `{"message":"a","time":"2026-11-20T18:09:03Z","level":"info+2","sequence":1}`)
	f.Add("application/json", `[{"message":"a","attributes":{"a":{"b":[1,2.5e9,"\u2028"]}}},null,7,[]]`)
	f.Add("application/x-ndjson", "{\"message\":\"\xff\"}\n\n{\"message\":\"b\",\"level\":\"x\"}\nnot json")
	f.Fuzz(func(t *testing.T, contentType, body string) {
		records, rejected, err := parse(bodyForm(contentType), []byte(body), time.Unix(0, 0))
		if (err == nil) != (len(records) > 0) || len(rejected) > maxRejections+1 {
			t.Fatalf("%d records, %d rejected, error %v", len(records), len(rejected), err)
		}
		for _, r := range records {
			back, err := decodeRecord(r.encode())
			if err != nil || back != r {
				t.Fatalf("stored %+v, read %+v, %v", r, back, err)
			}
			e := r.entry(1)
			if _, bad := e.Attributes["unreadable"]; bad && r.attributes != "" && !strings.Contains(r.attributes, "unreadable") {
				t.Fatalf("attributes %q cannot be read", r.attributes)
			}
			want, err := json.Marshal(e)
			if err != nil {
				t.Fatal(err)
			}
			if got := appendEntry(nil, 1, &back); !reflect.DeepEqual(decoded(got), decoded(want)) {
				t.Fatalf("answered %s, want %s", got, want)
			}
			if line := appendLines(nil, []found{{1, back}}); bytes.Count(line, []byte("\n")) != 1 || bytes.ContainsAny(line, "\r\x1b\u2028\u202e") || !utf8.Valid(line) {
				t.Fatalf("forged: %q", line)
			}
		}
	})
}

// What slog.JSONHandler writes is taken as it is.
func TestPostOfSlog(t *testing.T) {
	var lines bytes.Buffer
	logger := slog.New(slog.NewJSONHandler(&lines, &slog.HandlerOptions{Level: slog.LevelDebug}))
	logger.Debug("looked", "service", "Other", slog.Group("request", "path", "/x y", "status", 200))
	logger.Error("failed\n", "error", io.EOF)
	s := mustOpen(t, t.TempDir())
	if status, answer := s.do(t, "POST", "/log", lines.String(), "Content-Type", "application/x-ndjson"); status != 200 || !strings.Contains(answer, `"count":2,"rejected":[]`) {
		t.Fatalf("got %d %s", status, answer)
	}
	want := []Entry{
		{Level: "error", Message: "failed\n", Attributes: map[string]any{"error": "EOF"}},
		{Level: "debug", Message: "looked", Service: "Other", Attributes: map[string]any{"request": map[string]any{"path": "/x y", "status": 200.0}}},
	}
	for i, e := range s.entries(t, "") {
		if time.Since(e.Time) > time.Minute {
			t.Errorf("its time is %v", e.Time)
		}
		if e.Offset, e.Time = 0, (time.Time{}); !reflect.DeepEqual(e, want[i]) {
			t.Errorf("got %+v, want %+v", e, want[i])
		}
	}
}
