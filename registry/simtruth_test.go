package registry

import "slices"

// checkTruth is that the registry knows who is there, and everybody knows what
// the registry does. Who came and went may have to stay a while first, unless
// that is over as well.
func (w *simWorld) checkTruth(stayed bool) {
	t := w.hub.table
	w.hub.step(nil) // a registry that has nobody to ask takes no steps
	if t.settling || t.frozen.reason != "" {
		w.fail("all is well, and the registry is settling: %t, frozen: %q", t.settling, t.frozen.reason)
	}
	for _, p := range w.places {
		s := t.services[p.key]
		switch {
		case p.process == nil:
			if s != nil && s.health != down {
				w.fail("nobody is there, and %s is %s", s, s.health)
			}
			continue
		case p.process.old != nil && (!p.process.is(s) || p.registrant != p.process):
			continue // it registers once; then the file that had it was lost, or a late request took its place
		case s == nil:
			w.fail("%v is not registered", p.process)
		case !p.process.is(s):
			w.fail("%v is there, and %s (%s) is registered", p.process, s, s.Instance)
		case s.health != up && (stayed || s.health != flapping):
			w.fail("%v is there and %s", p.process, s.health)
		case s.acked != s.revision:
			w.fail("%v has acknowledged %d of %d", p.process, s.acked, s.revision)
		}
		w.checkKnown(p.process, s)
	}
	w.checkGraph()
}

// checkKnown is that p knows its view and nothing else.
func (w *simWorld) checkKnown(p *simProcess, s *service) {
	known := 0
	switch {
	case p.old != nil && p.old.astray:
		return
	case p.old != nil:
		known = len(p.old.held)
	case p.session.epoch != w.hub.table.epoch || p.session.revision != s.revision:
		w.fail("%v holds %s@%d of %s@%d", p, p.session.epoch, p.session.revision, w.hub.table.epoch, s.revision)
	}
	for _, urls := range p.session.providers {
		known += len(urls)
	}
	for _, v := range s.view {
		if !p.knows(v.Name, v.URL) {
			w.fail("%v does not know %s", p, v.URL)
		}
	}
	if known != len(s.view) {
		w.fail("%v knows %d, which are not %v", p, known, s.view)
	}
}

// checkGraph is that the graph says of each name what is so, and that every
// change has reached everybody.
func (w *simWorld) checkGraph() {
	g := w.hub.table.graph("http://localhost:3000")
	offered := make(map[string]bool)
	for _, s := range w.hub.table.services {
		offered[s.ServiceName] = offered[s.ServiceName] || s.health == up
	}
	for _, n := range g.Nodes {
		if n.Name == RegistryService {
			continue
		}
		works := n.State == "up" || n.State == "degraded" || n.State == "blocked"
		blocked := slices.ContainsFunc(g.Edges, func(e Edge) bool { return e.From == n.Name && e.Required && !offered[e.To] })
		if works != offered[n.Name] || works && blocked != (n.State == "blocked") || (len(n.Instances) == 0) != (n.State == "absent") {
			w.fail("the graph says that %s is %s: %s", n.Name, n.State, n.Reason)
		}
	}
	for _, e := range g.Edges {
		if e.OK != offered[e.To] {
			w.fail("the graph says that %s, which %s needs, is there: %t", e.To, e.From, e.OK)
		}
	}
	for _, c := range g.Changes {
		if c.Waiting != 0 {
			w.fail("%d of %d are still waited for: %s", c.Waiting, c.Dependents, c.Text)
		}
	}
}
