package cmd_test

import (
	"math/rand/v2"
	"testing"
)

// TestKilledLogUnderLoad is kill -9 of the log service at any moment, over and
// over, while eight senders are writing: whatever it has acknowledged is there
// afterwards, once, and so is what was sent again because no answer came.
func TestKilledLogUnderLoad(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.start(logService)
	load := s.logLoad(6, 2, 2000) // segments fill and are sealed, too
	for range *kills {
		waitFor(t, "answered", &load.stored, 1+rand.Int64N(150))
		s.kill(logService)
		s.start(logService)
	}
	waitFor(t, "answered after the last start", &load.stored, 10)
	load.end()
	load.check(t)
	s.kill(logService)
	s.start(logService)
	load.check(t)
}
