package cmd_test

import (
	"fmt"
	"testing"
	"time"
)

// pushesAMinute is how often a flapping instance may make the registry push to
// each dependent.
const pushesAMinute = 5

// TestFlapping: an instance that comes and goes every second is seen to do so,
// and is then left out until it stays, so that dependents have their peace.
func TestFlapping(t *testing.T) {
	for _, c := range []struct {
		what  string
		again func(b *stub, s *system, turn int) // how it comes back
	}{
		{"the same process", func(b *stub, _ *system, _ int) { b.up() }},
		{"a new process each time", func(b *stub, s *system, turn int) {
			b.up()
			b.set(func() { b.instance = fmt.Sprintf("flapping-%d", turn) })
			b.register(s)
		}},
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
				flapping.down()
				<-half.C
				c.again(flapping, s, turn+1)
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
