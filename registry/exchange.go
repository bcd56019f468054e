package registry

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"sync/atomic"
	"syscall"
	"time"
)

const (
	maxAnswer = 4 << 10  // bytes that are read of the body of an answer
	maxHeader = 16 << 10 // bytes of everything before it
)

// answer is what a service said.
type answer struct {
	code   int
	status string // such as "404 Not Found"
	body   []byte // at most maxAnswer
	last   bool   // nothing can be sent on the same connection
}

func (a *answer) ok() bool { return a.code/100 == 2 }

// scratch is what an exchange needs only while it lasts: idle lines are many.
type scratch struct {
	out     bytes.Buffer
	limited io.LimitedReader
	in      *bufio.Reader
	body    bytes.Buffer
}

func newScratch() any { return &scratch{in: bufio.NewReaderSize(nil, 1<<10)} }

// exchange sends req on the line's connection and returns the answer, all
// within the server's timeout. Redirects are answers. With again it is sent a
// second time if the connection turns out to have been closed meanwhile.
func (l *line) exchange(req *http.Request, again bool) (answer, error) {
	sc := l.server.scratch.Get().(*scratch)
	defer l.server.scratch.Put(sc)
	sc.out.Reset()
	if err := req.Write(&sc.out); err != nil {
		return answer{}, err
	}
	deadline := time.Now().Add(l.server.options.Timeout)
	used := l.conn != nil
	err := l.send(sc, req, deadline)
	if err != nil && used && again && !isTimeout(err) {
		l.hangUp()
		err = l.send(sc, req, deadline)
	}
	var a answer
	if err == nil {
		a, err = sc.receive(req)
	}
	if err != nil || a.last || l.server.short.is(time.Now()) {
		l.hangUp()
	}
	sc.limited.R = nil
	return a, err
}

// send returns when the first byte of the answer is there.
func (l *line) send(sc *scratch, req *http.Request, deadline time.Time) error {
	if err := l.connect(req.URL.Host, deadline); err != nil {
		return err
	}
	if _, err := l.conn.Write(sc.out.Bytes()); err != nil {
		return err
	}
	sc.limited = io.LimitedReader{R: l.conn, N: maxHeader + maxAnswer}
	sc.in.Reset(&sc.limited)
	_, err := sc.in.Peek(1)
	return err
}

func (sc *scratch) receive(req *http.Request) (answer, error) {
	resp, err := http.ReadResponse(sc.in, req)
	for err == nil && resp.StatusCode/100 == 1 && resp.StatusCode != http.StatusSwitchingProtocols {
		resp, err = http.ReadResponse(sc.in, req)
	}
	if err != nil {
		return answer{}, err
	}
	sc.body.Reset()
	if _, err := sc.body.ReadFrom(io.LimitReader(resp.Body, maxAnswer+1)); err != nil {
		return answer{}, err
	}
	body := sc.body.Bytes()
	rest := len(body) > maxAnswer || sc.in.Buffered() > 0
	return answer{
		code: resp.StatusCode, status: resp.Status, body: bytes.Clone(body[:min(len(body), maxAnswer)]),
		last: resp.Close || rest || resp.StatusCode == http.StatusSwitchingProtocols,
	}, nil
}

// connect makes sure that there is a connection, with the deadline of an
// exchange.
func (l *line) connect(host string, deadline time.Time) error {
	if l.conn == nil {
		if _, _, err := net.SplitHostPort(host); err != nil {
			host += ":80"
		}
		ctx, cancel := context.WithDeadline(l.server.ctx, deadline)
		defer cancel()
		conn, err := l.server.options.Dial(ctx, "tcp", host)
		if err != nil {
			return err
		}
		l.mu.Lock()
		l.conn = conn
		l.mu.Unlock()
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ended {
		return net.ErrClosed
	}
	return l.conn.SetDeadline(deadline)
}

// hangUp closes the connection, if there is one.
func (l *line) hangUp() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.conn != nil {
		l.conn.Close()
		l.conn = nil
	}
}

// shortage is that this process can open no more files. For as long as it may
// last no connection is held: more services than files are asked in turn then,
// and a death is noticed at the next heartbeat.
type shortage struct{ until atomic.Int64 } // in Unix nanoseconds

const shortFor = time.Minute // since it was last felt

func (s *shortage) is(now time.Time) bool { return now.UnixNano() < s.until.Load() }

// felt reports whether that is news.
func (s *shortage) felt(now time.Time) bool {
	return s.until.Swap(now.Add(shortFor).UnixNano()) <= now.UnixNano()
}

func isShortage(err error) bool {
	return errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE)
}
