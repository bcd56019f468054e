package grades

import (
	"fmt"
	"strings"
)

// NotFoundError says that something is not there, or not any more.
type NotFoundError struct{ What string } // such as "student 7"

const thereIsNo = "there is no "

func (e *NotFoundError) Error() string { return thereIsNo + e.What }

func notFound(format string, args ...any) error {
	return &NotFoundError{fmt.Sprintf(format, args...)}
}

// ConflictError says that a change does not go together with what is there.
type ConflictError struct {
	Detail  string
	Faults  []Fault // by field, where several conflict
	Current any     // what is there: a Grade, a list of them, an Assignment, a Student or a Class; nil for a conflict with nothing of these
}

func (e *ConflictError) Error() string { return e.Detail }

// StaleError says that a cell is not what a change expected it to be.
type StaleError struct{ Current *Grade } // nil for a cell that was never filled

func (e *StaleError) Error() string {
	switch {
	case e.Current == nil:
		return "the cell is empty; read it again and decide"
	case e.Current.empty():
		return fmt.Sprintf("%s has emptied the cell; read it again and decide", e.Current.By)
	}
	return fmt.Sprintf("%s has changed the cell to %s; read it again and decide", e.Current.By, e.Current.text())
}

// InvalidError says that a request is understood but breaks the rules.
type InvalidError struct{ Faults []Fault } // at least one

// Fault is what is wrong with one field, and what it takes.
type Fault struct{ Field, Detail string }

func (e *InvalidError) Error() string {
	texts := make([]string, len(e.Faults))
	for i, f := range e.Faults {
		texts[i] = f.Field + ": " + f.Detail
	}
	return strings.Join(texts, "; ")
}

// KeyReusedError says that an idempotency key came with another request.
type KeyReusedError struct{ Key string }

func (e *KeyReusedError) Error() string {
	return fmt.Sprintf("idempotency key %q was used for another request; use a new key", e.Key)
}

// faults collects what is wrong with a request.
type faults []Fault

func (f *faults) add(field, format string, args ...any) {
	*f = append(*f, Fault{field, fmt.Sprintf(format, args...)})
}

// err is an *InvalidError with all faults, or nil without any.
func (f faults) err() error {
	if len(f) == 0 {
		return nil
	}
	return &InvalidError{f}
}

func invalid(field, format string, args ...any) error {
	return &InvalidError{[]Fault{{field, fmt.Sprintf(format, args...)}}}
}
