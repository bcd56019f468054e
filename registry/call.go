package registry

import (
	"context"
	"io"
	"net/http"
	"sync"

	"gradebook/service/telemetry"
)

// startCall begins the step of sending req, once, to the service that its host
// names at a URL; "" when there is no provider.
func startCall(req *http.Request, url string) (context.Context, *telemetry.Active) {
	name := req.URL.Host
	ctx, call := telemetry.Start(req.Context(), req.Method+" "+name+" "+req.URL.Path)
	call.Call(name, url)
	return ctx, call
}

// endCall ends that step with what came of it: an answer when its body has been
// read, or an error.
func endCall(call *telemetry.Active, resp *http.Response, err error) {
	switch {
	case call == nil:
	case err != nil:
		call.Fail(err)
		call.End()
	default:
		call.Answer(resp.StatusCode)
		resp.Body = &calledBody{ReadCloser: resp.Body, call: call}
	}
}

// calledBody ends a call when it has been read or closed.
type calledBody struct {
	io.ReadCloser
	call *telemetry.Active
	once sync.Once
}

func (b *calledBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err != nil {
		b.end(err)
	}
	return n, err
}

func (b *calledBody) Close() error {
	b.end(nil)
	return b.ReadCloser.Close()
}

func (b *calledBody) end(err error) {
	b.once.Do(func() {
		if err != nil && err != io.EOF {
			b.call.Fail(err)
		}
		b.call.End()
	})
}
