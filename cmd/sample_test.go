package cmd_test

import (
	"slices"
	"testing"
	"time"
)

// samples are times of one kind.
type samples []time.Duration

// quantile returns the time that a share q of all does not exceed.
func (s samples) quantile(q float64) time.Duration {
	sorted := slices.Sorted(slices.Values(s))
	return sorted[min(len(sorted)-1, int(q*float64(len(sorted))))]
}

// report gives the median, the 99th percentile and the longest as metrics, in
// milliseconds; of less than 100 samples the last two are the same.
func (s samples) report(b *testing.B, prefix string) {
	b.Helper()
	if len(s) == 0 {
		b.Fatalf("no samples of %s", prefix)
	}
	for _, m := range []struct {
		name string
		q    float64
	}{{"p50", 0.50}, {"p99", 0.99}, {"max", 1}} {
		b.ReportMetric(s.quantile(m.q).Seconds()*1000, prefix+m.name+"-ms")
	}
	b.ReportMetric(0, "ns/op") // it means nothing here
}
