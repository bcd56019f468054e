package telemetry

import (
	"context"
	"sync/atomic"
	"time"
)

// followRate is how many traces a second that others began are recorded here, at
// least: far more than our own services begin, and few enough for a stranger's.
const followRate = 100

// refuseRate is how many requests a second that were refused (4xx) are recorded.
// Of those it may be anybody who makes many.
const refuseRate = 100

// Tracer decides which requests are recorded, and gives the steps of those to a
// sink. What goes wrong is always recorded, with all that this process did for
// that request; of the others it takes so many new ones a second, and those that
// a caller has decided to record. It is safe for concurrent use.
type Tracer struct {
	sink                     func(*Step)
	begun, followed, refused budget
}

// NewTracer returns a tracer that records up to rate new traces a second, a
// million at most. sink is given each step when it has ended, must not wait, and may
// keep what it was given.
func NewTracer(rate uint, sink func(*Step)) *Tracer {
	begun := min(uint64(rate), 1<<budgetBits-1)
	return &Tracer{
		sink: sink, begun: budget{most: begun}, followed: budget{most: max(begun, followRate)}, refused: budget{most: refuseRate},
	}
}

// Receive begins the step of answering a request that came with this
// traceparent, in the caller's trace or, if that is no valid one, in a new trace.
// begins is false for a request that is not worth a trace by itself.
func (t *Tracer) Receive(ctx context.Context, start time.Time, traceparent string, begins bool) *Active {
	type received struct { // in one piece, since this is made for every request
		Active
		request
	}
	r := new(received)
	a := &r.Active
	if caller, ok := ParseTraceparent(traceparent); ok {
		a.Span, a.Parent = caller.Child(), caller.ID
		a.Sampled = caller.Sampled && t.followed.take(start)
	} else {
		a.Span = NewSpan()
		a.Sampled = begins && t.begun.take(start)
	}
	a.Context, a.Kind, a.Start, a.request = ctx, KindServer, start, &r.request
	r.tracer, r.first, r.kept = t, a, a.Sampled
	return a
}

// budget is so many a second.
type budget struct {
	most  uint64
	state atomic.Uint64 // the second, and in its low bits how many were taken in it
}

const budgetBits = 20

// take reports whether there is one left in the second of now, and takes it.
func (b *budget) take(now time.Time) bool {
	for {
		old := b.state.Load()
		second, taken := uint64(now.Unix()), old&(1<<budgetBits-1)
		if old>>budgetBits != second {
			taken = 0
		}
		if taken >= b.most {
			return false
		}
		if b.state.CompareAndSwap(old, second<<budgetBits|(taken+1)) {
			return true
		}
	}
}
