package grades

import (
	"errors"
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
	what := excerpt{skip: web.Int(r, "cursor", 0), most: web.Int(r, "limit", maxTold)}
	var commit Commit
	err = s.view(func(b *Book, _ time.Time) error {
		commit = b.commit(entry, what)
		return nil
	})
	if err != nil {
		return err
	}
	if read := what.skip + what.most; read < commit.size() {
		linkNext(w, r, "cursor", uint64(read))
	}
	return web.WriteJSON(w, http.StatusOK, commit)
}
