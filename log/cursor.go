package log

import "encoding/json"

// deepest is how many objects and arrays encoding/json reads within each other.
const deepest = 10_000

// A cursor reads JSON from front to back, and takes exactly what encoding/json takes. What it
// returns are pieces of its text, so that nothing is copied. Its methods report false where the
// text is not JSON; then the cursor is of no more use.
type cursor struct {
	text   string
	pos    int
	fresh  bool // the object or array that was opened last had no element yet
	spaced bool // space was passed over
	depth  int  // objects and arrays around pos
	most   int  // the largest depth so far
}

// space passes over white space.
func (c *cursor) space() {
	for c.pos < len(c.text) && c.text[c.pos] <= ' ' {
		switch c.text[c.pos] {
		case ' ', '\t', '\n', '\r':
			c.pos++
			c.spaced = true
		default:
			return
		}
	}
}

// peek returns the byte that comes after white space, or 0 at the end.
func (c *cursor) peek() byte {
	if c.space(); c.pos < len(c.text) {
		return c.text[c.pos]
	}
	return 0
}

// end reports whether nothing but white space is left.
func (c *cursor) end() bool {
	c.space()
	return c.pos == len(c.text)
}

// take passes over b if it is next.
func (c *cursor) take(b byte) bool {
	if c.pos < len(c.text) && c.text[c.pos] == b {
		c.pos++
		return true
	}
	return false
}

// open passes over the bracket that begins an object or an array.
func (c *cursor) open(bracket byte) bool {
	c.fresh = true
	c.depth++
	c.most = max(c.most, c.depth)
	return c.take(bracket) && c.depth <= deepest
}

// more passes over what stands before the next element, or over the bracket that closes the object
// or array, and then there is none.
func (c *cursor) more(bracket byte) (more, ok bool) {
	fresh := c.fresh
	c.fresh = false
	switch c.space(); {
	case c.take(bracket):
		c.depth--
		return false, true
	case fresh:
		return true, true
	}
	return true, c.take(',')
}

// key returns the name of the next member, as string does, and passes over its colon.
func (c *cursor) key() (inner string, plain, ok bool) {
	c.space()
	if inner, plain, ok = c.string(); ok {
		c.space()
		ok = c.take(':')
	}
	return inner, plain, ok
}

// value returns the value that is next, as it is written.
func (c *cursor) value() (raw string, ok bool) {
	first := c.peek()
	start := c.pos
	switch first {
	case '"':
		_, _, ok = c.string()
	case '{':
		ok = c.compound('{', '}')
	case '[':
		ok = c.compound('[', ']')
	case 't':
		ok = c.literal("true")
	case 'f':
		ok = c.literal("false")
	case 'n':
		ok = c.literal("null")
	default:
		ok = c.number()
	}
	return c.text[start:c.pos], ok
}

func (c *cursor) compound(open, close byte) bool {
	if !c.open(open) {
		return false
	}
	for {
		more, ok := c.more(close)
		if !more || !ok {
			return ok
		}
		if open == '{' {
			if _, _, ok := c.key(); !ok {
				return false
			}
		}
		if _, ok := c.value(); !ok {
			return false
		}
	}
}

// string returns what is between the quotes of a string. It is plain if no escape is in it, and so
// stands for itself.
func (c *cursor) string() (inner string, plain, ok bool) {
	if !c.take('"') {
		return "", false, false
	}
	start := c.pos
	plain = true
	for i := start + ordinary(c.text[start:]); i < len(c.text); i++ {
		switch b := c.text[i]; {
		case b == '"':
			c.pos = i + 1
			return c.text[start:i], plain, true
		case b == '\\':
			size := escape(c.text[i:])
			if size == 0 {
				return "", false, false
			}
			plain = false
			i += size - 1
		case b < ' ':
			return "", false, false
		}
	}
	return "", false, false
}

// ordinary returns a number of bytes at the start of s that are neither quotes, nor escapes, nor
// control characters: it looks at eight at a time, since most bytes of a log are in strings.
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
		// The top bit of a byte is set where subtraction borrowed; above it, wrongly, too.
		if ((quote-ones)&^quote|(escape-ones)&^escape|(w-ones*' ')&^w)&tops != 0 {
			return i
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

func isHex(b byte) bool { return isDigit(b) || 'a' <= b|0x20 && b|0x20 <= 'f' }

func isDigit(b byte) bool { return '0' <= b && b <= '9' }

// unquote returns what a string stands for, given what is between its quotes.
func unquote(inner string, plain bool) string {
	if plain {
		return inner
	}
	var s string
	json.Unmarshal([]byte(`"`+inner+`"`), &s) // it cannot fail: the cursor has read it
	return s
}

func (c *cursor) literal(word string) bool {
	if len(c.text)-c.pos < len(word) || c.text[c.pos:c.pos+len(word)] != word {
		return false
	}
	c.pos += len(word)
	return true
}

// number passes over -?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?
func (c *cursor) number() bool {
	c.take('-')
	if !c.take('0') && !c.digits() {
		return false
	}
	if c.take('.') && !c.digits() {
		return false
	}
	if c.take('e') || c.take('E') {
		if !c.take('+') {
			c.take('-')
		}
		return c.digits()
	}
	return true
}

// digits passes over one or more.
func (c *cursor) digits() bool {
	start := c.pos
	for c.pos < len(c.text) && isDigit(c.text[c.pos]) {
		c.pos++
	}
	return c.pos > start
}
