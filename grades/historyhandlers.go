package grades

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"gradebook/service/store"
	"gradebook/service/web"
)

func (s *Server) getClassHistory(w http.ResponseWriter, r *http.Request) error {
	return s.answerHistory(w, r, "class", (*Book).classHistory)
}

func (s *Server) getStudentHistory(w http.ResponseWriter, r *http.Request) error {
	return s.answerHistory(w, r, "student", (*Book).studentHistory)
}

// answerHistory answers a page of the history of what the path names.
func (s *Server) answerHistory(w http.ResponseWriter, r *http.Request, name string, of func(b *Book, id int) (history, error)) error {
	id, err := web.PathID(r, name)
	if err != nil {
		return err
	}
	var h history
	err = s.view(func(b *Book, _ time.Time) error {
		h, err = of(b, id)
		return err
	})
	if err != nil {
		return err
	}
	h.from = s.store
	list, more, err := h.page(historyQuery(r))
	if err != nil {
		return err
	}
	if more != 0 {
		linkNext(w, r, "before", more)
	}
	return web.WriteJSON(w, http.StatusOK, list)
}

func historyQuery(r *http.Request) HistoryQuery {
	return HistoryQuery{
		Student: web.Int(r, "student", 0), Assignment: web.Int(r, "assignment", 0), By: web.Value(r, "by"),
		Before: uint64(web.Int(r, "before", 0)), Limit: web.Int(r, "limit", usualHistory),
	}
}

func (s *Server) postClassUndo(r *http.Request) (decideFunc, error) {
	return s.prepareUndo(r, "class", (*Book).classHistory)
}

func (s *Server) postStudentUndo(r *http.Request) (decideFunc, error) {
	return s.prepareUndo(r, "student", (*Book).studentHistory)
}

// prepareUndo reads the change that is to be undone, which must be in the
// history of what the path names.
func (s *Server) prepareUndo(r *http.Request, name string, of func(b *Book, id int) (history, error)) (decideFunc, error) {
	id, err := web.PathID(r, name)
	if err != nil {
		return nil, err
	}
	var in UndoInput
	if err := web.Decode(r, &in); err != nil {
		return nil, err
	}
	if in.Revision == 0 {
		return nil, invalid("revision", "is not given; give that of a change in the history")
	}
	undo := undoCommand{overwrite: in.Overwrite, within: func(b *Book) (history, error) { return of(b, id) }}
	if undo.change, err = s.store.Record(in.Revision); errors.Is(err, store.ErrNoRecord) {
		return nil, noChange(in.Revision)
	} else if err != nil {
		return nil, err
	}
	if !in.Overwrite {
		if undo.unchanged, err = unchanged(s.store, undo.change); err != nil {
			return nil, err
		}
	}
	return func(b *Book, _ string, _ time.Time) (decision, error) { return b.undo(undo) }, nil
}

// linkNext tells where the next page is: at the same address with one parameter
// changed.
func linkNext(w http.ResponseWriter, r *http.Request, name string, value uint64) {
	query := r.URL.Query()
	query.Set(name, strconv.FormatUint(value, 10))
	link := url.URL{Path: r.URL.Path, RawQuery: query.Encode()}
	w.Header().Set("Link", "<"+link.String()+`>; rel="next"`)
}
