package registry

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"time"
)

// push tells one dependent its view and reports whether it acknowledged. The
// table has at most one push under way for each, so a slow dependent holds up
// nobody, and what changes meanwhile goes out as one view afterwards.
func (s *Server) push(p *push) {
	start := time.Now()
	ok := s.deliver(p)
	took := time.Since(start)
	if s.ctx.Err() != nil {
		return
	}
	result := "acknowledged"
	if !ok {
		result = "failed"
	}
	s.metrics.pushes.With(result).Observe(took.Seconds())
	s.step(pushed{push: p, ok: ok, took: took})
}

func (s *Server) deliver(p *push) bool {
	body, err := json.Marshal(p)
	if err != nil {
		return false
	}
	ctx, cancel := context.WithTimeout(s.ctx, s.options.Timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, p.url, bytes.NewReader(body))
	if err != nil {
		return false
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := s.http.Do(req)
	if err != nil {
		return false
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil || resp.StatusCode/100 != 2 {
		return false
	}
	var a ack
	if json.Unmarshal(answer, &a) != nil || a.Epoch == "" {
		return true // an old client
	}
	return a.Epoch == p.Epoch && a.Revision >= p.Revision
}
