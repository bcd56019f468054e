package cmd_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// TestGuards: no service answers another name, which is how a page of another
// site reads this machine, nor takes what such a page sends.
func TestGuards(t *testing.T) {
	t.Parallel()
	s := started(t)
	untouched := s.state()
	for _, name := range inOrder() {
		port := s.ports[name]
		for _, c := range []struct {
			host   string
			status int
		}{
			{fmt.Sprintf("localhost:%d", port), http.StatusOK},
			{fmt.Sprintf("127.0.0.1:%d", port), http.StatusOK},
			{fmt.Sprintf("[::1]:%d", port), http.StatusOK},
			{fmt.Sprintf("gradebook.example:%d", port), http.StatusMisdirectedRequest},
			{"localhost.example", http.StatusMisdirectedRequest},
			{"192.0.2.1", http.StatusMisdirectedRequest},
		} {
			a := raw(t, port, "GET /heartbeat HTTP/1.1\r\nHost: "+c.host+"\r\nConnection: close\r\n\r\n")
			if a.status != c.status {
				t.Errorf("%s asked as %s: got %v, want %d", name, c.host, a, c.status)
			}
		}
	}
	for _, c := range []struct{ service, path, body string }{
		{registryService, "/services", `{"serviceName":"Foreign","serviceURL":"http://localhost:6999","serviceUpdateURL":"http://localhost:6999/","heartbeatURL":"http://localhost:6999/"}`},
		{logService, "/log", "a foreign line"},
		{gradingService, "/students/1/grades", `{"title":"Foreign","type":"Test","score":1}`},
		{portalService, "/students/1/grades", "Title=Foreign&Type=Test&Score=1"},
		{portalService, "/api/grading/students/1/grades", `{"title":"Foreign","type":"Test","score":1}`},
	} {
		s.send(http.StatusForbidden, http.MethodPost, c.service, c.path, c.body, "Origin", "http://site.example", "Sec-Fetch-Site", "cross-site")
	}
	if got := s.state(); got != untouched {
		t.Errorf("another site's page changed something:\n%s\nwas\n%s", got, untouched)
	}
	if a := s.get(registryService, "/services"); strings.Contains(a.body, "Foreign") {
		t.Errorf("another site's page registered a service: %v", a)
	}
}

// TestOnlyThisMachine: an address that others could reach is refused, with what
// to do instead.
func TestOnlyThisMachine(t *testing.T) {
	t.Parallel()
	for _, addr := range []string{"0.0.0.0:0", ":0", "[::]:0", "192.0.2.1:0", "gradebook.example:0"} {
		p := run(t, registryService, "-addr", addr)
		code, err := p.wait()
		if out := p.out.String(); err != nil || code == 0 || !strings.Contains(out, "localhost:") {
			t.Errorf("-addr %s: exit code %d (%v), and it printed %q", addr, code, err, out)
		}
	}
}

// TestHelp: asking for help is no failure, a wrong flag is.
func TestHelp(t *testing.T) {
	t.Parallel()
	for _, name := range append(inOrder(), launcher) {
		for flag, want := range map[string]int{"-h": 0, "-no-such-flag": 2} {
			p := run(t, name, flag)
			code, err := p.wait()
			if out := p.out.String(); err != nil || code != want || !strings.Contains(out, "-data") {
				t.Errorf("%s %s: exit code %d (%v), want %d with the flags explained; it printed %q", name, flag, code, err, want, out)
			}
		}
	}
}
