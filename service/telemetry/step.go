package telemetry

import (
	"context"
	"errors"
	"sync"
	"time"
)

// Kinds of steps.
const (
	KindServer   = "server"   // answers a request
	KindClient   = "client"   // asks another service
	KindInternal = "internal" // neither
)

// maxWaiting is how many steps of a request are kept until it is known whether
// it is recorded; later ones are not.
const maxWaiting = 100

// Step is a span with what is known of it.
type Step struct {
	Span
	Parent   SpanID // zero where the trace began
	Name     string // such as "GET /students/{student}", few of them where that can be
	Kind     string
	Start    time.Time
	Duration time.Duration
	Status   int    // of HTTP; 0 if there is none
	Error    string // what went wrong
	Peer     string // of KindClient: the service it asked,
	URL      string // and where that is
}

// Active is a step under way. It is also the context of what is done in it. A
// nil *Active is a step that nobody records: its methods do nothing. One
// goroutine at a time may use the methods that change it, none after End.
type Active struct {
	context.Context
	Step
	request *request // nil: only the ids are of use
}

// request is what this process does for one request.
type request struct {
	tracer *Tracer
	first  *Active

	mu      sync.Mutex // guards what follows
	kept    bool       // it is recorded
	over    bool       // the first step has ended
	waiting []*Active  // have ended; recorded if the request will be
}

// Start begins a step within the one that ctx belongs to, and returns the
// context of what is done in it. If ctx belongs to none, the step is nil. The
// caller ends it.
func Start(ctx context.Context, name string) (context.Context, *Active) {
	above, ok := ctx.Value(spanKey{}).(*Active)
	if !ok || above.request == nil {
		return ctx, nil
	}
	a := &Active{
		Context: ctx,
		Step:    Step{Span: above.Child(), Parent: above.ID, Name: name, Kind: KindInternal, Start: time.Now()},
		request: above.request,
	}
	return a, a
}

// Value answers with the step itself where [SpanFrom] and [Start] ask.
func (a *Active) Value(key any) any {
	if key == (spanKey{}) {
		return a
	}
	return a.Context.Value(key)
}

// String returns the trace id, which is also the request's.
func (a *Active) String() string { return a.Trace.String() }

// Call says that the step asks a service at a URL.
func (a *Active) Call(peer, url string) {
	if a != nil {
		a.Kind, a.Peer, a.URL = KindClient, peer, url
	}
}

// Answer notes the status of an answer. One from 500 on has the request
// recorded, and so have the first of a second from 400 on: who was refused has
// the id of the trace.
func (a *Active) Answer(status int) {
	if a == nil {
		return
	}
	a.Status = status
	if status >= 500 || status >= 400 && a.request != nil && a.request.tracer.refused.take(time.Now()) {
		a.Keep()
	}
}

// Fail notes what went wrong and has the request recorded, unless it is that the
// caller did not wait.
func (a *Active) Fail(err error) {
	if a == nil {
		return
	}
	if a.Error = err.Error(); !errors.Is(err, context.Canceled) {
		a.Keep()
	}
}

// Keep has the request recorded, with all its steps in this process.
func (a *Active) Keep() {
	if a == nil || a.request == nil {
		return
	}
	r := a.request
	r.mu.Lock()
	r.kept = true
	waiting := r.waiting
	r.waiting = nil
	r.mu.Unlock()
	for _, a := range waiting {
		r.tracer.sink(&a.Step)
	}
}

// End ends the step. What belongs to a request that is not recorded when its
// first step ends is forgotten.
func (a *Active) End() {
	if a != nil && a.request != nil && a.request.end(a) {
		a.request.tracer.sink(&a.Step)
	}
}

// end notes that a has ended and reports whether it is recorded now.
func (r *request) end(a *Active) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if a == r.first {
		r.over = true
	}
	if r.over && !r.kept {
		r.waiting = nil
		return false // without asking for the time
	}
	a.Duration = time.Since(a.Start)
	if !r.kept && len(r.waiting) < maxWaiting {
		r.waiting = append(r.waiting, a)
	}
	return r.kept
}
