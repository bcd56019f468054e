package log

import (
	"errors"
	"fmt"
	"net/http"

	"gradebook/log/commitlog"
	"gradebook/service/web"
)

// repairable adds to an error what can be done about it, if it is damage: other than a book, a log
// is still good for something without some of its entries.
func repairable(err error) error {
	if _, ok := errors.AsType[*commitlog.CorruptError](err); !ok {
		return err
	}
	return fmt.Errorf("%w, or start the log service once with -repair: it keeps every entry that can be read, and puts what is damaged into .damaged files", err)
}

// damagedProblem answers a query that met damage: nobody gets the rest for the whole.
func damagedProblem(err error) *web.Problem {
	p := web.NewProblem(http.StatusInternalServerError, "the log is damaged, so that this cannot be answered in full: %v", repairable(err))
	p.Cause = err
	return p
}

// lostProblem answers who asks for an entry that a repair could not keep.
func lostProblem(offset uint64, hole commitlog.Hole) *web.Problem {
	return web.NewProblem(http.StatusNotFound,
		"entry %d was lost: the entries %d to %d were damaged on disk, and what was left of them is in a .damaged file in the data directory of the log service",
		offset, hole.First, hole.Next-1)
}
