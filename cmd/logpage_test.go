package cmd_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
	"time"
)

// journal is what services may have written in the last half hour, oldest
// first, with what is hard to show as the newest.
func journal(now time.Time) []map[string]any {
	random := rand.New(rand.NewPCG(1, 2))
	var entries []map[string]any
	add := func(at time.Time, level, service, message string, attributes map[string]any) map[string]any {
		e := map[string]any{"time": at, "level": level, "service": service, "message": message, "attributes": attributes}
		entries = append(entries, e)
		return e
	}
	for i := range 600 {
		at := now.Add(time.Duration(i-600) * 3 * time.Second)
		switch n := random.IntN(100); {
		case i > 500 && i < 530 && n < 60:
			add(at, "error", "RegistryService", "GradingService refused a connection, twice", nil)
		case n < 8:
			add(at, "warn", "GradingService", fmt.Sprintf("sync took %d.%d ms, budget 10 ms", 10+n, n), nil)
		case n < 20:
			add(at, "debug", "LogService", "segment 00000012 rolled at 64 MiB", nil)
		case n < 60:
			add(at, "info", "TeacherPortal", "PUT /classes/3/grades/16/10", map[string]any{"status": 200, "took": "18.4ms"})["trace"] = fmt.Sprintf("%08x%024x", random.Uint32(), i+1)
		case n < 80:
			add(at, "info", "GradingService", "grade saved", map[string]any{"class": 3, "student": n, "assignment": 10})["trace"] = fmt.Sprintf("%08x%024x", random.Uint32(), i+1)
		}
	}
	add(now, "info", "GradingService", `<script>alert("x")</script> & <b>bold</b>`, map[string]any{"title": "<i>\u202eTest</i>", "names": []string{"Ö", "é"}})
	add(now, "error", "TeacherPortal", "panic: index out of range\n\ngoroutine 7 [running]:\n\tmain.work(0x7)\n\t\tmain.go:12", nil)
	add(now, "warn", "A-service-whose-name-is-so-long-that-it-fits-into-no-column-at-all", strings.Repeat("unbroken", 40), nil)
	add(now, "info", "", "a line that names nobody", nil)
	add(now, "info", "GradingService", strings.Repeat("many words ", 1000), nil)
	return entries
}

// writes sends entries to the log service.
func (s *system) writes(entries []map[string]any) {
	s.t.Helper()
	var lines strings.Builder
	for _, e := range entries {
		line, err := json.Marshal(e)
		if err != nil {
			s.t.Fatal(err)
		}
		lines.Write(append(line, '\n'))
	}
	s.send(http.StatusOK, http.MethodPost, logService, "/log", lines.String(), "Content-Type", "application/x-ndjson")
}

// TestBrowserReadsTheLog searches the log and follows it while lines come in and
// the log service goes and comes back.
func TestBrowserReadsTheLog(t *testing.T) {
	t.Parallel()
	b := openBrowser(t)
	s := newSystem(t)
	s.start(registryService, logService)
	s.waitState(patience, logService, "up")
	s.writes(journal(time.Now()))
	b.open(s.url(logService) + "/")
	b.waitText(".head", "in the last 30 minutes", "errors", "Following")
	b.waitText(".loglist", `<script>alert("x")</script> & <b>bold</b>`, "goroutine 7", "the whole entry")
	b.seeAtAllSizes("log")

	b.eval("window.mark = 1", nil)
	s.writes([]map[string]any{{"level": "error", "service": "GradingService", "message": "the disk is full"}})
	b.waitText(".loglist", "error GradingService the disk is full")
	s.writes([]map[string]any{{"kind": "span", "level": "trace", "message": "no line"}, {"message": "one"}, {"message": "two"}})
	b.waitText(".loglist", "info two", "info one")
	if text := b.text(".loglist"); strings.Contains(text, "no line") {
		t.Error("a span is among the lines")
	}
	b.click("#follow")
	b.waitText("#follow", "Follow")
	s.writes([]map[string]any{{"message": "three"}})
	b.screenshot("paused")
	b.click("#follow")
	b.waitText(".loglist", "info three")
	for _, c := range b.complaints() {
		t.Errorf("console: %s %s", c.Level, c.Message)
	}

	s.kill(logService)
	b.waitText(".stack", "The log service does not answer.")
	b.screenshot("lost")
	s.start(logService)
	s.waitState(patience, logService, "up")
	s.writes([]map[string]any{{"message": "four"}})
	b.waitText(".loglist", "info four")
	for _, c := range b.complaints() {
		if !strings.Contains(c.Message, "net::ERR_") { // Chromium notes each try to connect
			t.Errorf("console: %s %s", c.Level, c.Message)
		}
	}
	var still bool
	if b.eval("return window.mark === 1 && document.getElementById('lost').hidden", &still); !still {
		t.Error("the page was loaded again, or still says that the service is away")
	}

	b.fill("#q", "GOROUTINE 7")
	b.click("form button")
	b.waitText("main", "panic: index out of range", "1 line, 1 error in the last 30 minutes")
	b.seeAtAllSizes("log-search")
	b.open(s.url(logService) + "/?q=nowhere")
	b.waitText("main", "No line matches", "No line in the last 30 minutes")
	b.seeAtAllSizes("log-nothing")
	b.open(s.url(logService) + "/?since=24h")
	b.click("link:Older lines")
	b.waitText("main", "Newest lines")
	b.seeAtAllSizes("log-older")
	b.open(s.url(logService) + "/?since=soon")
	b.waitText("main", "400", `"soon" is not`)
	b.seeAtAllSizes("log-refused")
}

// TestBrowserFollowsManyLines: of more lines than a page can hold the oldest are
// on the next one.
func TestBrowserFollowsManyLines(t *testing.T) {
	t.Parallel()
	b := openBrowser(t)
	s := newSystem(t)
	s.startWith(logService, "-registry", "http://localhost:1")
	b.open(s.url(logService) + "/?service=Many")
	b.waitText("main", "No line matches")
	s.writes([]map[string]any{{"service": "Many", "message": "the first line."}})
	b.waitText(".loglist", "the first line.") // from now on lines are added, as the page has some
	for from := 0; from < 1000; from += 250 {
		var entries []map[string]any
		for n := range 250 {
			entries = append(entries, map[string]any{"service": "Many", "message": fmt.Sprintf("line %d.", from+n)})
		}
		s.writes(entries)
	}
	b.waitText(".loglist", "line 999.", "line 500.")
	b.click("#older")
	b.waitText(".loglist", "line 499.")
	for _, c := range b.complaints() {
		t.Errorf("console: %s %s", c.Level, c.Message)
	}
	b.devtools("Emulation.setScriptExecutionDisabled", map[string]any{"value": true})
	b.open(s.url(logService) + "/")
	b.waitText("main", "line 999.", "Look again", "Older lines")
	if text := b.text(".head"); strings.Contains(text, "Following") {
		t.Errorf("without scripts it says %q", text)
	}
}

// spans is a request through three services as they would send it: a first try
// finds nobody, and of a call nothing is known but that it was made.
func spans(trace string, start time.Time) []map[string]any {
	var entries []map[string]any
	add := func(id, parent, service, name string, at, took time.Duration, attributes map[string]any) {
		attributes["duration"] = took.String()
		if parent != "" {
			attributes["parent"] = parent
		}
		entries = append(entries, map[string]any{
			"kind": "span", "level": "trace", "time": start.Add(at), "service": service, "trace": trace, "span": id, "message": name, "attributes": attributes,
		})
	}
	const ms = time.Millisecond
	add("1111111111111111", "", "TeacherPortal", "POST /students/{student}/grades", 0, 84*ms, map[string]any{"kind": "server", "status": 502})
	add("2222222222222222", "1111111111111111", "TeacherPortal", "POST GradingService /students/7/grades", ms, 3*ms, map[string]any{"kind": "client", "peer": "GradingService", "url": "http://localhost:6001", "error": "connection refused"})
	add("3333333333333333", "1111111111111111", "TeacherPortal", "POST GradingService /students/7/grades", 5*ms, 70*ms, map[string]any{"kind": "client", "peer": "GradingService", "url": "http://localhost:6000", "status": 201})
	add("4444444444444444", "3333333333333333", "GradingService", "POST /students/{student}/grades", 9*ms, 60*ms, map[string]any{"kind": "server", "status": 201})
	add("5555555555555555", "4444444444444444", "GradingService", "check If-Match, compute totals", 10*ms, 4*ms, map[string]any{"kind": "internal"})
	add("6666666666666666", "4444444444444444", "GradingService", "commit", 15*ms, 48*ms, map[string]any{"kind": "internal"})
	add("7777777777777777", "1111111111111111", "TeacherPortal", "POST LogService /a/path/whose/name/is/so/long/that/it/has/to/be/broken/somewhere", 78*ms, 5*ms, map[string]any{"kind": "client", "peer": "LogService", "url": "http://localhost:4000", "status": 500})
	return append(entries,
		map[string]any{"time": start.Add(9 * ms), "level": "info", "service": "GradingService", "trace": trace, "span": "4444444444444444", "message": "grade saved", "attributes": map[string]any{"student": 7}},
		map[string]any{"time": start.Add(80 * ms), "level": "error", "service": "TeacherPortal", "trace": trace, "span": "1111111111111111", "message": "POST /students/7/grades", "attributes": map[string]any{"status": 502}})
}

// TestBrowserReadsTraces looks at requests on their way through the services.
func TestBrowserReadsTraces(t *testing.T) {
	t.Parallel()
	b := openBrowser(t)
	s := newSystem(t)
	s.start(registryService, logService)
	s.waitState(patience, logService, "up")
	trace, _ := newTrace()
	s.writes(spans(trace, time.Now().Add(-time.Minute)))
	for i := range 60 {
		id, _ := newTrace()
		start := time.Now().Add(time.Duration(i-100) * time.Second)
		s.writes([]map[string]any{{
			"kind": "span", "level": "trace", "time": start, "service": "TeacherPortal", "trace": id, "span": "1111111111111111", "message": "GET /students",
			"attributes": map[string]any{"kind": "server", "status": 200, "duration": fmt.Sprintf("%dms", 3+i%7)},
		}})
	}
	b.open(s.url(logService) + "/traces")
	b.waitText("main", "POST /students/{student}/grades", "502 failed", "Older traces")
	b.seeAtAllSizes("traces")
	b.click("link:POST /students/{student}/grades")
	b.waitText("main", "84.0 ms in 2 services", "slowest", "commit", "What was logged", "grade saved", "GradingService did not answer: the registry knows no service of that name.")
	b.seeAtAllSizes("trace")
	b.open(s.url(logService) + "/traces?error=true&min=1s")
	b.waitText("main", "No trace matches")
	b.seeAtAllSizes("traces-nothing")
	for _, c := range b.complaints() {
		t.Errorf("console: %s %s", c.Level, c.Message)
	}
}

// TestBrowserFollowsARequest: the number on a page that could not be made leads
// to what the request did, and to why that failed.
func TestBrowserFollowsARequest(t *testing.T) {
	t.Parallel()
	b := openBrowser(t)
	s := started(t)
	s.waitSettled()
	s.kill(gradingService)
	s.waitState(patience, gradingService, "down")
	b.open(s.url(portalService) + "/students/1")
	b.waitText("main", "GradingService is away")
	trace := b.text("main a.mono")
	eventually(t, "the request is recorded", func() error {
		if a := s.get(logService, "/traces/"+trace); !strings.Contains(a.body, `"kind":"server"`) {
			return fmt.Errorf("got %v", a)
		}
		return nil
	})
	b.open(s.url(logService) + "/traces/" + trace)
	b.waitText("main", "GET /students/{student} 503 failed", "no provider of GradingService", "GradingService was down from", "connection refused", "What was logged")
	b.seeAtAllSizes("trace-away")
	for _, c := range b.complaints() {
		if !strings.Contains(c.Message, "503") { // Chromium notes the status of a page
			t.Errorf("console: %s %s", c.Level, c.Message)
		}
	}
}

// TestBrowserSeesAlerts has an alert fire while its page, and that of the lines,
// are looked at.
func TestBrowserSeesAlerts(t *testing.T) {
	t.Parallel()
	b := openBrowser(t)
	s := newSystem(t)
	s.start(registryService, logService)
	s.waitState(patience, logService, "up")
	b.open(s.url(logService) + "/alerts")
	b.waitText("main", "There are no alerts yet", "curl -X PUT")
	b.seeAtAllSizes("alerts-none")
	for name, rule := range map[string]string{
		"many-errors": `count(level>=error, service=GradingService, q="it failed") over 30m > 3`,
		"quiet":       "silence(service=LogService) over 1h",
		"a-name-that-is-as-long-as-a-name-may-be-and-longer-than-a-column": `count(q="a text with some words in it that goes on", service=TeacherPortal, level=warn) over 24h >= 1000`,
	} {
		s.send(http.StatusCreated, http.MethodPut, logService, "/alerts/"+name, rule)
	}
	s.writes(journal(time.Now()))
	b.open(s.url(logService) + "/")
	b.waitText("#alerts", "3 alerts, all ok")
	b.waitText(".pulse", "No alert fires")
	var errors []map[string]any
	for range 4 {
		errors = append(errors, map[string]any{"level": "error", "service": "GradingService", "message": "it failed"})
	}
	s.writes(errors)
	b.waitText("#alerts", "many-errors firing", "2 more alerts")
	b.waitText(".pulse", "1 alert fires")
	b.waitText(".loglist", "error LogService alert many-errors fires: 4")
	b.seeAtAllSizes("log-alerts")
	b.open(s.url(logService) + "/alerts")
	b.waitText("main", "many-errors firing since", "4, limit 3", "quiet ok")
	b.click("summary")
	b.waitText("main", "fired, at 4")
	b.seeAtAllSizes("alerts")
	for _, c := range b.complaints() {
		t.Errorf("console: %s %s", c.Level, c.Message)
	}
}
