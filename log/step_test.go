package log

import (
	"testing"
	"time"

	"gradebook/service/telemetry"
)

// TestStepArrives sends steps of requests to a log and reads them back as spans.
func TestStepArrives(t *testing.T) {
	s := mustOpen(t, t.TempDir())
	var seen screen
	h := NewHandler(HandlerOptions{Service: "GradingService", Instance: "i", Stderr: &seen, Send: s.Send})
	root := telemetry.NewSpan()
	child := root.Child()
	for _, step := range []*telemetry.Step{
		{Span: child, Parent: root.ID, Name: "GET B /x", Kind: telemetry.KindClient, Start: exampleTime().Add(time.Millisecond), Duration: 1234 * time.Microsecond, Peer: "B", URL: "http://localhost:1", Error: "refused"},
		{Span: root, Name: "GET /", Kind: telemetry.KindServer, Start: exampleTime(), Duration: 2 * time.Second, Status: 503},
	} {
		h.HandleStep(step)
	}
	if err := h.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if seen.String() != "" {
		t.Errorf("printed %q", seen.String())
	}
	want := []Span{
		{ID: root.ID.String(), Name: "GET /", Kind: "server", Service: "GradingService", Instance: "i", Start: exampleTime(), Duration: Duration(2 * time.Second), Status: 503},
		{ID: child.ID.String(), Parent: root.ID.String(), Name: "GET B /x", Kind: "client", Service: "GradingService", Instance: "i", Start: exampleTime().Add(time.Millisecond), Duration: Duration(1234 * time.Microsecond), Peer: "B", URL: "http://localhost:1", Error: "refused"},
	}
	trace := readTrace(t, s, "/traces/"+root.Trace.String())
	parent := *trace.Spans[0]
	got := []*Span{&parent, parent.Children[0]}
	parent.Children = nil
	for i, span := range got {
		span.At, span.Hole = 0, ""
		if got, want := mustJSON(t, span), mustJSON(t, want[i]); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
