package cmd_test

import (
	"encoding/json"
	"net/http"
	"regexp"
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

// badNames cannot name a service.
func badNames() []string {
	return []string{"", "Re/fused", "7th", "-x", "under_score", "a space", "Été", "a.b", "..", "x\x00", "x\n", strings.Repeat("x", 64)}
}

// badURLs are none at which a service on this machine can be called.
func badURLs() []string {
	return []string{
		"localhost:6999", "//localhost:6999/", "http://", "http://:6999/", "http://local host:6999/",
		"https://localhost:6999/", "ftp://localhost:6999/", "file:///etc/passwd", "unix:/run/x", "gopher://localhost:6999/",
		"http://192.0.2.1:6999/", "http://169.254.169.254/", "http://[::ffff:192.0.2.1]:6999/", "http://0.0.0.0:6999/", "http://[::]:6999/",
		"http://registry.example:6999/", "http://localhost.example:6999/", "http://[::1%25lo]:6999/",
		"http://2130706433:6999/", "http://0x7f.1:6999/", "http://127.1:6999/", // loopback to some, a name to others
		"http://localhost:6999@192.0.2.1/", "http://192.0.2.1#@localhost:6999/", `http://192.0.2.1\@localhost:6999/`,
		"http://localhost:0/", "http://localhost:65536/", "http://localhost:-1/", "http://localhost:http/",
		"http://user:password@localhost:6999/", "http://localhost:6999/#part", "http://localhost:6999/\r\nX-Injected: 1",
		"http://localhost:6999/" + strings.Repeat("x", 2<<10),
	}
}

// quoted is s as JSON.
func quoted(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// TestRefusedRegistration: the demo answered 400 and registered all the same.
// What ours refuses changes nothing and calls nobody.
func TestRefusedRegistration(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.start(registryService)
	victim := newStub(t, "Victim", "")
	untouched := s.get(registryService, "/services").body
	good := func(change ...string) string {
		body := `{"serviceName":"Intruder","serviceURL":"http://localhost:6999","requiredServices":["LogService"],` +
			`"serviceUpdateURL":"http://localhost:6999/services","heartbeatURL":"http://localhost:6999/heartbeat"}`
		return strings.NewReplacer(change...).Replace(body)
	}
	// with gives one field another value, in JSON.
	with := func(field, value string) string {
		return regexp.MustCompile(`"`+field+`":("[^"]*"|\[[^]]*\])`).ReplaceAllLiteralString(good(), `"`+field+`":`+value)
	}
	type refusal struct {
		what   string
		status int
		body   string
		names  string // in the answer
	}
	cases := []refusal{
		{"half of the JSON", 400, good()[:60], ""},
		{"no JSON", 400, "Intruder", ""},
		{"nothing", 400, "", ""},
		{"an array", 400, "[" + good() + "]", ""},
		{"a number for a name", 400, with("serviceName", `7`), "serviceName"},
		{"a name for names", 400, with("requiredServices", `"LogService"`), "requiredServices"},
		{"the registry's name", 422, with("serviceName", `"RegistryService"`), "serviceName"},
		{"no address", 422, with("serviceURL", `""`), "serviceURL"},
		{"a query", 422, with("serviceURL", `"http://localhost:6999?a=b"`), "serviceURL"},
		{"another's heartbeat", 422, with("heartbeatURL", `"`+victim.url()+`/heartbeat"`), "heartbeatURL"},
		{"another's update", 422, with("serviceUpdateURL", `"`+victim.url()+`/update"`), "serviceUpdateURL"},
		{"another port by default", 422, with("heartbeatURL", `"http://localhost/heartbeat"`), "heartbeatURL"},
		{"a thousand requirements", 422, with("requiredServices", `["A`+strings.Repeat(`","A`, 999)+`"]`), "requiredServices"},
		{"65 requirements of both kinds", 422, with("requiredServices", `["A`+strings.Repeat(`","A`, 63)+`"],"optionalServices":["B"]`), "requiredServices"},
		{"a requirement that is no name", 422, with("requiredServices", `["A","B/../C"]`), "requiredServices"},
		{"10 MB", 413, good("LogService", strings.Repeat("x", 10<<20)), ""},
		{"10 MB of spaces", 413, good(`"requiredServices"`, strings.Repeat(" ", 10<<20)+`"requiredServices"`), ""},
		{"10 MB of brackets", 413, strings.Repeat("[", 10<<20), ""},
	}
	for _, name := range badNames() {
		cases = append(cases, refusal{"the name " + name, 422, with("serviceName", quoted(name)), "serviceName"})
	}
	for _, field := range []string{"serviceURL", "serviceUpdateURL", "heartbeatURL"} {
		for _, url := range badURLs() {
			cases = append(cases, refusal{field + " " + url[:min(60, len(url))], 422, with(field, quoted(url)), field})
		}
	}
	for _, c := range cases {
		a := raw(t, s.ports[registryService], rawRequest("POST /services", s.ports[registryService], "application/json", c.body))
		if a.status != c.status {
			t.Errorf("%s: got %v, want %d", c.what, a, c.status)
		}
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
	if n := victim.called("/heartbeat") + victim.called("/update"); n > 0 {
		t.Errorf("the registry called somebody else %d times", n)
	}
	s.modest()
}
