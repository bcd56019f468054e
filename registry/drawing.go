package registry

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"gradebook/service/web"
)

// mostDrawn is how many services a drawing shows: of more, those in trouble and
// whom they are joined with.
const mostDrawn = 40

// boxPixels is how wide a box must be for the text in it.
const boxPixels = 110

// drawing is a graph as a picture for a page: those whom nobody needs at the
// top, and each below all that need it. Places are in per cent across and in
// pixels down, so that it fits any width and stretches no text.
type drawing struct {
	Finding string // what it shows, for those who do not see it
	Note    string // what is left out
	Wide    int    // so many hundred pixels are needed for the text in the boxes
	Height  int
	Boxes   []box
	Arrows  []arrow
}

// box is one service.
type box struct {
	Name       string
	Lines      []string // the name, broken to fit
	Word, Kind string   // its state, and the class of that
	X, Width   float64
	Y, Height  int
}

// arrow is a line between two rows, or through one, which leads straight down
// or up at either end.
type arrow struct {
	X1, X2   float64
	Y1, Y2   int
	Optional bool
	Missing  bool   // nobody healthy is at its end
	Head     string // "down", "up", or "" when it goes on as another
}

// newDrawing draws g but for the registry itself, whom everybody knows.
func newDrawing(g Graph, now time.Time) drawing {
	nodes := make(map[string]Node)
	for _, n := range g.Nodes {
		nodes[n.Name] = n
	}
	names, note := drawn(g)
	l := newLayout(names, g.Edges)
	d := drawing{Finding: finding(g, names), Note: note, Wide: int(math.Ceil(boxPixels / l.box)), Height: l.height()}
	for _, row := range l.rows {
		for _, s := range row {
			if s.lane {
				d.Arrows = append(d.Arrows, s.through())
			} else {
				d.Boxes = append(d.Boxes, newBox(s, nodes[s.name], now))
			}
		}
	}
	for _, w := range l.wires {
		d.Arrows = append(d.Arrows, w.arrow())
	}
	return d
}

// drawn returns the names that are drawn, and what to say about the others.
func drawn(g Graph) (names []string, note string) {
	troubled := make(map[string]bool)
	for _, n := range g.Nodes {
		if n.Name != RegistryService {
			names = append(names, n.Name)
			troubled[n.Name] = n.State != string(up)
		}
	}
	all := len(names)
	switch {
	case all == 0:
		return nil, "Nobody has registered yet."
	case all <= mostDrawn:
		return names, ""
	}
	near := make(map[string]bool)
	for _, e := range g.Edges {
		near[e.From] = near[e.From] || troubled[e.To]
		near[e.To] = near[e.To] || troubled[e.From]
	}
	names = slices.DeleteFunc(names, func(name string) bool { return !troubled[name] && !near[name] })
	slices.SortStableFunc(names, func(a, b string) int { return compareTrue(troubled[a], troubled[b]) })
	names = names[:min(len(names), mostDrawn)]
	if len(names) == 0 {
		return nil, fmt.Sprintf("All %d services are up, which is too many to draw: GET /graph tells who needs whom.", all)
	}
	return names, fmt.Sprintf("Of %d services these %d are in trouble or next to one that is.", all, len(names))
}

// compareTrue sorts what is true first.
func compareTrue(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}

func newBox(s *slot, n Node, now time.Time) box {
	b := box{Name: n.Name, Lines: folded(n.Name), Kind: kindOf(n.State), X: tenth(s.left), Width: tenth(s.width), Y: s.top(), Height: rowHigh}
	b.Word = n.State
	switch alive := n.alive(); {
	case b.Kind == "bad":
		b.Word += ", " + web.Clock(n.Since, now, time.TimeOnly)
	case len(n.Instances) > 1:
		b.Word = fmt.Sprintf("%s, %d of %d", n.State, alive, len(n.Instances))
	}
	return b
}

// Sign is a shape for each kind of state, beside its word and its colour.
func (b box) Sign() string {
	switch b.Kind {
	case "bad":
		return "■"
	case "warn":
		return "◆"
	}
	return "●"
}

// LineY is where a line of the name stands in the box.
func (b box) LineY(line int) int { return b.Height/2 + 16*line - 11*len(b.Lines) + 9 }

// WordY is where the state stands, below the name.
func (b box) WordY() int { return b.LineY(len(b.Lines)) + 3 }

// alive counts the instances that are up.
func (n *Node) alive() int {
	alive := 0
	for _, i := range n.Instances {
		if i.Health == string(up) {
			alive++
		}
	}
	return alive
}

// kindOf is how bad a state or a health is: "" is well, "bad" is a root cause,
// and "warn" all between.
func kindOf(state string) string {
	switch state {
	case string(up):
		return ""
	case string(down), "absent":
		return "bad"
	}
	return "warn"
}

// through is a lane's way past its row.
func (s *slot) through() arrow {
	a := arrow{X1: tenth(s.centre()), X2: tenth(s.centre()), Y1: s.top(), Y2: s.bottom(), Optional: true}
	for _, w := range s.above {
		a.Optional = a.Optional && !w.required
		a.Missing = !w.ok
	}
	return a
}

// arrow is w with its ends at the borders of the two boxes.
func (w *wire) arrow() arrow {
	a := arrow{Optional: !w.required, Missing: !w.ok}
	if w.to.row < w.from.row { // beside those that lead down
		a.X1, a.Y1 = tenth(w.from.left+w.from.width*.9), w.from.top()
		a.X2, a.Y2 = tenth(w.to.left+w.to.width*.9), w.to.bottom()
		a.Head = "up"
		return a
	}
	a.X1, a.Y1 = tenth(w.from.port(w.from.below, w, func(w *wire) *slot { return w.to })), w.from.bottom()
	a.X2, a.Y2 = tenth(w.to.port(w.to.above, w, func(w *wire) *slot { return w.from })), w.to.top()
	if !w.to.lane {
		a.Head = "down"
	}
	return a
}

// Bend is the height at which the line changes its side.
func (a arrow) Bend() int { return (a.Y1 + a.Y2) / 2 }

// finding says in sentences what the drawing shows.
func finding(g Graph, names []string) string {
	states := make(map[string]string)
	for _, n := range g.Nodes {
		states[n.Name] = n.State
	}
	requires, wants := make(map[string][]string), make(map[string][]string)
	for _, e := range g.Edges {
		needs := wants
		if e.Required {
			needs = requires
		}
		needs[e.From] = append(needs[e.From], e.To)
	}
	var b strings.Builder
	told := func(before string, needs []string) {
		for _, to := range needs {
			fmt.Fprintf(&b, "%s %s (%s)", before, to, states[to])
			before = ","
		}
	}
	for _, name := range names {
		fmt.Fprintf(&b, "%s is %s", name, states[name])
		told(", requires", requires[name])
		told(", and is better with", wants[name])
		b.WriteString(". ")
	}
	return strings.TrimSpace(b.String())
}
