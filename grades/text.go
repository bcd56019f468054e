package grades

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	maxName    = 200  // characters in a name or title
	maxComment = 2000 // characters in a comment

	lineSeparator      = '\u2028'
	paragraphSeparator = '\u2029'
)

// line returns value without the space around it, and adds a fault when it is
// not one line of printable text of at most maxName characters.
func (f *faults) line(field, value string) string {
	value = strings.TrimSpace(value)
	f.printable(field, value, maxName, "")
	return value
}

// required is line for what must not be empty.
func (f *faults) required(field, value string) string {
	if value = f.line(field, value); value == "" {
		f.add(field, "is empty; give it from 1 to %d characters", maxName)
	}
	return value
}

// printable checks text; the control characters in allowed pass.
func (f *faults) printable(field, value string, limit int, allowed string) {
	switch {
	case !utf8.ValidString(value):
		f.add(field, "is not UTF-8; save or send it as UTF-8")
	case len(value) > limit && utf8.RuneCountInString(value) > limit:
		f.add(field, "has %d characters; give at most %d", utf8.RuneCountInString(value), limit)
	case strings.ContainsFunc(value, func(r rune) bool {
		return (unicode.IsControl(r) || r == lineSeparator || r == paragraphSeparator) && !strings.ContainsRune(allowed, r)
	}):
		f.add(field, "has a control character or a line break; leave it out")
	}
}

func plural(n int, noun string) string {
	if n == 1 {
		return noun
	}
	return noun + "s"
}
