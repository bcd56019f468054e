package portal

import (
	"fmt"
	"strings"
	"time"

	"gradebook/registry"
)

// graphView is the drawing of who needs whom. Horizontal places are in per
// cent and vertical ones in pixels, so that it fits any width and stretches no
// text.
type graphView struct {
	Finding string // what it shows, for those who do not see it
	Height  int
	Lines   []graphLine
	Boxes   []graphBox
}

type graphLine struct {
	X1, Y1, X2, Y2 int
	Kind           string // a class of the stylesheet: "", "hub" or "bad"
	Arrow          string // the id of its head, "" without one
}

type graphBox struct {
	Name, Word string
	Kind       string // "", "warn" or "bad"
	X, Y       int
}

// A box in per cent and pixels, and where boxes stand.
const (
	boxWidth  = 44
	boxHeight = 58
	boxMiddle = 28 // where a box alone in its row begins
	boxRight  = 56 // where the second of two begins
	rowPitch  = 130
	rowTop    = 4
	perRow    = 2
)

func newGraphView(g registry.Graph, now time.Time) graphView {
	nodes, boxes := map[string]registry.Node{}, map[string]graphBox{}
	for _, n := range g.Nodes {
		nodes[n.Name] = n
	}
	rows := layers(g)
	v := graphView{Finding: finding(g), Height: (len(rows)-1)*rowPitch + boxHeight + 2*rowTop}
	for i, row := range rows {
		for j, name := range row {
			box := newGraphBox(nodes[name], now)
			box.Y, box.X = rowTop+i*rowPitch, j*boxRight
			if len(row) == 1 {
				box.X = boxMiddle
			}
			boxes[name] = box
			v.Boxes = append(v.Boxes, box)
		}
	}
	if hub, ok := boxes[registry.RegistryService]; ok {
		for _, box := range v.Boxes {
			if box.Name != hub.Name {
				v.Lines = append(v.Lines, hubLine(hub, box))
			}
		}
	}
	for _, e := range g.Edges {
		v.Lines = append(v.Lines, callLines(boxes[e.From], boxes[e.To], e.OK)...)
	}
	return v
}

func newGraphBox(n registry.Node, now time.Time) graphBox {
	box := graphBox{Name: n.Name}
	box.Word, box.Kind = stateWord(n.State)
	if box.Kind == "bad" && !n.Since.IsZero() {
		box.Word += ", " + clockTime(n.Since, now)
	}
	return box
}

// Width and Height are the same for all boxes.
func (graphBox) Width() int  { return boxWidth }
func (graphBox) Height() int { return boxHeight }

func (b graphBox) centre() int { return b.X + boxWidth/2 }
func (b graphBox) middle() int { return b.Y + boxHeight/2 }
func (b graphBox) bottom() int { return b.Y + boxHeight }

// toward returns the share of the way, in per cent, from this box's left edge
// at which a line to x leaves or enters it.
func (b graphBox) toward(x, near, far int) int {
	switch {
	case x < b.centre():
		return b.X + boxWidth*near/100
	case x > b.centre():
		return b.X + boxWidth*far/100
	}
	return b.centre()
}

// hubLine joins the registry with a service above or below it.
func hubLine(hub, box graphBox) graphLine {
	line := graphLine{X1: hub.toward(box.centre(), 22, 78), X2: box.toward(hub.centre(), 32, 68), Kind: "hub"}
	if box.Y > hub.Y {
		line.Y1, line.Y2 = hub.bottom(), box.Y
	} else {
		line.Y1, line.Y2 = hub.Y, box.bottom()
	}
	return line
}

// callLines lead from a service to one it needs: along the row, or from its
// side past the registry to the outer part of the other, by a bend when both
// stand in the middle.
func callLines(from, to graphBox, ok bool) []graphLine {
	line := graphLine{Arrow: "head"}
	if !ok {
		line.Kind, line.Arrow = "bad", "head-bad"
	}
	line.X1, line.Y1 = from.toward(to.centre(), 0, 100), from.middle()
	switch {
	case from.Y == to.Y:
		line.X2, line.Y2 = to.toward(from.centre(), 0, 100), to.middle()
	case from.centre() == to.centre():
		bend := line
		line.X1, line.X2, line.Y2 = from.X, max(from.X-boxWidth/3, 1), (from.middle()+to.middle())/2
		bend.X1, bend.Y1, bend.X2, bend.Y2 = line.X2, line.Y2, to.X, to.middle()
		line.Arrow = ""
		return []graphLine{line, bend}
	case from.Y < to.Y:
		line.X2, line.Y2 = to.toward(from.centre(), 72, 28), to.Y-2
	default:
		line.Y1, line.X2, line.Y2 = from.Y, to.toward(from.centre(), 72, 28), to.bottom()+2
	}
	return []graphLine{line}
}

// finding says in a few sentences what the drawing shows.
func finding(g registry.Graph) string {
	words := map[string]string{}
	for _, n := range g.Nodes {
		words[n.Name], _ = stateWord(n.State)
	}
	var names []string
	needs := map[string][]string{}
	for _, e := range g.Edges {
		if needs[e.From] == nil {
			names = append(names, e.From)
		}
		needs[e.From] = append(needs[e.From], fmt.Sprintf("%s (%s)", e.To, words[e.To]))
	}
	var sentences []string
	for _, name := range names {
		sentences = append(sentences, name+" needs "+series(needs[name])+".")
	}
	return strings.Join(append(sentences, "All are known to RegistryService."), " ")
}
