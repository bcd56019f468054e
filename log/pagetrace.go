package log

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"gradebook/service/web"
)

const (
	colours   = 6   // of services, in the stylesheet
	maxIndent = 8   // levels that are set in, in the stylesheet
	leastBar  = 0.6 // per cent of the width, to be seen
)

// traceView is one request as it went through the services, in the order of a tree: each step is a
// row, with a bar that shows when it was.
type traceView struct {
	ID       string
	Name     stepName
	Facts    string // when it was, how long it took, how it ended
	Finding  string // what the bars show, for those who do not see them
	Services []coloured
	Ticks    []string
	Rows     []traceRow
	Holes    []string // what is missing beside no step
	Lines    []line   // oldest first
	More     bool     // there is more than is shown
}

// coloured is a service and the class of its colour.
type coloured struct{ Name, Colour string }

// traceRow is one step.
type traceRow struct {
	Name          stepName
	Service       string
	Where         string // that a client called
	Indent        int
	Colour        string
	X, Width      string // of the bar, in per cent
	Took          string
	Status, Error string
	Failed        bool
	Slowest       bool   // most of the time went by here, and not in a step below
	Hole          string // what is missing beside it, in a sentence
}

// stepName is such as "GET /students/{student}".
type stepName string

// Parts are what it may be broken between: before a slash.
func (n stepName) Parts() []string {
	return strings.Split(strings.ReplaceAll(string(n), "/", "\x00/"), "\x00")
}

// showTrace answers with the page of a trace.
func (s *Server) showTrace(w http.ResponseWriter, t *Trace) error {
	v := newTraceView(t, time.Now())
	return s.show(w, page{Template: "trace", Title: string(v.Name), Section: "traces", View: v})
}

func newTraceView(t *Trace, now time.Time) traceView {
	v := traceView{ID: t.ID, Name: "A request", More: t.More}
	colour := map[string]string{}
	for i, name := range t.Services {
		colour[name] = fmt.Sprintf("k%d", i%colours+1)
		v.Services = append(v.Services, coloured{name, colour[name]})
	}
	slowest := slowest(t.Spans)
	lines := t.Entries
	walk(t.Spans, 0, func(s *Span, depth int) {
		row := newTraceRow(s, t.Duration)
		row.Indent, row.Colour = min(depth, maxIndent), colour[s.Service]
		row.Slowest = s == slowest
		v.Rows = append(v.Rows, row)
		lines = append(lines[:len(lines):len(lines)], s.Entries...)
	})
	slices.SortStableFunc(lines, func(a, b Entry) int { return a.Time.Compare(b.Time) })
	for _, e := range lines {
		e.Trace = "" // this one
		v.Lines = append(v.Lines, newLine(e, now))
	}
	for _, h := range t.Holes {
		if h.Span == "" {
			v.Holes = append(v.Holes, h.Why)
		}
	}
	v.tell(t, slowest, now)
	return v
}

// tell sets what is said of the whole trace.
func (v *traceView) tell(t *Trace, slowest *Span, now time.Time) {
	facts := []string{web.Clock(t.Start, now, "15:04:05.000")}
	if len(t.Spans) > 0 {
		first := t.Spans[0]
		v.Name = stepName(first.Name)
		v.Ticks = []string{"0", shortTime(t.Duration / 2), shortTime(t.Duration)}
		facts = append(facts, shortTime(t.Duration)+" in "+web.Count(len(t.Services), "service", "services"))
		if first.Status != 0 {
			facts = append(facts, fmt.Sprint(first.Status))
		}
	}
	if slowest != nil {
		v.Finding = fmt.Sprintf("Most of the time went by in %s of %s: %s.", slowest.Name, slowest.Service, shortTime(own(slowest)))
	}
	v.Facts = strings.Join(facts, " · ")
}

// newTraceRow draws s into a trace that took so long.
func newTraceRow(s *Span, whole Duration) traceRow {
	row := traceRow{
		Name: stepName(s.Name), Service: cmp.Or(s.Service, "a service that does not say its name"), Where: strings.TrimPrefix(s.URL, "http://"),
		Took: shortTime(s.Duration), Error: s.Error, Failed: s.failed(), Hole: s.Hole,
	}
	if s.Status != 0 {
		row.Status = fmt.Sprint(s.Status)
	}
	part := func(d Duration) float64 { return 100 * min(max(float64(d)/max(float64(whole), 1), 0), 1) }
	from := min(part(s.At), 100-leastBar)
	to := max(part(s.At+s.Duration), from+leastBar)
	row.X, row.Width = fmt.Sprintf("%.2f", from), fmt.Sprintf("%.2f", to-from)
	return row
}

// slowest returns the step in which most of the time went by; nil when there are not two.
func slowest(spans []*Span) *Span {
	var all []*Span
	walk(spans, 0, func(s *Span, _ int) { all = append(all, s) })
	if len(all) < 2 {
		return nil
	}
	return slices.MaxFunc(all, func(a, b *Span) int { return cmp.Compare(own(a), own(b)) })
}

// own is how long a step took without those below it.
func own(s *Span) Duration {
	d := s.Duration
	for _, c := range s.Children {
		d -= c.Duration
	}
	return d
}

// shortTime is how long a step took: "0.25 ms", "18.4 ms", "2 min 24 s".
func shortTime(d Duration) string {
	ms := time.Duration(d).Seconds() * 1000
	switch {
	case ms >= 1000:
		return web.Lasting(time.Duration(d))
	case ms >= 1:
		return fmt.Sprintf("%.1f ms", ms)
	}
	return fmt.Sprintf("%.2f ms", ms)
}
