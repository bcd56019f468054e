package web

import (
	"errors"
	"io"
	"net/http"
	"time"
)

// idleLimit is how long the other end of a transfer may do nothing.
const idleLimit = 30 * time.Second

// CopyBody writes the body of a request to a file, or whatever to is, and returns
// how many bytes it has. It may take longer than the server allows a request, as
// long as something arrives. The error is a *Problem when the body is over its
// limit or does not arrive whole, and that of to otherwise.
func CopyBody(w http.ResponseWriter, r *http.Request, to io.Writer) (int64, error) {
	if err := Wait(w, 0); err != nil { // for the answer: its time begins when all was read
		return 0, err
	}
	rc := http.NewResponseController(w)
	n, err := io.Copy(to, readerFunc(func(p []byte) (int, error) {
		if err := rc.SetReadDeadline(time.Now().Add(idleLimit)); err != nil {
			return 0, err
		}
		n, err := r.Body.Read(p)
		if err != nil && err != io.EOF {
			err = bodyProblem(err)
		}
		return n, err
	}))
	return n, errors.Join(err, Wait(w, idleLimit))
}

type readerFunc func(p []byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

// Transfer returns the writer of an answer that may take longer than the server
// allows, as long as its reader takes something.
func Transfer(w http.ResponseWriter) io.Writer { return transfer{w} }

type transfer struct{ http.ResponseWriter }

func (t transfer) Write(p []byte) (int, error) {
	if err := Wait(t.ResponseWriter, idleLimit); err != nil {
		return 0, err
	}
	return t.ResponseWriter.Write(p)
}
