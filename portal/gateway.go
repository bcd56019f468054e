package portal

import (
	"context"
	"errors"
	"net/http"
	"net/http/httputil"
	"net/url"
	"sync"
	"time"

	"gradebook/service/web"
)

// gateway lets a browser reach the services' APIs through the portal's own
// address. It passes requests and answers on as they are, streams included.
type gateway struct {
	transport http.RoundTripper
	draining  <-chan struct{}
}

const (
	gatewayLimit = 25 * time.Second // below the server's own limit for writing
	gatewayStall = 10 * time.Second // how long a reader of a stream may take for a piece
)

func newGateway(transport http.RoundTripper, draining <-chan struct{}) *gateway {
	return &gateway{transport: transport, draining: draining}
}

// handler passes what is below prefix on to service.
func (g *gateway) handler(prefix, service string) web.HandlerFunc {
	target := &url.URL{Scheme: "http", Host: service}
	proxy := &httputil.ReverseProxy{
		Transport:     g.transport,
		FlushInterval: -1,
		Rewrite: func(p *httputil.ProxyRequest) {
			p.SetURL(target)
			p.Out.URL.RawQuery = p.In.URL.RawQuery // as it is: the service judges it
		},
		ModifyResponse: func(resp *http.Response) error {
			resp.Header.Del("X-Content-Type-Options") // the portal has set it
			return nil
		},
		ErrorHandler: web.Problems(func(err error) *web.Problem { return gatewayProblem(service, err) }),
	}
	inner := http.StripPrefix(prefix, proxy)
	return func(w http.ResponseWriter, r *http.Request) error {
		if web.Accepts(r, "text/event-stream") {
			g.stream(inner, w, r)
			return nil
		}
		ctx, cancel := within(r, gatewayLimit)
		defer cancel()
		inner.ServeHTTP(w, r.WithContext(ctx))
		return nil
	}
}

// stream serves a request without an end, until the portal begins to stop.
func (g *gateway) stream(inner http.Handler, w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithCancel(r.Context())
	var wg sync.WaitGroup
	defer wg.Wait()
	defer cancel()
	wg.Go(func() {
		select {
		case <-g.draining:
			cancel()
		case <-ctx.Done():
		}
	})
	inner.ServeHTTP(newPatient(w), r.WithContext(ctx))
}

// gatewayProblem says why service gave no answer.
func gatewayProblem(service string, err error) *web.Problem {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return web.NewProblem(http.StatusRequestEntityTooLarge, "the body is too large for the gateway; send it to %s itself, or in parts", service)
	}
	o, _ := outageOf(err)
	o.Service = service
	p := web.NewProblem(http.StatusServiceUnavailable, "%s; ask again in %s seconds", o.title(), retryAfter)
	p.Header = http.Header{"Retry-After": {retryAfter}}
	p.Cause = err
	return p
}

// patient is a ResponseWriter for a stream: no limit on the whole, one on each
// piece.
type patient struct {
	http.ResponseWriter
	control *http.ResponseController
}

func newPatient(w http.ResponseWriter) *patient {
	web.Wait(w, 0) // a server without deadlines needs none lifted
	return &patient{w, http.NewResponseController(w)}
}

func (p *patient) Write(b []byte) (int, error) {
	p.control.SetWriteDeadline(time.Now().Add(gatewayStall))
	return p.ResponseWriter.Write(b)
}

// Unwrap is for http.ResponseController.
func (p *patient) Unwrap() http.ResponseWriter { return p.ResponseWriter }
