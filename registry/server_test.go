package registry

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"gradebook/service/telemetry"
)

// The demo's registry spun at 87–104 % of a core when it was empty. Without
// services ours has no goroutine at all, so that nothing can wake it.
func TestIdleRegistryDoesNothing(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fleet) {
		m := f.join("Grading", "localhost:6000")
		time.Sleep(10 * time.Second)
		if got := f.count("GET localhost:6000/heartbeat"); got < 9 || got > 12 {
			t.Errorf("%d heartbeats in 10 s, want one a second", got)
		}
		m.end()
		if err := m.Leave(t.Context()); err != nil {
			t.Fatal(err)
		}
		last := f.count("GET localhost:6000/heartbeat")
		time.Sleep(time.Hour)
		synctest.Wait()
		if got := f.count("GET localhost:6000/heartbeat") - last; got != 0 {
			t.Errorf("%d heartbeats in an hour without services", got)
		}
		stacks := make([]byte, 1<<20)
		stacks = stacks[:runtime.Stack(stacks, true)]
		if bytes.Contains(stacks, []byte("registry.(*Server).")) || bytes.Contains(stacks, []byte("registry.(*line).")) {
			t.Errorf("a goroutine is left:\n%s", stacks)
		}
	})
}

// A dependent that does not answer delays nobody else.
func TestSlowDependentHoldsUpNobody(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fleet) {
		portal, slow := f.join("Portal", "localhost:5000", "Grading"), f.join("Slow", "localhost:5001", "Grading")
		defer portal.end()
		defer slow.end()
		time.Sleep(10 * time.Second)
		f.set("localhost:5001", slow, true)
		start := time.Now()
		defer f.join("Grading", "localhost:6000").end()
		synctest.Wait()
		if took := time.Since(start); portal.Ready() != nil || took > 0 {
			t.Errorf("after %v: %v", took, portal.Ready())
		}
	})
}

func TestGraphOfALiveFleet(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fleet) {
		own := NewView()
		f.server.Follow(own, "GradingService")
		defer f.join("TeacherPortal", "localhost:5000", "GradingService").end()
		grading := f.join("GradingService", "localhost:6000")
		time.Sleep(10 * time.Second)
		if got := own.Providers("GradingService"); len(got) != 1 {
			t.Errorf("the registry's own view has %v", got)
		}
		grading.end()
		f.set("localhost:6000", nil, false)
		time.Sleep(1200 * time.Millisecond)
		c := NewClient(&http.Client{Transport: NewTransport(TransportOptions{View: own, RegistryURL: "http://" + registryHost, Base: f.network})})
		g, err := c.Graph(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		var reasons []string
		for _, n := range g.Nodes {
			reasons = append(reasons, n.State+" "+n.Reason)
		}
		all := strings.Join(reasons, "\n")
		for _, want := range []string{
			"down GradingService is down since ", ": connection refused.",
			"up RegistryService is up", "blocked TeacherPortal is blocked: GradingService has no healthy provider since ",
		} {
			if !strings.Contains(all, want) {
				t.Errorf("no %q in\n%s", want, all)
			}
		}
		list, err := c.Services(t.Context())
		if err != nil || len(list) != 2 || list[0].Name != "GradingService" || list[0].Health != "down" {
			t.Errorf("services: %v %v", list, err)
		}
		if len(own.Providers("GradingService")) != 0 {
			t.Error("the registry's own view still has grading")
		}
	})
}

func TestRoutes(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fleet) {
		defer f.join("GradingService", "localhost:6000").end()
		time.Sleep(10 * time.Second)
		tests := []struct {
			call   string
			status int
			says   string
		}{
			{"GET /services", 200, `"name":"GradingService"`},
			{"GET /services/GradingService", 200, `"health":"up"`},
			{"GET /services/LogService", 404, `no service is registered as \"LogService\"`},
			{"GET /graph", 200, `"settling":false`},
			{"GET /", 200, "GradingService   up     localhost:6000"},
			{"PUT /services", 405, ""},
		}
		for _, tt := range tests {
			method, path, _ := strings.Cut(tt.call, " ")
			w := httptest.NewRecorder()
			front(f.server).ServeHTTP(w, httptest.NewRequest(method, path, nil))
			if w.Code != tt.status || !strings.Contains(w.Body.String(), tt.says) {
				t.Errorf("%s: %d %s, want %d with %s", tt.call, w.Code, w.Body, tt.status, tt.says)
			}
			if strings.Contains(w.Body.String(), "GradingService-1") {
				t.Errorf("%s tells the instance: %s", tt.call, w.Body)
			}
		}
	})
}

// What the registry calls is bounded: no redirects, 4 KiB, and every header
// that a service needs to know who asks.
func TestHeartbeatRequest(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fleet) {
		headers := make(chan http.Header, 100)
		f.set("localhost:6000", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodGet {
				headers <- r.Header
			}
			io.WriteString(w, strings.Repeat(" ", maxAnswer)+`{"instance":"beyond what is read"}`)
		}), false)
		f.set("localhost:6001", http.RedirectHandler("http://localhost:6002/", http.StatusFound), false)
		f.set("localhost:6002", http.NotFoundHandler(), false)
		for _, u := range []string{"http://localhost:6000", "http://localhost:6001"} {
			f.server.step(registering{describe("A", "one", u)})
		}
		time.Sleep(5 * time.Second)
		if got := healthOf(f.server, "http://localhost:6000"); got != up {
			t.Errorf("a long answer makes it %q", got)
		}
		if got := healthOf(f.server, "http://localhost:6001"); got != down {
			t.Errorf("a redirect makes it %q", got)
		}
		if n := f.count("GET localhost:6002/"); n != 0 {
			t.Errorf("a redirect was followed %d times", n)
		}
		if asked := <-headers; asked.Get(HeaderEpoch) != f.server.table.epoch || asked.Get(HeaderInstance) != "one" {
			t.Errorf("asked with %v", asked)
		}
	})
}

func TestMembershipIsKept(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fleet) {
		dir := f.server.env.DataDir
		path := filepath.Join(dir, membershipFile)
		saved := func() (urls []string) {
			var m membership
			data, err := os.ReadFile(path)
			if err != nil || json.Unmarshal(data, &m) != nil {
				t.Fatalf("the file is %s, %v", data, err)
			}
			for _, s := range m.Services {
				urls = append(urls, s.ServiceURL)
			}
			slices.Sort(urls)
			return urls
		}
		one, two := "http://localhost:6000", "http://localhost:6001"
		f.server.step(registering{describe("A", "", one)})
		synctest.Wait()
		f.server.step(registering{describe("A", "", two)})
		time.Sleep(900 * time.Millisecond)
		if got, want := saved(), []string{one}; !slices.Equal(got, want) {
			t.Errorf("within the second: %v, want %v", got, want)
		}
		time.Sleep(200 * time.Millisecond)
		if got, want := saved(), []string{one, two}; !slices.Equal(got, want) {
			t.Errorf("after the second: %v, want %v", got, want)
		}
		if err := os.Mkdir(path+".new", 0o700); err != nil { // in the way of writing
			t.Fatal(err)
		}
		f.server.step(leaving{url: two})
		time.Sleep(time.Minute)
		if got, want := saved(), []string{one, two}; !slices.Equal(got, want) {
			t.Errorf("nothing could be written: %v, want %v", got, want)
		}
		if err := os.Remove(path + ".new"); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		if got, want := saved(), []string{one}; !slices.Equal(got, want) {
			t.Errorf("it can be written again: %v, want %v", got, want)
		}
		f.server.step(registering{describe("A", "", two)})
		c := &Client{http: f.plain, base: "http://" + registryHost}
		if _, err := c.Deregister(t.Context(), two, "", 0); err != nil {
			t.Error(err)
		}
		if got, want := saved(), []string{one}; !slices.Equal(got, want) {
			t.Errorf("deregistered: %v, want %v", got, want)
		}
		time.Sleep(time.Minute)
		before, _ := os.Stat(path)
		f.server.step(nil)
		time.Sleep(time.Minute)
		if after, _ := os.Stat(path); !after.ModTime().Equal(before.ModTime()) {
			t.Error("it was written though nothing changed")
		}
		f.crash()
		for _, damaged := range []string{"", "{", `{"version":99}`, `{"version":1,"services":[{"serviceName":"A","serviceURL":"http://example.com","heartbeatURL":"http://example.com","serviceUpdateURL":"http://example.com"}]}`} {
			if err := os.WriteFile(path, []byte(damaged), 0o600); err != nil {
				t.Fatal(err)
			}
			f.open(dir)
			if list := f.server.catalogue(""); len(list) != 0 {
				t.Errorf("%q is read as %v", damaged, list)
			}
			f.crash()
		}
	})
}

// A dependent that cannot reach a provider has it asked, which shows that it
// lives, and many dependents have it asked no more often.
func TestSuspicions(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fleet) {
		defer f.join("Grading", "localhost:6000").end()
		time.Sleep(10*time.Second + 10*time.Millisecond)
		suspect := func(body string) (status int, answer string) {
			w := httptest.NewRecorder()
			front(f.server).ServeHTTP(w, httptest.NewRequest("POST", "/services/suspect", strings.NewReader(body)))
			synctest.Wait()
			return w.Code, w.Body.String()
		}
		before := f.count("GET localhost:6000/heartbeat")
		for range 10 {
			if status, body := suspect(`{"serviceURL":"http://127.0.0.1:6000/","error":"connection refused"}`); status != 202 || body != "{}\n" {
				t.Errorf("answered %d %s", status, body)
			}
		}
		if got := f.count("GET localhost:6000/heartbeat") - before; got != 1 {
			t.Errorf("asked %d times for ten suspicions at once, want once", got)
		}
		for body, want := range map[string]int{
			`{"serviceURL":"http://localhost:6001"}`: 404, `{"serviceURL":"what"}`: 404, `{}`: 404, `{`: 400,
			`{"error":"` + strings.Repeat("x", maxSuspicion) + `"}`: 413,
		} {
			if got, answer := suspect(body); got != want {
				t.Errorf("%.50s: %d %s, want %d", body, got, answer, want)
			}
		}
	})
}

// Whoever leaves is told whom that blocks.
func TestDeregistrationNamesTheAffected(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fleet) {
		defer f.join("Portal", "localhost:5000", "Grading").end()
		defer f.join("Grading", "localhost:6000").end()
		defer f.join("Grading", "localhost:6001").end()
		time.Sleep(10 * time.Second)
		for _, tt := range []struct{ url, want string }{
			{"http://localhost:6000", `{"laggards":[],"affected":[]}`}, {"http://localhost:6001", `{"laggards":[],"affected":["Portal"]}`},
		} {
			w := httptest.NewRecorder()
			front(f.server).ServeHTTP(w, httptest.NewRequest("DELETE", "/services?wait", strings.NewReader(tt.url)))
			if got := strings.TrimSpace(w.Body.String()); got != tt.want {
				t.Errorf("%s leaves: %s, want %s", tt.url, got, tt.want)
			}
		}
	})
}

func TestNoMoreThanTheLimit(t *testing.T) {
	tab := crowd(maxServices)
	register := func(r Registration) error { return tab.step(registering{r}, tab.last).err }
	one := describe("A", "", "http://localhost:65000")
	if got := register(one); problem(got) == nil || problem(got).Status != 503 {
		t.Errorf("one more: %v, want a problem of status 503", got)
	}
	if got := register(crowdMember(7, maxServices, 1)); got != nil {
		t.Errorf("one that is known: %v", got)
	}
	tab.step(leaving{url: crowdURL(8)}, tab.last)
	if got := register(one); got != nil {
		t.Errorf("after one left: %v", got)
	}
}

func TestMetrics(t *testing.T) {
	m := telemetry.NewMetrics()
	h := play(t, "reg A; reg B; ok B")
	newMetrics(m).count(h.tab)
	w := httptest.NewRecorder()
	m.ServeHTTP(w, nil)
	for _, want := range []string{`gradebook_registry_services{health="up"} 1`, `gradebook_registry_services{health="unverified"} 1`, `gradebook_registry_services{health="down"} 0`} {
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("no %s in\n%s", want, w.Body)
		}
	}
}
