package service

import (
	"context"
	"net/http"
	"sync/atomic"
	"time"
)

const (
	// quietFor is how long no request must come before we believe that none is on
	// its way: a caller may have chosen us just before it heard that we go.
	quietFor   = 50 * time.Millisecond
	quietLimit = time.Second // for callers that never hear of it
	lookEvery  = 5 * time.Millisecond
)

// flight knows the requests that the app has in hand. It is safe for
// concurrent use.
type flight struct {
	count atomic.Int64
	began atomic.Int64 // of the latest, in Unix nanoseconds
}

// serve has app answer r.
func (f *flight) serve(app http.Handler, w http.ResponseWriter, r *http.Request) {
	f.began.Store(time.Now().UnixNano())
	f.count.Add(1)
	defer f.count.Add(-1)
	app.ServeHTTP(w, r)
}

// quiet reports whether no request came lately.
func (f *flight) quiet() bool {
	return time.Since(time.Unix(0, f.began.Load())) >= quietFor
}

// lull waits until no request comes any more, at most a second.
func (f *flight) lull() {
	ctx, cancel := context.WithTimeout(context.Background(), quietLimit)
	defer cancel()
	until(ctx, f.quiet)
}

// land waits until no request is in hand and none comes any more, or ctx ends,
// and returns how many are in hand.
func (f *flight) land(ctx context.Context) int {
	until(ctx, func() bool { return f.count.Load() == 0 && f.quiet() })
	return int(f.count.Load())
}

// until looks until ok or the end of ctx.
func until(ctx context.Context, ok func() bool) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for !ok() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}
