package grades

import (
	"math"
	"net/http"
	"net/url"
	"strconv"
	"time"

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
	query, err := historyQuery(r)
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
	list, more, err := h.page(query)
	if err != nil {
		return err
	}
	if more != 0 {
		linkNext(w, r, "before", more)
	}
	return web.WriteJSON(w, http.StatusOK, list)
}

func historyQuery(r *http.Request) (q HistoryQuery, err error) {
	if q.Student, err = web.Int(r, "student", 0, 1, math.MaxInt); err != nil {
		return q, err
	}
	if q.Assignment, err = web.Int(r, "assignment", 0, 1, math.MaxInt); err != nil {
		return q, err
	}
	if q.Limit, err = web.Int(r, "limit", usualHistory, 1, maxHistory); err != nil {
		return q, err
	}
	before, err := web.Int(r, "before", 0, 1, math.MaxInt)
	q.Before, q.By = uint64(before), r.URL.Query().Get("by")
	return q, err
}

// linkNext tells where the next page is: at the same address with one parameter
// changed.
func linkNext(w http.ResponseWriter, r *http.Request, name string, value uint64) {
	query := r.URL.Query()
	query.Set(name, strconv.FormatUint(value, 10))
	link := url.URL{Path: r.URL.Path, RawQuery: query.Encode()}
	w.Header().Set("Link", "<"+link.String()+`>; rel="next"`)
}
