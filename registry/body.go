package registry

import (
	"io"
	"net/http"
	"sync/atomic"
)

// sentBody is the body of a request on its way out. It remembers that reading
// it failed: then the call's failure is not the provider's. ReadCloser is nil
// for a request without a body.
type sentBody struct {
	io.ReadCloser
	failed atomic.Bool // read while the connection is written to
}

// bodyOf returns the body of req; again is true after the first time.
func bodyOf(req *http.Request, again bool) (*sentBody, error) {
	if !again || req.GetBody == nil {
		return &sentBody{ReadCloser: req.Body}, nil
	}
	body, err := req.GetBody()
	b := &sentBody{ReadCloser: body}
	b.failed.Store(err != nil)
	return b, err
}

func (b *sentBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err != nil && err != io.EOF {
		b.failed.Store(true)
	}
	return n, err
}

func (b *sentBody) broken() bool { return b.failed.Load() }

// countedBody is the body of an answer. It tells when it has been read, since
// until then its request is in flight, and when reading it failed.
type countedBody struct {
	io.ReadCloser
	release func()
	failed  func(error)
}

func (b *countedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err != nil && err != io.EOF {
		b.failed(err)
	}
	return n, err
}

func (b *countedBody) Close() error {
	b.release()
	return b.ReadCloser.Close()
}

func closeBody(body io.Closer) {
	if body != nil {
		body.Close()
	}
}
