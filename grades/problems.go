package grades

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"syscall"

	"gradebook/service/store"
	"gradebook/service/web"
)

// problems is the one place where facts of the domain and of the store become
// answers. It returns nil for other errors.
func problems(err error) *web.Problem {
	if e, ok := errors.AsType[*NotFoundError](err); ok {
		return web.NewProblem(http.StatusNotFound, "%v", e)
	}
	if e, ok := errors.AsType[*InvalidError](err); ok {
		return web.Invalid(http.StatusUnprocessableEntity, fieldErrors(e.Faults)...)
	}
	if e, ok := errors.AsType[*ConflictError](err); ok {
		p := web.NewProblem(http.StatusConflict, "%v", e)
		p.Errors, p.Current = fieldErrors(e.Faults), e.Current
		return p
	}
	if e, ok := errors.AsType[*StaleError](err); ok {
		p := web.NewProblem(http.StatusPreconditionFailed, "%v", e)
		if e.Current != nil {
			p.Current = e.Current
		}
		return p
	}
	if e, ok := errors.AsType[*KeyReusedError](err); ok {
		return web.NewProblem(http.StatusUnprocessableEntity, "%v", e)
	}
	if e, ok := errors.AsType[*SheetError](err); ok {
		return sheetProblem(e)
	}
	if e, ok := errors.AsType[*store.TooLargeError](err); ok {
		return web.NewProblem(http.StatusRequestEntityTooLarge, "%v", e)
	}
	switch {
	case errors.Is(err, store.ErrStopped): // also when a sync found the disk full
		return unavailable(err, http.StatusServiceUnavailable, "the storage has failed and the service is stopping; whether the change was made shows when it is back")
	case errors.Is(err, syscall.ENOSPC):
		return unavailable(err, http.StatusInsufficientStorage, "the disk is full, and nothing was changed; make room and try again")
	case errors.Is(err, store.ErrClosed), errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return unavailable(err, http.StatusServiceUnavailable, "the service is stopping or too busy, and nothing was changed; try again")
	}
	return nil
}

func unavailable(cause error, status int, detail string) *web.Problem {
	p := web.NewProblem(status, "%s", detail)
	p.Header, p.Cause = http.Header{"Retry-After": {"5"}}, cause
	return p
}

func fieldErrors(faults []Fault) []web.FieldError {
	var list []web.FieldError
	for _, f := range faults {
		list = append(list, web.FieldError{Field: f.Field, Detail: f.Detail})
	}
	return list
}

// maxLineErrors keeps the answer to a file that is bad in every line readable.
const maxLineErrors = 200

func sheetProblem(e *SheetError) *web.Problem {
	p := web.NewProblem(http.StatusUnprocessableEntity, "the file has %d %s and nothing of it was applied; correct it and send it again", len(e.Errors), plural(len(e.Errors), "error"))
	for _, line := range e.Errors[:min(len(e.Errors), maxLineErrors)] {
		field := fmt.Sprintf("line %d", line.Line)
		if line.Column != "" {
			field += ", " + line.Column
		}
		p.Errors = append(p.Errors, web.FieldError{Field: field, Detail: line.Detail})
	}
	return p
}
