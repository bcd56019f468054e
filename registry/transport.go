package registry

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"gradebook/service/telemetry"
)

const maxTries = 3

// TransportOptions say where names lead.
type TransportOptions struct {
	View        *View
	RegistryURL string            // of the host RegistryService
	Base        http.RoundTripper // sends the requests; one without proxy by default
}

// Transport is a http.RoundTripper for which the host of a URL is the name of
// a service: http://GradingService/students goes to one of its providers, the
// better of two picked at random. A provider that refuses connections is left
// alone for a growing time. What failed to connect or broke is tried again on
// another provider when that is harmless: GET, HEAD, or with an
// Idempotency-Key, at most 3 times in all, and for at most a tenth of all
// requests. It adds the remaining time and the trace of the request's context.
//
// Without a provider the error is a *NoProviderError. It is safe for
// concurrent use.
type Transport struct {
	options TransportOptions

	mu    sync.Mutex // guards pools
	pools map[string]*pool
}

// NewTransport returns a Transport.
func NewTransport(o TransportOptions) *Transport {
	if o.Base == nil {
		o.Base = &http.Transport{MaxIdleConns: 256, MaxIdleConnsPerHost: 64, IdleConnTimeout: 90 * time.Second}
	}
	return &Transport{options: o, pools: make(map[string]*pool)}
}

// RoundTrip sends req to a provider of the service that its host names.
func (t *Transport) RoundTrip(req *http.Request) (*http.Response, error) {
	name := req.URL.Host
	if name == RegistryService {
		return t.send(req, req.Body, t.options.RegistryURL)
	}
	if !validName(name) || strings.EqualFold(name, "localhost") {
		closeBody(req.Body)
		return nil, fmt.Errorf("%q is not the name of a service: write the URL as http://GradingService/path", name)
	}
	providers, err := t.options.View.find(name)
	if err != nil {
		closeBody(req.Body)
		return nil, err
	}
	p := t.pool(name)
	e := p.first(providers)
	failed := make([]string, 0, maxTries)
	for body := req.Body; ; {
		start := time.Now()
		resp, err := t.send(req, body, e.url)
		p.done(e, start, time.Now(), err)
		if err == nil {
			resp.Body = &countedBody{ReadCloser: resp.Body, release: sync.OnceFunc(func() { p.release(e) })}
			return resp, nil
		}
		p.release(e)
		err = fmt.Errorf("%s at %s: %w", name, e.url, err)
		failed = append(failed, e.url)
		if len(failed) == maxTries || req.Context().Err() != nil || !repeatable(req) {
			return nil, err
		}
		if e = p.another(providers, failed); e == nil {
			return nil, err
		}
		if req.GetBody != nil {
			if body, err = req.GetBody(); err != nil {
				p.release(e)
				return nil, err
			}
		}
	}
}

// CloseIdleConnections closes those of the base transport.
func (t *Transport) CloseIdleConnections() {
	if c, ok := t.options.Base.(interface{ CloseIdleConnections() }); ok {
		c.CloseIdleConnections()
	}
}

// send sends req with this body to where target, the URL of a service, says.
func (t *Transport) send(req *http.Request, body io.ReadCloser, target string) (*http.Response, error) {
	to, err := url.Parse(target)
	if err != nil {
		closeBody(body)
		return nil, err
	}
	out := req.Clone(req.Context())
	out.Body = body
	out.Host = to.Host
	out.URL.Scheme, out.URL.Host = to.Scheme, to.Host
	if prefix := strings.TrimRight(to.Path, "/"); prefix != "" {
		out.URL.Path = prefix + out.URL.Path
		if out.URL.RawPath != "" {
			out.URL.RawPath = strings.TrimRight(to.EscapedPath(), "/") + out.URL.RawPath
		}
	}
	if deadline, ok := req.Context().Deadline(); ok {
		out.Header.Set("Request-Timeout-Ms", strconv.FormatInt(max(1, time.Until(deadline).Milliseconds()), 10))
	}
	if span, ok := telemetry.SpanFrom(req.Context()); ok {
		out.Header.Set("Traceparent", span.Traceparent())
	}
	return t.options.Base.RoundTrip(out)
}

// repeatable reports whether sending req twice does no harm, and whether its
// body can be had again.
func repeatable(req *http.Request) bool {
	harmless := req.Method == http.MethodGet || req.Method == http.MethodHead || req.Header.Get("Idempotency-Key") != ""
	return harmless && (req.Body == nil || req.Body == http.NoBody || req.GetBody != nil)
}

func (t *Transport) pool(name string) *pool {
	t.mu.Lock()
	defer t.mu.Unlock()
	p := t.pools[name]
	if p == nil {
		p = newPool()
		t.pools[name] = p
	}
	return p
}

// countedBody tells when an answer has been read: until then its request is in
// flight.
type countedBody struct {
	io.ReadCloser
	release func()
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
