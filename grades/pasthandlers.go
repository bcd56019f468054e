package grades

import (
	"net/http"
	"strconv"
	"time"

	"gradebook/service/web"
)

// viewAt has a request about a class answered from the book at one revision: the
// newest, or with at= in the query the one of then. What read returns is only
// right when viewAt returns nil.
func (s *Server) viewAt(r *http.Request, class int, read func(b *Book, now time.Time) error) error {
	when, given, err := queryInstant(r, "at")
	if err != nil {
		return err
	}
	if !given {
		return s.view(read)
	}
	book, when, err := past(s.store, class, when, time.Now())
	if err != nil {
		return err
	}
	return read(book, when.at)
}

// queryInstant returns the instant that a query parameter names: a revision, or
// a time.
func queryInstant(r *http.Request, name string) (when instant, given bool, err error) {
	text := r.URL.Query().Get(name)
	if text == "" {
		return when, false, nil
	}
	if when.revision, err = strconv.ParseUint(text, 10, 64); err == nil {
		return when, true, nil
	}
	if when.at, err = time.Parse(time.RFC3339, text); err != nil || when.at.IsZero() {
		return when, false, web.Invalid(http.StatusBadRequest, web.FieldError{
			Field: name, Detail: "must be the revision of a change, such as 12, or a time such as 2026-11-20T15:04:05Z",
		})
	}
	return when, true, nil
}
