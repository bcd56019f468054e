package registry

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"syscall"
	"time"
)

const (
	maxAnswer = 4 << 10 // bytes that are read of what a service answers
	jitter    = 0.1     // of the interval, either way: targets drift apart

	// HeaderEpoch and HeaderInstance say, in a heartbeat, which registry asks
	// and which process it believes to be there.
	HeaderEpoch    = "Registry-Epoch"
	HeaderInstance = "Registry-Instance"
)

// probe waits, sends one heartbeat and reports how it went. One of these runs
// for each registered service: each step that hears of one asks for the next.
// It ends early when the server stops.
func (s *Server) probe(p probe) {
	if p.after > 0 && !sleep(s.ctx, time.Duration(float64(p.after)*(1-jitter+2*jitter*rand.Float64()))) {
		return
	}
	s.mu.Lock()
	target := s.table.services[p.key]
	if target == nil || target.generation != p.generation {
		s.mu.Unlock()
		return
	}
	url, instance, epoch := target.HeartbeatURL, target.Instance, s.table.epoch
	s.mu.Unlock()

	e := s.heartbeat(url, instance, epoch)
	if s.ctx.Err() != nil {
		return
	}
	s.metrics.heartbeats.With(string(e.outcome)).Add(1)
	e.key, e.generation = p.key, p.generation
	s.step(e)
}

func (s *Server) heartbeat(url, instance, epoch string) probed {
	ctx, cancel := context.WithTimeout(s.ctx, s.options.Timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return probed{outcome: wrong, detail: err.Error()}
	}
	req.Header.Set(HeaderEpoch, epoch)
	if instance != "" {
		req.Header.Set(HeaderInstance, instance)
	}
	resp, err := s.http.Do(req)
	if err != nil {
		return probed{outcome: failure(err)}
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return probed{outcome: failure(err)}
	}
	if resp.StatusCode/100 != 2 {
		return probed{outcome: wrong, detail: resp.Status}
	}
	e := probed{outcome: answered}
	if json.Unmarshal(body, &e.beat) != nil {
		e.beat = Beat{} // an old client, or any other 2xx: it lives
	}
	return e
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
