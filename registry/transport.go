package registry

import (
	"fmt"
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
	// Suspect is told of the URL of a provider to which no connection came about
	// or broke, and must not wait; may be nil. See [Agent.Suspect].
	Suspect func(url string, err error)
}

// Transport is a http.RoundTripper for which the host of a URL is the name of
// a service: http://GradingService/students goes to one of its providers, the
// better of two picked at random, or with [WithKey] always the same. A provider
// that refuses or breaks connections is left alone for a growing time.
//
// What failed is tried again on another provider when that is harmless: any
// request that could not connect, since nothing was sent, and otherwise GET,
// HEAD, or one with an Idempotency-Key; if its body can be had again, and at
// most 3 times in all. These retries are at most a tenth of all requests, and
// besides what a provider had in hand when it failed. It adds the remaining time
// and the trace of the request's context, of which each try is a step.
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
		return t.send(req, &sentBody{ReadCloser: req.Body}, t.options.RegistryURL)
	}
	if !validName(name) || strings.EqualFold(name, "localhost") {
		closeBody(req.Body)
		return nil, fmt.Errorf("%q is not the name of a service: write the URL as http://GradingService/path", name)
	}
	providers, err := t.options.View.find(name)
	if err != nil {
		closeBody(req.Body)
		_, call := startCall(req, "")
		endCall(call, nil, err)
		return nil, err
	}
	p, key := t.pool(name), keyOf(req.Context())
	failed := make([]string, 0, maxTries)
	for e := p.first(providers, key); ; {
		resp, f, err := t.try(req, p, e, len(failed) > 0)
		if err == nil {
			return resp, nil
		}
		err = fmt.Errorf("%s at %s: %w", name, e.url, err)
		failed = append(failed, e.url)
		if len(failed) == maxTries || req.Context().Err() != nil || !repeatable(req, f) {
			return nil, err
		}
		if e = p.another(t.options.View.Providers(name), failed, key); e == nil { // one may have come meanwhile
			return nil, err
		}
	}
}

// try sends req to e and notes how that went; again is true from the second
// time on.
func (t *Transport) try(req *http.Request, p *pool, e *endpoint, again bool) (*http.Response, fault, error) {
	start, f := time.Now(), unknown
	body, err := bodyOf(req, again)
	var resp *http.Response
	if err == nil {
		resp, err = t.send(req, body, e.url)
	}
	if err != nil && !body.broken() {
		f = faultOf(req.Context(), err)
	}
	p.done(e, start, time.Now(), f, err == nil)
	t.suspect(e, f, err)
	if err != nil {
		p.release(e)
		return nil, f, err
	}
	resp.Body = &countedBody{
		ReadCloser: resp.Body, release: sync.OnceFunc(func() { p.release(e) }),
		failed: func(err error) { t.brokeOff(req, p, e, start, err) },
	}
	return resp, unknown, nil
}

// brokeOff notes that reading an answer failed.
func (t *Transport) brokeOff(req *http.Request, p *pool, e *endpoint, start time.Time, err error) {
	if f := faultOf(req.Context(), err); f.proves() {
		p.done(e, start, time.Now(), f, false)
		t.suspect(e, f, err)
	}
}

func (t *Transport) suspect(e *endpoint, f fault, err error) {
	if t.options.Suspect != nil && f.proves() {
		t.options.Suspect(e.url, err)
	}
}

// CloseIdleConnections closes those of the base transport.
func (t *Transport) CloseIdleConnections() {
	if c, ok := t.options.Base.(interface{ CloseIdleConnections() }); ok {
		c.CloseIdleConnections()
	}
}

// send sends req with this body to where target, the URL of a service, says.
func (t *Transport) send(req *http.Request, body *sentBody, target string) (*http.Response, error) {
	to, err := url.Parse(target)
	if err != nil {
		closeBody(body.ReadCloser)
		return nil, err
	}
	ctx, call := startCall(req, target)
	out := req.Clone(ctx)
	if out.Body = body.ReadCloser; out.Body != nil && out.Body != http.NoBody {
		out.Body = body
	}
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
	if span, ok := telemetry.SpanFrom(ctx); ok {
		out.Header.Set("Traceparent", span.Traceparent())
	}
	resp, err := t.options.Base.RoundTrip(out)
	endCall(call, resp, err)
	return resp, err
}

// repeatable reports whether sending req again after f does no harm, and
// whether its body can be had again.
func repeatable(req *http.Request, f fault) bool {
	harmless := f == unreached || req.Method == http.MethodGet || req.Method == http.MethodHead || req.Header.Get("Idempotency-Key") != ""
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
