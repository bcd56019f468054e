package registry

import (
	"context"
	"net/http"
	"time"
)

// step lets e happen now, has its effects carried out and returns them.
func (s *Server) step(e event) effects {
	s.mu.Lock()
	fx := s.table.step(e, time.Now())
	s.perform(fx)
	s.mu.Unlock()
	for _, c := range fx.changes {
		s.env.Logger.Info(c.Text)
	}
	return fx
}

// perform starts what fx asks for. The caller holds s.mu. After Close nothing
// is started any more.
func (s *Server) perform(fx effects) {
	if s.stepped != nil {
		close(s.stepped)
		s.stepped = nil
	}
	if len(fx.touched) > 0 {
		s.metrics.count(s.table)
	}
	if len(fx.offered) > 0 && s.follower != nil {
		s.follower.replace(s.table.offering(), s.table.settling)
	}
	if fx.save {
		s.unsaved = true
	}
	if s.ctx.Err() != nil {
		return
	}
	for _, p := range fx.probes {
		s.work.Go(func() { s.probe(p) })
	}
	for _, p := range fx.pushes {
		s.work.Go(func() { s.push(p) })
	}
	if s.unsaved && !s.saving {
		s.saving = true
		s.work.Go(s.save)
	}
}

// awaitAll waits until all of who have acknowledged or are gone, or ctx ends,
// and returns those that are late.
func (s *Server) awaitAll(ctx context.Context, who []awaited) []Provider {
	for {
		s.mu.Lock()
		late := s.table.laggards(who)
		if s.stepped == nil {
			s.stepped = make(chan struct{})
		}
		stepped := s.stepped
		s.mu.Unlock()
		if len(late) == 0 || ctx.Err() != nil {
			return late
		}
		select {
		case <-stepped:
		case <-ctx.Done():
		}
	}
}

// catalogue and graph first let the time pass: a registry that nobody uses
// takes no steps.

func (s *Server) catalogue(name string) []Service {
	s.step(nil)
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.table.catalogue(name)
}

func (s *Server) graph(r *http.Request) Graph {
	s.step(nil)
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.table.graph("http://" + r.Host)
}
