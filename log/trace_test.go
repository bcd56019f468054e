package log

import (
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "write the golden files of testdata anew")

// exampleTime is when the example trace began.
func exampleTime() time.Time { return time.Date(2026, 11, 21, 10, 42, 7, 123_000_000, time.UTC) }

// exampleID is the id of the example trace.
const exampleID = "0af7651916cd43dd8448eb211c80319c"

// exampleSpan is a span as it is stored; at and took are in milliseconds, attributes JSON members.
func exampleSpan(id, service, name string, at, took float64, attributes string) record {
	millis := func(n float64) time.Duration { return time.Duration(n * float64(time.Millisecond)) }
	return record{
		kind: kindSpan, level: levelTrace, time: exampleTime().Add(millis(at)).UnixNano(), trace: exampleID, span: id,
		service: service, instance: "i-" + service, message: name,
		attributes: fmt.Sprintf(`{"duration":%q,%s}`, millis(took), attributes),
	}
}

// example is a grade that was posted through the portal: a first try reached nobody, the second a
// grading service that read nothing of a third.
func example() (spans []*Span, lines []Entry) {
	for _, r := range []record{
		exampleSpan("4444444444444444", "GradingService", "POST /students/{student}/grades", 2.5, 8.25, `"kind":"server","status":201,"parent":"3333333333333333"`),
		exampleSpan("1111111111111111", "TeacherPortal", "POST /api/grading/students/7/grades", 0, 12.3, `"kind":"server","status":201`),
		exampleSpan("2222222222222222", "TeacherPortal", "POST GradingService /students/7/grades", 0.2, 0.75, `"kind":"client","peer":"GradingService","url":"http://localhost:6001","parent":"1111111111111111","error":"connection refused"`),
		exampleSpan("3333333333333333", "TeacherPortal", "POST GradingService /students/7/grades", 1, 11, `"kind":"client","peer":"GradingService","url":"http://localhost:6000","parent":"1111111111111111","status":201`),
		exampleSpan("5555555555555555", "GradingService", "commit", 3, 7, `"kind":"internal","parent":"4444444444444444"`),
	} {
		spans = append(spans, newSpan(&r))
	}
	return spans, []Entry{
		{Offset: 12, Time: exampleTime().Add(10 * time.Millisecond), Level: "info", Service: "GradingService", Trace: exampleID, Span: "4444444444444444", Message: "POST /students/7/grades", Attributes: map[string]any{"status": json.Number("201"), "took": "8.24ms"}},
		{Offset: 9, Time: exampleTime().Add(time.Millisecond), Level: "warn", Service: "TeacherPortal", Trace: exampleID, Span: "9999999999999999", Message: "a line of a span that is not here"},
	}
}

// golden holds got to a file of testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	name = "testdata/" + name
	if *update {
		if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("got\n%s\nwant what %s has; look at the difference, and run with -update if it is meant:\n%s", got, name, want)
	}
}

func TestTraceJSON(t *testing.T) {
	trace := newTrace(exampleID, first(example()), second(example()))
	got, err := json.MarshalIndent(trace, "", "\t")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "trace.json", string(got)+"\n")
	var back Trace
	if err := json.Unmarshal(got, &back); err != nil || back.Duration != trace.Duration || back.Spans[0].Children[1].At != trace.Spans[0].Children[1].At {
		t.Errorf("read back as %+v, %v", back, err)
	}
}

func first[A, B any](a A, _ B) A  { return a }
func second[A, B any](_ A, b B) B { return b }

// outline writes a tree as "a(b c(d))".
func outline(spans []*Span) string {
	var parts []string
	for _, s := range spans {
		part := s.ID
		if s.Children != nil {
			part += "(" + outline(s.Children) + ")"
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, " ")
}

func TestTraceTree(t *testing.T) {
	tests := []struct{ name, spans, want string }{ // spans as "id parent", in the order of their starts
		{"one", "a -", "a"},
		{"children in order", "a -, b a, c a, d b", "a(b(d) c)"},
		{"child before its parent", "b a, a -", "a(b)"},
		{"parent is missing", "b x, c b", "b(c)"},
		{"two beginnings", "a -, b -", "a b"},
		{"its own parent", "a a", "a"},
		{"a circle", "a b, b a", "b(a)"},
		{"a circle below", "r -, a c, b a, c b", "r c(a(b))"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var spans []*Span
			for i, pair := range strings.Split(tt.spans, ", ") {
				id, parent, _ := strings.Cut(pair, " ")
				spans = append(spans, &Span{ID: id, Parent: strings.Trim(parent, "-"), Start: exampleTime().Add(time.Duration(i))})
			}
			if got := outline(newTrace("t", spans, nil).Spans); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

func TestSpanOfForeignEntry(t *testing.T) {
	r := exampleSpan("1", "A", "x", 0, 5, `"status":"200","peer":"B","kind":7`)
	got := newSpan(&r)
	if got.Duration != Duration(5*time.Millisecond) || got.Status != 0 || got.Peer != "B" || got.Kind != "internal" {
		t.Errorf("got %+v", got)
	}
	r.attributes = `{"duration":"soon"}`
	if got := newSpan(&r); got.Duration != 0 || got.ID != "1" {
		t.Errorf("got %+v", got)
	}
}

// TestEverySpanIsShownOnce whatever says it belongs to what.
func TestEverySpanIsShownOnce(t *testing.T) {
	for seed := range uint64(2000) {
		random := rand.New(rand.NewPCG(seed, 0))
		n := 1 + random.IntN(8)
		spans := make([]*Span, n)
		for i := range spans {
			spans[i] = &Span{ID: fmt.Sprint(random.IntN(n)), Parent: fmt.Sprint(random.IntN(n + 1)), Start: exampleTime().Add(time.Duration(random.IntN(5)))}
		}
		shown := map[*Span]int{}
		trace := newTrace("t", spans, nil)
		walk(trace.Spans, 0, func(s *Span, _ int) { shown[s]++ })
		for _, s := range spans {
			if shown[s] != 1 {
				t.Fatalf("seed %d: span %s below %s is shown %d times in %s", seed, s.ID, s.Parent, shown[s], outline(trace.Spans))
			}
		}
	}
}
