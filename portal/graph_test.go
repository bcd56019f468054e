package portal

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"gradebook/registry"
)

// edges makes a graph of "a>b" needs, with the registry.
func edges(list ...string) registry.Graph {
	g := registry.Graph{Nodes: []registry.Node{{Name: registry.RegistryService, State: "up"}}}
	known := map[string]bool{}
	for _, text := range list {
		from, to, _ := strings.Cut(text, ">")
		for _, name := range []string{from, to} {
			if name != "" && !known[name] {
				known[name] = true
				g.Nodes = append(g.Nodes, registry.Node{Name: name, State: "up"})
			}
		}
		if to != "" {
			g.Edges = append(g.Edges, registry.Edge{From: from, To: to, Required: true, OK: true})
		}
	}
	return g
}

func TestLayers(t *testing.T) {
	for _, c := range []struct {
		edges string
		want  string
	}{
		{"", "[[RegistryService]]"},
		{"a", "[[a] [RegistryService]]"},
		{"p>g p>l g>l", "[[p] [RegistryService] [g l]]"},
		{"p>g g>s s>d", "[[p] [RegistryService] [g] [s] [d]]"},
		{"p>a p>b p>c p>d p>e", "[[p] [RegistryService] [a b] [c d] [e]]"},
		{"a>b b>a", "[[RegistryService] [a] [b]]"},
		{"p>a b>c c>b", "[[p] [RegistryService] [a] [b] [c]]"},
		{"a>a", "[[RegistryService] [a]]"},
	} {
		if got := fmt.Sprint(layers(edges(strings.Fields(c.edges)...))); got != c.want {
			t.Errorf("layers of %q: got %s, want %s", c.edges, got, c.want)
		}
	}
}

// TestGraphView draws the system as the design has it: from the portal's sides
// past the registry, and along the row.
func TestGraphView(t *testing.T) {
	v := newGraphView(takeDown(sampleGraph()), time.Now())
	for _, want := range []graphLine{
		{50, 134, 50, 62, "hub", ""}, {37, 192, 29, 264, "hub", ""}, {62, 192, 70, 264, "hub", ""},
		{28, 33, 12, 262, "bad", "head-bad"}, {72, 33, 87, 262, "", "head"}, {44, 293, 56, 293, "", "head"},
	} {
		found := false
		for _, line := range v.Lines {
			found = found || line == want
		}
		if !found {
			t.Errorf("no line %v in %v", want, v.Lines)
		}
	}
	if len(v.Lines) != 6 || len(v.Boxes) != 4 || v.Height != 326 {
		t.Errorf("got %d lines, %d boxes, height %d", len(v.Lines), len(v.Boxes), v.Height)
	}
	if want := "TeacherPortal needs GradingService (down) and LogService (works)."; !strings.Contains(v.Finding, want) {
		t.Errorf("got finding %q, want %q in it", v.Finding, want)
	}
}

// TestGraphInside keeps every drawing within its edges, whatever needs whatever.
func TestGraphInside(t *testing.T) {
	for _, list := range []string{"", "a", "a>b", "a>a", "a>b b>a", "p>a p>b p>c a>c c>a b>p", "a>b b>c c>d d>a x>d"} {
		v := newGraphView(edges(strings.Fields(list)...), time.Now())
		for _, l := range v.Lines {
			if min(l.X1, l.X2, l.Y1, l.Y2) < 0 || max(l.X1, l.X2) > 100 || max(l.Y1, l.Y2) > v.Height {
				t.Errorf("%q: the line %v leaves a height of %d", list, l, v.Height)
			}
		}
		for _, b := range v.Boxes {
			if b.X < 0 || b.X+b.Width() > 100 || b.Y+b.Height() > v.Height {
				t.Errorf("%q: the box %v leaves a height of %d", list, b, v.Height)
			}
		}
	}
}

func TestStatusView(t *testing.T) {
	g := takeDown(sampleGraph())
	now := g.Nodes[1].Since.Add(3 * time.Hour)
	g.Settling, g.Frozen = true, "half fell silent"
	g.Nodes = append(g.Nodes, registry.Node{Name: "Archive", State: "absent", Reason: "nobody offers Archive"})
	g.Edges = append(g.Edges, registry.Edge{From: gradingService, To: "Archive"})
	v := newStatusView(sighting{Graph: g}, now)
	if len(v.Causes) != 2 || len(v.Notes) != 2 {
		t.Fatalf("got causes %v and notes %v, want two of each", v.Causes, v.Notes)
	}
	if c := v.Causes[0]; c.Name != gradingService || !c.Stops || !c.Logged || !strings.HasPrefix(c.Follows, "TeacherPortal cannot do without it.") {
		t.Errorf("got %+v", c)
	}
	if c := v.Causes[1]; c.Text != "Nobody offers Archive." || c.Stops || !strings.HasPrefix(c.Follows, "GradingService can do without it") {
		t.Errorf("got %+v", c)
	}
	words := map[string]string{}
	for _, row := range v.Services {
		words[row.Name] = row.Kind + " " + row.Word + " " + row.Running
	}
	for name, want := range map[string]string{
		gradingService: "bad down: connection refused —", "TeacherPortal": "warn blocked: needs GradingService 3 h 0 min",
		logService: " works 3 h 0 min", "Archive": "bad not here —",
	} {
		if words[name] != want {
			t.Errorf("%s: got %q, want %q", name, words[name], want)
		}
	}
}
