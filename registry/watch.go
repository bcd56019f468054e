package registry

import (
	"context"
	"encoding/json"
	"net/http"
	"sync/atomic"
	"time"

	"gradebook/service/web"
)

const (
	watchWait    = 30 * time.Second // of a watcher that does not say how long
	watchLongest = 60 * time.Second
	maxWatchers  = 1024

	eventPause   = 200 * time.Millisecond // after each event of a stream: what happens meanwhile becomes one
	longestPause = 2 * time.Second
	pingEvery    = 15 * time.Second // without an event
)

// watch answers what has changed since a cursor, and waits for it when nothing
// has; without a cursor of this run of the registry it answers everything.
func (s *Server) watch(w http.ResponseWriter, r *http.Request) error {
	wait := web.Duration(r, "wait", watchWait)
	leave, err := s.watchers.enter()
	if err != nil {
		return err
	}
	defer leave()
	after := web.Value(r, "after")
	if web.Accepts(r, "text/event-stream") {
		return s.streamNews(w, r, after)
	}
	if err := web.Wait(w, wait); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(r.Context(), wait)
	defer cancel()
	return web.WriteJSON(w, http.StatusOK, s.awaitNews(ctx, after))
}

// awaitNews returns at once when there is news since a cursor, and else when
// there is, ctx ends or the service stops.
func (s *Server) awaitNews(ctx context.Context, after string) News {
	for {
		news, fresh, changed := s.newsSince(after)
		if fresh {
			return news
		}
		select {
		case <-changed:
		case <-s.env.Draining:
			return news
		case <-ctx.Done():
			return news
		}
	}
}

// newsSince returns the news since a cursor, whether there is any, and a
// channel that is closed when there is more.
func (s *Server) newsSince(after string) (news News, fresh bool, changed <-chan struct{}) {
	s.step(nil)
	s.mu.Lock()
	defer s.mu.Unlock()
	news, fresh = s.journal.news(s.table, after)
	return news, fresh, s.journal.wait()
}

// streamNews sends the news as events whose ids are cursors, so that a browser
// that comes back goes on where it was.
func (s *Server) streamNews(w http.ResponseWriter, r *http.Request, after string) error {
	if id := r.Header.Get("Last-Event-ID"); id != "" {
		after = id
	}
	return s.stream(w, r, pingEvery, func() (message, <-chan struct{}, error) {
		news, fresh, changed := s.newsSince(after)
		if !fresh {
			return message{}, changed, nil
		}
		after = news.Cursor
		data, err := json.Marshal(news)
		return message{after, data}, changed, err
	})
}

// message is one event of a stream; without data it is none.
type message struct {
	id   string
	data []byte
}

// stream sends what next returns, again at each change and at least every so
// often, until the reader has gone or the service stops. What takes long to make
// is made less often. When there is nothing to send, a ping finds out whether
// the reader is still there.
func (s *Server) stream(w http.ResponseWriter, r *http.Request, every time.Duration, next func() (message, <-chan struct{}, error)) error {
	out, err := web.NewStream(w, r)
	if err != nil {
		return err
	}
	for {
		start := time.Now()
		m, changed, err := next()
		pause := min(max(eventPause, 20*time.Since(start)), longestPause)
		switch {
		case err != nil:
			return err
		case m.data != nil:
			err = out.Send(m.id, "", m.data)
		default:
			err = out.Ping()
		}
		if err != nil || !s.rest(r.Context(), changed, pause, every) {
			return nil // a reader who has gone cannot be told
		}
	}
}

// rest makes the pause after an event, and then waits for a change or until so
// much time has passed. It reports false when the stream is to end.
func (s *Server) rest(ctx context.Context, changed <-chan struct{}, short, long time.Duration) bool {
	pause, end := time.After(short), time.After(max(short, long))
	var due <-chan struct{} // changed, once the pause is over
	for {
		select {
		case <-pause:
			due = changed
		case <-due:
			return true
		case <-end:
			return true
		case <-s.env.Draining:
			return false
		case <-ctx.Done():
			return false
		}
	}
}

// watchers counts those who hold a long poll or a stream open.
type watchers struct{ open atomic.Int64 }

func (w *watchers) count() float64 { return float64(w.open.Load()) }

// enter takes one more in; the caller calls leave at its end.
func (w *watchers) enter() (leave func(), err error) {
	leave = func() { w.open.Add(-1) }
	if w.open.Add(1) <= maxWatchers {
		return leave, nil
	}
	leave()
	full := web.NewProblem(http.StatusServiceUnavailable, "%d watchers are connected, which is the limit; come back later or ask GET /services", maxWatchers)
	full.Header = http.Header{"Retry-After": {"5"}}
	return nil, full
}
