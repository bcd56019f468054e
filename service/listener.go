package service

import (
	"net"
	"sync"
)

// listener accepts while there is a free slot, and knows the connections on
// which no request has come yet: clients open one too many now and then, and
// http.Server.Shutdown would wait 5 s for each. It is safe for concurrent use.
type listener struct {
	net.Listener
	slots chan struct{} // shared by all listeners of a service
	close func() error

	closed chan struct{}
	mu     sync.Mutex // guards unused
	unused map[*conn]struct{}
}

func newListener(l net.Listener, slots chan struct{}) *listener {
	closed := make(chan struct{})
	return &listener{
		Listener: l, slots: slots, closed: closed, unused: make(map[*conn]struct{}),
		close: sync.OnceValue(func() error {
			close(closed)
			return l.Close()
		}),
	}
}

// Accept waits for a slot and a connection.
func (l *listener) Accept() (net.Conn, error) {
	select {
	case l.slots <- struct{}{}:
	case <-l.closed:
		return nil, net.ErrClosed
	}
	accepted, err := l.Listener.Accept()
	if err != nil {
		<-l.slots
		return nil, err
	}
	c := &conn{Conn: accepted, listener: l}
	c.close = sync.OnceValue(func() error {
		l.forget(c)
		<-l.slots
		return c.Conn.Close()
	})
	l.mu.Lock()
	defer l.mu.Unlock()
	l.unused[c] = struct{}{}
	return c, nil
}

// Close stops accepting.
func (l *listener) Close() error { return l.close() }

// closeUnused closes the connections that nobody has used.
func (l *listener) closeUnused() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for c := range l.unused {
		c.Conn.Close() // its reader notices and closes c
	}
}

func (l *listener) forget(c *conn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.unused, c)
}
