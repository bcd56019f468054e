//go:build unix

package cmd_test

import (
	"fmt"
	"testing"
	"time"
)

// TestLogServiceAway: a service goes on logging while the log service is dead or
// frozen. Every entry is there afterwards, once.
func TestLogServiceAway(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name       string
		away, back func(s *system)
	}{
		{"killed", func(s *system) { s.kill(logService) }, func(s *system) { s.start(logService) }},
		{"frozen", func(s *system) { s.freeze(logService) }, func(s *system) { s.thaw(logService) }},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := newSystem(t)
			s.start(registryService, logService)
			d := s.depend("Chatter", "LogService")
			d.knows(s, logService)
			c := d.chat(2000)
			s.waitArrived("Chatter")
			test.away(s)
			<-time.After(*logAway)
			test.back(s)
			d.knows(s, logService)
			c.handler.Kick()
			c.end(t)
			s.arrivedIn(logService, "Chatter").check(t, c.made)
		})
	}
}

// TestAnotherLogService: when one of two log services ends, the other gets what
// is logged from then on, and what the first has not acknowledged.
func TestAnotherLogService(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	second := s.another(logService)
	s.start(registryService, logService)
	d := s.depend("Chatter", "LogService")
	d.knows(s, logService)
	c := d.chat(1000)
	s.waitArrived("Chatter")
	s.start(second)
	d.knows(s, logService, second)
	s.kill(logService)
	d.knows(s, second)
	c.handler.Kick()
	c.end(t)

	s.start(logService)
	first, other := s.arrivedIn(logService, "Chatter"), s.arrivedIn(second, "Chatter")
	if other.times[fmt.Sprint(c.made-1)] != 1 {
		t.Errorf("the last of %d entries did not reach the second log service", c.made)
	}
	for n := range c.made {
		if message := fmt.Sprint(n); first.times[message]+other.times[message] == 0 {
			t.Fatalf("entry %d of %d reached neither", n, c.made)
		}
	}
}

// waitArrived waits for the first entry of a service.
func (s *system) waitArrived(service string) {
	s.t.Helper()
	eventually(s.t, "entries of "+service+" arrive", func() error {
		if s.get(logService, "/log?limit=1&service="+service).body == "[]\n" {
			return fmt.Errorf("there is none")
		}
		return nil
	})
}
