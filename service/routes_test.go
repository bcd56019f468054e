package service

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"gradebook/registry"
	"gradebook/service/web"
	"gradebook/service/web/webtest"
)

type smallApp struct{ *web.Mux }

func (smallApp) Close() error { return nil }

// newChassis is that of a service with one route, as if it had been opened.
func newChassis(registryURL string, requires ...string) *process {
	p := newProcess(Spec{Name: "ToyService", Requires: requires}, config{addr: "localhost:0", registry: registryURL}, 1)
	app := smallApp{web.NewMux(web.Problems(nil))}
	app.Handle("GET /hello/{name}", func(http.ResponseWriter, *http.Request) error { return nil }, web.Does("Says hello."), web.Gives(200, nil))
	p.app, p.logger = app, slog.New(slog.DiscardHandler)
	p.agent = p.newAgent()
	return p
}

// newFakeRegistry takes registrations in the epoch "e", and tells of the first.
func newFakeRegistry(t *testing.T) (url string, registered <-chan struct{}) {
	came := make(chan struct{})
	tell := sync.OnceFunc(func() { close(came) })
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		web.WriteJSON(w, http.StatusOK, registry.Registered{Epoch: "e", Revision: 1, HeartbeatInterval: "1s"})
		tell()
	}))
	t.Cleanup(server.Close)
	return server.URL, came
}

// Each service documents what the chassis answers for it, and it is true.
func TestChassisIsDocumented(t *testing.T) {
	var api webtest.API
	reg, registered := newFakeRegistry(t)
	ready, blocked, alone := newChassis(reg), newChassis(reg, "MissingService"), newChassis(reg)
	alone.agent = nil // in the registry itself
	ctx, cancel := context.WithCancel(t.Context())
	var run sync.WaitGroup
	run.Go(func() { ready.agent.Run(ctx) }) // until the end of the test
	t.Cleanup(func() { cancel(); run.Wait() })
	<-registered
	of := func(p *process) http.Handler { return api.Record(ready.chassis().Routes(), p.routes()) }
	checkCalls(t, of, []chassisCall{
		{ready, "GET /ready", "", 200},
		{blocked, "GET /ready", "", 503},
		{ready, "GET /metrics?x=1", "", 200},
		{ready, "GET /heartbeat", "", 200},
		{ready, "POST /services/update", "{", 400},
		{ready, "POST /services/update", `{"epoch":"another"}`, 409},
		{ready, "POST /services/update", `{"epoch":"e","revision":2,"instance":"` + ready.instance + `"}`, 200},
		{ready, "GET /openapi.json", "", 200},
		{alone, "POST /drain?wait=0s", "", 200},
		{ready, "POST /drain?wait=soon", "", 400},
	})
	webtest.Refuses(t, ready.chassis().Routes(), of(ready))
	api.Check(t)
}

// The registry's own chassis registers with nobody.
func TestRegistrysChassisIsDocumented(t *testing.T) {
	var api webtest.API
	alone := newChassis("http://localhost:1")
	alone.agent = nil
	of := func(p *process) http.Handler { return api.Record(p.chassis().Routes(), p.routes()) }
	checkCalls(t, of, []chassisCall{
		{alone, "GET /ready", "", 200},
		{alone, "GET /metrics", "", 200},
		{alone, "GET /heartbeat", "", 200},
		{alone, "GET /openapi.json", "", 200},
		{alone, "POST /services/update", "", 404},
		{alone, "POST /drain?wait=0s", "", 200},
		{alone, "GET /ready", "", 503},
	})
	webtest.Refuses(t, alone.chassis().Routes(), of(alone))
	api.Check(t)
}

// chassisCall is a request to a process from its own machine.
type chassisCall struct {
	process    *process
	call, body string
	status     int // of the answer
}

func checkCalls(t *testing.T, of func(*process) http.Handler, calls []chassisCall) {
	t.Helper()
	for _, c := range calls {
		method, path, _ := strings.Cut(c.call, " ")
		r := httptest.NewRequest(method, path, strings.NewReader(c.body))
		r.RemoteAddr = "127.0.0.1:1234"
		w := httptest.NewRecorder()
		of(c.process).ServeHTTP(w, r)
		if w.Code != c.status {
			t.Errorf("%s: %d %s, want %d", c.call, w.Code, w.Body, c.status)
		}
	}
}

// The document is of the app's routes and the chassis's.
func TestDocument(t *testing.T) {
	for _, agent := range []bool{true, false} {
		p := newChassis("http://localhost:1")
		if !agent {
			p.agent = nil // in the registry itself
		}
		w := httptest.NewRecorder()
		p.routes().ServeHTTP(w, httptest.NewRequest("GET", "/openapi.json", nil))
		var document struct {
			OpenAPI string
			Info    struct{ Title, Version string }
			Paths   map[string]any
		}
		if err := json.Unmarshal(w.Body.Bytes(), &document); err != nil {
			t.Fatalf("%s: %v", w.Body, err)
		}
		if document.OpenAPI != "3.1.1" || document.Info.Title != "ToyService" || document.Info.Version == "" {
			t.Errorf("got %+v", document)
		}
		for _, path := range []string{"/hello/{name}", "/ready", "/drain", "/metrics", "/heartbeat", "/openapi.json", "/services/update"} {
			if _, found := document.Paths[path]; found != (agent || path != "/services/update") {
				t.Errorf("%s is in the document: %t", path, found)
			}
		}
	}
}
