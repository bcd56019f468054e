package portal

import (
	"context"
	"errors"
	"sync"
	"time"

	"gradebook/registry"
)

// watch keeps the last sight of the registry's graph for the head of every
// page. No page waits for a registry that does not answer: the first one waits
// lookLimit, and after a failure none does.
type watch struct {
	fetch func(context.Context) (registry.Graph, error)
	now   func() time.Time
	ctx   context.Context // ends with close
	end   context.CancelFunc
	wg    sync.WaitGroup

	mu     sync.Mutex // guards what follows
	seen   sighting
	flight chan struct{} // closed when the fetch under way ends; nil without one
}

// sighting is the registry's graph as of a moment, or why there is none.
type sighting struct {
	Graph registry.Graph
	Err   error
	At    time.Time
}

const (
	sightAge   = 2 * time.Second        // how long a sighting is shown
	fetchLimit = time.Second            // how long the registry has to answer
	lookLimit  = 150 * time.Millisecond // how long a page waits for it
)

// errUnseen is the state of a registry that has not answered yet.
var errUnseen = errors.New("the registry has not answered yet")

func newWatch(fetch func(context.Context) (registry.Graph, error), now func() time.Time) *watch {
	ctx, end := context.WithCancel(context.Background())
	return &watch{fetch: fetch, now: now, ctx: ctx, end: end, seen: sighting{Err: errUnseen}}
}

// close waits for a fetch under way, which it cancels.
func (w *watch) close() {
	w.end()
	w.wg.Wait()
}

// look returns a sighting at most sightAge old, or one with an error.
func (w *watch) look(ctx context.Context) sighting {
	last, flight := w.refresh(sightAge)
	if flight == nil {
		return last
	}
	if last.Err != nil && last.Err != errUnseen {
		return last
	}
	timer := time.NewTimer(lookLimit)
	defer timer.Stop()
	return w.await(ctx, flight, timer.C)
}

// fresh returns a sighting made during this call.
func (w *watch) fresh(ctx context.Context) sighting {
	_, flight := w.refresh(0)
	return w.await(ctx, flight, nil)
}

// refresh returns the last sighting, and a running fetch if it is older than age.
func (w *watch) refresh(age time.Duration) (sighting, <-chan struct{}) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if age > 0 && w.now().Sub(w.seen.At) < age {
		return w.seen, nil
	}
	if w.flight == nil {
		w.flight = make(chan struct{})
		w.wg.Go(w.fly)
	}
	return w.seen, w.flight
}

func (w *watch) await(ctx context.Context, flight <-chan struct{}, patience <-chan time.Time) sighting {
	select {
	case <-flight:
		w.mu.Lock()
		defer w.mu.Unlock()
		return w.seen
	case <-patience:
	case <-ctx.Done():
	}
	return sighting{Err: errUnseen}
}

// fly fetches the graph once; it ends within fetchLimit or with close.
func (w *watch) fly() {
	ctx, cancel := context.WithTimeout(w.ctx, fetchLimit)
	defer cancel()
	graph, err := w.fetch(ctx)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.seen = sighting{Graph: graph, Err: err, At: w.now()}
	close(w.flight)
	w.flight = nil
}
