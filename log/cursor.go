package log

import "encoding/binary"

// cursor reads the parts of a block, a summary or a record one after the other. Once it is bad, as
// what it reads is not what was written, it stays so and returns zeros.
type cursor struct {
	rest []byte
	bad  bool
}

func (c *cursor) uvarint() uint64 {
	v, n := binary.Uvarint(c.rest)
	if n <= 0 {
		c.fail()
		return 0
	}
	c.rest = c.rest[n:]
	return v
}

// upTo reads a number that is at most most.
func (c *cursor) upTo(most int) int {
	n := c.uvarint()
	if n > uint64(max(most, 0)) {
		c.fail()
		return 0
	}
	return int(n)
}

func (c *cursor) byte() byte {
	if len(c.rest) == 0 {
		c.fail()
		return 0
	}
	v := c.rest[0]
	c.rest = c.rest[1:]
	return v
}

func (c *cursor) uint64() uint64 {
	if len(c.rest) < 8 {
		c.fail()
		return 0
	}
	v := binary.BigEndian.Uint64(c.rest)
	c.rest = c.rest[8:]
	return v
}

// bytes returns the next n bytes where they are.
func (c *cursor) bytes(n int) []byte {
	if n < 0 || n > len(c.rest) {
		c.fail()
		return nil
	}
	v := c.rest[:n:n]
	c.rest = c.rest[n:]
	return v
}

// text reads a length and as many bytes.
func (c *cursor) text() []byte { return c.bytes(c.upTo(len(c.rest))) }

func (c *cursor) fail() { c.rest, c.bad = nil, true }
