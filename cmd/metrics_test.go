package cmd_test

import (
	"os/exec"
	"strings"
	"testing"
)

// TestMetrics gives the metrics of each service, after some use, to
// Prometheus' own judge.
func TestMetrics(t *testing.T) {
	t.Parallel()
	promtool := tool(t, "promtool")
	s := started(t)
	s.works()
	s.get(portalService, "/nowhere")
	s.get(gradingService, "/students/abc")
	for _, name := range inOrder() {
		a := s.get(name, "/metrics")
		if got, want := a.header.Get("Content-Type"), "text/plain; version=0.0.4; charset=utf-8"; got != want {
			t.Errorf("%s: the metrics are %q, want %q", name, got, want)
		}
		for _, want := range []string{"gradebook_http_requests_total{", "gradebook_http_request_duration_seconds_bucket{", "process_start_time_seconds ", "go_goroutines "} {
			if !strings.Contains(a.body, "\n"+want) {
				t.Errorf("%s: no %q in the metrics", name, want)
			}
		}
		check := exec.Command(promtool, "check", "metrics")
		check.Stdin = strings.NewReader(a.body)
		if out, err := check.CombinedOutput(); err != nil || len(out) > 0 {
			t.Errorf("%s: promtool says %v:\n%s\nof\n%s", name, err, out, a.body)
		}
	}
}
