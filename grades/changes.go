package grades

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"gradebook/service/web"
)

const (
	usualChanges = 100
	maxChanges   = 1000
	maxWait      = time.Minute      // for a change, of one request
	pingEvery    = 15 * time.Second // in a stream without changes

	// streamPause follows what is sent in a stream: the changes made meanwhile go
	// together, which spares writers the cost of waking all readers for each.
	streamPause = 5 * time.Millisecond
)

// ChangesPage is changes of the book in order, without gaps. That one was undone
// is told by the change that undid it.
type ChangesPage struct {
	Changes []Commit `json:"changes"`
	Next    uint64   `json:"next"` // revision of the last, or the one asked for: what after is the next time
}

// getChanges answers the changes after a revision: some, and if there are none
// when there are, as long as the query says; or with Accept: text/event-stream
// all there will ever be, as events whose id is the revision.
func (s *Server) getChanges(w http.ResponseWriter, r *http.Request) error {
	book := s.store.present()
	after, err := changesAfter(r, book.Revision())
	if err != nil {
		return err
	}
	if web.Accepts(r, "text/event-stream") {
		return s.streamChanges(w, r, book, after)
	}
	wait := web.Duration(r, "wait", 0)
	if wait > 0 {
		if err := web.Wait(w, wait); err != nil {
			return err
		}
	}
	ctx, cancel := context.WithTimeout(r.Context(), wait)
	defer cancel()
	list, err := s.awaitChanges(ctx, book, after, web.Int(r, "limit", usualChanges))
	if err != nil {
		return err
	}
	return web.WriteRawJSON(w, http.StatusOK, appendChangesPage(nil, list, after+uint64(len(list))))
}

// changesAfter is the revision that a reader has, 0 for none.
func changesAfter(r *http.Request, newest uint64) (uint64, error) {
	field, revision := "after", uint64(web.Int(r, "after", 0))
	if id := r.Header.Get("Last-Event-ID"); id != "" && web.Accepts(r, "text/event-stream") {
		var err error
		field = "Last-Event-ID"
		if revision, err = strconv.ParseUint(id, 10, 63); err != nil {
			return 0, web.Invalid(http.StatusBadRequest, web.FieldError{Field: field, Detail: "must be the id of an event of this stream"})
		}
	}
	if revision > newest {
		return 0, invalid(field, "is %d, and the newest change is %d: this is not the book that you have read; read it all again, from 0", revision, newest)
	}
	return revision, nil
}

// errReplaced is the error of a reader of changes whose book is replaced by one
// that was restored.
var errReplaced error = &ConflictError{Detail: "another book was restored in the place of the one that you have read; read it all, from 0"}

// awaitChanges returns changes of a book after a revision as soon as there are
// any, and none when ctx ends or the service stops before.
func (s *Server) awaitChanges(ctx context.Context, book *keptBook, after uint64, limit int) ([][]byte, error) {
	for {
		changed := book.Changed()
		list, err := book.feed.after(after, limit)
		if err != nil || len(list) > 0 {
			return list, book.failed(err)
		}
		select {
		case <-book.replaced:
			return nil, errReplaced
		case <-changed:
		case <-s.draining:
			return nil, nil
		case <-ctx.Done():
			return nil, nil
		}
	}
}

func appendChangesPage(b []byte, list [][]byte, next uint64) []byte {
	b = append(b, `{"changes":[`...)
	for i, c := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, c...)
	}
	return append(strconv.AppendUint(append(b, `],"next":`...), next, 10), "}\n"...)
}

// streamChanges sends changes until the reader has gone, the service stops or a
// restore replaces the book; of these the last event says so. It reads at the
// pace of its reader.
func (s *Server) streamChanges(w http.ResponseWriter, r *http.Request, book *keptBook, after uint64) error {
	stream, err := web.NewStream(w, r)
	if err != nil {
		return err
	}
	for {
		list, err := s.nextChanges(r.Context(), book, after)
		if err == errReplaced {
			stream.Send("", "replaced", []byte(`{"detail":"`+err.Error()+`"}`))
			return nil
		}
		if err != nil || r.Context().Err() != nil {
			return err
		}
		for _, c := range list {
			after++
			if stream.Add(strconv.FormatUint(after, 10), "", c) != nil {
				return nil // the reader has gone
			}
		}
		if len(list) == 0 {
			err = stream.Ping()
		} else {
			err = stream.Flush()
		}
		if err != nil {
			return nil
		}
		select {
		case <-time.After(streamPause):
		case <-s.draining:
			stream.Send("", "stopping", []byte(`{"detail":"the grading service stops: come back with Last-Event-ID to miss nothing"}`))
			return nil
		}
	}
}

// nextChanges waits for changes no longer than until the next ping.
func (s *Server) nextChanges(ctx context.Context, book *keptBook, after uint64) ([][]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, pingEvery)
	defer cancel()
	return s.awaitChanges(ctx, book, after, maxChanges)
}
