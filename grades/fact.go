package grades

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"gradebook/service/web"
)

// The types of problems whose status alone does not tell them apart, besides
// those of conflictKinds.
const (
	keyReused      = "/problems/key-reused"
	fileRefused    = "/problems/file-refused"
	archiveRefused = "/problems/archive-refused"
)

// Problem returns the problem that a fact of the domain is answered with, nil
// for any other error. The client makes the same fact of it again; see factOf.
func Problem(err error) *web.Problem {
	if e, ok := errors.AsType[*NotFoundError](err); ok {
		return web.NewProblem(http.StatusNotFound, "%v", e)
	}
	if e, ok := errors.AsType[*InvalidError](err); ok {
		return web.Invalid(http.StatusUnprocessableEntity, fieldErrors(e.Faults)...)
	}
	if e, ok := errors.AsType[*ConflictError](err); ok {
		return conflictProblem(e)
	}
	if e, ok := errors.AsType[*StaleError](err); ok {
		p := web.NewProblem(http.StatusPreconditionFailed, "%v", e)
		if e.Current != nil {
			p.Current = e.Current
		}
		return p
	}
	if e, ok := errors.AsType[*KeyReusedError](err); ok {
		p := web.NewProblem(http.StatusUnprocessableEntity, "%v", e)
		p.Type = keyReused
		p.Errors = []web.FieldError{{Field: "Idempotency-Key", Detail: "was used for another request; use a new key"}}
		return p
	}
	if e, ok := errors.AsType[*SheetError](err); ok {
		return sheetProblem(e)
	}
	if e, ok := errors.AsType[*ArchiveError](err); ok {
		return archiveProblem(e)
	}
	return nil
}

// factOf returns the fact that a problem was made of, or the problem itself
// when it is about the request or the service. key is the idempotency key that
// was sent.
func factOf(p *web.Problem, key string) error {
	switch what, missing := strings.CutPrefix(p.Detail, thereIsNo); {
	case p.Status == http.StatusNotFound && missing:
		return &NotFoundError{what}
	case p.Status == http.StatusConflict:
		return conflictOf(p)
	case p.Status == http.StatusPreconditionFailed:
		return staleOf(p)
	case p.Type == keyReused:
		return &KeyReusedError{key}
	case p.Type == archiveRefused:
		return archiveErrorOf(p)
	case p.Type == fileRefused:
		return sheetErrorOf(p)
	case p.Status == http.StatusUnprocessableEntity && len(p.Errors) > 0:
		return &InvalidError{faultsOf(p.Errors)}
	}
	return p
}

// conflictKind is a kind of conflict: the type of its problem, and what stands
// in the way.
type conflictKind struct {
	problem string
	is      func(current any) bool
	read    func(text json.RawMessage) (any, error)
}

// conflictKinds are the conflicts that say what stands in the way.
func conflictKinds() []conflictKind {
	return []conflictKind{
		newConflictKind[Grade]("/problems/cell-filled"),
		newConflictKind[[]Grade]("/problems/cells-changed"),
		newConflictKind[Assignment]("/problems/title-taken"),
		newConflictKind[Student]("/problems/id-taken"),
		newConflictKind[Class]("/problems/class-archived"),
	}
}

func newConflictKind[T any](problem string) conflictKind {
	return conflictKind{
		problem: problem,
		is:      func(current any) bool { _, ok := current.(T); return ok },
		read: func(text json.RawMessage) (any, error) {
			var current T
			err := json.Unmarshal(text, &current)
			return current, err
		},
	}
}

func conflictProblem(e *ConflictError) *web.Problem {
	p := web.NewProblem(http.StatusConflict, "%v", e)
	p.Errors, p.Current = fieldErrors(e.Faults), e.Current
	for _, kind := range conflictKinds() {
		if kind.is(e.Current) {
			p.Type = kind.problem
		}
	}
	return p
}

func conflictOf(p *web.Problem) error {
	e := &ConflictError{Detail: p.Detail, Faults: faultsOf(p.Errors), Current: p.Current}
	text, _ := p.Current.(json.RawMessage)
	for _, kind := range conflictKinds() {
		if kind.problem != p.Type {
			continue
		}
		var err error
		if e.Current, err = kind.read(text); err != nil {
			return p
		}
	}
	return e
}

func staleOf(p *web.Problem) error {
	e := new(StaleError)
	if text, ok := p.Current.(json.RawMessage); ok {
		if err := json.Unmarshal(text, &e.Current); err != nil {
			return p
		}
	}
	return e
}

func fieldErrors(faults []Fault) []web.FieldError {
	var list []web.FieldError
	for _, f := range faults {
		list = append(list, web.FieldError{Field: f.Field, Detail: f.Detail})
	}
	return list
}

func faultsOf(list []web.FieldError) []Fault {
	var faults []Fault
	for _, e := range list {
		faults = append(faults, Fault{e.Field, e.Detail})
	}
	return faults
}

// maxLineErrors keeps the answer to a file that is bad in every line readable.
const maxLineErrors = 200

func sheetProblem(e *SheetError) *web.Problem {
	p := web.NewProblem(http.StatusUnprocessableEntity, "the file has %d %s and nothing of it was applied; correct it and send it again", e.count(), plural(e.count(), "error"))
	p.Type = fileRefused
	for _, line := range e.first(maxLineErrors) {
		p.Errors = append(p.Errors, web.FieldError{Field: line.field(), Detail: line.Detail})
	}
	return p
}

func sheetErrorOf(p *web.Problem) error {
	e := new(SheetError)
	for _, f := range p.Errors {
		line, ok := lineErrorAt(f.Field, f.Detail)
		if !ok {
			return p
		}
		e.Errors = append(e.Errors, line)
	}
	return e
}
