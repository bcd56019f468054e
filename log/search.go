package log

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"
)

// search looks for a text in what entries show: the message as it was sent, or the line that
// appendBody writes, in any letter case. It is not safe for concurrent use.
type search struct {
	text  []byte   // in lower case
	words [][]byte // parts of text that are in each plain entry that has it, the longest first

	stored, shown []byte // of the entry looked at
}

// newSearch takes text in lower case.
func newSearch(text string) *search {
	s := &search{text: []byte(text)}
	if !strings.Contains(text, `\`) {
		s.words = bytes.FieldsFunc(s.text, isPunctuation)
		slices.SortFunc(s.words, func(a, b []byte) int { return len(b) - len(a) })
	}
	return s
}

// keys returns what is in the filter of each block that has the text.
func (s *search) keys() []uint64 { return appendKeys(nil, s.text) }

// isPunctuation reports whether c may be between the parts of attributes as they are shown or
// stored.
func isPunctuation(c rune) bool { return strings.ContainsRune(` ="'.,:{}[]`, c) }

// matches looks at a message and attributes as they are stored. Showing them is slow, so it first
// makes sure that each word is there at all, unless an escape could hide it.
func (s *search) matches(message, attributes []byte) bool {
	s.stored = append(append(s.stored[:0], message...), attributes...)
	if isLiteral(attributes) && lowerPlain(s.stored) {
		for _, word := range s.words {
			if !bytes.Contains(s.stored, word) {
				return false
			}
		}
	} else if bytes.Contains(lower(s.stored[:len(message)]), s.text) {
		return true
	}
	s.shown = appendShown(s.shown[:0], message, attributes)
	return bytes.Contains(lower(s.shown), s.text)
}

// isLiteral reports whether what attributes show is in them as it is: neither is an escape in them,
// nor is one made of a part, as it is in an array.
func isLiteral(attributes []byte) bool {
	for _, c := range []byte(`\<>&`) {
		if bytes.IndexByte(attributes, c) >= 0 {
			return false
		}
	}
	return true
}

// lower returns text in lower case, in its place if it can be.
func lower(text []byte) []byte {
	for i, c := range text {
		if c >= 0x80 {
			return bytes.ToLower(text)
		}
		if c-'A' < 26 {
			text[i] = c + 'a' - 'A'
		}
	}
	return text
}

// lowerPlain puts text in lower case and reports whether all of it is ASCII that prints; if not,
// it is only in part in lower case.
func lowerPlain(text []byte) bool {
	const each, high = 0x0101010101010101, 0x8080808080808080
	odd := uint64(0) // has the high bits of bytes that do not print
	for ; len(text) >= 8; text = text[8:] {
		x := binary.LittleEndian.Uint64(text)
		low := x &^ high
		odd |= x | ^(low + (0x80-' ')*each) | (low + (0x80-0x7F)*each)
		upper := (low + (0x80-'A')*each) &^ (low + (0x80-'Z'-1)*each) &^ x & high
		binary.LittleEndian.PutUint64(text, x|upper>>2)
	}
	plain := odd&high == 0
	for i, c := range text {
		plain = plain && c >= ' ' && c < 0x7F
		if c-'A' < 26 {
			text[i] = c + 'a' - 'A'
		}
	}
	return plain
}
