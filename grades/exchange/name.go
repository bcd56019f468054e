package exchange

import (
	"strings"
	"unicode"
)

// splitName reads "Last, First". The last word of a name without a comma is
// taken for the last name.
func splitName(name string) (first, last string) {
	last, first, comma := strings.Cut(name, ",")
	if at := strings.LastIndexFunc(name, unicode.IsSpace); !comma && at >= 0 {
		first, last = name[:at], name[at:]
	}
	return strings.TrimSpace(first), strings.TrimSpace(last)
}

// joinName writes "Last, First" so that splitName reads it back. The last name
// must have no comma.
func joinName(first, last string) string {
	if first == "" && !strings.ContainsFunc(last, unicode.IsSpace) {
		return last
	}
	return strings.TrimSpace(last + ", " + first)
}
