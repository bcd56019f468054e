package log

import (
	"cmp"
	"strings"
	"sync"
)

// maxLabels bounds how many services have metrics of their own: the first ones seen.
const maxLabels = 32

// labels knows which services these are.
type labels struct {
	mu    sync.Mutex // guards known
	known map[string]bool
}

// of returns a service's name for a metric.
func (l *labels) of(service string) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.known[service] {
		if len(l.known) == maxLabels {
			return "other"
		}
		if l.known == nil {
			l.known = map[string]bool{}
		}
		l.known[strings.Clone(service)] = true
	}
	return cmp.Or(service, "unknown")
}
