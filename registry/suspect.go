package registry

import (
	"context"
	"sync"
	"time"
)

const (
	suspectTimeout = time.Second
	maxSuspicions  = 64 // that wait to be sent; later ones are left out, the next failure brings them back
)

// suspicion is the body of POST /services/suspect: a connection to a provider
// failed, and the registry may want to look.
type suspicion struct {
	ServiceURL string `json:"serviceURL" api:"needed"`
	Error      string `json:"error"`
}

// suspicions wait to be sent to the registry. They are safe for concurrent use.
type suspicions struct {
	waiting chan suspicion

	mu     sync.Mutex           // guards latest
	latest map[string]time.Time // by URL; those of the last suspectEvery
}

func newSuspicions() *suspicions {
	return &suspicions{waiting: make(chan suspicion, maxSuspicions), latest: make(map[string]time.Time)}
}

// add has s sent unless one of the same URL was just now, or too many wait.
func (q *suspicions) add(s suspicion, now time.Time) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for url, at := range q.latest {
		if now.Sub(at) >= suspectEvery {
			delete(q.latest, url)
		}
	}
	if _, just := q.latest[s.ServiceURL]; just {
		return
	}
	select {
	case q.waiting <- s:
		q.latest[s.ServiceURL] = now
	default:
	}
}

// Suspect has the registry told, in the background, that a connection to the
// provider at url failed with err: it asks for a heartbeat at once, so a
// provider that died is taken out of every view before the next one is due. At
// most one report in 100 ms is sent for each URL. It is what
// [TransportOptions].Suspect is for.
func (a *Agent) Suspect(url string, err error) {
	a.suspicions.add(suspicion{ServiceURL: url, Error: err.Error()}, time.Now())
}

// report sends suspicions until ctx is done. Those of a registry that is away
// come to nothing: what is known stays known until it is back.
func (a *Agent) report(ctx context.Context) {
	for {
		select {
		case s := <-a.suspicions.waiting:
			call, cancel := context.WithTimeout(ctx, suspectTimeout)
			err := a.client.suspect(call, s)
			cancel()
			a.options.Logger.Debug("the registry is asked to look at a provider to which a connection failed",
				"url", s.ServiceURL, "failure", s.Error, "error", err)
		case <-ctx.Done():
			return
		}
	}
}
