package service

import (
	"errors"
	"net"
	"os"
	"testing"
	"testing/synctest"
	"time"
)

// counted counts the deadlines that are really set.
type counted struct {
	net.Conn
	reads, writes int
}

func (c *counted) SetReadDeadline(at time.Time) error {
	c.reads++
	return c.Conn.SetReadDeadline(at)
}

func (c *counted) SetWriteDeadline(at time.Time) error {
	c.writes++
	return c.Conn.SetWriteDeadline(at)
}

func TestConnDeadlines(t *testing.T) {
	in := func(d time.Duration) time.Time { return time.Now().Add(d) }
	timesOut := func(t *testing.T, after time.Duration, do func() error) {
		t.Helper()
		start := time.Now()
		if err := do(); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("%v, want a timeout", err)
		}
		if took := time.Since(start); took != after {
			t.Errorf("after %v, want %v", took, after)
		}
	}
	tests := []struct {
		name          string
		reads, writes int
		use           func(t *testing.T, c *conn, read, write func() error)
	}{
		{"the last of several holds for a read", 1, 0, func(t *testing.T, c *conn, read, _ func() error) {
			c.SetReadDeadline(in(5 * time.Second))
			c.SetReadDeadline(time.Time{})
			c.SetReadDeadline(in(15 * time.Second))
			timesOut(t, 15*time.Second, read)
		}},
		{"one that is over ends a read under way", 1, 0, func(t *testing.T, c *conn, read, _ func() error) {
			time.AfterFunc(time.Second, func() { c.SetReadDeadline(time.Unix(1, 0)) })
			timesOut(t, time.Second, read)
		}},
		{"and holds for the next", 2, 0, func(t *testing.T, c *conn, read, _ func() error) {
			c.SetReadDeadline(time.Unix(1, 0))
			timesOut(t, 0, read)
			c.SetReadDeadline(in(time.Second))
			timesOut(t, time.Second, read)
		}},
		{"one can be put off while a read is under way", 2, 0, func(t *testing.T, c *conn, read, _ func() error) {
			c.SetReadDeadline(in(time.Second))
			time.AfterFunc(time.Second/2, func() { c.SetReadDeadline(in(time.Minute)) })
			timesOut(t, time.Minute+time.Second/2, read)
		}},
		{"both at once", 1, 1, func(t *testing.T, c *conn, read, write func() error) {
			c.SetDeadline(in(time.Second))
			timesOut(t, time.Second, read)
			timesOut(t, 0, write)
		}},
		{"a write may time out a little early", 0, 1, func(t *testing.T, c *conn, _, write func() error) {
			c.SetWriteDeadline(in(30 * time.Second))
			time.Sleep(900 * time.Millisecond)
			c.SetWriteDeadline(in(30 * time.Second))
			timesOut(t, 29100*time.Millisecond, write)
		}},
		{"but not by more than a second", 0, 2, func(t *testing.T, c *conn, _, write func() error) {
			c.SetWriteDeadline(in(30 * time.Second))
			time.Sleep(time.Second)
			c.SetWriteDeadline(in(30 * time.Second))
			timesOut(t, 30*time.Second, write)
		}},
		{"and never later", 0, 2, func(t *testing.T, c *conn, _, write func() error) {
			c.SetWriteDeadline(in(30 * time.Second))
			c.SetWriteDeadline(in(10 * time.Second))
			timesOut(t, 10*time.Second, write)
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ours, theirs := net.Pipe()
				defer theirs.Close()
				inner := &counted{Conn: ours}
				c := &conn{Conn: inner, used: true, close: ours.Close}
				defer c.Close()
				byte1 := make([]byte, 1)
				tt.use(t, c,
					func() error { _, err := c.Read(byte1); return err },
					func() error { _, err := c.Write(byte1); return err })
				if inner.reads != tt.reads || inner.writes != tt.writes {
					t.Errorf("set %d and %d deadlines, want %d and %d", inner.reads, inner.writes, tt.reads, tt.writes)
				}
			})
		})
	}
}
