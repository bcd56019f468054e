package log

import (
	"testing"
	"time"
)

func TestTraceText(t *testing.T) {
	spans, lines := example()
	spans[0].Name += "\nforged"
	trace := newTrace(exampleID, spans, lines)
	trace.explain(trace.gaps(), nil, exampleTime())
	trace.Holes = append(trace.Holes, Hole{Why: "It is not recorded."})
	golden(t, "trace.txt", string(trace.appendText(nil)))
}

func TestTraceListText(t *testing.T) {
	golden(t, "traces.txt", string(appendTraces(nil, []TraceSummary{
		{ID: exampleID, Name: "POST /api/grading/students/7/grades", Service: "TeacherPortal", Start: exampleTime(), Duration: Duration(12345678), Status: 201, Spans: 5},
		{ID: "a b", Name: "x\ty\nz", Start: exampleTime().Add(-time.Minute), Duration: Duration(time.Minute), Error: "connection refused", Spans: 1},
	})))
}

func TestShortDuration(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0s", 5: "5ns", 12345: "12.35µs", 1234567: "1.23ms", 61*time.Second + 234567890: "1m1.23s", -2500000: "-2.5ms",
	} {
		if got := Duration(d).short().String(); got != want {
			t.Errorf("%v: got %s, want %s", d, got, want)
		}
	}
}
