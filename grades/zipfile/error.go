package zipfile

import "fmt"

// Error refuses a ZIP.
type Error struct {
	Name   string // of the entry, "" for the ZIP as a whole
	Detail string // what is wrong, and what to do
}

func (e *Error) Error() string {
	if e.Name == "" {
		return "the ZIP " + e.Detail
	}
	return fmt.Sprintf("%.100q in the ZIP %s", e.Name, e.Detail)
}

// refuse is an *Error about an entry, "" for the ZIP as a whole.
func refuse(name, detail string, args ...any) error {
	return &Error{name, fmt.Sprintf(detail, args...)}
}
