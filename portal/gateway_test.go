package portal

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"gradebook/service/web"
)

// gatewayTo serves a gateway to one service.
func gatewayTo(t *testing.T, service http.HandlerFunc, draining <-chan struct{}) string {
	t.Helper()
	upstream := httptest.NewServer(service)
	t.Cleanup(upstream.Close)
	resolve := roundTripper(func(r *http.Request) (*http.Response, error) {
		r = r.Clone(r.Context())
		r.URL.Host = strings.TrimPrefix(upstream.URL, "http://")
		return http.DefaultTransport.RoundTrip(r)
	})
	h := newGateway(resolve, draining).handler("/api/grading", gradingService)
	server := httptest.NewServer(web.LimitBodies(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := h(w, r); err != nil {
			t.Error(err)
		}
	})))
	t.Cleanup(server.Close)
	return server.URL + "/api/grading"
}

// TestGateway passes a request on as it is, but for what concerns one hop.
func TestGateway(t *testing.T) {
	url := gatewayTo(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("ETag", `"r7"`)
		w.WriteHeader(http.StatusPreconditionFailed)
		fmt.Fprintf(w, "%s %s %s origin=%s if=%s te=%q", r.Method, r.RequestURI, body, r.Header.Get("Origin"), r.Header.Get("If-Match"), r.Header.Get("Keep-Alive"))
	}, nil)
	r, _ := http.NewRequestWithContext(t.Context(), http.MethodPut, url+"/a%2Fb?q=x;y&z=1", strings.NewReader(`{"score":9}`))
	r.Header.Set("Origin", "http://localhost:5000")
	r.Header.Set("If-Match", `"r6"`)
	r.Header.Set("Keep-Alive", "5")
	resp, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	got, _ := io.ReadAll(resp.Body)
	want := `PUT /a%2Fb?q=x;y&z=1 {"score":9} origin=http://localhost:5000 if="r6" te=""`
	if resp.StatusCode != http.StatusPreconditionFailed || string(got) != want || resp.Header.Get("ETag") != `"r7"` {
		t.Errorf("got %d %q, want 412 %q", resp.StatusCode, got, want)
	}
}

// TestGatewayStream passes each event on at once and ends when the portal stops.
func TestGatewayStream(t *testing.T) {
	draining, next := make(chan struct{}), make(chan struct{})
	url := gatewayTo(t, func(w http.ResponseWriter, r *http.Request) {
		s, err := web.NewStream(w, r)
		if err != nil {
			t.Error(err)
		}
		for range next {
			s.Send("1", "change", []byte("{}"))
		}
		<-r.Context().Done() // the gateway has let go
	}, draining)
	r, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, url+"/changes", nil)
	r.Header.Set("Accept", "text/event-stream")
	resp, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	lines := bufio.NewScanner(resp.Body)
	for range 2 { // none of them waits for the next
		next <- struct{}{}
		for lines.Scan() && lines.Text() != "data: {}" {
		}
		if lines.Err() != nil {
			t.Fatal(lines.Err())
		}
	}
	close(next)
	close(draining)
	for lines.Scan() {
	}
}

// TestGatewayAway answers for a service that does not, in a program's words.
func TestGatewayAway(t *testing.T) {
	f := open(t, sampleSchool(), logService)
	status, header, text := f.get(t, "/api/log/log")
	if status != http.StatusServiceUnavailable || header.Get("Retry-After") == "" || header.Get("Content-Type") != "application/problem+json" || !strings.Contains(text, "LogService is away") {
		t.Errorf("got %d %v %s", status, header, text)
	}
	if status, _, text := f.get(t, "/api/grading/students/1"); status != http.StatusOK || !strings.Contains(text, "Averill") {
		t.Errorf("got %d %s", status, text)
	}
	if status, header, _ := f.get(t, "/api/nobody/x"); status != http.StatusNotFound || header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("got %d %v", status, header)
	}
	status, _, text = f.do(t, http.MethodPost, "/api/grading/students/1/grades", "application/json", strings.NewReader(strings.Repeat("a", 2<<20)))
	if status != http.StatusRequestEntityTooLarge {
		t.Errorf("a body over the limit: got %d %s", status, text)
	}
}
