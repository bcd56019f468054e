package log

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strconv"
	"time"
)

const (
	traceSlack = 10 * time.Second // that the spans of a trace may be apart in the log, beyond what they are in time
	traceEdge  = time.Minute      // how long before or after the window the spans of a trace in it may be
	maxListed  = 100_000          // spans that a list is made of
	listStep   = 200              // spans after which it is seen whether they are enough
)

// TraceSummary is a trace in the answer of GET /traces.
type TraceSummary struct {
	ID       string    `json:"trace"`
	Name     string    `json:"name"`    // of its first span,
	Service  string    `json:"service"` // and where that was
	Start    time.Time `json:"time"`
	Duration Duration  `json:"duration"`
	Status   int       `json:"status,omitempty"` // of the first span
	Error    string    `json:"error,omitempty"`  // the first thing that went wrong
	Spans    int       `json:"spans"`
	Services []string  `json:"services"` // in the order in which they came into it
}

// traces returns the traces that q asks for, newest first, and the moment before which there may
// be more; zero if there are none. It reads spans until it has enough, and as far beyond that as
// those of one trace are apart.
func (j *journal) traces(ctx context.Context, q *traceQuery) (list []TraceSummary, older time.Time, err error) {
	f := newFilter()
	f.spans = true
	f.since, f.until = earlier(q.since, traceEdge), later(q.until, traceEdge)
	g := gathering{query: q, open: map[string]*gathered{}, oldest: math.MaxInt64}
	for found, err := range j.scan(ctx, &f) {
		if err != nil {
			return nil, time.Time{}, err
		}
		if g.add(&found.record); len(g.list) > q.limit {
			break
		} else if g.read == q.most {
			older = time.Unix(0, g.oldest).UTC()
			break
		}
	}
	if len(g.list) <= q.limit {
		g.settle(math.MinInt64)
	}
	slices.SortFunc(g.list, func(a, b TraceSummary) int { return cmp.Or(b.Start.Compare(a.Start), cmp.Compare(a.ID, b.ID)) })
	if len(g.list) > q.limit {
		g.list = g.list[:q.limit]
		older = g.list[q.limit-1].Start
	}
	return g.list, older, nil
}

// earlier and later move a time, unless it is as good as none.
func earlier(at int64, d time.Duration) int64 { return max(at, math.MinInt64+int64(d)) - int64(d) }
func later(at int64, d time.Duration) int64   { return min(at, math.MaxInt64-int64(d)) + int64(d) }

// gathering makes traces of spans that come newest first.
type gathering struct {
	query  *traceQuery
	open   map[string]*gathered // by trace: those that may have more
	list   []TraceSummary       // of the others, as far as they match
	read   int
	newest int64 // span of the latest step
	oldest int64 // of all
}

// gathered is what was found of one trace.
type gathered struct {
	spans []*Span
	start int64
}

// add takes a span. After every step it makes traces of those that the log has come past: as its
// order is only roughly that of time, that goes by the newest span of the step.
func (g *gathering) add(r *record) {
	of := g.open[r.trace]
	if of == nil {
		of = &gathered{start: math.MaxInt64}
		g.open[r.trace] = of
	}
	if of.start = min(of.start, r.time); len(of.spans) < maxSpans {
		of.spans = append(of.spans, newSpan(r))
	}
	if g.read%listStep == 0 {
		g.newest = math.MinInt64
	}
	g.newest, g.oldest = max(g.newest, r.time), min(g.oldest, r.time)
	if g.read++; g.read%listStep == 0 {
		g.settle(later(g.newest, traceSlack))
	}
}

// settle makes traces of the spans of those that began after a moment.
func (g *gathering) settle(moment int64) {
	for id, of := range g.open {
		if of.start < moment {
			continue
		}
		delete(g.open, id)
		if s := summarize(id, of.spans); id != "" && g.query.matches(&s) {
			g.list = append(g.list, s)
		}
	}
}

func summarize(id string, spans []*Span) TraceSummary {
	t := newTrace(id, spans, nil)
	first := t.Spans[0]
	s := TraceSummary{
		ID: id, Name: first.Name, Service: first.Service, Start: t.Start, Duration: t.Duration,
		Status: first.Status, Spans: len(spans), Services: t.Services,
	}
	walk(t.Spans, 0, func(span *Span, _ int) {
		if s.Error == "" && span.failed() {
			s.Error = cmp.Or(span.Error, "status "+strconv.Itoa(span.Status))
		}
	})
	return s
}
