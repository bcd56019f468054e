package cmd_test

import (
	"net/http"
	"strings"
	"testing"
)

// TestRegisteredTwice: the demo kept two entries, and a stale provider after
// the quit.
func TestRegisteredTwice(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.start(registryService)
	provider, dependent := newOldClient(t), newOldClient(t)
	s.send(http.StatusOK, http.MethodPost, registryService, "/services", dependent.registration("Dependent", "Twice"))
	for range 2 {
		s.send(http.StatusOK, http.MethodPost, registryService, "/services", provider.registration("Twice"))
	}
	entries := read[[]struct{ URL string }](t, s.get(registryService, "/services/Twice"))
	if len(entries) != 1 || entries[0].URL != provider.url {
		t.Errorf("registered twice the registry has %+v, want one entry", entries)
	}
	dependent.hearUntil(provider.url)

	s.send(http.StatusOK, http.MethodDelete, registryService, "/services", provider.url)
	if a := s.get(registryService, "/services/Twice"); strings.Contains(a.body, provider.url) {
		t.Errorf("after the quit the registry has %v", a)
	}
	dependent.hearUntil()
	s.send(http.StatusNotFound, http.MethodDelete, registryService, "/services", provider.url)
}

// TestRefusedRegistration: the demo answered 400 and registered all the same.
func TestRefusedRegistration(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.start(registryService)
	untouched := s.get(registryService, "/services").body
	good := func(change ...string) string {
		body := `{"serviceName":"Intruder","serviceURL":"http://localhost:6999","requiredServices":["LogService"],` +
			`"serviceUpdateURL":"http://localhost:6999/services","heartbeatURL":"http://localhost:6999/heartbeat"}`
		return strings.NewReplacer(change...).Replace(body)
	}
	for _, c := range []struct {
		what   string
		status int
		body   string
		names  string // in the answer
	}{
		{"half of the JSON", 400, good()[:60], ""},
		{"no JSON", 400, "Intruder", ""},
		{"an array", 400, "[" + good() + "]", ""},
		{"a number for a name", 400, good(`"Intruder"`, `7`), "serviceName"},
		{"a name for names", 400, good(`["LogService"]`, `"LogService"`), "requiredServices"},
		{"no name", 422, good("Intruder", ""), "serviceName"},
		{"a name with a slash", 422, good("Intruder", "Re/fused"), "serviceName"},
		{"the registry's name", 422, good("Intruder", "RegistryService"), "serviceName"},
		{"no address", 422, good(`"serviceURL":"http://localhost:6999"`, `"serviceURL":""`), "serviceURL"},
		{"half an address", 422, good(`"serviceURL":"http://localhost:6999"`, `"serviceURL":"localhost:6999"`), "serviceURL"},
		{"another machine", 422, good("localhost", "192.0.2.1"), "serviceURL"},
		{"another's heartbeat", 422, good("6999/heartbeat", "7000/heartbeat"), "heartbeatURL"},
		{"another's update", 422, good("http://localhost:6999/services", "http://192.0.2.1:6999/services"), "serviceUpdateURL"},
		{"another scheme", 422, good("http://localhost:6999/heartbeat", "file:///etc/passwd"), "heartbeatURL"},
	} {
		a := s.send(c.status, http.MethodPost, registryService, "/services", c.body)
		if !strings.Contains(a.body, c.names) || a.header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: got %v (%s), want a problem that names %q", c.what, a, a.header.Get("Content-Type"), c.names)
		}
		if got := s.get(registryService, "/services").body; got != untouched {
			t.Errorf("%s: the registry has %s, want %s", c.what, got, untouched)
		}
	}
	states, err := s.states()
	if err != nil || len(states) != 1 {
		t.Errorf("the graph has %v (%v), want the registry only", states, err)
	}
	if out := s.running[registryService].out.String(); strings.Contains(out, "Intruder") {
		t.Errorf("the registry printed that it has it:\n%s", out)
	}
}
