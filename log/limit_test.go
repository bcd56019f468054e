package log

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestLimits(t *testing.T) {
	start := time.Now()
	type entries map[string]int
	steps := []struct {
		after   time.Duration // since the start
		entries entries
		wait    time.Duration // 0: taken
	}{
		{0, entries{"a": 200}, 0}, // the burst
		{0, entries{"a": 1}, 0},   // not yet in debt
		{0, entries{"a": 1}, 10 * time.Millisecond},
		{0, entries{"b": 1, "a": 1}, 10 * time.Millisecond},
		{0, entries{"b": 1}, 0}, // another's debt is not its own
		{5 * time.Millisecond, entries{"a": 1}, 5 * time.Millisecond},
		{10 * time.Millisecond, entries{"a": 1000}, 0},
		{10 * time.Second, entries{"a": 1}, 10 * time.Millisecond},
		{10*time.Second + 10*time.Millisecond, entries{"a": 1}, 0},
		{time.Minute, entries{"a": 200}, 0}, // quiet for longer than the burst does not help
		{time.Minute, entries{"a": 1}, 0},
		{time.Minute, entries{"a": 1}, 10 * time.Millisecond},
	}
	refused := map[string]int{}
	l := newLimits(100, func(service string, n int) { refused[service] += n }, slog.New(slog.DiscardHandler))
	defer l.close()
	for i, step := range steps {
		now := start.Add(step.after)
		if quiet := l.quiet(now); quiet && step.wait > 0 {
			t.Errorf("step %d: it is quiet though somebody is in debt", i)
		}
		var wait time.Duration
		err := l.take(step.entries, now)
		if throttled, ok := errors.AsType[*throttledError](err); ok {
			wait = throttled.wait
		}
		if wait != step.wait {
			t.Errorf("step %d: got %v, want a wait of %v", i, err, step.wait)
		}
	}
	if refused["a"] != 5 || refused["b"] != 1 || len(refused) != 2 {
		t.Errorf("refused %v, want 5 of a and 1 of b", refused)
	}
}

// What services have sent is not remembered for longer than it matters.
func TestLimitsForget(t *testing.T) {
	now := time.Now()
	l := newLimits(100, nil, nil)
	for i := range 100 * minSweep {
		now = now.Add(10 * time.Millisecond)
		if err := l.take(map[string]int{fmt.Sprint(i): 1}, now); err != nil {
			t.Fatal(err)
		}
	}
	if len(l.accounts) > minSweep+1 {
		t.Errorf("%d services are on record", len(l.accounts))
	}
}

func TestNoLimit(t *testing.T) {
	l := newLimits(0, nil, nil)
	for range 10 {
		if err := l.take(map[string]int{"a": 1 << 40}, time.Now()); err != nil {
			t.Fatal(err)
		}
	}
}

// People are told at once, then every ten seconds, and each entry is told once.
func TestThrottledIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out screen
		logger := slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey || a.Key == slog.MessageKey || a.Key == slog.LevelKey {
				return slog.Attr{}
			}
			return a
		}}))
		l := newLimits(1, func(string, int) {}, logger)
		l.take(map[string]int{"a": 1000}, time.Now())
		for range 25 {
			l.take(map[string]int{"a": 7}, time.Now())
			synctest.Wait() // what is told at once is told before more comes
			l.take(map[string]int{"a": 1, "b": 1}, time.Now())
			time.Sleep(1100 * time.Millisecond)
		}
		l.close()
		want := "refused=map[a:7] limit=1/s\n" + "refused=\"map[a:73 b:10]\" limit=1/s\n" + "refused=\"map[a:72 b:9]\" limit=1/s\n" + "refused=\"map[a:48 b:6]\" limit=1/s\n"
		if got := out.String(); got != want {
			t.Errorf("told\n%s\nwant\n%s", got, want)
		}
	})
}

func TestPostThrottled(t *testing.T) {
	s := mustOpen(t, t.TempDir())
	s.limits.rate = 10
	const ndjson, one = "application/x-ndjson", "application/json"
	post := func(contentType, body, service string) (int, string) {
		return s.do(t, "POST", "/log", strings.ReplaceAll(body, "S", service), "Content-Type", contentType)
	}
	many := strings.Repeat(`{"message":"m","service":"S"}`+"\n", 100)
	steps := []struct {
		name, contentType, body, service string
		status                           int
	}{
		{"taken whole", ndjson, many, "a", 200},
		{"lines", ndjson, "\n" + many + "nonsense\n\n", "a", 429},
		{"array", one, `[{"message":"m","service":"b"},{"message":"m","service":"S"}]`, "a", 429},
		{"object", one, `{"message":"m","service":"S"}`, "a", 429},
		{"text", "text/plain", "[S] - m", "a", 429},
		{"bad first line", ndjson, "nonsense\n" + many, "a", 429},
		{"first line of another", ndjson, `{"message":"m","service":"b"}` + "\n" + many, "a", 429},
		{"another service", ndjson, many, "c", 200},
	}
	for _, step := range steps {
		status, answer := post(step.contentType, step.body, step.service)
		if status != step.status || status == 429 && !strings.Contains(answer, `sends more than 10 entries a second: nothing was stored, send it again in 8 s`) {
			t.Errorf("%s: got %d %s, want %d", step.name, status, answer, step.status)
		}
	}
	page := httptest.NewRecorder()
	s.metrics.ServeHTTP(page, httptest.NewRequest("GET", "/metrics", nil))
	for _, want := range []string{
		`gradebook_log_throttled_entries_total{service="a"} 304`, // 101 + 1 + 1 + 1 + 100 + 100
		`gradebook_log_throttled_entries_total{service="b"} 2`,
		`gradebook_log_entries_total{level="info",service="a"} 100`,
		`gradebook_log_entries_total{level="info",service="c"} 100`,
	} {
		if !strings.Contains(page.Body.String(), want+"\n") {
			t.Errorf("no %s in\n%s", want, page.Body)
		}
	}
}
