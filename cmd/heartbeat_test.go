package cmd_test

import (
	"net/http"
	"strings"
	"testing"
)

// TestHeartbeatFlag: the registry says how often it asks, and refuses what
// would make it a load or blind.
func TestHeartbeatFlag(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{"": "1s", "5s": "5s", "100ms": "100ms", "1m": "1m0s"} {
		s := newSystem(t)
		var flags []string
		if value != "" {
			flags = []string{"-heartbeat", value}
		}
		s.startWith(registryService, flags...)
		old := newOldClient(t)
		a := s.send(http.StatusOK, http.MethodPost, registryService, "/services", old.registration("Asked"))
		if got := read[struct{ HeartbeatInterval string }](t, a).HeartbeatInterval; got != want {
			t.Errorf("-heartbeat %s: a service is told %s, want %s", value, got, want)
		}
		s.kill(registryService)
	}
	refused := map[string]*process{}
	for _, value := range []string{"99ms", "61s", "0", "-1s", "often"} {
		refused[value] = run(t, registryService, "-addr", "localhost:0", "-heartbeat", value)
	}
	for value, p := range refused {
		code, err := p.wait()
		if out := p.out.String(); err != nil || code == 0 || !strings.Contains(out, "-heartbeat") {
			t.Errorf("-heartbeat %s: exit code %d (%v), and it printed %q", value, code, err, out)
		}
	}
}
