package log

import "sync"

// maxSpare is the size of a buffer that is kept for the next body.
const maxSpare = 1 << 20

// encoder turns records into what is stored, in one buffer. It is used again for the next ones.
type encoder struct {
	buffer  []byte
	records [][]byte // pieces of buffer
}

// encoders keeps buffers that nobody uses.
type encoders struct{ pool sync.Pool }

// encode returns records as they are stored, valid until they are given to free.
func (e *encoders) encode(records []record) *encoder {
	c, _ := e.pool.Get().(*encoder)
	if c == nil {
		c = new(encoder)
	}
	size := 0
	for i := range records {
		size += records[i].size()
	}
	if cap(c.buffer) < size {
		c.buffer = make([]byte, 0, size)
	}
	c.buffer, c.records = c.buffer[:0], c.records[:0]
	for i := range records {
		start := len(c.buffer)
		c.buffer = records[i].append(c.buffer)
		c.records = append(c.records, c.buffer[start:])
	}
	return c
}

func (e *encoders) free(c *encoder) {
	if cap(c.buffer) <= maxSpare {
		e.pool.Put(c)
	}
}
