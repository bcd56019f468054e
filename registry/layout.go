package registry

import (
	"cmp"
	"math"
	"slices"
)

// Measures of a drawing: across in per cent of its width, down in pixels.
const (
	perRow   = 4 // boxes
	boxMost  = 44.0
	boxLeast = 15.0
	laneWide = 6.0
	slotGap  = 6.0
	allWide  = 99.0 // the border of a box is half outside of it
	rowHigh  = 60
	rowGap   = 52
	edgeRoom = 4 // above the first row and below the last
)

// layout places services in rows, so that each stands below all that need it,
// and leads the lines between them past what stands in between: a line that
// crosses a row has a lane there, which all lines to the same service share.
type layout struct {
	rows  [][]*slot
	row   map[string]int // of each service
	wires []*wire

	box, lane, gap float64 // widths
}

// slot is the place of a service in its row, or of a lane to one further down.
type slot struct {
	name        string
	lane        bool
	row         int
	left, width float64
	above       []*wire // that end here
	below       []*wire // that begin here
}

// wire joins two slots of neighbouring rows, or of any two when it leads up.
type wire struct {
	from, to *slot
	required bool // by any of those who share it
	ok       bool
}

// newLayout places the services of these names. Edges to others, and of a
// service to itself, are left out.
func newLayout(names []string, edges []Edge) *layout {
	edges = slices.DeleteFunc(slices.Clone(edges), func(e Edge) bool {
		return e.From == e.To || !slices.Contains(names, e.From) || !slices.Contains(names, e.To)
	})
	l := &layout{row: make(map[string]int)}
	l.fill(names, edges)
	l.addLanes(edges)
	l.join(edges)
	l.measure()
	for _, row := range l.rows {
		order(row)
		l.spread(row)
	}
	return l
}

// fill makes the rows, of a few boxes each, by depth and name.
func (l *layout) fill(names []string, edges []Edge) {
	levels := make([][]string, len(names))
	for name, depth := range depths(names, edges) {
		levels[depth] = append(levels[depth], name)
	}
	for _, level := range levels {
		slices.Sort(level)
		for part := range slices.Chunk(level, perRow) {
			var row []*slot
			for _, name := range part {
				l.row[name] = len(l.rows)
				row = append(row, &slot{name: name, row: len(l.rows)})
			}
			l.rows = append(l.rows, row)
		}
	}
}

// addLanes gives each line that crosses rows its place in them.
func (l *layout) addLanes(edges []Edge) {
	for _, e := range edges {
		for r := l.row[e.From] + 1; r < l.row[e.To]; r++ {
			if l.at(r, e.To) == nil {
				l.rows[r] = append(l.rows[r], &slot{name: e.To, lane: true, row: r})
			}
		}
	}
}

// at returns the slot of a name, or of the lane to it, in a row; nil if there
// is none.
func (l *layout) at(row int, name string) *slot {
	for _, s := range l.rows[row] {
		if s.name == name {
			return s
		}
	}
	return nil
}

// join leads each edge from row to row down to its end. One that closes a
// circle leads up in one piece.
func (l *layout) join(edges []Edge) {
	for _, e := range edges {
		from, to := l.row[e.From], l.row[e.To]
		here := l.at(from, e.From)
		if to < from {
			l.wires = append(l.wires, &wire{here, l.at(to, e.To), e.Required, e.OK})
			continue
		}
		for r := from + 1; r <= to; r++ {
			next := l.at(r, e.To)
			l.connect(here, next, e)
			here = next
		}
	}
}

// connect joins two slots for an edge, once for all edges that go that way.
func (l *layout) connect(from, to *slot, e Edge) {
	for _, w := range from.below {
		if w.to == to {
			w.required = w.required || e.Required
			return
		}
	}
	w := &wire{from, to, e.Required, e.OK}
	from.below, to.above = append(from.below, w), append(to.above, w)
	l.wires = append(l.wires, w)
}

// order sorts a row by where those stand who need its services, so that few
// lines cross. The rows above have been spread.
func order(row []*slot) {
	slices.SortStableFunc(row, func(a, b *slot) int { return cmp.Compare(a.pull(), b.pull()) })
}

// pull is where the lines from above come from, on average.
func (s *slot) pull() float64 {
	if len(s.above) == 0 {
		return 50
	}
	sum := 0.0
	for _, w := range s.above {
		sum += w.from.centre()
	}
	return sum / float64(len(s.above))
}

// measure finds the widths with which every row fits: narrow boxes in a row of
// many, and where many lanes cross a row, narrow lanes.
func (l *layout) measure() {
	tight := 1.0
	for _, row := range l.rows {
		boxes, lanes := count(row)
		tight = min(tight, (allWide-boxes*boxLeast)/max(lanes*laneWide+(boxes+lanes-1)*slotGap, 1))
	}
	l.box, l.lane, l.gap = boxMost, laneWide*tight, slotGap*tight
	for _, row := range l.rows {
		boxes, lanes := count(row)
		l.box = min(l.box, (allWide-lanes*l.lane-(boxes+lanes-1)*l.gap)/boxes)
	}
}

// count returns how many of each are in a row.
func count(row []*slot) (boxes, lanes float64) {
	for _, s := range row {
		if s.lane {
			lanes++
		} else {
			boxes++
		}
	}
	return boxes, lanes
}

// spread places the slots of a row side by side around the middle.
func (l *layout) spread(row []*slot) {
	total := -l.gap
	for _, s := range row {
		s.width = l.box
		if s.lane {
			s.width = l.lane
		}
		total += s.width + l.gap
	}
	left := (100 - total) / 2
	for _, s := range row {
		s.left = left
		left += s.width + l.gap
	}
}

// height is that of the whole drawing.
func (l *layout) height() int {
	return max(len(l.rows)*(rowHigh+rowGap)-rowGap, 0) + 2*edgeRoom
}

func (s *slot) top() int        { return edgeRoom + s.row*(rowHigh+rowGap) }
func (s *slot) bottom() int     { return s.top() + rowHigh }
func (s *slot) centre() float64 { return s.left + s.width/2 }

// port is where a wire meets s, among all wires on that side: each has a place
// of its own, in the order of where they lead.
func (s *slot) port(side []*wire, w *wire, end func(*wire) *slot) float64 {
	if s.lane {
		return s.centre()
	}
	place := 1
	for _, other := range side {
		if cmp.Or(cmp.Compare(end(other).centre(), end(w).centre()), cmp.Compare(end(other).name, end(w).name)) < 0 {
			place++
		}
	}
	return s.left + s.width*float64(place)/float64(len(side)+1)
}

// tenth rounds a place to what a screen can show.
func tenth(x float64) float64 { return math.Round(x*10) / 10 }
