package registry

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"
)

// Graph is who is here, who needs whom, and how each is: the answer of GET /graph.
type Graph struct {
	Epoch    string   `json:"epoch"`
	Revision uint64   `json:"revision"`
	Settling bool     `json:"settling"`         // just started: not everybody has been heard from
	Frozen   string   `json:"frozen,omitempty"` // why nobody is removed for silence at present
	Nodes    []Node   `json:"nodes"`            // by name
	Edges    []Edge   `json:"edges"`            // by name
	Changes  []Change `json:"changes"`          // the latest 100, newest first
}

// Node is a service by name: one that is registered, or needed by one that is.
type Node struct {
	Name      string           `json:"name"`
	State     string           `json:"state"`  // up, degraded, blocked, flapping, unverified, down or absent
	Reason    string           `json:"reason"` // a sentence, with the root cause
	Since     time.Time        `json:"since"`
	Instances []InstanceStatus `json:"instances"`
}

// InstanceStatus is one address of a service.
type InstanceStatus struct {
	URL           string    `json:"url"`
	Health        string    `json:"health"`           // up, flapping, unverified or down
	Reason        string    `json:"reason,omitempty"` // why it is down
	Since         time.Time `json:"since"`            // of the health
	LastHeartbeat time.Time `json:"lastHeartbeat,omitzero"`
	Revision      uint64    `json:"revision"` // of the view it has acknowledged
	Wanted        uint64    `json:"wanted"`   // of the view it should hold
	Version       string    `json:"version,omitempty"`
	Started       time.Time `json:"started"` // when this process registered first
}

// Edge says that From needs To.
type Edge struct {
	From     string `json:"from"`
	To       string `json:"to"`
	Required bool   `json:"required"`
	OK       bool   `json:"ok"` // To has a healthy provider
}

// graph returns the state of everything; self is where the registry answers.
func (t *table) graph(self string) Graph {
	g := Graph{
		Epoch: t.epoch, Revision: t.revision, Settling: t.settling, Frozen: t.frozen.reason,
		Nodes: []Node{{
			Name: RegistryService, State: string(up), Reason: "RegistryService is up: it answers you.", Since: t.started,
			Instances: []InstanceStatus{{URL: self, Health: string(up), Since: t.started, Revision: t.revision, Started: t.started}},
		}},
		Edges:   []Edge{},
		Changes: t.latestChanges(),
	}
	for _, of := range t.groups {
		g.Nodes = append(g.Nodes, t.node(of))
		for to := range of.requires {
			g.Edges = append(g.Edges, Edge{of.name, to, true, len(t.groups[to].offered) > 0})
		}
		for to := range of.wants {
			g.Edges = append(g.Edges, Edge{of.name, to, false, len(t.groups[to].offered) > 0})
		}
	}
	slices.SortFunc(g.Nodes, func(a, b Node) int { return cmp.Compare(a.Name, b.Name) })
	slices.SortFunc(g.Edges, func(a, b Edge) int { return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To)) })
	return g
}

// node returns the state of one name and says why it is so.
func (t *table) node(g *group) Node {
	n := Node{Name: g.name, Instances: []InstanceStatus{}}
	best := g.best()
	for _, s := range g.members {
		n.Instances = append(n.Instances, s.status())
	}
	if best == nil {
		n.State, n.Since = "absent", g.missing.since
		n.Reason = fmt.Sprintf("%s is absent since %s: %s.", g.name, clock(n.Since), g.missing.cause)
		return n
	}
	n.State, n.Since = string(best.health), best.since
	if best.health != up {
		n.Reason = fmt.Sprintf("%s is %s since %s: %s.", g.name, best.health, clock(best.since), g.trouble(best))
		return n
	}
	state, since, cause := t.troubled(g)
	if state == "" {
		n.Reason = fmt.Sprintf("%s is up since %s.", g.name, clock(best.since))
		return n
	}
	n.State, n.Since = state, cmp.Or(since, best.since)
	n.Reason = fmt.Sprintf("%s is %s: %s.", g.name, state, cause)
	return n
}

// troubled says what the members of g lack: blocked without a required service,
// degraded without an optional one, or when a required one is blocked itself.
func (t *table) troubled(g *group) (state string, since time.Time, cause string) {
	if name, m := t.firstMissing(g.requires); name != "" {
		return "blocked", m.since, m.sentence(name)
	}
	if cause := t.rootCause(g, map[*group]bool{}); cause != "" {
		return "degraded", time.Time{}, cause
	}
	if name, m := t.firstMissing(g.wants); name != "" {
		return "degraded", m.since, m.sentence(name)
	}
	return "", time.Time{}, ""
}

// firstMissing returns the first of names that nobody offers.
func (t *table) firstMissing(names map[string]int) (string, missing) {
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if m := t.groups[name].missing; m.is() {
			return name, m
		}
	}
	return "", missing{}
}

// rootCause says which required service, however far down, keeps g from its
// work; "" when none does.
func (t *table) rootCause(g *group, seen map[*group]bool) string {
	seen[g] = true
	if name, m := t.firstMissing(g.requires); name != "" {
		return m.sentence(name)
	}
	for _, name := range slices.Sorted(maps.Keys(g.requires)) {
		next := t.groups[name]
		if seen[next] {
			continue
		}
		if cause := t.rootCause(next, seen); cause != "" {
			return name + " is blocked: " + cause
		}
	}
	return ""
}

// best returns the member in the best health, for longest; nil without members.
func (g *group) best() *service {
	if len(g.members) == 0 {
		return nil
	}
	return slices.MinFunc(g.members, func(a, b *service) int {
		return cmp.Or(cmp.Compare(a.rank(), b.rank()), a.since.Compare(b.since))
	})
}

func (s *service) rank() int { return slices.Index([]health{up, flapping, unverified, down}, s.health) }

func (s *service) status() InstanceStatus {
	return InstanceStatus{
		URL: s.ServiceURL, Health: string(s.health), Reason: s.reason, Since: s.since,
		LastHeartbeat: s.beat, Revision: s.acked, Wanted: s.revision, Version: s.Version, Started: s.registered,
	}
}
