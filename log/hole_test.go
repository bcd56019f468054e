package log

import (
	"strings"
	"testing"
	"time"
)

// TestHoles breaks the example trace, which is 12.3 ms long and began at 10:42:07, in one place.
func TestHoles(t *testing.T) {
	at := func(clock string) time.Time {
		d, err := time.Parse(time.TimeOnly, clock)
		if err != nil {
			t.Fatal(err)
		}
		return exampleTime().Truncate(24 * time.Hour).Add(d.Sub(d.Truncate(24 * time.Hour)))
	}
	local := func(clock string) string { return at(clock).Local().Format(time.TimeOnly) }
	down := func(name, since string) *graph {
		return &graph{Nodes: []node{{Name: name, State: "down", Since: at(since), Reason: name + " is down since then: connection refused."}}}
	}
	one := func(health, since string) *graph {
		return &graph{Nodes: []node{{
			Name: "GradingService", State: "up", Since: at("09:00:00"),
			Instances: []instance{{URL: "http://localhost:6001", Health: health, Reason: "silent", Since: at(since)}},
		}}}
	}
	noted := one("up", "09:00:00")
	noted.Changes = []change{{at("10:43:00"), "GradingService at x is up"}, {at("10:42:06"), "GradingService at x is down: silent"}}
	const (
		unreached = "2222222222222222 GradingService "
		untold    = "3333333333333333 GradingService "
		orphan    = "4444444444444444  "
		unended   = "5555555555555555 GradingService "
	)
	tests := []struct {
		name     string
		without  string // spans
		registry *graph
		after    time.Duration // that it is looked at
		want     []string      // span, service and a part of why
	}{
		{"was down", "", down("GradingService", "10:42:00"), 0, []string{unreached + "GradingService was down from " + local("10:42:00") + " (connection refused)."}},
		{"went down within the heartbeat after", "", down("GradingService", "10:42:09"), 0, []string{unreached + "GradingService was down from " + local("10:42:09")}},
		{"one of several was down", "", one("down", "10:42:00"), 0, []string{unreached + "GradingService at http://localhost:6001 was down from " + local("10:42:00") + " (silent)."}},
		{"is back", "", noted, 0, []string{unreached + "GradingService did not answer; it is up now. At " + local("10:42:06") + " the registry noted: GradingService at x is down: silent."}},
		{"was never away", "", one("up", "09:00:00"), 0, []string{unreached + "GradingService did not answer; it is up now, and the registry remembers nothing"}},
		{"is unknown", "", &graph{}, 0, []string{unreached + "GradingService did not answer: the registry knows no service of that name."}},
		{"registry is away", "", nil, 0, []string{unreached + "GradingService did not answer; why, the registry cannot say"}},
		{"killed after it answered", "2 4 5", down("GradingService", "10:42:08"), time.Hour, []string{untold + "GradingService answered, but was lost at " + local("10:42:08") + " (connection refused) before it could tell"}},
		{"answered just now", "2 4 5", noted, 0, []string{untold + "GradingService answered; what it did may be on its way"}},
		{"answered long ago", "2 4 5", noted, time.Hour, []string{untold + "GradingService answered, but what it did is not recorded: only so many traces a second are"}},
		{"answered long ago, registry is away", "2 4 5", nil, time.Hour, []string{untold + "GradingService answered, but what it did is not recorded: " + notRecorded + ". Or it was lost before it could tell"}},
		{"came from outside", "1 2 3", noted, time.Hour, []string{orphan + "Who asked for this is not in the log: it is not one of these services"}},
		{"came from somewhere just now", "1 2 3", nil, 0, []string{orphan + "Who asked for this is not in the log, or not yet."}},
		{"caller was killed", "1 2 3", down("TeacherPortal", "10:42:08"), time.Hour, []string{orphan + "Who asked for this is not in the log. It may have been TeacherPortal, which was lost at " + local("10:42:08")}},
		{"goes on", "1 2 3 4", noted, 0, []string{unended + "GradingService is still at this"}},
		{"was killed at it", "1 2 3 4", down("GradingService", "10:42:08"), time.Hour, []string{unended + "GradingService was lost at " + local("10:42:08") + " (connection refused) while it was at this."}},
		{"never ended", "1 2 3 4", nil, time.Hour, []string{unended + "GradingService ended before it could tell the rest."}},
		{"only lines", "1 2 3 4 5", noted, time.Hour, []string{"  What the services did for this request is not recorded: only so many"}},
		{"nothing is missing", "2", noted, time.Hour, nil},
		{"two missing one parent", "1", nil, time.Hour, []string{"2222222222222222 TeacherPortal TeacherPortal ended", unreached}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			spans, lines := example()
			var kept []*Span
			for _, s := range spans {
				if !strings.Contains(tt.without, s.ID[:1]) {
					if s.ID[0] == '2' {
						s.URL = "http://localhost:6001"
					}
					kept = append(kept, s)
				}
			}
			trace := newTrace(exampleID, kept, lines)
			trace.explain(trace.gaps(), tt.registry, exampleTime().Add(time.Second+tt.after))
			var got strings.Builder
			for _, h := range trace.Holes {
				got.WriteString(h.Span + " " + h.Service + " " + h.Why + "\n")
			}
			for _, want := range tt.want {
				if !strings.Contains(got.String(), want) {
					t.Errorf("got\n%swant %q in it", &got, want)
				}
			}
			if len(trace.Holes) != len(tt.want) {
				t.Errorf("got %d holes, want %d:\n%s", len(trace.Holes), len(tt.want), &got)
			}
		})
	}
}
