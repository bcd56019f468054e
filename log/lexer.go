package log

import (
	"encoding/json"
	"math/bits"
)

// deepest is how many objects and arrays encoding/json reads within each other.
const deepest = 10_000

// A lexer reads JSON from front to back, and takes exactly what encoding/json takes. What it
// returns are pieces of its text, so that nothing is copied. Its methods report false where the
// text is not JSON; then the lexer is of no more use.
type lexer struct {
	text   string
	pos    int
	fresh  bool // the object or array that was opened last had no element yet
	spaced bool // space was passed over
	depth  int  // objects and arrays around pos
	most   int  // the largest depth so far
}

// space passes over white space.
func (l *lexer) space() {
	for l.pos < len(l.text) && l.text[l.pos] <= ' ' {
		switch l.text[l.pos] {
		case ' ', '\t', '\n', '\r':
			l.pos++
			l.spaced = true
		default:
			return
		}
	}
}

// peek returns the byte that comes after white space, or 0 at the end.
func (l *lexer) peek() byte {
	if l.space(); l.pos < len(l.text) {
		return l.text[l.pos]
	}
	return 0
}

// end reports whether nothing but white space is left.
func (l *lexer) end() bool {
	l.space()
	return l.pos == len(l.text)
}

// take passes over b if it is next.
func (l *lexer) take(b byte) bool {
	if l.pos < len(l.text) && l.text[l.pos] == b {
		l.pos++
		return true
	}
	return false
}

// open passes over the bracket that begins an object or an array.
func (l *lexer) open(bracket byte) bool {
	l.fresh = true
	l.depth++
	l.most = max(l.most, l.depth)
	return l.take(bracket) && l.depth <= deepest
}

// more passes over what stands before the next element, or over the bracket that closes the object
// or array, and then there is none.
func (l *lexer) more(bracket byte) (more, ok bool) {
	fresh := l.fresh
	l.fresh = false
	switch l.space(); {
	case l.take(bracket):
		l.depth--
		return false, true
	case fresh:
		return true, true
	}
	return true, l.take(',')
}

// key returns the name of the next member, as string does, and passes over its colon.
func (l *lexer) key() (inner string, plain, ok bool) {
	l.space()
	if inner, plain, ok = l.string(); ok {
		l.space()
		ok = l.take(':')
	}
	return inner, plain, ok
}

// value returns the value that is next, as it is written.
func (l *lexer) value() (raw string, ok bool) {
	first := l.peek()
	start := l.pos
	switch first {
	case '"':
		_, _, ok = l.string()
	case '{':
		ok = l.compound('{', '}')
	case '[':
		ok = l.compound('[', ']')
	case 't':
		ok = l.literal("true")
	case 'f':
		ok = l.literal("false")
	case 'n':
		ok = l.literal("null")
	default:
		ok = l.number()
	}
	return l.text[start:l.pos], ok
}

func (l *lexer) compound(open, close byte) bool {
	if !l.open(open) {
		return false
	}
	for {
		more, ok := l.more(close)
		if !more || !ok {
			return ok
		}
		if open == '{' {
			if _, _, ok := l.key(); !ok {
				return false
			}
		}
		if _, ok := l.value(); !ok {
			return false
		}
	}
}

// string returns what is between the quotes of a string. It is plain if no escape is in it, and so
// stands for itself.
func (l *lexer) string() (inner string, plain, ok bool) {
	if !l.take('"') {
		return "", false, false
	}
	start := l.pos
	plain = true
	for i := start; ; {
		if i += ordinary(l.text[i:]); i == len(l.text) {
			return "", false, false
		}
		switch b := l.text[i]; {
		case b == '"':
			l.pos = i + 1
			return l.text[start:i], plain, true
		case b == '\\':
			size := escape(l.text[i:])
			if size == 0 {
				return "", false, false
			}
			plain = false
			i += size
		case b < ' ':
			return "", false, false
		default:
			i++
		}
	}
}

// ordinary returns a number of bytes at the start of s that are neither quotes, nor escapes, nor
// control characters: all of them, but for the last few of s. It looks at eight at a time, since
// most bytes of a log are in strings.
func ordinary(s string) int {
	const ones, tops = 0x0101010101010101, 0x8080808080808080
	for i := 0; ; i += 8 {
		if len(s)-i < 8 {
			return i
		}
		b := s[i : i+8]
		w := uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24 |
			uint64(b[4])<<32 | uint64(b[5])<<40 | uint64(b[6])<<48 | uint64(b[7])<<56
		quote, escape := w^(ones*'"'), w^(ones*'\\')
		// The top bit of a byte is set where subtraction borrowed; and, wrongly, above it.
		if found := ((quote-ones)&^quote | (escape-ones)&^escape | (w-ones*' ')&^w) & tops; found != 0 {
			return i + bits.TrailingZeros64(found)/8
		}
	}
}

// escape returns the size of the escape at the start of s, 0 if it is none.
func escape(s string) int {
	if len(s) < 2 {
		return 0
	}
	switch s[1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return 2
	case 'u':
		const size = len(`\u0000`)
		for i := 2; i < size; i++ {
			if i >= len(s) || !isHex(s[i]) {
				return 0
			}
		}
		return size
	}
	return 0
}

func isHex(b byte) bool { return isDecimal(b) || 'a' <= b|0x20 && b|0x20 <= 'f' }

func isDecimal(b byte) bool { return '0' <= b && b <= '9' }

// unquote returns what a string stands for, given what is between its quotes.
func unquote(inner string, plain bool) string {
	if plain {
		return inner
	}
	var s string
	json.Unmarshal([]byte(`"`+inner+`"`), &s) // it cannot fail: the lexer has read it
	return s
}

func (l *lexer) literal(word string) bool {
	if len(l.text)-l.pos < len(word) || l.text[l.pos:l.pos+len(word)] != word {
		return false
	}
	l.pos += len(word)
	return true
}

// number passes over -?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?
func (l *lexer) number() bool {
	l.take('-')
	if !l.take('0') && !l.digits() {
		return false
	}
	if l.take('.') && !l.digits() {
		return false
	}
	if l.take('e') || l.take('E') {
		if !l.take('+') {
			l.take('-')
		}
		return l.digits()
	}
	return true
}

// digits passes over one or more.
func (l *lexer) digits() bool {
	start := l.pos
	for l.pos < len(l.text) && isDecimal(l.text[l.pos]) {
		l.pos++
	}
	return l.pos > start
}
