package service

import (
	"net"
	"sync"
	"time"
)

// writeSlack is how much earlier than asked a write may time out.
const writeSlack = time.Second

// conn gives its slot back when it closes. And it spares most of the deadlines
// that http.Server sets with each request, of which one would have been enough:
// together they cost as much as finding the answer to a small one. A deadline
// for reading is kept until something is read, and one for writing stays while
// the next is less than a second later.
type conn struct {
	net.Conn
	listener *listener
	used     bool // something was read; the reader's own
	close    func() error

	mu      sync.Mutex // guards what follows
	reading bool
	read    time.Time // wanted
	isRead  time.Time // set
	isWrite time.Time // set
}

// Read reads by the deadline that was asked for last.
func (c *conn) Read(p []byte) (int, error) {
	if err := c.begin(); err != nil {
		return 0, err
	}
	n, err := c.Conn.Read(p)
	c.mu.Lock()
	c.reading = false
	c.mu.Unlock()
	if !c.used {
		c.used = true
		c.listener.forget(c)
	}
	return n, err
}

func (c *conn) begin() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.reading = true
	return c.setRead()
}

// setRead sets the deadline that is wanted. The caller holds c.mu.
func (c *conn) setRead() error {
	if c.read.Equal(c.isRead) {
		return nil
	}
	c.isRead = c.read
	return c.Conn.SetReadDeadline(c.read)
}

// SetReadDeadline holds for reads to come, and at once for one under way.
func (c *conn) SetReadDeadline(at time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.read = at
	if !c.reading {
		return nil
	}
	return c.setRead()
}

// SetWriteDeadline holds at once, and up to a second early.
func (c *conn) SetWriteDeadline(at time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if later := at.Sub(c.isWrite); !at.IsZero() && later >= 0 && later < writeSlack {
		return nil
	}
	c.isWrite = at
	return c.Conn.SetWriteDeadline(at)
}

// SetDeadline is both.
func (c *conn) SetDeadline(at time.Time) error {
	if err := c.SetReadDeadline(at); err != nil {
		return err
	}
	return c.SetWriteDeadline(at)
}

func (c *conn) Close() error { return c.close() }
