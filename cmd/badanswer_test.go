package cmd_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// badAnswers are what a service may answer that is broken, or means harm. Each
// goes on for as long as it is read.
func badAnswers(victim *stub) map[string]http.HandlerFunc {
	return map[string]http.HandlerFunc{
		"Failing":  func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) },
		"Refusing": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) },
		"Redirecting": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, victim.url()+r.URL.Path, http.StatusTemporaryRedirect)
		},
		"Babbling":  func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "}\x00\xff[{") },
		"Endless":   endless("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "400\r\n"+strings.Repeat("x", 1024)+"\r\n"),
		"Overlong":  endless("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n", strings.Repeat("x", 1024)),
		"Headlong":  endless("HTTP/1.1 200 OK\r\n", "X-More: "+strings.Repeat("x", 1024)+"\r\n"),
		"Promising": endless("", "HTTP/1.1 103 Early Hints\r\n\r\n"),
		"Talkless":  endless("220 mail.example ESMTP\r\n", "250 OK\r\n"),
		"Dripping": func(w http.ResponseWriter, r *http.Request) {
			ticker := time.NewTicker(50 * time.Millisecond)
			defer ticker.Stop()
			for r.Context().Err() == nil {
				io.WriteString(w, " ")
				http.NewResponseController(w).Flush()
				<-ticker.C
			}
		},
		"Silent": func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
		"Abrupt": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
	}
}

// endless writes begin, and then more until nobody reads it.
func endless(begin, more string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			panic(err)
		}
		defer conn.Close()
		for text := begin; err == nil; text = more {
			conn.SetWriteDeadline(time.Now().Add(patience))
			_, err = io.WriteString(conn, text)
		}
	}
}

// TestBadPushAnswers: a dependent that does not acknowledge what it is told is
// a laggard, and nobody else notices.
func TestBadPushAnswers(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.start(registryService)
	s.waitSettled()
	victim, provider := newStub(t, "Victim", ""), newStub(t, "Provider", "provider")
	answers := badAnswers(victim)
	answers["Foreign"] = func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, `{"epoch":"another","revision":1000}`)
	}
	answers["Outdated"] = func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, `{"epoch":"another","revision":0}`)
	}
	for name, answer := range answers {
		bad := newStub(t, name, "bad-"+name)
		bad.update = answer
		bad.register(s, "Provider")
	}
	good := s.depend("Good", "Provider")
	provider.register(s)
	good.await(provider.url(), true)
	eventually(t, "the laggards are on the graph", func() error {
		laggards, err := s.laggards()
		if err == nil && len(laggards) != len(answers) {
			err = fmt.Errorf("%d are: %q; want %d", len(laggards), laggards, len(answers))
		}
		return err
	})

	start := time.Now()
	a := s.send(http.StatusOK, http.MethodDelete, registryService, "/services?wait=500ms", provider.url())
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("a deregistration that waits for 500ms took %v", took)
	}
	if strings.Contains(a.body, good.url) {
		t.Errorf("the good dependent is a laggard: %v", a)
	}
	good.await(provider.url(), false)
	if n := victim.called("/update"); n > 0 {
		t.Errorf("a redirect was followed %d times", n)
	}
	s.modest()
}

// laggards returns the names of those that are up and do not know all they
// should.
func (s *system) laggards() ([]string, error) {
	a, err := s.ask(http.MethodGet, registryService, "/graph", "")
	if err != nil {
		return nil, err
	}
	graph, err := decode[struct {
		Nodes []struct {
			Name      string
			Instances []struct {
				Health           string
				Revision, Wanted uint64
			}
		}
	}](a)
	var names []string
	for _, node := range graph.Nodes {
		for _, i := range node.Instances {
			if i.Health == "up" && i.Wanted > i.Revision {
				names = append(names, node.Name)
			}
		}
	}
	return names, err
}

// modest checks that the registry has not taken much memory.
func (s *system) modest() {
	s.t.Helper()
	if !procfs() || raceEnabled() {
		return // the detector takes memory of its own
	}
	if peak := s.running[registryService].peakMemory(s.t) >> 20; peak > 128 {
		s.t.Errorf("the registry held %d MiB, want at most 128", peak)
	}
}

// TestBadHeartbeatAnswers: what a service answers to heartbeats decides about
// itself alone.
func TestBadHeartbeatAnswers(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.start(registryService)
	s.waitSettled()
	victim := newStub(t, "Victim", "")
	answers := badAnswers(victim)
	lives := map[string]bool{"Babbling": true, "Endless": true, "Overlong": true} // any 2xx does
	answers["Closing"] = func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Connection", "close") }
	lives["Closing"] = true
	answers["Usurping"] = func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, `{"status":"up","instance":"another"}`)
	}
	stubs := map[string]*stub{}
	start := time.Now()
	for name, answer := range answers {
		stubs[name] = newStub(t, name, "bad-"+name)
		stubs[name].beat = answer
		stubs[name].register(s)
	}
	good := newStub(t, "Good", "good")
	good.register(s)
	eventually(t, "all are judged", func() error {
		states, err := s.states()
		for name := range answers {
			want := "down"
			if lives[name] {
				want = "up"
			}
			if states[name] != want {
				err = fmt.Errorf("%s is %q, want %q; all: %v", name, states[name], want, states)
			}
		}
		return err
	})
	before := good.called("/heartbeat")
	eventually(t, "the heartbeats of the others go on", func() error {
		if now := good.called("/heartbeat"); now < before+2 {
			return fmt.Errorf("%d since", now-before)
		}
		return nil
	})
	intervals := int(time.Since(start)/time.Second) + 1
	for name, b := range stubs {
		if n := b.called("/heartbeat"); n > 3*intervals+3 {
			t.Errorf("%s was asked %d times in %d s", name, n, intervals)
		}
	}
	if states, err := s.states(); err != nil || states["Good"] != "up" {
		t.Errorf("the good service is %q (%v), want up", states["Good"], err)
	}
	if n := victim.called("/heartbeat"); n > 0 {
		t.Errorf("a redirect was followed %d times", n)
	}
	s.modest()
}
