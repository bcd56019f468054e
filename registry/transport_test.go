package registry

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
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
		{"POST does not", "POST", "", strings.NewReader("x"), 1, 1, 1, false},
		{"POST with a key does", "POST", "k", strings.NewReader("x"), 1, 1, 2, true},
		{"unless its body is gone", "POST", "k", io.MultiReader(strings.NewReader("x")), 1, 1, 1, false},
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

// When everything fails, retries do not multiply the load: after the reserve
// is used up, one request in ten is tried again.
func TestRetryBudget(t *testing.T) {
	n := newNetwork()
	c, _ := calls(n, 6000, 6001, 6002)
	for range 1000 {
		get(t, c, "http://G/")
	}
	tries := n.count("GET localhost:6000/") + n.count("GET localhost:6001/") + n.count("GET localhost:6002/")
	if want := 1000 + 100 + retryReserve; tries > want || tries < want-10 {
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
