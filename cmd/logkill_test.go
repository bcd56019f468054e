package cmd_test

import (
	"errors"
	"math/rand/v2"
	"path/filepath"
	"testing"
)

// TestKilledLogUnderLoad is kill -9 of the log service at any moment, over and
// over, while eight senders are writing: whatever it has acknowledged is there
// afterwards, once, and so is what was sent again because no answer came.
func TestKilledLogUnderLoad(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	start := func() { s.startWith(logService, "-max-size", "0") }
	start()
	load := s.logLoad(6, 2, 800)
	for round := range *kills {
		waitFor(t, "answered", &load.stored, 1+rand.Int64N(150))
		if round%10 == 5 { // otherwise it never lives long enough to pack a segment
			s.waitPacked()
		}
		s.kill(logService)
		start()
	}
	waitFor(t, "answered after the last start", &load.stored, 10)
	load.end()
	load.check(t)
	s.kill(logService)
	start()
	load.check(t)
}

// waitPacked waits until the log service has packed one segment more.
func (s *system) waitPacked() {
	s.t.Helper()
	packed := func() int {
		files, err := filepath.Glob(filepath.Join(s.dataOf(logService), "*.pack"))
		if err != nil {
			s.t.Fatal(err)
		}
		return len(files)
	}
	before := packed()
	eventually(s.t, "a segment is packed", func() error {
		if packed() == before {
			return errors.New("none was")
		}
		return nil
	})
}
