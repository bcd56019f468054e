package commitlog

import (
	"errors"
	"fmt"
)

var (
	// ErrClosed is returned by Append after Close.
	ErrClosed = errors.New("commit log is closed")
	// ErrTooLarge is returned by Append for records of more than MaxBatch bytes.
	ErrTooLarge = errors.New("records are too large for one batch")
	// ErrStopped is wrapped by every error of a log that no longer knows what is
	// on disk: a sync failed, or a failed write could not be taken back. The
	// records of an Append that was under way may or may not be found by the
	// next Open.
	ErrStopped = errors.New("commit log has stopped: check the disk, then restart the service")
)

// CorruptError says that a file of the log is damaged where no interrupted
// write can have damaged it. Nothing was changed.
type CorruptError struct {
	Path   string // of the segment
	Offset int64  // in bytes
	Reason string
}

func (e *CorruptError) Error() string {
	return fmt.Sprintf("%s is damaged at byte %d: %s: restore the directory from a backup", e.Path, e.Offset, e.Reason)
}
