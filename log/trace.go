package log

import (
	"cmp"
	"encoding/json"
	"net/http"
	"slices"
	"time"
)

// Trace is one request as it went through the services: the answer of GET /traces/{id}.
type Trace struct {
	ID       string    `json:"trace"`
	Start    time.Time `json:"start"`          // of the earliest span, or of the first line when there are only lines
	Duration Duration  `json:"duration"`       // until the end of the last span
	Services []string  `json:"services"`       // in the order in which they came into it
	Spans    []*Span   `json:"spans"`          // whose parent is not here: one, unless something is missing
	Entries  []Entry   `json:"entries"`        // lines that belong to none of the spans
	Holes    []Hole    `json:"holes"`          // what must have been but is not here
	More     bool      `json:"more,omitempty"` // it is so large that its oldest part is left out
}

// Span is one step of a request in one service, with the steps below it.
type Span struct {
	ID       string    `json:"span"`
	Parent   string    `json:"parent,omitempty"` // absent where the request began
	Name     string    `json:"name"`             // such as "GET /students/{student}" or "commit"
	Kind     string    `json:"kind"`             // server, client or internal
	Service  string    `json:"service"`
	Instance string    `json:"instance,omitempty"`
	Start    time.Time `json:"start"`
	At       Duration  `json:"at"` // from the start of the trace; below zero where a clock is behind
	Duration Duration  `json:"duration"`
	Status   int       `json:"status,omitempty"` // of HTTP
	Error    string    `json:"error,omitempty"`
	Peer     string    `json:"peer,omitempty"` // of a client span: the service it called,
	URL      string    `json:"url,omitempty"`  // and where that was
	Hole     string    `json:"hole,omitempty"` // why what should be below it, or above it, is not here
	Entries  []Entry   `json:"entries,omitempty"`
	Children []*Span   `json:"children,omitempty"` // by start
}

// Hole is a part of a trace that is not in the log.
type Hole struct {
	Span    string `json:"span"`    // the span beside which it is missing
	Service string `json:"service"` // whose part it is; "" if that is not known
	Why     string `json:"why"`     // a sentence
}

// Duration is a time.Duration that is written as "1.234ms".
type Duration time.Duration

func (d Duration) String() string { return time.Duration(d).String() }

// MarshalText writes the duration as [time.Duration] does.
func (d Duration) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what [time.ParseDuration] does.
func (d *Duration) UnmarshalText(text []byte) error {
	parsed, err := time.ParseDuration(string(text))
	*d = Duration(parsed)
	return err
}

// newSpan reads the entry of a span; what it does not have, or has in another type, stays empty.
func newSpan(r *record) *Span {
	var a struct {
		Parent, Kind, Peer, URL, Error string
		Duration                       Duration
		Status                         int
	}
	json.Unmarshal([]byte(r.attributes), &a)
	return &Span{
		ID: r.span, Parent: a.Parent, Name: r.message, Kind: cmp.Or(a.Kind, "internal"),
		Service: r.service, Instance: r.instance, Start: time.Unix(0, r.time).UTC(), Duration: max(a.Duration, 0),
		Status: a.Status, Error: a.Error, Peer: a.Peer, URL: a.URL,
	}
}

func (s *Span) end() time.Time { return s.Start.Add(time.Duration(s.Duration)) }

// failed reports whether the span itself says that something went wrong.
func (s *Span) failed() bool { return s.Error != "" || s.Status >= http.StatusInternalServerError }

// newTrace puts together what the log has of one request, in any order.
func newTrace(id string, spans []*Span, lines []Entry) *Trace {
	t := &Trace{ID: id, Services: []string{}, Spans: []*Span{}, Entries: []Entry{}, Holes: []Hole{}}
	slices.SortStableFunc(spans, func(a, b *Span) int { return a.Start.Compare(b.Start) })
	slices.SortStableFunc(lines, func(a, b Entry) int { return a.Time.Compare(b.Time) })
	known := make(map[string]*Span, len(spans))
	for _, s := range spans {
		known[s.ID] = s
	}
	t.link(spans, known)
	for _, e := range lines {
		if s := known[e.Span]; s != nil {
			s.Entries = append(s.Entries, e)
		} else {
			t.Entries = append(t.Entries, e)
		}
	}
	t.measure(spans, lines)
	return t
}

// link makes a tree of spans, which are in the order of their starts.
func (t *Trace) link(spans []*Span, known map[string]*Span) {
	above := make(map[*Span]*Span, len(spans))
	for _, s := range spans {
		parent := known[s.Parent]
		for up := parent; up != nil; up = above[up] {
			if up == s { // a circle, which only a forger makes
				parent = nil
				break
			}
		}
		if parent == nil {
			t.Spans = append(t.Spans, s)
			continue
		}
		above[s] = parent
		parent.Children = append(parent.Children, s)
	}
}

// measure sets the times and services of the trace.
func (t *Trace) measure(spans []*Span, lines []Entry) {
	if len(spans) == 0 {
		t.Start = lines[0].Time
		t.Duration = Duration(lines[len(lines)-1].Time.Sub(t.Start))
	} else {
		t.Start = spans[0].Start
	}
	for _, s := range spans {
		s.At = Duration(s.Start.Sub(t.Start))
		t.Duration = max(t.Duration, Duration(s.end().Sub(t.Start)))
		t.add(s.Service)
	}
	for _, e := range lines {
		t.add(e.Service)
	}
}

func (t *Trace) add(service string) {
	if service != "" && !slices.Contains(t.Services, service) {
		t.Services = append(t.Services, service)
	}
}
