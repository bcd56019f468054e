package log

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

const (
	noticed = 2 * time.Second  // what the registry notes may be known to it that much later
	onTheir = 10 * time.Second // from when spans that are not here will hardly come
	goesOn  = time.Minute      // from when a request has hardly not ended yet
)

// notRecorded is why most of what is missing is.
const notRecorded = "only so many traces a second are, besides those that fail or are slow"

// gap is a place in a trace where something is missing.
type gap struct {
	span  *Span // beside it; nil for all
	above bool  // what asked for it, or else what it asked for
}

// gaps finds where something is missing: what a call led to, what a step belongs to, or, when there
// are only lines, all of it.
func (t *Trace) gaps() []gap {
	if len(t.Spans) == 0 {
		return []gap{{}}
	}
	var found []gap
	above := map[string]bool{}
	for _, s := range t.Spans {
		if s.Parent != "" && !above[s.Parent] {
			above[s.Parent] = true
			found = append(found, gap{s, true})
		}
	}
	walk(t.Spans, 0, func(s *Span, _ int) {
		served := slices.ContainsFunc(s.Children, func(c *Span) bool { return c.Kind == "server" })
		if s.Kind == "client" && !served {
			found = append(found, gap{s, false})
		}
	})
	return found
}

// walk visits spans and what is below them, in the order in which they are shown.
func walk(spans []*Span, depth int, visit func(s *Span, depth int)) {
	for _, s := range spans {
		visit(s, depth)
		walk(s.Children, depth+1, visit)
	}
}

// explain says of each gap why it is there. registry is nil when it does not answer.
func (t *Trace) explain(gaps []gap, registry *graph, now time.Time) {
	e := explainer{registry, now}
	for _, g := range gaps {
		h := Hole{Why: "What the services did for this request is not recorded: " + notRecorded + "."}
		if g.span != nil {
			h = e.hole(g)
			g.span.Hole = cmp.Or(g.span.Hole, h.Why)
		}
		t.Holes = append(t.Holes, h)
	}
}

// explainer knows what the registry says.
type explainer struct {
	registry *graph // nil: it is away
	now      time.Time
}

func (e *explainer) hole(g gap) Hole {
	s := g.span
	switch {
	case g.above && s.Kind == "server":
		return Hole{Span: s.ID, Why: e.noCaller(s)}
	case g.above:
		return Hole{Span: s.ID, Service: s.Service, Why: e.noEnd(s)}
	case s.Status == 0:
		return Hole{Span: s.ID, Service: s.Peer, Why: e.notReached(s)}
	}
	return Hole{Span: s.ID, Service: s.Peer, Why: e.notTold(s)}
}

// notReached says why a call was not answered.
func (e *explainer) notReached(s *Span) string {
	if e.registry == nil {
		return fmt.Sprintf("%s did not answer; why, the registry cannot say, since it does not answer either.", s.Peer)
	}
	n, until := e.registry.node(s.Peer), s.end().Add(noticed)
	switch {
	case n == nil:
		return fmt.Sprintf("%s did not answer: the registry knows no service of that name.", s.Peer)
	case n.away() && !n.Since.After(until):
		return fmt.Sprintf("%s was %s from %s (%s).", s.Peer, n.State, timeOfDay(n.Since), n.cause())
	}
	for _, i := range n.Instances {
		if i.URL == s.URL && i.Health == "down" {
			return fmt.Sprintf("%s at %s was down from %s (%s).", s.Peer, i.URL, timeOfDay(i.Since), i.Reason)
		}
	}
	text := fmt.Sprintf("%s did not answer; it is %s now", s.Peer, n.State)
	if c := e.registry.noted(s.Peer, until); c != nil {
		return fmt.Sprintf("%s. At %s the registry noted: %s.", text, timeOfDay(c.Time), c.Text)
	}
	return text + ", and the registry remembers nothing of that time."
}

// notTold says why a call was answered by a service that has nothing of it in the log.
func (e *explainer) notTold(s *Span) string {
	if lost := e.lost(s.Peer, s.URL, s.Start); lost != "" {
		return fmt.Sprintf("%s answered, but %s before it could tell what it did.", s.Peer, lost)
	}
	if e.now.Sub(s.end()) < onTheir {
		return fmt.Sprintf("%s answered; what it did may be on its way into the log.", s.Peer)
	}
	text := fmt.Sprintf("%s answered, but what it did is not recorded: %s", s.Peer, notRecorded)
	if e.registry == nil {
		return text + ". Or it was lost before it could tell: the registry cannot say, since it does not answer."
	}
	return text + "."
}

// noCaller says why what asked for s is missing.
func (e *explainer) noCaller(s *Span) string {
	if e.registry != nil {
		for _, n := range e.registry.Nodes {
			if lost := e.lost(n.Name, "", s.Start); lost != "" && n.Name != s.Service {
				return fmt.Sprintf("Who asked for this is not in the log. It may have been %s, which %s.", n.Name, lost)
			}
		}
	}
	if e.now.Sub(s.end()) < onTheir {
		return "Who asked for this is not in the log, or not yet."
	}
	return "Who asked for this is not in the log: it is not one of these services, or recorded nothing."
}

// noEnd says why the step is missing within which the same service made s.
func (e *explainer) noEnd(s *Span) string {
	if lost := e.lost(s.Service, "", s.Start); lost != "" {
		return fmt.Sprintf("%s %s while it was at this.", s.Service, lost)
	}
	if e.now.Sub(s.end()) < goesOn {
		return fmt.Sprintf("%s is still at this, or what it did is on its way into the log.", s.Service)
	}
	return fmt.Sprintf("%s ended before it could tell the rest.", s.Service)
}

// lost says since when and why a service is away, or the one at a URL was, that was there at a
// moment; "" if it is not, or if the registry does not answer.
func (e *explainer) lost(service, url string, after time.Time) string {
	if e.registry == nil {
		return ""
	}
	n := e.registry.node(service)
	if n == nil {
		return ""
	}
	if n.away() && n.Since.After(after) {
		return fmt.Sprintf("was lost at %s (%s)", timeOfDay(n.Since), n.cause())
	}
	for _, i := range n.Instances {
		if i.URL == url && i.Since.After(after) {
			return fmt.Sprintf("was lost, and is %s again since %s,", i.Health, timeOfDay(i.Since))
		}
	}
	return ""
}

// timeOfDay writes a time of day as the registry's sentences do.
func timeOfDay(at time.Time) string { return at.Local().Format(time.TimeOnly) }
