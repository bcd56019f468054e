package registry

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

const registryHost = "localhost:3000"

// fleet is a registry and services on a network without sockets.
type fleet struct {
	*network
	t      *testing.T
	plain  *http.Client
	server *Server
}

// inBubble runs f with a fleet in fake time.
func inBubble(t *testing.T, f func(t *testing.T, f *fleet)) {
	synctest.Test(t, func(t *testing.T) {
		n := newNetwork()
		fl := &fleet{network: n, t: t, plain: &http.Client{Transport: n}}
		defer n.close()
		fl.open(t.TempDir())
		defer func() { fl.server.Close() }() // the one that is there at the end
		f(t, fl)
	})
}

func (f *fleet) open(dir string) {
	f.server = mustOpen(f.t, dir, Options{Dial: f.Dial})
	f.set(registryHost, front(f.server), false)
}

// crash ends the registry without a trace on the network.
func (f *fleet) crash() {
	f.set(registryHost, nil, false)
	f.server.Close()
}

func (f *fleet) join(name, host string, required ...string) *member {
	m := newMember(f.t, describe(name, name+"-1", "http://"+host, required...), "http://"+registryHost, f.plain)
	f.set(host, m, false)
	m.run()
	return m
}

func TestAgentFindsAndLosesProviders(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fleet) {
		portal := f.join("Portal", "localhost:5000", "Grading")
		defer portal.end()
		time.Sleep(10 * time.Second)
		var missing *NoProviderError
		if err := portal.Ready(); !errors.As(err, &missing) || missing.Service != "Grading" {
			t.Errorf("ready: %v, want no provider of Grading", err)
		}
		grading := f.join("Grading", "localhost:6000")
		if err := portal.WaitFor(t.Context(), "Grading"); err != nil {
			t.Error(err)
		}
		if err := portal.Ready(); err != nil {
			t.Errorf("grading registered: %v", err)
		}
		lost := time.Now()
		grading.end()
		if err := grading.Leave(t.Context()); err != nil {
			t.Errorf("leave: %v", err)
		}
		if got := time.Since(lost); got > 0 {
			t.Errorf("leaving took %v though the portal acknowledged at once", got)
		}
		if err := portal.Ready(); !errors.As(err, &missing) || !missing.Since.Equal(lost) {
			t.Errorf("grading left: %v, want missing since %v", err, lost)
		}
		if err := grading.Leave(t.Context()); err != nil {
			t.Errorf("leave twice: %v", err)
		}
	})
}

func TestDeregistrationWaitsForTheLiving(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fleet) {
		slow, dead := f.join("Slow", "localhost:5000", "Grading"), f.join("Dead", "localhost:5001", "Grading")
		quick := f.join("Quick", "localhost:5002", "Grading")
		grading := f.join("Grading", "localhost:6000")
		for range 6 {
			defer f.join("Other", "localhost:70"+time.Now().Format("05")).end()
			time.Sleep(time.Second)
		}
		defer slow.end()
		defer quick.end()
		dead.end()
		f.set("localhost:5001", nil, false)
		time.Sleep(3 * time.Second)
		f.set("localhost:5000", slow, true)
		grading.end()
		c := &Client{http: f.plain, base: "http://" + registryHost}
		start := time.Now()
		answer, err := c.Deregister(t.Context(), "http://localhost:6000", "Grading-1", 1500*time.Millisecond)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := names(answer.Laggards), "Slow"; got != want {
			t.Errorf("laggards %q, want %q", got, want)
		}
		if took := time.Since(start); took != 1500*time.Millisecond {
			t.Errorf("waited %v", took)
		}
		if got := quick.view.Providers("Grading"); len(got) != 0 {
			t.Errorf("the quick one still knows %v", got)
		}
		f.set("localhost:5000", slow, false)
		time.Sleep(3 * time.Second)
		if got := slow.view.Providers("Grading"); len(got) != 0 {
			t.Errorf("the slow one still knows %v after it woke", got)
		}
	})
}

func TestDeregistrationOfAnotherInstance(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fleet) {
		defer f.join("Grading", "localhost:6000").end()
		time.Sleep(time.Second)
		for _, tt := range []struct {
			query, body string
			want        int
		}{
			{"?instance=other", "http://localhost:6000", http.StatusConflict},
			{"?wait=1h", "http://localhost:6000", http.StatusBadRequest},
			{"?wait=soon", "http://localhost:6000", http.StatusBadRequest},
			{"", "http://localhost:6001", http.StatusNotFound},
			{"", "what", http.StatusNotFound},
			{"", strings.Repeat("x", maxURL+1), http.StatusRequestEntityTooLarge},
			{"?instance=Grading-1&wait", " http://127.0.0.1:6000/\n", http.StatusOK},
		} {
			req, _ := http.NewRequest(http.MethodDelete, "http://"+registryHost+"/services"+tt.query, strings.NewReader(tt.body))
			resp, err := f.plain.Do(req)
			if err != nil || resp.StatusCode != tt.want {
				t.Errorf("DELETE %s: %v %v, want %d", tt.query, resp.StatusCode, err, tt.want)
			}
		}
	})
}

// However long the registry was away, nobody loses a provider when it comes
// back knowing nobody.
func TestEmptyRegistryTakesNobodyAway(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fleet) {
		portal := f.join("Portal", "localhost:5000", "Grading", "Log")
		defer portal.end()
		defer f.join("Grading", "localhost:6000").end()
		defer f.join("Log", "localhost:4000").end()
		time.Sleep(10 * time.Second)
		lost := 0
		for _, away := range []time.Duration{time.Second, 5 * time.Second, time.Minute, time.Hour} {
			f.crash()
			time.Sleep(away)
			if err := portal.Ready(); err != nil {
				t.Errorf("while the registry is away: %v", err)
			}
			f.open(t.TempDir())
			for range 200 {
				time.Sleep(50 * time.Millisecond)
				if portal.Ready() != nil {
					lost++
				}
			}
			if lost > 0 {
				t.Errorf("away for %v: the portal was not ready for %d of 200 looks", away, lost)
			}
			if list := f.server.catalogue(""); len(list) != 3 {
				t.Errorf("away for %v: %d services came back, want 3", away, len(list))
			}
		}
	})
}

// A provider that went while the registry was away is lost once it settled.
func TestRestartedRegistryForgetsWhoWent(t *testing.T) {
	for _, kept := range []bool{true, false} {
		inBubble(t, func(t *testing.T, f *fleet) {
			dir := f.server.env.DataDir
			portal := f.join("Portal", "localhost:5000", "Grading")
			defer portal.end()
			grading := f.join("Grading", "localhost:6000")
			time.Sleep(10 * time.Second)
			f.crash()
			grading.end()
			f.set("localhost:6000", nil, false)
			if !kept {
				dir = t.TempDir()
			}
			f.open(dir)
			time.Sleep(2 * time.Second)
			if err := portal.Ready(); err != nil {
				t.Errorf("kept=%t, while settling: %v", kept, err)
			}
			time.Sleep(8 * time.Second)
			if portal.Ready() == nil {
				t.Errorf("kept=%t: grading is still known", kept)
			}
		})
	}
}

func TestAgentRegistersAgain(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fleet) {
		m := f.join("Grading", "localhost:6000")
		defer m.end()
		time.Sleep(5 * time.Second)
		const call = "POST " + registryHost + "/services"
		before := f.count(call)
		if before != 1 {
			t.Errorf("%d registrations to begin with, want 1", before)
		}
		time.Sleep(time.Minute)
		if got := f.count(call) - before; got != 0 {
			t.Errorf("%d registrations in a quiet minute", got)
		}
		f.server.step(leaving{url: "http://localhost:6000"}) // it is forgotten
		time.Sleep(3100 * time.Millisecond)
		if got := f.count(call) - before; got != 1 {
			t.Errorf("%d registrations three intervals after the last heartbeat, want 1", got)
		}
		f.crash()
		time.Sleep(time.Hour)
		if got := f.count(call) - before; got < 3600 || got > 3600*5 {
			t.Errorf("%d attempts in an hour without a registry, want one a second or so", got)
		}
		f.open(t.TempDir())
		time.Sleep(1100 * time.Millisecond)
		if got := healthOf(f.server, "http://localhost:6000"); got != up {
			t.Errorf("%q a second after the registry came back", got)
		}
	})
}

func TestAgentStartsWithoutARegistry(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fleet) {
		f.crash()
		m := f.join("Grading", "localhost:6000")
		defer m.end()
		time.Sleep(time.Hour)
		if got := f.count("POST " + registryHost + "/services"); got < 3600/5 || got > 3600 {
			t.Errorf("%d attempts in an hour, want one in 2.6 s on average", got)
		}
	})
}

// Pushes that are not for this process or not of its registry change nothing.
func TestAgentRefusesForeignPushes(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fleet) {
		m := f.join("Portal", "localhost:5000", "Grading")
		defer m.end()
		defer f.join("Grading", "localhost:6000").end()
		time.Sleep(10 * time.Second)
		epoch, held := m.holds()
		none := map[string][]Provider{"Grading": {}}
		tests := []struct {
			name   string
			push   push
			status int
		}{
			{"another epoch", push{Epoch: "other", Revision: held + 1, Instance: "Portal-1", Providers: none}, http.StatusConflict},
			{"no epoch", push{Revision: held + 1, Instance: "Portal-1", Providers: none}, http.StatusConflict},
			{"another process", push{Epoch: epoch, Revision: held + 1, Instance: "Portal-0", Providers: none}, http.StatusConflict},
			{"an older revision", push{Epoch: epoch, Revision: held - 1, Instance: "Portal-1", Providers: none}, http.StatusOK},
			{"settling", push{Epoch: epoch, Revision: held, Instance: "Portal-1", Providers: none, Settling: true}, http.StatusOK},
		}
		for _, tt := range tests {
			body, _ := json.Marshal(tt.push)
			w := httptest.NewRecorder()
			m.mux.ServeHTTP(w, httptest.NewRequest("POST", "/services/update", bytes.NewReader(body)))
			if w.Code != tt.status {
				t.Errorf("%s: %d %s, want %d", tt.name, w.Code, w.Body, tt.status)
			}
			if got, want := m.view.Providers("Grading"), []string{"http://localhost:6000"}; !slices.Equal(got, want) {
				t.Errorf("%s: knows %v, want %v", tt.name, got, want)
			}
		}
		time.Sleep(2 * time.Second)
		if _, held := m.holds(); f.server.catalogue("Portal")[0].Revision != held {
			t.Error("the registry and the agent did not come to agree again")
		}
	})
}

// The first push may overtake the answer to the registration.
func TestAgentWaitsForTheAnswerItAwaits(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fleet) {
		settle(f.server)
		f.set(registryHost, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			front(f.server).ServeHTTP(w, r)
			time.Sleep(100 * time.Millisecond)
		}), false)
		m := f.join("Portal", "localhost:5000", "Grading")
		defer m.end()
		time.Sleep(200 * time.Millisecond)
		_, held := m.holds()
		if got := f.server.catalogue("")[0].Revision; got != held || held == 0 {
			t.Errorf("the registry believes that it holds %d, and it holds %d", got, held)
		}
		time.Sleep(5 * time.Second)
		if got := f.count("POST localhost:5000/services/update"); got != 1 {
			t.Errorf("%d pushes, want 1", got)
		}
		if got := f.count("POST " + registryHost + "/services"); got != 1 {
			t.Errorf("%d registrations, want 1", got)
		}
	})
}

// An answer that is older than a push which came meanwhile undoes nothing.
func TestLateAnswerUndoesNothing(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fleet) {
		m := f.join("Portal", "localhost:5000", "Grading")
		defer m.end()
		time.Sleep(10 * time.Second)
		f.set(registryHost, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			front(f.server).ServeHTTP(w, r)
			time.Sleep(200 * time.Millisecond)
		}), false)
		signal(m.again)
		time.Sleep(100 * time.Millisecond)
		f.set("localhost:6000", newOldClient(), false)
		f.server.step(registering{describe("Grading", "", "http://localhost:6000")})
		for range 200 {
			time.Sleep(10 * time.Millisecond)
			if err := m.Ready(); err != nil {
				t.Fatalf("it was told of grading: %v", err)
			}
		}
	})
}

func TestHeartbeatAnswer(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fleet) {
		m := f.join("Portal", "localhost:5000", "Grading")
		time.Sleep(10 * time.Second)
		beat := func() (b Beat) {
			w := httptest.NewRecorder()
			m.mux.ServeHTTP(w, httptest.NewRequest("GET", "/heartbeat", nil))
			if err := json.Unmarshal(w.Body.Bytes(), &b); err != nil {
				t.Error(err)
			}
			return b
		}
		if got, want := beat(), (Beat{"blocked", "Portal-1", f.server.table.epoch, f.server.catalogue("Portal")[0].Revision}); got != want {
			t.Errorf("got %v, want %v", got, want)
		}
		defer f.join("Grading", "localhost:6000").end()
		synctest.Wait()
		if got := beat().Status; got != "up" {
			t.Errorf("with grading: %q", got)
		}
		m.end()
		m.Leave(t.Context())
		if got := beat().Status; got != "leaving" {
			t.Errorf("after leave: %q", got)
		}
	})
}
