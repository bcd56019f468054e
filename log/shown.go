package log

import (
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"
)

// appendShown writes what appendBody does of an entry as it is stored. What is usual it reads as it
// goes, without decoding the attributes.
func appendShown(b, message, attributes []byte) []byte {
	if isPrintable(message) {
		b = append(b, message...)
	} else {
		b = appendEscaped(b, string(message))
	}
	if len(attributes) == 0 {
		return b
	}
	start := len(b)
	object := lexer{text: string(attributes)}
	b, ok := appendMembers(b, "", 0, &object)
	if !ok || !object.end() || !utf8.Valid(attributes) {
		return appendAttributes(b[:start], "", 0, decodeAttributes(string(attributes)))
	}
	return b
}

func isPrintable(text []byte) bool {
	for _, c := range text {
		if c < ' ' || c > '~' {
			return false
		}
	}
	return true
}

// shownMember is a member of a JSON object: its key, and its value as it is written.
type shownMember struct{ key, value string }

// appendMembers writes the members of an object in the order of their keys. It is not ok when it
// is none.
func appendMembers(b []byte, prefix string, depth int, object *lexer) (_ []byte, ok bool) {
	var few [16]shownMember
	members, ok := readMembers(few[:0], object)
	if !ok {
		return b, false
	}
	for i, m := range members {
		if i+1 < len(members) && members[i+1].key == m.key {
			continue // the last one counts
		}
		switch first := m.value[0]; {
		case first == '{' && depth < maxGroups:
			if b, ok = appendMembers(b, prefix+m.key+".", depth+1, &lexer{text: m.value}); !ok {
				return b, false
			}
		case first == '{' || first == '[':
			b = appendWord(appendKey(b, prefix+m.key), shownJSON(m.value))
		case first == '"':
			inner := m.value[1 : len(m.value)-1]
			b = appendWord(appendKey(b, prefix+m.key), unquote(inner, !strings.Contains(inner, `\`)))
		default:
			b = appendWord(appendKey(b, prefix+m.key), m.value)
		}
	}
	return b, true
}

// readMembers appends the members of an object to members, in the order of their keys.
func readMembers(members []shownMember, object *lexer) (_ []shownMember, ok bool) {
	if !object.open('{') {
		return members, false
	}
	for {
		more, ok := object.more('}')
		if !more || !ok {
			slices.SortStableFunc(members, func(a, b shownMember) int { return strings.Compare(a.key, b.key) })
			return members, ok
		}
		key, plain, ok := object.key()
		if !ok {
			return members, false
		}
		value, ok := object.value()
		if !ok {
			return members, false
		}
		members = append(members, shownMember{unquote(key, plain), value})
	}
}

// shownJSON returns an array, or a group too deep, as they are shown everywhere.
func shownJSON(value string) string {
	var v any
	d := json.NewDecoder(strings.NewReader(value))
	d.UseNumber()
	d.Decode(&v) // the lexer has read it
	shown, _ := json.Marshal(v)
	return string(shown)
}
