package telemetry_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"gradebook/service/telemetry"
)

// sink collects what a tracer records.
type sink struct {
	mu    sync.Mutex // guards steps
	steps []*telemetry.Step
}

func (s *sink) add(step *telemetry.Step) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.steps = append(s.steps, step)
}

// names returns the names of the steps in the order in which they were recorded.
func (s *sink) names() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var names []string
	for _, step := range s.steps {
		names = append(names, step.Name)
	}
	return strings.Join(names, " ")
}

const sampledHeader, unsampledHeader = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"

// TestWhatIsRecorded runs a request of three steps: one that ends before step
// fails, if it does, that one, and one that ends after it.
func TestWhatIsRecorded(t *testing.T) {
	const all, none = "before step after first", ""
	bad := errors.New("connection refused")
	tests := []struct {
		name    string
		rate    uint
		header  string
		quiet   bool
		trouble func(first, step *telemetry.Active)
		want    string
	}{
		{"new", 1, "", false, nil, all},
		{"new, at no rate", 0, "", false, nil, none},
		{"not worth a trace", 1, "", true, nil, none},
		{"not valid", 1, "00-nonsense", false, nil, all},
		{"caller records", 0, sampledHeader, false, nil, all},
		{"caller records what is not worth a trace", 0, sampledHeader, true, nil, all},
		{"caller does not record", 1, unsampledHeader, false, nil, none},
		{"a step fails", 0, "", false, func(_, step *telemetry.Active) { step.Fail(bad) }, all},
		{"a step is given up", 0, "", false, func(_, step *telemetry.Active) { step.Fail(context.Canceled) }, none},
		{"a step is answered with 503", 0, "", false, func(_, step *telemetry.Active) { step.Answer(503) }, all},
		{"a step is answered with 404", 0, "", false, func(_, step *telemetry.Active) { step.Answer(404) }, all},
		{"a step is answered with 304", 0, "", false, func(_, step *telemetry.Active) { step.Answer(304) }, none},
		{"the first is answered with 500", 0, unsampledHeader, true, func(first, _ *telemetry.Active) { first.Answer(500) }, all},
		{"it is slow", 0, "", false, func(first, _ *telemetry.Active) { first.Keep() }, all},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var s sink
			first := telemetry.NewTracer(tt.rate, s.add).Receive(t.Context(), time.Now(), tt.header, !tt.quiet)
			first.Name = "first"
			begin := func(name string) *telemetry.Active { _, a := telemetry.Start(first, name); return a }
			begin("before").End()
			step, after := begin("step"), begin("after")
			if tt.trouble != nil {
				tt.trouble(first, step)
			}
			step.End()
			after.End()
			first.End()
			if got := s.names(); got != tt.want {
				t.Errorf("recorded %q, want %q", got, tt.want)
			}
		})
	}
}

// TestRefusedAreBounded makes more bad requests than are recorded in a second.
func TestRefusedAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var s sink
		tracer := telemetry.NewTracer(0, s.add)
		for second := range 2 {
			for range 1000 {
				first := tracer.Receive(t.Context(), time.Now(), "", true)
				first.Answer(404)
				first.End()
			}
			if got, want := len(s.steps), 100*(second+1); got != want {
				t.Errorf("after second %d: %d are recorded, want %d", second, got, want)
			}
			time.Sleep(time.Second)
		}
	})
}

func TestRecordedStep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var s sink
		first := telemetry.NewTracer(0, s.add).Receive(t.Context(), time.Now(), sampledHeader, true)
		time.Sleep(time.Second)
		type key struct{}
		ctx, step := telemetry.Start(context.WithValue(first, key{}, "value"), "GET B /x")
		step.Call("B", "http://localhost:1")
		time.Sleep(time.Millisecond)
		step.Answer(200)
		step.End()
		got := s.steps[0]
		if here, ok := telemetry.SpanFrom(ctx); !ok || here != got.Span || ctx.Value(key{}) != "value" {
			t.Errorf("in the context is %v (%v), want that of %+v", here, ok, got)
		}
		if got.Trace.String() != "0af7651916cd43dd8448eb211c80319c" || got.Parent != first.ID || first.Parent.String() != "b7ad6b7169203331" || got.ID == first.ID {
			t.Errorf("%+v is not below %+v", got.Span, first.Step)
		}
		want := telemetry.Step{
			Span: got.Span, Parent: first.ID, Name: "GET B /x", Kind: telemetry.KindClient,
			Start: first.Start.Add(time.Second), Duration: time.Millisecond, Status: 200, Peer: "B", URL: "http://localhost:1",
		}
		if *got != want {
			t.Errorf("got %+v, want %+v", *got, want)
		}
	})
}

// TestStepsAfterTheFirst are those of work that a request leaves behind.
func TestStepsAfterTheFirst(t *testing.T) {
	for header, want := range map[string]string{sampledHeader: "first late", unsampledHeader: ""} {
		var s sink
		first := telemetry.NewTracer(0, s.add).Receive(t.Context(), time.Now(), header, true)
		first.Name = "first"
		_, late := telemetry.Start(first, "late")
		first.End()
		late.End()
		if got := s.names(); got != want {
			t.Errorf("recorded %q, want %q", got, want)
		}
	}
}

func TestStepOutsideOfARequest(t *testing.T) {
	for _, ctx := range []context.Context{t.Context(), telemetry.WithSpan(t.Context(), telemetry.NewSpan())} {
		same, step := telemetry.Start(ctx, "x")
		if same != ctx || step != nil {
			t.Errorf("got a step: %v", step)
		}
		step.Call("B", "http://localhost:1")
		step.Answer(500)
		step.Fail(errors.New("x"))
		step.Keep()
		step.End()
	}
}

// TestRates begins and follows far more traces than are recorded in a second.
func TestRates(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var s sink
		tracer := telemetry.NewTracer(3, s.add)
		count := func(header string) (n int) {
			before := len(s.steps)
			var wg sync.WaitGroup
			for range 8 {
				wg.Go(func() {
					for range 50 {
						tracer.Receive(t.Context(), time.Now(), header, true).End()
					}
				})
			}
			wg.Wait()
			return len(s.steps) - before
		}
		for range 2 {
			if begun, followed := count(""), count(sampledHeader); begun != 3 || followed != 100 {
				t.Errorf("recorded %d new and %d other traces in a second, want 3 and 100", begun, followed)
			}
			time.Sleep(time.Second)
		}
	})
}

// BenchmarkNotRecorded is what tracing costs a request that is not recorded.
func BenchmarkNotRecorded(b *testing.B) {
	tracer := telemetry.NewTracer(0, func(*telemetry.Step) {})
	ctx, now := b.Context(), time.Now()
	b.ReportAllocs()
	for b.Loop() {
		a := tracer.Receive(ctx, now, "", true)
		a.Name = "GET /"
		a.Answer(200)
		a.End()
	}
}
