package webtest

import (
	"bytes"
	"io"
	"net/http"
)

// keptBody is how much of a body is looked at.
const keptBody = 8 << 20

// tap keeps what a request says and what it is answered.
type tap struct {
	http.ResponseWriter
	sent   bytes.Buffer // as far as it was read
	status int
	body   []byte // the first keptBody
	length int
}

func newTap(w http.ResponseWriter, r *http.Request) *tap {
	t := &tap{ResponseWriter: w}
	if r.Body != nil {
		r.Body = struct {
			io.Reader
			io.Closer
		}{io.TeeReader(r.Body, &t.sent), r.Body}
	}
	return t
}

func (t *tap) WriteHeader(status int) {
	if t.status == 0 && status >= 200 {
		t.status = status
	}
	t.ResponseWriter.WriteHeader(status)
}

func (t *tap) Write(p []byte) (int, error) {
	if t.status == 0 {
		t.status = http.StatusOK
	}
	t.body = append(t.body, p[:min(len(p), keptBody-len(t.body))]...)
	t.length += len(p)
	return t.ResponseWriter.Write(p)
}

// Unwrap is for http.ResponseController.
func (t *tap) Unwrap() http.ResponseWriter { return t.ResponseWriter }
