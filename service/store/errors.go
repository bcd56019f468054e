package store

import (
	"errors"
	"fmt"
)

var (
	// ErrClosed is returned by Do and View after Close.
	ErrClosed = errors.New("store is closed")
	// ErrStopped is wrapped by every error of Do and View once the store cannot
	// go on (Options.Fatal was told the cause). A Do that was under way may or
	// may not have made its change: the next Open shows it.
	ErrStopped = errors.New("store has stopped: check the disk, then restart the service")
	// ErrNoRecord is wrapped by Record's error for a revision that does not exist.
	ErrNoRecord = errors.New("there is no such record")
)

// TooLargeError says that a record, encoded, is larger than may be: MaxRecord, or
// what an [Appender] sets.
type TooLargeError struct{ Bytes, Limit int }

func (e *TooLargeError) Error() string {
	return fmt.Sprintf("change of %d bytes is too large: the limit is %d, make it in smaller parts", e.Bytes, e.Limit)
}

// RecordError is why Replace refuses a record.
type RecordError struct {
	Revision uint64
	Err      error
}

func (e *RecordError) Error() string { return fmt.Sprintf("record %d: %v", e.Revision, e.Err) }
func (e *RecordError) Unwrap() error { return e.Err }

// PanicError is the error of a Do whose decide function panicked, and is wrapped
// by that of a Do in whose batch Apply panicked. Nothing was changed.
type PanicError struct {
	Value any
	Stack []byte
}

func (e *PanicError) Error() string { return fmt.Sprintf("panic: %v", e.Value) }
