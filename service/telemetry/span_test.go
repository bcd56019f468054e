package telemetry_test

import (
	"strings"
	"testing"

	"gradebook/service/telemetry"
)

func TestParseTraceparent(t *testing.T) {
	const trace, span = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
	for _, c := range []struct {
		header string
		ok     bool
	}{
		{"00-" + trace + "-" + span + "-01", true},
		{"00-" + trace + "-" + span + "-00", true},
		{"00-" + trace + "-" + span + "-03", true},
		{"01-" + trace + "-" + span + "-01-more", true},
		{"01-" + trace + "-" + span + "-01more", false},
		{"00-" + trace + "-" + span + "-01-more", false},
		{"ff-" + trace + "-" + span + "-01", false},
		{"00-" + strings.ToUpper(trace) + "-" + span + "-01", false},
		{"00-" + strings.Repeat("0", 32) + "-" + span + "-01", false},
		{"00-" + trace + "-" + strings.Repeat("0", 16) + "-01", false},
		{"00-" + trace + "-" + span + "-0g", false},
		{"0x-" + trace + "-" + span + "-01", false},
		{"00_" + trace + "-" + span + "-01", false},
		{"", false},
	} {
		s, ok := telemetry.ParseTraceparent(c.header)
		if ok != c.ok {
			t.Errorf("ParseTraceparent(%q) = %v, want %v", c.header, ok, c.ok)
		}
		if ok && (s.Trace.String() != trace || s.ID.String() != span || s.Sampled != (c.header[54] != '0')) {
			t.Errorf("ParseTraceparent(%q) = %+v", c.header, s)
		}
	}
}

func TestSpanTravels(t *testing.T) {
	parent := telemetry.NewSpan()
	ctx := telemetry.WithSpan(t.Context(), parent)
	here, ok := telemetry.SpanFrom(ctx)
	if !ok || here != parent {
		t.Fatalf("SpanFrom = %v, %v", here, ok)
	}
	child := here.Child()
	there, ok := telemetry.ParseTraceparent(child.Traceparent())
	if !ok || there != child || there.Trace != parent.Trace || there.ID == parent.ID {
		t.Errorf("parent %+v, child %+v, read back as %+v", parent, child, there)
	}
}
