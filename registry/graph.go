package registry

import (
	"cmp"
	"fmt"
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
	State     string           `json:"state"`  // up, degraded, blocked, down, unverified or absent
	Reason    string           `json:"reason"` // a sentence, with the root cause
	Since     time.Time        `json:"since"`
	Instances []InstanceStatus `json:"instances"`
}

// InstanceStatus is one address of a service.
type InstanceStatus struct {
	URL           string    `json:"url"`
	Health        string    `json:"health"`           // up, down or unverified
	Reason        string    `json:"reason,omitempty"` // why it is down
	Since         time.Time `json:"since"`            // of the health
	LastHeartbeat time.Time `json:"lastHeartbeat,omitzero"`
	Revision      uint64    `json:"revision"` // of the view it holds
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

// Change is something that happened, in words.
type Change struct {
	Time time.Time `json:"time"`
	Text string    `json:"text"`
}

// group is all that is known of one name.
type group struct {
	members            []*service // by URL; none when the name is only needed
	required, optional []string   // what any of them needs, each once, sorted
}

// groups returns every name that is registered or needed.
func (t *table) groups() map[string]*group {
	all := make(map[string]*group)
	of := func(name string) *group {
		if all[name] == nil {
			all[name] = new(group)
		}
		return all[name]
	}
	for _, s := range t.sorted() {
		g := of(s.ServiceName)
		g.members = append(g.members, s)
		for _, name := range s.needed {
			of(name)
			if slices.Contains(s.RequiredServices, name) {
				g.required = append(g.required, name)
			} else {
				g.optional = append(g.optional, name)
			}
		}
	}
	for _, g := range all {
		slices.Sort(g.required)
		g.required = slices.Compact(g.required)
		slices.Sort(g.optional)
		g.optional = slices.Compact(g.optional)
	}
	return all
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
		Changes: slices.Clone(t.changes),
	}
	slices.Reverse(g.Changes)
	groups := t.groups()
	for name, grp := range groups {
		g.Nodes = append(g.Nodes, t.node(name, groups))
		for _, to := range grp.required {
			g.Edges = append(g.Edges, Edge{name, to, true, len(t.offered[to]) > 0})
		}
		for _, to := range grp.optional {
			g.Edges = append(g.Edges, Edge{name, to, false, len(t.offered[to]) > 0})
		}
	}
	slices.SortFunc(g.Nodes, func(a, b Node) int { return cmp.Compare(a.Name, b.Name) })
	slices.SortFunc(g.Edges, func(a, b Edge) int { return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To)) })
	return g
}

// node returns the state of one name and says why it is so.
func (t *table) node(name string, groups map[string]*group) Node {
	g := groups[name]
	n := Node{Name: name, Instances: []InstanceStatus{}}
	best := -1 // of the members: the one in the best health, for longest
	for i, s := range g.members {
		n.Instances = append(n.Instances, s.status())
		if best < 0 || s.rank() < g.members[best].rank() || s.rank() == g.members[best].rank() && s.since.Before(g.members[best].since) {
			best = i
		}
	}
	if best < 0 {
		m := t.missing[name]
		n.State, n.Since = "absent", m.since
		n.Reason = fmt.Sprintf("%s is absent since %s: %s.", name, clock(m.since), m.cause)
		return n
	}
	s := g.members[best]
	n.State, n.Since = string(s.health), s.since
	switch s.health {
	case down:
		n.Reason = fmt.Sprintf("%s is down since %s: %s.", name, clock(s.since), s.reason)
		return n
	case unverified:
		n.Reason = fmt.Sprintf("%s is unverified: its first heartbeat is awaited.", name)
		return n
	}
	for _, to := range g.required {
		if m, ok := t.missing[to]; ok {
			n.State, n.Since = "blocked", m.since
			n.Reason = fmt.Sprintf("%s is blocked: %s.", name, m.sentence(to))
			return n
		}
	}
	if cause := t.rootCause(name, groups, map[string]bool{}); cause != "" {
		n.State = "degraded"
		n.Reason = fmt.Sprintf("%s is degraded: %s.", name, cause)
		return n
	}
	for _, to := range g.optional {
		if m, ok := t.missing[to]; ok {
			n.State, n.Since = "degraded", m.since
			n.Reason = fmt.Sprintf("%s is degraded: %s.", name, m.sentence(to))
			return n
		}
	}
	n.Reason = fmt.Sprintf("%s is up since %s.", name, clock(s.since))
	return n
}

// rootCause says which required service, however far down, keeps name from
// its work; "" when none does.
func (t *table) rootCause(name string, groups map[string]*group, seen map[string]bool) string {
	seen[name] = true
	for _, to := range groups[name].required {
		if m, ok := t.missing[to]; ok {
			return m.sentence(to)
		}
		if seen[to] {
			continue
		}
		if cause := t.rootCause(to, groups, seen); cause != "" {
			return to + " is blocked: " + cause
		}
	}
	return ""
}

func (m missing) sentence(name string) string {
	return fmt.Sprintf("%s has no healthy provider since %s (%s)", name, clock(m.since), m.cause)
}

func (s *service) rank() int { return slices.Index([]health{up, unverified, down}, s.health) }

func (s *service) status() InstanceStatus {
	return InstanceStatus{
		URL: s.ServiceURL, Health: string(s.health), Reason: s.reason, Since: s.since,
		LastHeartbeat: s.beat, Revision: s.acked, Version: s.Version, Started: s.registered,
	}
}
