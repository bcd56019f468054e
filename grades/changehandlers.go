package grades

import (
	"errors"
	"math"
	"net/http"
	"time"

	"gradebook/service/store"
	"gradebook/service/web"
)

// maxAsked is how many things of one change are told at once, at most.
const maxAsked = 50_000

// getChange answers what one change did, also where that is very much: some, and
// where the rest is.
func (s *Server) getChange(w http.ResponseWriter, r *http.Request) error {
	revision, err := web.PathID(r, "revision")
	if err != nil {
		return err
	}
	entry, err := s.store.Record(uint64(revision))
	if errors.Is(err, store.ErrNoRecord) {
		return notFound("change %d", revision)
	}
	if err != nil {
		return err
	}
	what := queryWindow(r)
	var commit Commit
	err = s.view(func(b *Book, _ time.Time) error {
		commit = b.commit(entry, excerpt{window: what})
		return nil
	})
	if err != nil {
		return err
	}
	if what.end() < commit.size() {
		linkNext(w, r, "cursor", uint64(what.end()))
	}
	return web.WriteJSON(w, http.StatusOK, commit)
}

// queryWindow is the part of an answer that a request asks for.
func queryWindow(r *http.Request) window {
	return window{skip: web.Int(r, "cursor", 0), most: web.Int(r, "limit", maxTold)}
}

// windowParams are what it reads.
func windowParams() []web.Param {
	return []web.Param{
		web.Whole("cursor", "where the part before ended", 0, math.MaxInt),
		web.Whole("limit", "at most so many things; 5000 without it", 1, maxAsked),
	}
}
