package cmd_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// TestReusedPort: another process that got the port of one that died is not
// taken for it, whether it knows our protocol or not.
func TestReusedPort(t *testing.T) {
	for _, c := range []struct {
		what, instance, says string
	}{
		{"a service of ours", "successor", "another process answers"},
		{"a program that answers everything with 404", "", "404"},
	} {
		t.Run(c.what, func(t *testing.T) {
			t.Parallel()
			s := newSystem(t)
			s.start(registryService)
			s.waitSettled()
			provider, d := newStub(t, "Provider", "first"), s.depend("Dependent", "Provider")
			provider.register(s)
			d.await(provider.url(), true)

			provider.down()
			provider.set(func() {
				if provider.instance = c.instance; c.instance == "" {
					provider.beat = http.NotFound
				}
			})
			provider.up()
			d.await(provider.url(), false)
			eventually(t, "the registry says why", func() error {
				a, err := s.ask(http.MethodGet, registryService, "/graph", "")
				if err == nil && !strings.Contains(a.body, c.says) {
					err = fmt.Errorf("no %q in %v", c.says, a)
				}
				return err
			})
			if c.instance == "" {
				return
			}
			provider.register(s) // as itself it is welcome
			d.await(provider.url(), true)
		})
	}
}

// TestOthersInstance: what is meant for another process, or comes from another
// registry, is refused and changes nothing.
func TestOthersInstance(t *testing.T) {
	t.Parallel()
	s := started(t)
	for _, instance := range []string{"another", strings.Repeat("x", 300), "with%20space"} {
		s.send(http.StatusConflict, http.MethodDelete, registryService, "/services?wait=0s&instance="+instance, s.url(gradingService))
	}
	s.send(http.StatusNotFound, http.MethodDelete, registryService, "/services?instance=another", "http://localhost:1")
	s.send(http.StatusBadRequest, http.MethodDelete, registryService, "/services?wait=1h", s.url(gradingService))
	s.send(http.StatusRequestEntityTooLarge, http.MethodDelete, registryService, "/services", "http://localhost/"+strings.Repeat("x", 4<<10))
	if states, err := s.states(); err != nil || states["GradingService"] != "up" {
		t.Errorf("after refused deregistrations grading is %q (%v), want up", states["GradingService"], err)
	}

	epoch := read[struct{ Epoch string }](t, s.get(registryService, "/graph")).Epoch
	const emptied = `"revision":1000000,"added":[],"removed":[{"name":"GradingService","url":"http://localhost:1"}],"providers":{"GradingService":[],"LogService":[]}`
	for _, from := range []string{
		`{"epoch":"another","instance":"another",` + emptied + `}`,
		`{"epoch":"` + epoch + `","instance":"another",` + emptied + `}`,
		`{"epoch":"` + epoch + `",` + emptied + `}`,
		`{` + emptied + `}`,
	} {
		s.send(http.StatusConflict, http.MethodPost, portalService, "/services/update", from)
		s.works() // grading is where it was
	}
	s.send(http.StatusBadRequest, http.MethodPost, portalService, "/services/update", `{"epoch":`)
	s.waitReady()
}
