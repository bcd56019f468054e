package cmd_test

import (
	"math/rand/v2"
	"time"
)

// killDuring sends a grading service a request and kills it at any moment of the
// time that it may take, then starts it again. The status is 0 unless the request
// was answered before.
func (s *system) killDuring(service, method, path, body string, may time.Duration) answer {
	s.t.Helper()
	answered, over := make(chan answer, 1), make(chan struct{})
	go func() { // until it is answered or the connection is gone
		defer close(over)
		if a, err := s.ask(method, service, path, body); err == nil {
			answered <- a
		}
	}()
	timer := time.NewTimer(rand.N(may))
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-over:
	}
	s.kill(service)
	<-over
	s.start(service)
	select {
	case a := <-answered:
		return a
	default:
		return answer{}
	}
}
