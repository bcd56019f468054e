package log

import "strings"

// fieldName returns the name of the field of an entry that is meant, "" if it is none.
func fieldName(name string) string {
	switch name {
	case "time", "level", "kind", "service", "instance", "trace", "span", "message", "sequence", "attributes":
		return name
	}
	if isLower(name) {
		return ""
	}
	for _, field := range [...]string{"time", "level", "kind", "service", "instance", "trace", "span", "message", "sequence", "attributes"} {
		if isName(name, field) {
			return field
		}
	}
	return ""
}

// isName reports whether s is a name, in any letter case.
func isName(s, name string) bool { return s == name || !isLower(s) && strings.EqualFold(s, name) }

// isLower reports whether s has no letter that another could stand for.
func isLower(s string) bool {
	for i := range len(s) {
		if b := s[i]; 'A' <= b && b <= 'Z' || b >= 0x80 {
			return false
		}
	}
	return true
}
