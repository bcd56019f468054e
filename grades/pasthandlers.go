package grades

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"gradebook/service/web"
)

// viewAt has a request about a class answered from the book at one revision: the
// newest, or with at= in the query the one of then. What read returns is only
// right when viewAt returns nil.
func (s *Server) viewAt(r *http.Request, class int, read func(b *Book, now time.Time) error) error {
	return s.viewWhen(r, "at", class, read)
}

// viewWhen is viewAt with another parameter of the query.
func (s *Server) viewWhen(r *http.Request, name string, class int, read func(b *Book, now time.Time) error) error {
	when, given, err := queryInstant(r, name)
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
	when.field = name
	text := web.Value(r, name)
	if text == "" {
		return when, false, nil
	}
	if when.revision, err = strconv.ParseUint(text, 10, 64); err == nil {
		return when, true, nil
	}
	text = strings.Replace(text, " ", "+", 1) // of the zone, where it was not escaped
	if when.at, err = time.Parse(time.RFC3339, text); err != nil || when.at.IsZero() {
		return when, false, web.Invalid(http.StatusBadRequest, web.FieldError{
			Field: name, Detail: "must be the revision of a change, such as 12, or a time such as 2026-11-20T15:04:05Z",
		})
	}
	return when, true, nil
}

// getDifference answers what differs in a class between two times, the later one
// being now unless the query says.
func (s *Server) getDifference(w http.ResponseWriter, r *http.Request) error {
	class, err := web.PathID(r, "class")
	if err != nil {
		return err
	}
	if web.Value(r, "from") == "" {
		return web.Invalid(http.StatusBadRequest, web.FieldError{Field: "from", Detail: "is not given; give the revision of a change, or a time"})
	}
	from, err := s.sideWhen(r, "from", class)
	if err != nil {
		return err
	}
	var out *Difference
	what := queryWindow(r)
	err = s.viewWhen(r, "to", class, func(b *Book, now time.Time) error {
		state, err := b.class(class)
		if err == nil {
			out = compare(from, newSide(state, now), what)
		}
		return err
	})
	if err != nil {
		return err
	}
	if what.end() < len(out.Cells)+len(out.Totals)+out.Omitted {
		linkNext(w, r, "cursor", uint64(what.end()))
	}
	return web.WriteJSON(w, http.StatusOK, out)
}

// sideWhen is a class at the time that a parameter of the query names, which must
// be there: what it returns is a copy.
func (s *Server) sideWhen(r *http.Request, name string, class int) (out *side, err error) {
	err = s.viewWhen(r, name, class, func(b *Book, now time.Time) error {
		state, err := b.class(class)
		if err == nil {
			out = newSide(state, now)
		}
		return err
	})
	return out, err
}
