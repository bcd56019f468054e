package registry

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"syscall"
	"time"
)

const (
	jitter = 0.1 // of the interval, either way: targets drift apart

	// HeaderEpoch and HeaderInstance say, in a heartbeat, which registry asks
	// and which process it believes to be there.
	HeaderEpoch    = "Registry-Epoch"
	HeaderInstance = "Registry-Instance"
)

// beat sends one heartbeat and reports how it went. The step that hears of it
// says when the next one is due; when it says nothing, the process is no longer
// registered and the line ends.
func (l *line) beat() {
	s := l.server
	req, instance := s.heartbeat(l)
	if req == nil {
		l.end()
		return
	}
	e, err := l.ask(req)
	if l.isEnded() {
		return
	}
	if isShortage(err) {
		if s.short.felt(time.Now()) {
			s.env.Logger.Warn("this process can open no more files, so it holds no connections for a while; raise its limit (ulimit -n)")
		}
		l.beatAfter(s.options.Interval / 4) // it is no fault of the service
		return
	}
	l.heard((e.outcome == answered || e.outcome == wrong) && (e.beat.Instance == "" || e.beat.Instance == instance))
	s.metrics.heartbeats.With(string(e.outcome)).Add(1)
	e.key, e.generation = l.key, l.generation
	s.step(e)
	if !l.isDue() {
		l.end()
	}
}

// heartbeat returns the heartbeat that is sent on l, and the instance it is
// meant for; nil when that is no longer registered.
func (s *Server) heartbeat(l *line) (req *http.Request, instance string) {
	s.mu.Lock()
	target := s.table.services[l.key]
	if target == nil || target.generation != l.generation {
		s.mu.Unlock()
		return nil, ""
	}
	url, instance, epoch := target.HeartbeatURL, target.Instance, s.table.epoch
	s.mu.Unlock()
	req, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		return nil, "" // cannot be: it was validated
	}
	req.Header.Set(HeaderEpoch, epoch)
	if instance != "" {
		req.Header.Set(HeaderInstance, instance)
	}
	return req, instance
}

// ask sends a heartbeat and says what the answer, or its lack, means.
func (l *line) ask(req *http.Request) (probed, error) {
	a, err := l.exchange(req, true)
	switch {
	case err != nil:
		return probed{outcome: failure(err)}, err
	case !a.ok():
		return probed{outcome: wrong, detail: a.status}, nil
	}
	e := probed{outcome: answered}
	if json.Unmarshal(a.body, &e.beat) != nil {
		e.beat = Beat{} // an old client, or any other 2xx: it lives
	}
	return e, nil
}

// failure tells what a failed request says about its target.
func failure(err error) outcome {
	switch {
	case isRefused(err):
		return refused
	case isTimeout(err):
		return silent
	}
	return broken
}

// isRefused reports whether nothing listens there. Windows has a number of its
// own for it.
func isRefused(err error) bool {
	const wsaConnRefused = syscall.Errno(10061)
	return errors.Is(err, syscall.ECONNREFUSED) || errors.Is(err, wsaConnRefused)
}

func isTimeout(err error) bool {
	t, ok := errors.AsType[net.Error](err)
	return ok && t.Timeout() || errors.Is(err, context.DeadlineExceeded)
}
