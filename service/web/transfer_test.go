package web

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"
	"testing/iotest"
	"time"
)

// clocked is an answer that notes the deadlines it is given.
type clocked struct {
	*httptest.ResponseRecorder
	read, write []time.Time
}

func (c *clocked) SetReadDeadline(t time.Time) error  { c.read = append(c.read, t); return nil }
func (c *clocked) SetWriteDeadline(t time.Time) error { c.write = append(c.write, t); return nil }

type failingWriter struct{ err error }

func (w failingWriter) Write([]byte) (int, error) { return 0, w.err }

func TestCopyBody(t *testing.T) {
	for _, c := range []struct {
		body   io.Reader
		to     io.Writer
		status int   // of the problem; 0: none
		err    error // that is no problem
	}{
		{strings.NewReader("all of it"), new(bytes.Buffer), 0, nil},
		{strings.NewReader("more than the limit"), new(bytes.Buffer), 413, nil},
		{io.MultiReader(strings.NewReader("some"), iotest.ErrReader(io.ErrUnexpectedEOF)), new(bytes.Buffer), 400, nil},
		{strings.NewReader("all of it"), failingWriter{syscall.ENOSPC}, 0, syscall.ENOSPC},
	} {
		w := &clocked{ResponseRecorder: httptest.NewRecorder()}
		r := httptest.NewRequest("POST", "/", iotest.OneByteReader(c.body))
		BodyLimit(w, r, 9)
		n, err := CopyBody(w, r, c.to)
		p, refused := errors.AsType[*Problem](err)
		switch {
		case c.status != 0 && (!refused || p.Status != c.status):
			t.Errorf("%v, want %d", err, c.status)
		case c.status == 0 && !errors.Is(err, c.err):
			t.Errorf("%v, want %v", err, c.err)
		case err == nil && (n != 9 || len(w.read) < 9):
			t.Errorf("%d bytes with %d deadlines, want 9 with one for each", n, len(w.read))
		}
	}
}

func TestTransfer(t *testing.T) {
	w := &clocked{ResponseRecorder: httptest.NewRecorder()}
	out := Transfer(w)
	for _, part := range []string{"in ", "two"} {
		if _, err := io.WriteString(out, part); err != nil {
			t.Fatal(err)
		}
	}
	if w.Body.String() != "in two" || len(w.write) != 2 || w.Code != http.StatusOK {
		t.Errorf("%d %q with %d deadlines", w.Code, w.Body, len(w.write))
	}
}
