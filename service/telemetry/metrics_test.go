package telemetry_test

import (
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"gradebook/service/telemetry"
)

func scrape(t *testing.T, m *telemetry.Metrics) string {
	t.Helper()
	w := httptest.NewRecorder()
	m.ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	if got, want := w.Header().Get("Content-Type"), "text/plain; version=0.0.4; charset=utf-8"; got != want {
		t.Errorf("Content-Type = %q, want %q", got, want)
	}
	return w.Body.String()
}

func TestExposition(t *testing.T) {
	m := telemetry.NewMetrics()
	m.Counter("b_total", "Things\nseen in \\.", "kind", "place").With(`q"uo\te`, "here").Add(3)
	m.Gauge("a_bytes", "Bytes held.").With().Set(2.5)
	h := m.Histogram("c_seconds", "Time taken.", []float64{.1, 1}, "route")
	for _, v := range []float64{.05, .1, .5, 7} {
		h.With("/x").Observe(v)
	}
	want := `# HELP a_bytes Bytes held.
# TYPE a_bytes gauge
a_bytes 2.5
# HELP b_total Things\nseen in \\.
# TYPE b_total counter
b_total{kind="q\"uo\\te",place="here"} 3
# HELP c_seconds Time taken.
# TYPE c_seconds histogram
c_seconds_bucket{route="/x",le="0.1"} 2
c_seconds_bucket{route="/x",le="1"} 3
c_seconds_bucket{route="/x",le="+Inf"} 4
c_seconds_sum{route="/x"} 7.65
c_seconds_count{route="/x"} 4
`
	if got := scrape(t, m); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestProcess(t *testing.T) {
	m := telemetry.NewMetrics()
	m.Process(time.Unix(1_700_000_000, 0))
	got := scrape(t, m)
	for _, want := range []string{"process_start_time_seconds 1.7e+09\n", "# TYPE go_gc_cycles_total counter", "\ngo_goroutines "} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}

func TestConcurrentUse(t *testing.T) {
	m := telemetry.NewMetrics()
	c := m.Counter("n_total", "N.", "who")
	h := m.Histogram("h_seconds", "H.", telemetry.Latency(), "who")
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 1000 {
				c.With("a").Add(1)
				h.With("a").Observe(.001)
			}
			scrape(t, m)
		})
	}
	wg.Wait()
	if c, h := c.With("a").Value(), h.With("a").Count(); c != 8000 || h != 8000 {
		t.Errorf("counted %d and %d, want 8000", c, h)
	}
}

func TestRegisteredTwice(t *testing.T) {
	m := telemetry.NewMetrics()
	m.Counter("x_total", "X.")
	defer func() {
		if recover() == nil {
			t.Error("the second registration of a name did not panic")
		}
	}()
	m.Gauge("x_total", "X.")
}
