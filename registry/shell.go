package registry

import (
	"context"
	"math/rand/v2"
	"net/http"
	"runtime"
	"slices"
	"time"
)

// step lets e happen now, has its effects carried out and returns them.
func (s *Server) step(e event) effects {
	s.mu.Lock()
	fx := s.table.step(e, time.Now())
	s.perform(fx)
	s.mu.Unlock()
	if len(fx.pushes) > 0 {
		runtime.Gosched() // the lines have something to tell: they go first, on the processor that is awake
	}
	for _, c := range fx.changes {
		s.env.Logger.Info(c.Text)
	}
	return fx
}

// perform starts what fx asks for. The caller holds s.mu. After Close nothing
// is started any more.
func (s *Server) perform(fx effects) {
	s.note(fx)
	if s.ctx.Err() != nil {
		return
	}
	for _, p := range fx.probes {
		s.line(p.key, p.generation).beatAfter(time.Duration(float64(p.after) * (1 - jitter + 2*jitter*rand.Float64())))
	}
	for _, p := range fx.pushes {
		s.line(p.key, s.table.services[p.key].generation).tell(p)
	}
	if s.unsaved && !s.saving {
		s.saving = true
		s.work.Go(s.save)
	}
}

// note lets all who look at the table know what has changed.
func (s *Server) note(fx effects) {
	s.journal.note(s.table, fx.touched)
	if len(fx.touched) > 0 {
		s.metrics.count(s.table)
		s.touched(fx.touched)
	}
	for _, took := range fx.converged {
		s.metrics.convergence.Observe(took.Seconds())
	}
	if f := s.follower; f != nil && f.concerned(fx.offered, s.table.settling) {
		f.update(s.table)
	}
	s.unsaved = s.unsaved || fx.save
}

// touched hears of the entries that have changed: what was answered about them
// is out of date, and the lines to those that are gone end.
func (s *Server) touched(keys []string) {
	for _, key := range keys {
		now, line := s.table.services[key], s.lines[key]
		if now != nil {
			s.lookups.forget(now.ServiceName)
		}
		if line == nil {
			continue
		}
		if now == nil || now.ServiceName != line.name {
			s.lookups.forget(line.name)
		}
		if now == nil {
			line.end()
		}
	}
}

// follower is a view in the registry's own process.
type follower struct {
	view     *View
	names    []string
	settling bool
}

// concerned reports whether a change of who offers these names changes the view.
func (f *follower) concerned(offered []string, settling bool) bool {
	return f.settling != settling || slices.ContainsFunc(offered, func(name string) bool { return slices.Contains(f.names, name) })
}

func (f *follower) update(t *table) {
	given := make(map[string][]Provider)
	for _, name := range f.names {
		given[name] = t.offering(name)
	}
	f.settling = t.settling
	f.view.replace(given, t.settling)
}

// line returns the line to a process, and begins it when it is new. The caller
// holds s.mu.
func (s *Server) line(key string, generation uint64) *line {
	l := s.lines[key]
	if l != nil && l.generation == generation {
		return l
	}
	if l != nil {
		l.end() // it leads to the process that was there before
	}
	l = &line{server: s, key: key, generation: generation, name: s.table.services[key].ServiceName, wake: make(chan struct{}, 1)}
	s.lines[key] = l
	s.work.Go(l.run) // until it is told to end
	return l
}

// forget notes that l has ended.
func (s *Server) forget(l *line) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.lines[l.key] == l {
		delete(s.lines, l.key)
	}
}

// many is how many services may be asked at once after a start.
const many = 100

// stagger parts the first heartbeats of many services evenly over an interval:
// the machine has other things to do, too.
func stagger(probes []probe, interval time.Duration) {
	if len(probes) <= many {
		return
	}
	for i := range probes {
		probes[i].after = interval * time.Duration(i) / time.Duration(len(probes))
	}
}

// awaitAll waits until all of who have acknowledged or are gone, or ctx ends,
// and returns those that are late. It looks at one of them at a time: each of
// a thousand acknowledgements wakes it.
func (s *Server) awaitAll(ctx context.Context, who []awaited) []Provider {
	for next := 0; ; {
		s.mu.Lock()
		for next < len(who) && !s.table.isLate(who[next]) {
			next++
		}
		var late []Provider
		over := next == len(who) || ctx.Err() != nil
		if over {
			late, next = s.table.laggards(who), 0 // one that went may be back
		}
		changed := s.journal.wait()
		s.mu.Unlock()
		if over && (len(late) == 0 || ctx.Err() != nil) {
			return late
		}
		select {
		case <-changed:
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
