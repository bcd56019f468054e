package registry

import (
	"bytes"
	"encoding/json"
	"net/http"
	"time"
)

// push tells a dependent its view and reports whether it acknowledged. The
// table has at most one push under way for each, so a slow dependent holds up
// nobody, and what changes meanwhile goes out as one view afterwards.
func (l *line) push(p *push) {
	start := time.Now()
	ok := l.deliver(p)
	took := time.Since(start)
	if l.isEnded() {
		return
	}
	result := "acknowledged"
	if !ok {
		result = "failed"
	}
	s := l.server
	s.metrics.pushes.With(result).Observe(took.Seconds())
	s.step(pushed{push: p, ok: ok, took: took})
}

func (l *line) deliver(p *push) bool {
	body, err := json.Marshal(p)
	if err != nil {
		return false
	}
	req, err := http.NewRequest(http.MethodPost, p.url, bytes.NewReader(body))
	if err != nil {
		return false
	}
	req.Header.Set("Content-Type", "application/json")
	a, err := l.exchange(req, false)
	switch {
	case err != nil && !isTimeout(err):
		l.hungUp() // it may have died of it, or just before
		return false
	case err != nil || !a.ok():
		return false
	}
	return p.acknowledgedBy(a.body)
}

// acknowledgedBy reports whether the body of a 2xx says that p is held. Clients
// of the earlier demo, which have no instance, say nothing.
func (p *push) acknowledgedBy(body []byte) bool {
	if p.Instance == "" {
		return true
	}
	var held ack
	return json.Unmarshal(body, &held) == nil && held.Epoch == p.Epoch && held.Revision >= p.Revision
}
