package cmd_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"
)

// pushesAMinute is how often a flapping instance may make the registry push to
// each dependent.
const pushesAMinute = 5

// died is a process that is killed.
func died(b *stub, _ *system) { b.down() }

// begun is a new process at the same address.
func begun(b *stub, s *system, turn int) {
	b.set(func() { b.instance = fmt.Sprintf("flapping-%d", turn) })
	b.up()
	b.register(s)
}

// TestFlapping: an instance that comes and goes every second is seen to do so,
// and is then left out until it stays, so that dependents have their peace.
func TestFlapping(t *testing.T) {
	for _, c := range []struct {
		what  string
		goes  func(b *stub, s *system)
		comes func(b *stub, s *system, turn int)
	}{
		{"the same process", died, func(b *stub, _ *system, _ int) { b.up() }},
		{"a new process each time", died, begun},
		{"a new process each time that leaves in order", func(b *stub, s *system) {
			s.send(http.StatusOK, http.MethodDelete, registryService, "/services?wait=200ms", b.url())
			b.down()
		}, begun},
	} {
		t.Run(c.what, func(t *testing.T) {
			t.Parallel()
			s := newSystem(t)
			s.start(registryService)
			s.waitSettled()
			flapping, d := newStub(t, "Flapping", "flapping-0"), s.depend("Dependent", "Flapping")
			flapping.register(s)
			d.await(flapping.url(), true)
			before := d.pushed()
			half := time.NewTicker(500 * time.Millisecond)
			defer half.Stop()
			for turn := range int(flap.Seconds()) {
				c.goes(flapping, s)
				<-half.C
				c.comes(flapping, s, turn+1)
				<-half.C
			}
			minutes := 1 + int((*flap-1)/time.Minute)
			if got := d.pushed() - before; got > pushesAMinute*minutes {
				t.Errorf("a dependent got %d pushes in %v, want at most %d a minute", got, *flap, pushesAMinute)
			} else {
				t.Logf("a dependent got %d pushes in %v", got, *flap)
			}
		})
	}
}
