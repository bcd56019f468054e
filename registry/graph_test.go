package registry

import (
	"fmt"
	"strings"
	"testing"
)

func TestReasons(t *testing.T) {
	tests := []struct{ name, script, node, state, reason string }{
		{"the registry is there", "+1s", RegistryService, "up", "RegistryService is up: it answers you."},
		{"up", "reg A; ok A", "A", "up", "A is up since 10:42:03."},
		{"unverified", "reg A", "A", "unverified", "A is unverified since 10:42:03: its first heartbeat is awaited."},
		{"down", "reg A; ok A; refused A; refused A", "A", "down", "A is down since 10:42:03: connection refused."},
		{"silent", "reg A; ok A; silent A; silent A", "A", "down", "A is down since 10:42:03: silent: it does not answer heartbeats."},
		{"one of two is enough to be up", "reg A; ok A; reg B; ok B; refused B; refused B", "A", "up", "A is up since 10:42:03."},
		{"blocked by who never came", "reg A needs B; ok A", "A", "blocked", "A is blocked: B has no healthy provider since 10:42:03 (nobody has registered it)."},
		{"absent", "reg A needs B; ok A", "B", "absent", "B is absent since 10:42:03: nobody has registered it."},
		{"blocked by who is down", "reg A needs B; ok A; reg B; ok B; +4s; refused B; refused B", "A", "blocked", "A is blocked: B has no healthy provider since 10:42:07 (connection refused)."},
		{"blocked by who left", "reg A needs B; ok A; reg B; ok B; +4s; leave B", "A", "blocked", "A is blocked: B has no healthy provider since 10:42:07 (it left)."},
		{"absent after it left", "reg A needs B; ok A; reg B; ok B; +4s; leave B", "B", "absent", "B is absent since 10:42:07: it left."},
		{"a later cause is told", "reg A needs B; ok A; reg B; ok B; silent B; silent B; +4s; refused B", "A", "blocked", "A is blocked: B has no healthy provider since 10:42:03 (connection refused)."},
		{"degraded", "reg A opt B; ok A", "A", "degraded", "A is degraded: B has no healthy provider since 10:42:03 (nobody has registered it)."},
		{"the root cause two steps away", "reg A needs B; ok A; reg B needs C; ok B", "A", "degraded", "A is degraded: B is blocked: C has no healthy provider since 10:42:03 (nobody has registered it)."},
		{"services that need each other", "reg A needs B; ok A; reg B needs A; ok B", "A", "up", "A is up since 10:42:03."},
		{"well again", "reg A needs B; ok A; reg B; ok B", "A", "up", "A is up since 10:42:03."},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := play(t, tt.script)
			g := h.tab.graph("http://localhost:3000")
			for _, n := range g.Nodes {
				if n.Name == tt.node {
					if n.State != tt.state || n.Reason != tt.reason {
						t.Errorf("%s\n got %s: %s\nwant %s: %s", tt.script, n.State, n.Reason, tt.state, tt.reason)
					}
					return
				}
			}
			t.Errorf("no node %s in %v", tt.node, g.Nodes)
		})
	}
}

func TestGraphAsAWhole(t *testing.T) {
	g := play(t, "reg P needs G opt L; ok P; reg G opt L; ok G; reg L; ok L; silent P; silent G; silent L").tab.graph("http://localhost:3000")
	var nodes, edges []string
	for _, n := range g.Nodes {
		nodes = append(nodes, n.Name)
	}
	for _, e := range g.Edges {
		edges = append(edges, fmt.Sprintf("%s→%s %t %t", e.From, e.To, e.Required, e.OK))
	}
	if got, want := strings.Join(nodes, " "), "G L P RegistryService"; got != want {
		t.Errorf("nodes %q, want %q", got, want)
	}
	if got, want := strings.Join(edges, ", "), "G→L false true, P→G true true, P→L false true"; got != want {
		t.Errorf("edges %q, want %q", got, want)
	}
	if !strings.Contains(g.Frozen, "fell silent at once") {
		t.Errorf("frozen %q does not say why", g.Frozen)
	}
	if !strings.Contains(g.Changes[0].Text, "removal for silence is frozen until 10:47:03") {
		t.Errorf("newest change is %q", g.Changes[0].Text)
	}
}

func TestChangesAreBounded(t *testing.T) {
	h := play(t, "reg A")
	for range 3 * keptChanges {
		h.do("reg A#1")
		h.do("reg A#2")
	}
	if n := len(h.tab.graph("").Changes); n != keptChanges {
		t.Errorf("%d changes are kept, want %d", n, keptChanges)
	}
}
