package log

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"gradebook/log/commitlog"
	"gradebook/service/web"
)

const (
	pingEvery = 15 * time.Second
	patience  = 15 * time.Second // that a reader who had caught up may stay behind
)

// tail answers with new entries as they are stored: events whose id is the offset, so that a
// reader who comes back with Last-Event-ID (or after=) misses none. It reads the log at the pace
// of its reader and holds nothing in memory for it.
func (s *Server) tail(w http.ResponseWriter, r *http.Request, f *filter) error {
	next := s.journal.index.end()
	from, resumed := f.after, r.URL.Query().Get("after") != ""
	if id := r.Header.Get("Last-Event-ID"); id != "" {
		var err error
		if from, err = parseOffset(id); err != nil {
			return web.Invalid(http.StatusBadRequest, web.FieldError{Field: "Last-Event-ID", Detail: err.Error()})
		}
		resumed = true
	}
	if resumed {
		next = min(from+1, next) // an id beyond the end is from another log
	}
	stream, err := web.NewStream(w, r)
	if err != nil {
		return err
	}
	t := tailing{log: s.journal.log, filter: f, stream: stream, next: next}
	return t.run(r.Context(), s.env.Draining)
}

// eventStream is a *web.Stream.
type eventStream interface {
	Send(id, event string, data []byte) error
	Ping() error
}

// tailing is one reader of the tail.
type tailing struct {
	log      *commitlog.Log
	filter   *filter
	stream   eventStream
	next     uint64    // offset to read next
	caughtUp time.Time // when it was last at the end; zero: not yet, and so it may take its time
}

// run returns when the reader has gone, cannot keep up, or the service stops; in the latter two
// cases the last event says so. The error is the log's.
func (t *tailing) run(ctx context.Context, draining <-chan struct{}) error {
	ping := time.NewTicker(pingEvery)
	defer ping.Stop()
	for {
		changed := t.log.Changed()
		for stored, err := range t.log.Read(t.next) {
			if err != nil {
				return err
			}
			select {
			case <-draining:
				return t.bye("stopping", "the log service stops")
			default:
			}
			if t.next = stored.Offset + 1; !t.caughtUp.IsZero() && time.Since(t.caughtUp) > patience {
				return t.bye("dropped", "too slow")
			}
			if gone, err := t.send(stored); gone || err != nil {
				return err
			}
		}
		if _, end := t.log.Bounds(); t.next < end {
			continue
		}
		t.caughtUp = time.Now()
		select {
		case <-changed:
			t.caughtUp = time.Now()
		case <-ping.C:
			if t.stream.Ping() != nil {
				return nil
			}
		case <-draining:
			return t.bye("stopping", "the log service stops")
		case <-ctx.Done():
			return nil
		}
	}
}

// send sends an entry if it matches, and reports whether the reader has gone.
func (t *tailing) send(stored commitlog.Record) (gone bool, err error) {
	r, err := decodeRecord(stored.Data)
	if err != nil || !t.filter.matches(&r) {
		return false, err
	}
	data, err := json.Marshal(r.entry(stored.Offset))
	if err != nil {
		return false, err
	}
	return t.stream.Send(strconv.FormatUint(stored.Offset, 10), "", data) != nil, nil
}

// bye sends the last event. A reader who has gone cannot be told.
func (t *tailing) bye(event, reason string) error {
	t.stream.Send("", event, []byte(`{"reason":"`+reason+`: come back with Last-Event-ID to miss nothing"}`))
	return nil
}
