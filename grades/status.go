package grades

import "slices"

// status is a Grade's status as the book keeps it: an index of statusNames.
type status uint8

const (
	statusNone status = iota
	statusGraded
	statusExcused
	statusMissing
	statusLate
	statusIncomplete
	statusUnassigned
)

func statusNames() [7]string {
	return [...]string{"", Graded, Excused, Missing, Late, Incomplete, Unassigned}
}

// newStatus is the status with a name, which must be one.
func newStatus(name string) status {
	names := statusNames()
	return status(slices.Index(names[:], name))
}

// isStatus reports whether a status has this name.
func isStatus(name string) bool {
	names := statusNames()
	return slices.Contains(names[:], name)
}

// String is the status as the API has it, "" for none.
func (s status) String() string { return statusNames()[s] }
