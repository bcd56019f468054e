package log

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestAlertRoutes(t *testing.T) {
	s := mustOpen(t, t.TempDir())
	const text, form, object = "text/plain", "application/x-www-form-urlencoded", "application/json"
	const rule = "count(level>=error) over 30m > 100"
	steps := []struct {
		method, path, contentType, body string
		status                          int
		want                            string
	}{
		{"GET", "/alerts", "", "", 200, "[]"},
		{"PUT", "/alerts/a", form, "count( level>=ERROR ) over 30m>100\n", 201, `"name":"a","rule":"count(level\u003e=error) over 30m \u003e 100","state":"ok"`},
		{"PUT", "/alerts/a", object, `{"rule":"` + rule + `"}`, 200, `"threshold":100`},
		{"PUT", "/alerts/b.2-c_D", text, "silence(service=A) over 5m", 201, `"threshold":300`},
		{"PUT", "/alerts/c", text, ` {"rule":"` + rule + `"}`, 201, `"history":[]`},
		{"GET", "/alerts", "", "", 200, `[{"name":"a",`},
		{"GET", "/alerts/b.2-c_D", "", "", 200, `"state":"unknown"`},
		{"GET", "/alerts/d", "", "", 404, "there is no alert"},
		{"DELETE", "/alerts/d", "", "", 404, "there is no alert"},
		{"DELETE", "/alerts/c", "", "", 204, ""},
		{"GET", "/alerts/c", "", "", 404, "there is no alert"},
		{"POST", "/alerts", text, rule, 405, "it takes GET"},
		{"PUT", "/alerts/a%20b", text, rule, 400, "is no name of an alert"},
		{"PUT", "/alerts/" + strings.Repeat("a", 65), text, rule, 400, "is no name of an alert"},
		{"PUT", "/alerts/a", text, "count(levle>=error) over 30m > 100", 400, `"errors":[{"field":"rule","detail":"at 7: expected level, service, instance or q, found \"levle\""}]`},
		{"PUT", "/alerts/a", object, `{"rule":"count("}`, 400, "at 7: expected level"},
		{"PUT", "/alerts/a", object, `{"rules":"` + rule + `"}`, 400, `"field":"rules"`},
		{"PUT", "/alerts/a", object, `{"rule":"a","Rule":"b"}`, 400, "appears twice"},
		{"PUT", "/alerts/a", object, `"` + rule + `"`, 400, "must be an object"},
		{"PUT", "/alerts/a", text, "", 400, "at 1: expected count or silence, found the end"},
		{"PUT", "/alerts/a", object, "", 400, "no body"},
		{"GET", "/alerts/a", "", "", 200, `"rule":"count(level\u003e=error) over 30m \u003e 100"`},
	}
	for _, step := range steps {
		status, answer := s.do(t, step.method, step.path, step.body, "Content-Type", step.contentType)
		if status != step.status || !strings.Contains(answer, step.want) {
			t.Errorf("%s %s %s: got %d %s, want %d %s", step.method, step.path, step.body, status, answer, step.status, step.want)
		}
	}
}

func TestAlertLimit(t *testing.T) {
	s := mustOpen(t, t.TempDir())
	for i := range maxAlerts + 1 {
		want := 201
		if i == maxAlerts {
			want = 409
		}
		status, answer := s.do(t, "PUT", fmt.Sprint("/alerts/a", i), "count() over 1h > 1000000")
		if status != want {
			t.Fatalf("alert %d: got %d %s, want %d", i+1, status, answer, want)
		}
	}
	if status, answer := s.do(t, "PUT", "/alerts/a0", "count() over 1h > 2000000"); status != 200 {
		t.Errorf("another rule for one that is there: got %d %s", status, answer)
	}
}

// A rule fires over HTTP, and its entry is in the log and on the tail.
func TestAlertFires(t *testing.T) {
	s := mustOpen(t, t.TempDir())
	tail, alone := s.events(t, "?level=error"), s.eventsOf(t, "/alerts")
	if status, answer := s.do(t, "PUT", "/alerts/errors", "count(level>=error, service=A) over 30m >= 2"); status != 201 {
		t.Fatalf("got %d %s", status, answer)
	}
	for range 2 {
		s.do(t, "POST", "/log", `{"level":"error","service":"A","message":"it failed"}`, "Content-Type", "application/json")
	}
	var got string
	for range 3 {
		got = tail.next()
	}
	if event := alone.next(); event != got {
		t.Errorf("got %s at /alerts, want %s", event, got)
	}
	for _, want := range []string{"3 alert {", `"kind":"alert"`, `"service":"LogService"`, `"message":"alert errors fires: 2"`, `"threshold":2`} {
		if !strings.Contains(got, want) {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	if again := s.eventsOf(t, "/alerts", "Last-Event-ID", "1"); again.next() != got {
		t.Error("who comes back is not told again")
	}
	_, answer := s.do(t, "GET", "/alerts/errors", "")
	var alert Alert
	if err := json.Unmarshal([]byte(answer), &alert); err != nil {
		t.Fatal(err)
	}
	if alert.State != alertFiring || alert.Value != 2 || len(alert.History) != 1 || time.Since(alert.Since) > time.Minute || len(alert.Values) == 0 {
		t.Errorf("got %+v", alert)
	}
}
