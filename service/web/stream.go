package web

import (
	"bytes"
	"errors"
	"net/http"
	"time"
)

// Stream answers one request with server-sent events. It is for one goroutine.
type Stream struct {
	w   http.ResponseWriter
	rc  *http.ResponseController
	buf bytes.Buffer
}

// writeLimit is how long a reader may take for one event before it is given up.
const writeLimit = 10 * time.Second

// NewStream sends the header of an event stream. The server's own read and
// write timeouts no longer apply to this request; each event has its own.
func NewStream(w http.ResponseWriter, r *http.Request) (*Stream, error) {
	s := &Stream{w: w, rc: http.NewResponseController(w)}
	if err := Wait(w, 0); err != nil {
		return nil, err
	}
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusOK)
	return s, s.Ping()
}

// Send sends one event and flushes it. id and event may be empty. It fails
// when the reader has gone or is too slow.
func (s *Stream) Send(id, event string, data []byte) error {
	if err := s.Add(id, event, data); err != nil {
		return err
	}
	return s.Flush()
}

// mostHeld is how much of a stream is kept together until it is flushed.
const mostHeld = 32 << 10

// Add is Send for one of several events: they are sent together, at Flush at the
// latest.
func (s *Stream) Add(id, event string, data []byte) error {
	if id != "" {
		s.buf.WriteString("id: " + id + "\n")
	}
	if event != "" {
		s.buf.WriteString("event: " + event + "\n")
	}
	for line := range bytes.Lines(data) {
		s.buf.WriteString("data: ")
		s.buf.Write(bytes.TrimRight(line, "\r\n"))
		s.buf.WriteByte('\n')
	}
	s.buf.WriteByte('\n')
	if s.buf.Len() < mostHeld {
		return nil
	}
	return s.Flush()
}

// Ping sends a comment, so that both ends notice when the other has gone.
// Every 15 s without an event is a good rhythm.
func (s *Stream) Ping() error {
	s.buf.WriteString(": ping\n\n")
	return s.Flush()
}

// Flush sends what was added.
func (s *Stream) Flush() error {
	defer s.buf.Reset()
	if s.buf.Len() == 0 {
		return nil
	}
	if err := s.rc.SetWriteDeadline(time.Now().Add(writeLimit)); err != nil {
		return err
	}
	if _, err := s.w.Write(s.buf.Bytes()); err != nil {
		return err
	}
	return s.rc.Flush()
}

// Wait lets the answer to this request take d longer than the server allows:
// to wait is what its client asked for, so it is not logged as slow either.
func Wait(w http.ResponseWriter, d time.Duration) error {
	if r := recorderOf(w); r != nil {
		r.Waits = true
	}
	rc := http.NewResponseController(w)
	return errors.Join(rc.SetReadDeadline(time.Time{}), rc.SetWriteDeadline(time.Now().Add(d+writeLimit)))
}
