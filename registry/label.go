package registry

import "unicode"

const (
	lineChars = 15 // of a name that fit into a box on a phone
	nameLines = 2
)

// folded breaks a name into lines where its words begin. What does not fit is
// cut off; the box's title has it.
func folded(name string) []string {
	lines := []string{""}
	for _, word := range words(name) {
		last := &lines[len(lines)-1]
		if len(*last)+len(word) <= lineChars {
			*last += word
		} else if *last == "" {
			*last = word
		} else {
			lines = append(lines, word)
		}
	}
	if len(lines) > nameLines {
		lines = lines[:nameLines]
		lines[nameLines-1] += "…"
	}
	for i, line := range lines {
		if len(line) > lineChars+len("…") {
			lines[i] = line[:lineChars-1] + "…"
		}
	}
	return lines
}

// words splits a name before its capitals and after its hyphens.
func words(name string) []string {
	var list []string
	start := 0
	for i, c := range name {
		if i > start && (unicode.IsUpper(c) && !unicode.IsUpper(rune(name[i-1])) || name[i-1] == '-') {
			list = append(list, name[start:i])
			start = i
		}
	}
	return append(list, name[start:])
}
