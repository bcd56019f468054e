package grades

import (
	"context"
	"errors"
	"net/http"
	"syscall"

	"gradebook/service/store"
	"gradebook/service/web"
)

// problems is the one place where facts of the domain and of the store become
// answers. It returns nil for other errors.
func problems(err error) *web.Problem {
	if p := Problem(err); p != nil {
		return p
	}
	if e, ok := errors.AsType[*store.TooLargeError](err); ok {
		return web.NewProblem(http.StatusRequestEntityTooLarge, "%v", e)
	}
	switch {
	case errors.Is(err, store.ErrStopped): // also when a sync found the disk full
		return unavailable(err, http.StatusServiceUnavailable, "the storage has failed and the service is stopping; whether the change was made shows when it is back")
	case errors.Is(err, syscall.ENOSPC):
		return unavailable(err, http.StatusInsufficientStorage, "the disk is full, and nothing was changed; make room and try again")
	case errors.Is(err, store.ErrClosed), errors.Is(err, errImportsStop), errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return unavailable(err, http.StatusServiceUnavailable, "the service is stopping or too busy, and nothing was changed; try again")
	}
	return nil
}

func unavailable(cause error, status int, detail string) *web.Problem {
	p := web.NewProblem(status, "%s", detail)
	p.Header, p.Cause = http.Header{"Retry-After": {"5"}}, cause
	return p
}
