package registry

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"gradebook/service/telemetry"
)

// calls is a Transport on a network whose view knows providers of G on the
// ports of localhost that are given.
func calls(n *network, ports ...int) (*http.Client, *View) {
	v := NewView()
	know(v, ports...)
	return &http.Client{Transport: NewTransport(TransportOptions{View: v, RegistryURL: "http://" + registryHost, Base: n})}, v
}

func know(v *View, ports ...int) {
	var list []Provider
	for _, p := range ports {
		list = append(list, Provider{URL: fmt.Sprintf("http://localhost:%d", p)})
	}
	v.replace(map[string][]Provider{"G": list}, false)
}

// echo answers what it was asked, after a while.
func echo(delay time.Duration) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(delay)
		body, _ := io.ReadAll(r.Body)
		fmt.Fprintf(w, "%s %s%s %s", r.Method, r.Host, r.URL, body)
	})
}

func get(t *testing.T, c *http.Client, u string) (string, error) {
	t.Helper()
	resp, err := c.Get(u)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return string(body), err
}

// base is a transport under a Transport.
type base func(*http.Request) (*http.Response, error)

func (b base) RoundTrip(r *http.Request) (*http.Response, error) { return b(r) }

func answerTo(r *http.Request) *http.Response {
	return &http.Response{StatusCode: http.StatusOK, Request: r, Body: io.NopCloser(strings.NewReader(r.URL.Host))}
}

func TestTransportResolvesNames(t *testing.T) {
	n := newNetwork()
	n.set("localhost:6000", echo(0), false)
	n.set(registryHost, echo(0), false)
	c, v := calls(n, 6000)
	v.replace(map[string][]Provider{"G": {{URL: "http://localhost:6000"}}, "P": {{URL: "http://localhost:6000/under/"}}}, false)
	tests := []struct{ url, want string }{
		{"http://G/students?q=a%20b", "GET localhost:6000http://localhost:6000/students?q=a%20b "},
		{"http://P/a%2Fb", "GET localhost:6000http://localhost:6000/under/a%2Fb "},
		{"http://RegistryService/graph", "GET localhost:3000http://localhost:3000/graph "},
	}
	for _, tt := range tests {
		if got, err := get(t, c, tt.url); err != nil || got != tt.want {
			t.Errorf("%s: %q %v, want %q", tt.url, got, err, tt.want)
		}
	}
	for _, u := range []string{"http://localhost/", "http://LOCALHOST/", "http://G:6000/", "http://example.com/", "http://[::1]/", "http://127.0.0.1:6000/"} {
		if _, err := get(t, c, u); err == nil || !strings.Contains(err.Error(), "is not the name of a service") {
			t.Errorf("%s: %v", u, err)
		}
	}
}

func TestNoProvider(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, v := calls(newNetwork(), 6000)
		time.Sleep(time.Minute)
		gone := time.Now()
		know(v)
		time.Sleep(time.Minute)
		_, err := get(t, c, "http://G/")
		missing, ok := errors.AsType[*NoProviderError](err)
		if !ok || missing.Service != "G" || !missing.Since.Equal(gone) {
			t.Fatalf("got %v, want none since %v", err, gone)
		}
		if want := "no provider of G since " + clock(gone); missing.Error() != want {
			t.Errorf("says %q, want %q", missing, want)
		}
		_, err = get(t, c, "http://Never/")
		if missing, ok := errors.AsType[*NoProviderError](err); !ok || !missing.Since.Equal(gone.Add(-time.Minute)) {
			t.Errorf("got %v, want none since the view began", err)
		}
	})
}

func TestRetries(t *testing.T) {
	tests := []struct {
		name, method, key string
		body              io.Reader
		dead, alive       int // providers
		tries             int
		ok                bool
	}{
		{"GET goes on to another", "GET", "", nil, 1, 1, 2, true},
		{"HEAD too", "HEAD", "", nil, 1, 1, 2, true},
		{"three tries at most", "GET", "", nil, 4, 0, 3, false},
		{"not the same one again", "GET", "", nil, 1, 0, 1, false},
		{"POST too, since nothing was sent", "POST", "", strings.NewReader("x"), 1, 1, 2, true},
		{"unless its body is gone", "POST", "", io.MultiReader(strings.NewReader("x")), 1, 1, 1, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			n := newNetwork()
			var ports []int
			for i := range tt.dead {
				ports = append(ports, 6000+i)
			}
			c, v := calls(n, ports...)
			if tt.alive > 0 { // it is made the worse choice, so that the dead are tried first
				n.set("localhost:7000", echo(0), false)
				know(v, append(ports, 7000)...)
				p := c.Transport.(*Transport).pool("G")
				p.endpoints["http://localhost:7000"] = &endpoint{url: "http://localhost:7000", latency: 5, seen: time.Now()}
			}
			req, err := http.NewRequest(tt.method, "http://G/", tt.body)
			if err != nil {
				t.Fatal(err)
			}
			if tt.key != "" {
				req.Header.Set("Idempotency-Key", tt.key)
			}
			resp, err := c.Do(req)
			if (err == nil) != tt.ok {
				t.Fatalf("got %v", err)
			}
			if tt.ok && tt.body != nil {
				var got bytes.Buffer
				got.ReadFrom(resp.Body)
				if !strings.HasSuffix(got.String(), " x") {
					t.Errorf("the body of the retry arrived as %q", got.String())
				}
			}
			tried := n.count(tt.method + " localhost:7000/")
			for _, p := range ports {
				tried += n.count(fmt.Sprintf("%s localhost:%d/", tt.method, p))
			}
			if tried != tt.tries {
				t.Errorf("%d tries, want %d", tried, tt.tries)
			}
		})
	}
}

// What broke after it was sent may have been done: only what is harmless is
// sent again. What says nothing of the provider is not reported.
func TestFaults(t *testing.T) {
	dial := func(err error) error { return &net.OpError{Op: "dial", Net: "tcp", Err: err} }
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	for _, tt := range []struct {
		name   string
		err    error
		ctx    context.Context
		fault  fault
		again  string // methods that are tried again; k is a POST with a key
		report bool
	}{
		{"refused", dial(syscall.ECONNREFUSED), t.Context(), unreached, "GET POST k", true},
		{"a timeout of connecting", dial(os.ErrDeadlineExceeded), t.Context(), unreached, "GET POST k", true},
		{"reset before it was accepted", dial(syscall.ECONNRESET), t.Context(), unreached, "GET POST k", true},
		{"no descriptors left here", dial(syscall.EMFILE), t.Context(), unknown, "GET k", false},
		{"broken off while it was sent", &net.OpError{Op: "readfrom", Err: &net.OpError{Op: "write", Err: syscall.EPIPE}}, t.Context(), unreached, "GET POST k", true},
		{"the caller's own source broken off", &net.OpError{Op: "readfrom", Err: &net.OpError{Op: "read", Err: syscall.ECONNRESET}}, t.Context(), cut, "GET k", true},
		{"end of file", fmt.Errorf("read: %w", io.EOF), t.Context(), cut, "GET k", true},
		{"reset", &net.OpError{Op: "read", Err: syscall.ECONNRESET}, t.Context(), cut, "GET k", true},
		{"no answer", &net.OpError{Op: "read", Err: os.ErrDeadlineExceeded}, t.Context(), late, "GET k", false},
		{"nonsense", errors.New("malformed HTTP response"), t.Context(), unknown, "GET k", false},
		{"the caller gave up", io.EOF, canceled, unknown, "", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := faultOf(tt.ctx, tt.err); got != tt.fault {
				t.Errorf("fault %v, want %v", got, tt.fault)
			}
			var again []string
			for _, method := range []string{"GET", "POST", "k"} {
				tries, reports := 0, 0
				v := NewView()
				know(v, 6000, 6001)
				tr := NewTransport(TransportOptions{View: v, Suspect: func(string, error) { reports++ }, Base: base(func(*http.Request) (*http.Response, error) {
					tries++
					return nil, tt.err
				})})
				req, _ := http.NewRequestWithContext(tt.ctx, strings.Replace(method, "k", "POST", 1), "http://G/", strings.NewReader("x"))
				if method == "k" {
					req.Header.Set("Idempotency-Key", "k")
				}
				if _, err := tr.RoundTrip(req); !errors.Is(err, tt.err) {
					t.Errorf("%s: %v, want %v", method, err, tt.err)
				}
				if tries > 1 {
					again = append(again, method)
				}
				if want := tries * map[bool]int{true: 1}[tt.report]; reports != want {
					t.Errorf("%s: %d reports of %d tries, want %d", method, reports, tries, want)
				}
			}
			if got := strings.Join(again, " "); got != tt.again {
				t.Errorf("tried again: %q, want %q", got, tt.again)
			}
		})
	}
}

// A retry goes to whom is known by then, also when only one was to begin with.
func TestRetryLooksAgain(t *testing.T) {
	v := NewView()
	know(v, 6000)
	c := &http.Client{Transport: NewTransport(TransportOptions{View: v, Base: base(func(r *http.Request) (*http.Response, error) {
		if r.URL.Port() == "6000" {
			know(v, 6001)
			return nil, io.EOF
		}
		return answerTo(r), nil
	})})}
	if got, err := get(t, c, "http://G/"); err != nil || got != "localhost:6001" {
		t.Errorf("got %q %v, want the answer of the one that came meanwhile", got, err)
	}
}

// A caller whose own body breaks off is not the provider's fault.
func TestOwnBodyIsNotTheProvidersFault(t *testing.T) {
	l := listen(t, "127.0.0.1:0", echo(0))
	defer l.kill()
	v := NewView()
	v.replace(map[string][]Provider{"G": {{URL: l.URL}}}, false)
	var reports int
	tr := NewTransport(TransportOptions{View: v, Suspect: func(string, error) { reports++ }})
	defer tr.CloseIdleConnections()
	req, _ := http.NewRequest("POST", "http://G/", io.MultiReader(strings.NewReader("x"), iotest.ErrReader(io.ErrUnexpectedEOF)))
	if _, err := tr.RoundTrip(req); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("got %v", err)
	}
	if e := tr.pool("G").endpoints[l.URL]; reports != 0 || e.failures != 0 {
		t.Errorf("%d reports and %d failures of a provider that is well", reports, e.failures)
	}
}

// An answer that breaks off counts and is reported too.
func TestBrokenAnswerIsReported(t *testing.T) {
	l := listen(t, "127.0.0.1:0", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "10")
		io.WriteString(w, "half")
		http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}))
	defer l.kill()
	v := NewView()
	v.replace(map[string][]Provider{"G": {{URL: l.URL}}}, false)
	var reported []string
	tr := NewTransport(TransportOptions{View: v, Suspect: func(url string, _ error) { reported = append(reported, url) }})
	if body, err := get(t, &http.Client{Transport: tr}, "http://G/"); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("got %q %v", body, err)
	}
	if want := []string{l.URL}; !slices.Equal(reported, want) {
		t.Errorf("reported %q, want %q", reported, want)
	}
	if got := tr.pool("G").endpoints[l.URL].failures; got != 1 {
		t.Errorf("%d failures were noted, want 1", got)
	}
}

// When everything fails, retries do not multiply the load: after the reserve
// is used up, one request in ten is tried again.
func TestRetryBudget(t *testing.T) {
	n := newNetwork()
	c, _ := calls(n, 6000, 6001, 6002)
	for range 1000 {
		get(t, c, "http://G/")
	}
	tries := n.count("GET localhost:6000/") + n.count("GET localhost:6001/") + n.count("GET localhost:6002/")
	if want := 1000 + 100 + retryReserve + 3; tries > want || tries < want-10 {
		t.Errorf("%d tries for 1000 requests, want about %d", tries, want)
	}
}

func TestEjection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNetwork()
		n.set("localhost:6001", echo(0), false)
		c, _ := calls(n, 6000, 6001)
		for range 10 * 60 * 10 { // ten a second for ten minutes
			if _, err := get(t, c, "http://G/"); err != nil {
				t.Fatal(err)
			}
			time.Sleep(100 * time.Millisecond)
		}
		if got := n.count("GET localhost:6000/"); got > 30 {
			t.Errorf("who refuses connections was called %d times in 10 minutes", got)
		}
		n.set("localhost:6000", echo(0), false)
		before := n.count("GET localhost:6000/")
		for range 10 * 60 {
			get(t, c, "http://G/")
			time.Sleep(100 * time.Millisecond)
		}
		if got := n.count("GET localhost:6000/") - before; got < 100 {
			t.Errorf("it is back, and was called %d times of 600", got)
		}
	})
}

// One outage ends many calls at once; it counts once. Failures heal with time.
func TestEjectionGrowsAndHeals(t *testing.T) {
	start := time.Now()
	for _, tt := range []struct {
		what   string
		at     []time.Duration // failures of calls that began just then
		during time.Duration   // the last ejection
	}{
		{"once", []time.Duration{0}, ejectFrom},
		{"again when it was let back", []time.Duration{0, ejectFrom}, 2 * ejectFrom},
		{"and again", []time.Duration{0, time.Second, 3 * time.Second}, 4 * ejectFrom},
		{"healed", []time.Duration{0, time.Second, 3 * time.Second, 40 * time.Second}, ejectFrom},
		{"healed by one", []time.Duration{0, time.Second, 3 * time.Second, 16 * time.Second}, 4 * ejectFrom},
	} {
		p := newPool()
		e := p.first([]string{"u"}, "")
		for _, at := range tt.at {
			for range 100 { // calls in hand
				p.done(e, start.Add(at), start.Add(at+time.Millisecond), cut, false)
			}
		}
		last := tt.at[len(tt.at)-1] + time.Millisecond
		if got := e.ejected.Sub(start.Add(last)); got != tt.during {
			t.Errorf("%s: ejected for %v, want %v", tt.what, got, tt.during)
		}
	}
}

// A provider that is let back is tried by one call at a time, whatever else it
// has in hand, until it has answered.
func TestTrial(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, both := newPool(), []string{"a", "b"}
		stream := p.first([]string{"a"}, "") // goes on through all of this
		p.done(stream, time.Now(), time.Now(), unknown, true)
		p.done(stream, time.Now(), time.Now(), cut, false)
		toA := func() (n int) {
			for range 100 {
				e := p.first(both, "")
				defer p.release(e)
				if e.url == "a" {
					n++
				}
			}
			return n
		}
		if got := toA(); got != 0 {
			t.Errorf("ejected: given %d calls", got)
		}
		time.Sleep(ejectFrom)
		if got := toA(); got != 1 {
			t.Errorf("let back: given %d calls, want one on trial", got)
		}
		p.done(stream, time.Now(), time.Now(), unknown, false) // the trial's caller gave up
		if got := toA(); got != 1 {
			t.Errorf("after a trial that proved nothing: given %d calls, want another one", got)
		}
		time.Sleep(time.Millisecond)
		p.done(stream, time.Now(), time.Now(), unknown, true)
		if got := toA(); got < 10 {
			t.Errorf("after it answered: given %d calls of 100", got)
		}
	})
}

// A provider that dies fails all it has in hand at once, and each of these
// calls is made again elsewhere, whether it ever answered before or not. When it
// is let back and is still dead, that costs one call at a time.
func TestManyInHandAreRetried(t *testing.T) {
	for _, well := range []int{0, 30, 3000} { // calls before it dies
		synctest.Test(t, func(t *testing.T) {
			var dead atomic.Bool
			var failures atomic.Int64
			v := NewView()
			know(v, 6000, 6001)
			c := &http.Client{Transport: NewTransport(TransportOptions{View: v, Base: base(func(r *http.Request) (*http.Response, error) {
				time.Sleep(10 * time.Millisecond)
				if r.URL.Port() == "6000" && dead.Load() {
					failures.Add(1)
					return nil, io.EOF
				}
				return answerTo(r), nil
			})})}
			var work sync.WaitGroup
			const inHand = 200
			for i := range 200 * inHand { // 2 s
				dead.Store(i >= well)
				work.Go(func() {
					if _, err := get(t, c, "http://G/"); err != nil {
						t.Errorf("dead after %d, call %d: %v", well, i, err)
					}
				})
				if i%(inHand/10) == 0 {
					time.Sleep(time.Millisecond)
				}
			}
			work.Wait()
			if got := failures.Load(); got < 3 || got > 2*inHand {
				t.Errorf("dead after %d: %d calls failed first, want what was in hand and a few more", well, got)
			}
		})
	}
}

// Of two that answer in 10 and 40 ms, the faster gets most, and the slower what
// would have to wait there.
func TestBalance(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNetwork()
		n.set("localhost:6000", echo(10*time.Millisecond), false)
		n.set("localhost:6001", echo(40*time.Millisecond), false)
		c, _ := calls(n, 6000, 6001)
		var work sync.WaitGroup
		for range 2000 {
			work.Go(func() { get(t, c, "http://G/") })
			time.Sleep(time.Millisecond)
		}
		work.Wait()
		fast, slow := n.count("GET localhost:6000/"), n.count("GET localhost:6001/")
		if fast < 4*slow || slow < 50 {
			t.Errorf("fast %d, slow %d of 2000", fast, slow)
		}
		for url, e := range c.Transport.(*Transport).pool("G").endpoints {
			if e.inFlight != 0 {
				t.Errorf("%s: %d in flight at the end", url, e.inFlight)
			}
		}
	})
}

func TestTransportPassesContextOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNetwork()
		var got http.Header
		n.set("localhost:6000", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { got = r.Header }), false)
		c, _ := calls(n, 6000)
		ctx, cancel := context.WithTimeout(t.Context(), 1500*time.Millisecond)
		defer cancel()
		span := telemetry.NewSpan()
		req, _ := http.NewRequestWithContext(telemetry.WithSpan(ctx, span), "GET", "http://G/", nil)
		if _, err := c.Do(req); err != nil {
			t.Fatal(err)
		}
		if got.Get("Request-Timeout-Ms") != "1500" || got.Get("Traceparent") != span.Traceparent() {
			t.Errorf("headers %v, want 1500 ms and %s", got, span.Traceparent())
		}
		if len(req.Header) > 0 {
			t.Errorf("the caller's request was changed: %v", req.Header)
		}
	})
}

// A request whose time is over is not tried elsewhere.
func TestTimeoutIsNotRetried(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNetwork()
		n.set("localhost:6000", nil, true)
		n.set("localhost:6001", nil, true)
		c, _ := calls(n, 6000, 6001)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		req, _ := http.NewRequestWithContext(ctx, "GET", "http://G/", nil)
		start := time.Now()
		if _, err := c.Do(req); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
		if took := time.Since(start); took != time.Second {
			t.Errorf("took %v", took)
		}
		if tries := n.count("GET localhost:6000/") + n.count("GET localhost:6001/"); tries != 1 {
			t.Errorf("%d tries, want 1", tries)
		}
	})
}

func dialRefused() error {
	return &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
}

// Each try is a step of the request's trace, also one that found nobody.
func TestTriesAreSteps(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNetwork()
		n.set("localhost:6001", echo(time.Millisecond), false) // nobody is at 6000
		n.set(registryHost, echo(0), false)
		var steps []*telemetry.Step
		tracer := telemetry.NewTracer(1, func(s *telemetry.Step) { steps = append(steps, s) })
		first := tracer.Receive(t.Context(), time.Now(), "", true)
		c, v := calls(n, 6000)
		call := func(url string) {
			req, _ := http.NewRequestWithContext(first, "GET", url, nil)
			if resp, err := c.Do(req); err == nil {
				resp.Body.Close()
			}
		}
		call("http://G/a?secret=1")
		know(v, 6001)
		call("http://G/b")
		call("http://Nobody/c")
		call("http://RegistryService/graph")
		var got []string
		for _, s := range steps {
			if s.Parent != first.ID || s.Kind != telemetry.KindClient {
				t.Errorf("%+v is not a call below %v", s, first.ID)
			}
			got = append(got, fmt.Sprint(s.Name, ", ", s.Peer, ", ", s.URL, ", ", s.Status, ", ", s.Error != ""))
		}
		want := []string{
			"GET G /a, G, http://localhost:6000, 0, true",
			"GET G /b, G, http://localhost:6001, 200, false",
			"GET Nobody /c, Nobody, , 0, true",
			"GET RegistryService /graph, RegistryService, http://localhost:3000, 200, false",
		}
		if !slices.Equal(got, want) {
			t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	})
}
