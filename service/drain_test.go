package service_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"gradebook/registry"
	"gradebook/service"
	"gradebook/service/telemetry"
	"gradebook/service/web"
)

// startQuickRegistry is one that has soon heard from everybody; until then it
// takes nobody's providers away.
func startQuickRegistry(t *testing.T) *running {
	quick := registry.Options{Interval: 100 * time.Millisecond, Timeout: 500 * time.Millisecond}
	return start(t, service.Spec{Name: "RegistryService", Open: func(env web.Env, metrics *telemetry.Metrics) (web.App, error) {
		return registry.OpenServer(env, metrics, quick)
	}})
}

func TestDrain(t *testing.T) {
	reg := startQuickRegistry(t)
	front := start(t, service.Spec{Name: "FrontService", Requires: []string{"ToyService"}}, "-registry", reg.url)
	s := start(t, service.Spec{Name: "ToyService"}, "-registry", reg.url)
	front.becomes("/ready", 200)
	reg.stderr.await(t, "settled")

	slow := make(chan error, 1)
	go func() { // ends when the request is answered
		resp, err := http.Get(s.url + "/slow")
		if err == nil {
			resp.Body.Close()
		}
		slow <- err
	}()
	<-s.app.came
	stream, err := http.Get(s.url + "/stream")
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Body.Close()

	ask := func(method, path string, status int, says string) {
		t.Helper()
		if resp, body := s.do(method, path, ""); resp.StatusCode != status || !strings.Contains(body, says) {
			t.Errorf("%s %s: %d %s, want %d with %q", method, path, resp.StatusCode, body, status, says)
		}
	}
	ask("GET", "/drain", 405, "it takes POST")
	ask("POST", "/drain?wait=1h", 400, "at most 25s")
	ask("GET", "/ready", 200, "ready")
	ask("POST", "/drain?wait=1s", 200, `{"laggards":[],"affected":["FrontService"],"inFlight":1}`)
	if events, _ := io.ReadAll(stream.Body); !strings.Contains(string(events), "event: bye") {
		t.Errorf("the stream was not ended: %q", events)
	}
	ask("GET", "/ready", 503, "draining")
	ask("GET", "/heartbeat", 200, `"status":"draining"`)
	ask("GET", "/hello/late", 200, "hello late")
	if body := front.becomes("/ready", 503); !strings.Contains(body, "ToyService") {
		t.Errorf("its dependent is not ready: %s", body)
	}
	if resp, body := reg.do("GET", "/services/ToyService", ""); resp.StatusCode != 404 {
		t.Errorf("it is still registered: %s", body)
	}
	close(s.app.slow)
	if err := <-slow; err != nil {
		t.Errorf("the request in hand: %v", err)
	}
	ask("POST", "/drain", 200, `{"laggards":[],"affected":[],"inFlight":0}`)
	if err := s.wait(); err != nil {
		t.Errorf("stopped with %v", err)
	}
}

// A stop does not wait for a drain that is under way.
func TestStopEndsADrain(t *testing.T) {
	s := start(t, service.Spec{Name: "ToyService"}, "-registry", startRegistry(t).url)
	s.stderr.await(t, "registered")
	slow, drained := make(chan error, 1), make(chan string, 1)
	go func() { // ends when the request is answered
		resp, err := http.Get(s.url + "/slow")
		if err == nil {
			resp.Body.Close()
		}
		slow <- err
	}()
	<-s.app.came
	go func() { // likewise
		_, body := s.do("POST", "/drain?wait=20s", "")
		drained <- body
	}()
	s.stderr.await(t, "ToyService takes no new work")
	s.stop()
	if got := <-drained; !strings.Contains(got, `"inFlight":1`) {
		t.Errorf("the drain that was ended: %s", got)
	}
	close(s.app.slow)
	if err := <-slow; err != nil {
		t.Errorf("the request in hand: %v", err)
	}
	if err := s.wait(); err != nil {
		t.Error(err)
	}
}

// A drain of which nobody was told says so; once the registry is back it works.
func TestDrainWithoutRegistry(t *testing.T) {
	reg := startRegistry(t)
	addr := strings.TrimPrefix(reg.url, "http://")
	s := start(t, service.Spec{Name: "ToyService"}, "-registry", reg.url)
	s.stderr.await(t, "registered")
	if err := reg.wait(); err != nil {
		t.Fatal(err)
	}
	if resp, body := s.do("POST", "/drain", ""); resp.StatusCode != 503 || !strings.Contains(body, "drain it again") || resp.Header.Get("Retry-After") == "" {
		t.Errorf("without a registry: %d %s", resp.StatusCode, body)
	}
	start(t, service.Spec{Name: "RegistryService", Open: registry.Open}, "-addr", addr)
	if resp, body := s.do("POST", "/drain", ""); resp.StatusCode != 200 {
		t.Errorf("with a new registry: %d %s", resp.StatusCode, body)
	}
}
