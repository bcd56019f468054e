package log

import (
	"context"
	"fmt"
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
// of its reader and holds nothing in memory for it. What alerts say has an event of its own, and
// so have entries that are not there any more.
func (s *Server) tail(w http.ResponseWriter, r *http.Request, f *filter, show func(uint64, *record) ([]byte, error)) error {
	next := s.journal.end()
	from, resumed := f.after, web.Value(r, "after") != ""
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
	t := tailing{log: s.journal.log, filter: f, stream: stream, next: next, show: show}
	return t.run(r.Context(), s.env.Draining)
}

// showJSON is how programs get an entry.
func showJSON(offset uint64, r *record) ([]byte, error) { return appendEntry(nil, offset, r), nil }

// eventStream is a *web.Stream.
type eventStream interface {
	Add(id, event string, data []byte) error
	Flush() error
	Ping() error
}

// tailing is one reader of the tail.
type tailing struct {
	log      *commitlog.Log
	filter   *filter
	stream   eventStream
	show     func(offset uint64, r *record) ([]byte, error) // nothing: it is not for this reader
	next     uint64                                         // offset to read next
	caughtUp time.Time                                      // when it was last at the end; zero: not yet, and so it may take its time
}

// run returns when the reader has gone, cannot keep up, or the service stops; in the latter two
// cases the last event says so. The error is the log's.
func (t *tailing) run(ctx context.Context, draining <-chan struct{}) error {
	ping := time.NewTicker(pingEvery)
	defer ping.Stop()
	for {
		changed := t.log.Changed()
		if over, err := t.read(draining); over || err != nil {
			return err
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

// read sends what is in the log from next on, and reports whether that was the last.
func (t *tailing) read(draining <-chan struct{}) (over bool, err error) {
	oldest, end := t.log.Bounds()
	if t.next < oldest && t.gap(oldest) != nil {
		return true, nil
	}
	for stored, err := range t.log.Read(t.next) {
		if err != nil {
			return true, err
		}
		select {
		case <-draining:
			return true, t.bye("stopping", "the log service stops")
		default:
		}
		if !t.caughtUp.IsZero() && time.Since(t.caughtUp) > patience {
			return true, t.bye("dropped", "too slow")
		}
		if gone, err := t.send(stored); gone || err != nil {
			return true, err
		}
	}
	if t.next < end && t.gap(end) != nil { // the last ones are damaged
		return true, nil
	}
	return t.stream.Flush() != nil, nil
}

// send sends an entry if it matches, and reports whether the reader has gone.
func (t *tailing) send(stored commitlog.Record) (gone bool, err error) {
	if stored.Offset > t.next && t.gap(stored.Offset) != nil {
		return true, nil
	}
	t.next = stored.Offset + 1
	r, err := decodeRecord(stored.Data)
	if err != nil || !t.filter.matches(&r) {
		return false, err
	}
	data, err := t.show(stored.Offset, &r)
	if err != nil || data == nil {
		return false, err
	}
	event := ""
	if r.kind == kindAlert {
		event = "alert"
	}
	return t.stream.Add(strconv.FormatUint(stored.Offset, 10), event, data) != nil, nil
}

// gap says that the entries from next to before are not there: they were too old to be kept, or
// damaged. Who comes back is told once.
func (t *tailing) gap(before uint64) error {
	data := fmt.Appendf(nil, `{"from":%d,"to":%d,"reason":"these entries are no longer in the log"}`, t.next, before-1)
	t.next = before
	return t.stream.Add(strconv.FormatUint(before-1, 10), "gap", data)
}

// bye sends the last event. A reader who has gone cannot be told.
func (t *tailing) bye(event, reason string) error {
	if t.stream.Add("", event, []byte(`{"reason":"`+reason+`: come back with Last-Event-ID to miss nothing"}`)) == nil {
		t.stream.Flush()
	}
	return nil
}
