package service_test

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"gradebook/registry"
	"gradebook/service"
	"gradebook/service/telemetry"
	"gradebook/service/web"
)

// toy is an App with a route for each thing the chassis looks after.
type toy struct {
	*web.Mux
	env    web.Env
	came   chan struct{} // GET /slow has arrived
	slow   chan struct{} // it waits for this
	closed chan struct{}
}

func (a *toy) Close() error { close(a.closed); return nil }

func openToy(apps chan<- *toy) func(web.Env, *telemetry.Metrics) (web.App, error) {
	return func(env web.Env, _ *telemetry.Metrics) (web.App, error) {
		a := &toy{web.NewMux(web.Problems(nil)), env, make(chan struct{}, 1), make(chan struct{}), make(chan struct{})}
		a.Handle("GET /hello/{name}", func(w http.ResponseWriter, r *http.Request) error {
			_, err := io.WriteString(w, "hello "+r.PathValue("name"))
			return err
		})
		a.Handle("GET /panic", func(http.ResponseWriter, *http.Request) error { panic("at the disco") })
		a.Handle("POST /echo", func(w http.ResponseWriter, r *http.Request) error {
			body, err := web.ReadBody(r)
			if err != nil {
				return err
			}
			return web.WriteRawJSON(w, http.StatusOK, body)
		})
		a.Handle("GET /slow", func(w http.ResponseWriter, r *http.Request) error {
			a.came <- struct{}{}
			<-a.slow
			return nil
		})
		a.Handle("GET /stream", func(w http.ResponseWriter, r *http.Request) error {
			s, err := web.NewStream(w, r)
			if err != nil {
				return err
			}
			<-env.Draining
			return s.Send("", "bye", []byte("{}"))
		})
		apps <- a
		return a, nil
	}
}

// running is a service under test.
type running struct {
	t      *testing.T
	url    string
	app    *toy
	stop   context.CancelFunc
	done   chan error
	stderr *output
}

// output is what a service has printed; it can be waited for.
type output struct {
	mu   sync.Mutex // guards text and more
	text strings.Builder
	more chan struct{} // closed at the next write
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	close(o.more)
	o.more = make(chan struct{})
	return o.text.Write(p)
}

func (o *output) read() (string, <-chan struct{}) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String(), o.more
}

// await waits until the output matches pattern and returns the submatches.
func (o *output) await(t *testing.T, pattern string) []string {
	t.Helper()
	re := regexp.MustCompile(pattern)
	deadline := time.After(10 * time.Second)
	for {
		text, more := o.read()
		if found := re.FindStringSubmatch(text); found != nil {
			return found
		}
		select {
		case <-more:
		case <-deadline:
			t.Fatalf("no %q in the output:\n%s", pattern, text)
		}
	}
}

// start runs spec on a free port until the test ends.
func start(t *testing.T, spec service.Spec, args ...string) *running {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	r := &running{t: t, stop: stop, done: make(chan error, 1), stderr: &output{more: make(chan struct{})}}
	apps := make(chan *toy, 1)
	if spec.Open == nil {
		spec.Open = openToy(apps)
	}
	args = append([]string{"toyservice", "-addr", "localhost:0", "-data", t.TempDir()}, args...)
	go func() { r.done <- service.Run(ctx, spec, args, func(string) string { return "" }, r.stderr) }()
	t.Cleanup(func() {
		stop()
		<-r.done
		close(r.done)
	})
	r.url = r.stderr.await(t, `listens on (http://\S+)`)[1]
	select {
	case r.app = <-apps:
	default: // the registry has no toy in it
	}
	return r
}

func startRegistry(t *testing.T) *running {
	return start(t, service.Spec{Name: "RegistryService", Open: registry.Open})
}

// wait stops the service and returns what Run returned.
func (r *running) wait() error {
	r.stop()
	err := <-r.done
	r.done <- err // for the cleanup
	return err
}

func (r *running) do(method, path, body string, header ...string) (*http.Response, string) {
	r.t.Helper()
	req, err := http.NewRequestWithContext(r.t.Context(), method, r.url+path, strings.NewReader(body))
	if err != nil {
		r.t.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		if header[i] == "Host" {
			req.Host = header[i+1]
		}
		req.Header.Set(header[i], header[i+1])
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Do(req)
	if err != nil {
		r.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	return resp, string(text)
}

// becomes asks until the answer's status is want.
func (r *running) becomes(path string, want int) string {
	r.t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(10 * time.Second)
	for {
		resp, body := r.do("GET", path, "")
		if resp.StatusCode == want {
			return body
		}
		select {
		case <-tick.C:
		case <-deadline:
			r.t.Fatalf("GET %s stays %d %s, want %d", path, resp.StatusCode, body, want)
		}
	}
}

func TestGuards(t *testing.T) {
	s := start(t, service.Spec{Name: "ToyService"}, "-registry", startRegistry(t).url)
	for _, c := range []struct {
		method, path, body string
		header             []string
		status             int
		says               string
	}{
		{"GET", "/hello/you", "", nil, 200, "hello you"},
		{"GET", "/hello/you", "", []string{"Host", "evil.example"}, 421, "use localhost"},
		{"POST", "/echo", `{}`, []string{"Origin", "http://evil.example"}, 403, "another site"},
		{"POST", "/echo", `{}`, nil, 200, "{}"},
		{"POST", "/echo", strings.Repeat("x", 1<<20+1), nil, 413, "over 1048576 bytes"},
		{"GET", "/panic", "", nil, 500, "/traces/"},
		{"GET", "/hello/again", "", nil, 200, "hello again"},
		{"GET", "/nowhere", "", nil, 404, "nothing at /nowhere"},
		{"DELETE", "/heartbeat", "", nil, 405, "it takes GET, HEAD"},
		{"GET", "/ready", "", nil, 200, "ready"},
	} {
		resp, body := s.do(c.method, c.path, c.body, c.header...)
		if resp.StatusCode != c.status || !strings.Contains(body, c.says) {
			t.Errorf("%s %s %v: %d %s; want %d with %q", c.method, c.path, c.header, resp.StatusCode, body, c.status, c.says)
		}
	}
	if text, _ := s.stderr.read(); !strings.Contains(text, "at the disco") || !strings.Contains(text, "service_test.go") {
		t.Errorf("the panic was not logged with its stack:\n%s", text)
	}
	_, metrics := s.do("GET", "/metrics", "")
	for _, want := range []string{
		`gradebook_http_requests_total{route="GET /hello/{name}",status="200"} 2`,
		`gradebook_http_requests_total{route="GET /panic",status="500"} 1`,
		`gradebook_http_requests_total{route="none",status="404"} 1`,
		`gradebook_http_request_duration_seconds_count{route="POST /echo"} 2`,
		"process_start_time_seconds",
	} {
		if !strings.Contains(metrics, want) {
			t.Errorf("no %s in /metrics:\n%s", want, metrics)
		}
	}
}

func TestReadinessFollowsWhatIsRequired(t *testing.T) {
	reg := startQuickRegistry(t)
	front := start(t, service.Spec{Name: "FrontService", Requires: []string{"ToyService"}}, "-registry", reg.url)
	front.stderr.await(t, "registered")
	if body := front.becomes("/ready", 503); !strings.Contains(body, "FrontService needs ToyService") {
		t.Errorf("not ready: %s", body)
	}
	back := start(t, service.Spec{Name: "ToyService"}, "-registry", reg.url)
	front.becomes("/ready", 200)

	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	req, _ := http.NewRequestWithContext(ctx, "GET", "http://ToyService/hello/front", nil)
	resp, err := front.app.env.Client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if body, _ := io.ReadAll(resp.Body); string(body) != "hello front" {
		t.Errorf("called by name: %s", body)
	}

	if err := back.wait(); err != nil {
		t.Error(err)
	}
	if body := front.becomes("/ready", 503); !strings.Contains(body, "ToyService") {
		t.Errorf("not ready: %s", body)
	}
	_, err = front.app.env.Client.Do(req.Clone(ctx))
	if missing, ok := errors.AsType[*registry.NoProviderError](err); !ok || missing.Service != "ToyService" {
		t.Errorf("calling a service that has gone: %v", err)
	}
}

func TestWorksWithoutRegistry(t *testing.T) {
	s := start(t, service.Spec{Name: "ToyService"}, "-registry", "http://localhost:1")
	if _, body := s.do("GET", "/hello/alone", ""); body != "hello alone" {
		t.Errorf("got %q", body)
	}
	begin := time.Now()
	if err := s.wait(); err != nil {
		t.Error(err)
	}
	if took := time.Since(begin); took > 5*time.Second {
		t.Errorf("stopping took %v", took)
	}
}

func TestStopsInOrder(t *testing.T) {
	reg := startRegistry(t)
	s := start(t, service.Spec{Name: "ToyService"}, "-registry", reg.url)
	s.stderr.await(t, "registered")
	resp, err := http.Get(s.url + "/stream")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if err := s.wait(); err != nil {
		t.Error(err)
	}
	if events, _ := io.ReadAll(resp.Body); !strings.Contains(string(events), "event: bye") {
		t.Errorf("the stream was cut and not ended: %q", events)
	}
	<-s.app.closed
	var catalogue []any
	_, body := reg.do("GET", "/services", "")
	if json.Unmarshal([]byte(body), &catalogue); strings.Contains(body, "ToyService") {
		t.Errorf("still registered: %s", body)
	}
	text, _ := s.stderr.read()
	if stops, stopped := strings.Index(text, "ToyService stops"), strings.Index(text, "ToyService stopped"); stops < 0 || stopped < stops {
		t.Errorf("it does not say how it stops:\n%s", text)
	}
}

// A connection on which nothing was ever asked must not hold up a stop for the
// 5 s that net/http would give it.
func TestUnusedConnectionIsNotWaitedFor(t *testing.T) {
	s := start(t, service.Spec{Name: "ToyService"}, "-registry", "http://localhost:1")
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	s.do("GET", "/hello/you", "") // the server has accepted conn by now
	begin := time.Now()
	if err := s.wait(); err != nil {
		t.Error(err)
	}
	if took := time.Since(begin); took > 4*time.Second {
		t.Errorf("stopping took %v", took)
	}
}

func TestStorageFailureEndsTheProcess(t *testing.T) {
	s := start(t, service.Spec{Name: "ToyService"}, "-registry", "http://localhost:1")
	broken := errors.New("sync: disk on fire")
	s.app.env.Fatal(broken)
	s.app.env.Fatal(broken) // a second report finds it ending
	err := <-s.done
	s.done <- nil
	if !errors.Is(err, broken) {
		t.Errorf("Run = %v, want %v", err, broken)
	}
}

// What a flag asks for instead of serving is done without a server.
func TestInstead(t *testing.T) {
	held, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	defer held.Close()
	failure := errors.New("no such file")
	dir := t.TempDir() + "/data"
	for _, want := range []error{nil, failure} {
		var out strings.Builder
		err := service.Run(t.Context(), service.Spec{
			Name: "ToyService", Addr: held.Addr().String(), // which is in use
			Flags: func(fs *flag.FlagSet) { fs.String("mend", "", "") },
			Instead: func(data string, flag func(string) string, out io.Writer) (bool, error) {
				fmt.Fprintln(out, data, flag("mend"))
				return true, want
			},
		}, []string{"toy", "-data", dir, "-mend", "it"}, func(string) string { return "" }, &out)
		if !errors.Is(err, want) || out.String() != dir+" it\n" {
			t.Errorf("%q, %v; want %v", out.String(), err, want)
		}
	}
}
