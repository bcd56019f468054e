package log

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestChart(t *testing.T) {
	since := time.Date(2026, 11, 21, 10, 0, 0, 0, time.Local)
	counts := Counts{
		Since: since, Until: since.Add(4 * time.Minute), Step: Duration(time.Minute), Total: 1213,
		Series: []Series{{Level: "info", Counts: []int{1200, 0, 10, 0}}, {Level: "error", Counts: []int{0, 0, 2, 1}}},
	}
	c := newChart(counts, url.Values{"service": {"A"}, "before": {"7"}}, since)
	var b strings.Builder
	fmt.Fprintf(&b, "%s|%s|%s\n", c.Found, c.Finding, c.Caption)
	for _, bar := range c.Bars {
		fmt.Fprintf(&b, "%s: x %s+%s y %s+%s bad %s+%s\n", bar.Title, bar.X, bar.Width, bar.Y, bar.Height, bar.BadY, bar.BadHeight)
	}
	for _, tick := range c.Ticks {
		fmt.Fprintf(&b, "%s %s\n", tick.X, tick.Text)
	}
	want := `1,213 lines, 3 errors|1,213 lines, 3 errors. Most of them, 1,200, at 10:00.|Lines every minute, at most 1,200. Errors are red, on top.
10:00: 1,200 lines: x 2.50+20.00 y 6.0+58.0 bad +
10:02: 12 lines, 2 errors: x 52.50+20.00 y 64.0+0.0 bad 62.0+2.0
10:03: 1 line, 1 error: x 77.50+20.00 y 64.0+0.0 bad 62.0+2.0
0 10:00
50% 10:02
100% 10:04
`
	if b.String() != want {
		t.Errorf("got\n%swant\n%s", b.String(), want)
	}
	if link := c.Bars[0].Link; !strings.HasPrefix(link, "/?service=A&since=2026-11-21T") || !strings.Contains(link, "&until=2026") {
		t.Errorf("a bar leads to %s", link)
	}
	empty := newChart(Counts{Since: since, Until: since.Add(time.Hour), Step: Duration(time.Minute)}, nil, since)
	if empty.Found != "No line" || empty.Bars != nil || empty.Finding != "No line." {
		t.Errorf("nothing is drawn as %+v", empty)
	}
}

func TestPeriod(t *testing.T) {
	for d, want := range map[time.Duration]string{
		time.Second: "second", 30 * time.Second: "30 seconds", time.Minute: "minute", 90 * time.Second: "90 seconds",
		5 * time.Minute: "5 minutes", time.Hour: "hour", 90 * time.Minute: "90 minutes", 24 * time.Hour: "24 hours", 7 * 24 * time.Hour: "7 days",
	} {
		if got := period(d); got != want {
			t.Errorf("%v: got %q, want %q", d, got, want)
		}
	}
}

func TestChartWindow(t *testing.T) {
	now := time.Now()
	tests := []struct {
		query string
		want  time.Duration
	}{
		{"", 30 * time.Minute},
		{"since=6h", 6 * time.Hour},
		{"since=6h&until=5h", time.Hour},
		{"until=1h", 30 * time.Minute},
		{"since=1h&until=2h", time.Second}, // nothing is in between
		{"since=1700-01-01T00:00:00Z", maxWindow},
	}
	for _, test := range tests {
		values, _ := url.ParseQuery(test.query)
		f, err := parseFilter(values, now)
		if err != nil {
			t.Fatal(err)
		}
		if got := chartWindow(&f, now); got.Round(time.Millisecond) != test.want {
			t.Errorf("%s: got %v, want %v", test.query, got, test.want)
		}
	}
}
