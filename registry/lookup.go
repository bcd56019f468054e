package registry

import (
	"encoding/json"
	"sync"
	"time"
)

// lookupAge is how old an answer of GET /services/{name} may be in what changes
// all the time, the latest heartbeats. Of everything else it tells at once.
const lookupAge = time.Second

// lookups keeps the encoded answers of the names that are asked for, so that
// many who look for the same service cost no more than one. It is safe for
// concurrent use.
type lookups struct {
	mu      sync.RWMutex // guards answers
	answers map[string]lookup
}

type lookup struct {
	until time.Time
	body  func() ([]byte, error) // encodes at the first call
}

func (l *lookups) get(name string, now time.Time) (lookup, bool) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	found, ok := l.answers[name]
	return found, ok && now.Before(found.until)
}

func (l *lookups) put(name string, entries []Service, now time.Time) lookup {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.answers == nil {
		l.answers = make(map[string]lookup)
	}
	fresh := lookup{now.Add(lookupAge), sync.OnceValues(func() ([]byte, error) {
		body, err := json.Marshal(entries)
		return append(body, '\n'), err
	})}
	l.answers[name] = fresh
	return fresh
}

func (l *lookups) forget(name string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.answers, name)
}

// lookup returns the entries of a name as JSON; nil when there are none. An
// answer is kept in the same moment as it is made, under s.mu, so a change can
// only come before it or forget it.
func (s *Server) lookup(name string) ([]byte, error) {
	now := time.Now()
	if found, ok := s.lookups.get(name, now); ok {
		return found.body()
	}
	s.step(nil)
	s.mu.Lock()
	entries := s.table.catalogue(name)
	if len(entries) == 0 || name == "" {
		s.mu.Unlock()
		return nil, nil
	}
	found := s.lookups.put(name, entries, now)
	s.mu.Unlock()
	return found.body()
}
