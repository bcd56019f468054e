package registry

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestDrawing(t *testing.T) {
	h := play(t, "reg P needs G opt L; ok P; reg G opt L; ok G; reg L; ok L; reg Q needs X; ok Q; refused G; refused G")
	d := newDrawing(h.tab.graph("http://localhost:3000"), h.now)
	var boxes, arrows []string
	for _, b := range d.Boxes {
		boxes = append(boxes, b.Name+" "+b.Sign()+" "+b.Word)
	}
	for _, a := range d.Arrows {
		arrows = append(arrows, fmt.Sprintf("%s optional=%t missing=%t", a.Head, a.Optional, a.Missing))
	}
	at := clock(h.now.Local())
	if got, want := strings.Join(boxes, ", "), "P ◆ blocked, Q ◆ blocked, G ■ down, "+at+", X ■ absent, "+at+", L ● up"; got != want {
		t.Errorf("boxes\n got %s\nwant %s", got, want)
	}
	for want, n := range map[string]int{"down optional=false missing=true": 2, "down optional=true missing=false": 2, " optional=true missing=false": 2} {
		if got := strings.Count(strings.Join(arrows, ";")+";", want+";"); got < n {
			t.Errorf("%d arrows %q, want %d: %q", got, want, n, arrows)
		}
	}
	if want := "P is blocked, requires G (down), and is better with L (up)."; !strings.Contains(d.Finding, want) {
		t.Errorf("no %q in %q", want, d.Finding)
	}
}

// A fleet that is too large for a picture is drawn where the trouble is.
func TestDrawingOfMany(t *testing.T) {
	g := Graph{}
	for i := range 1000 {
		n := Node{Name: fmt.Sprintf("S%d", i), State: "up"}
		if i == 500 {
			n.State = "down"
		}
		g.Nodes = append(g.Nodes, n)
		if i > 0 {
			g.Edges = append(g.Edges, Edge{From: n.Name, To: fmt.Sprintf("S%d", i-1), OK: i != 501})
		}
	}
	d := newDrawing(g, time.Now())
	var names []string
	for _, b := range d.Boxes {
		names = append(names, b.Name)
	}
	if got := strings.Join(names, " "); got != "S501 S500 S499" || !strings.Contains(d.Note, "Of 1000 services these 3") {
		t.Errorf("drawn: %s; %q", got, d.Note)
	}
	g.Nodes[500].State = "up"
	if d := newDrawing(g, time.Now()); len(d.Boxes) > 0 || !strings.Contains(d.Note, "All 1000 services are up") {
		t.Errorf("all are up: %d boxes, %q", len(d.Boxes), d.Note)
	}
	for i := range g.Nodes {
		g.Nodes[i].State = "down"
	}
	if d := newDrawing(g, time.Now()); len(d.Boxes) != mostDrawn {
		t.Errorf("all are down: %d boxes", len(d.Boxes))
	}
}
