package registry

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// edgesOf reads "a>b c>d": who needs whom; a word without ">" is a service that
// needs nobody.
func edgesOf(text string) (names []string, edges []Edge) {
	known := map[string]bool{}
	for _, word := range strings.Fields(text) {
		from, to, _ := strings.Cut(word, ">")
		for _, name := range []string{from, to} {
			if name != "" && !known[name] {
				known[name] = true
				names = append(names, name)
			}
		}
		if to != "" {
			edges = append(edges, Edge{From: from, To: to, Required: true, OK: true})
		}
	}
	return names, edges
}

// rowsOf is a layout in letters: rows from the top, lanes in brackets.
func rowsOf(l *layout) string {
	var rows []string
	for _, row := range l.rows {
		var slots []string
		for _, s := range row {
			if s.lane {
				slots = append(slots, "("+s.name+")")
			} else {
				slots = append(slots, s.name)
			}
		}
		rows = append(rows, strings.Join(slots, " "))
	}
	return strings.Join(rows, " / ")
}

func TestLayoutRows(t *testing.T) {
	for _, c := range []struct{ edges, want string }{
		{"", ""},
		{"a", "a"},
		{"b a", "a b"},
		{"p>g p>l g>l", "p / g (l) / l"},
		{"p>g g>s s>d", "p / g / s / d"},
		{"p>a p>b p>c p>d p>e", "p / a b c d (e) / e"},
		{"a>z b>y c>x", "a b c / z y x"},                         // below those who need them
		{"a>m b>m m>l a>l b>l", "a b / m (l) / l"},               // one lane for all
		{"a>b b>a", "b / a"},                                     // the edge that closes the circle leads up
		{"a>a", "a"},                                             // and none is drawn to itself
		{"p>a b>c c>b", "c p / b a"},                             // a circle that nothing leads into
		{"x>b a>b b>c c>a", "c x / a (b) / b"},                   // a circle that something leads into
		{"a>l b>l c>l d>l e>l", "a b c d / e (l) / l"},           // more than fit side by side
		{"p>q q>r r>s p>s q>s", "p / q (s) / r (s) / s"},         // a lane through two rows
		{"a>c b>d a>d c>e d>e", "a b / c d / e"},                 //
		{"a>b a>c b>d c>d d>e a>e", "a / b c (e) / d (e) / e"},   //
		{"t>g t>l g>l n>m n>t x>g", "n x / m t (g) / (l) g / l"}, // levels are the longest way down
	} {
		names, edges := edgesOf(c.edges)
		if got := rowsOf(newLayout(names, edges)); got != c.want {
			t.Errorf("%q: got %q, want %q", c.edges, got, c.want)
		}
	}
}

// Whatever needs whatever, a drawing stays inside its edges, boxes of a row do
// not overlap, and each edge is a way from one box to the other.
func TestLayoutHolds(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for round := range 2000 {
		n := 1 + random.IntN(14)
		var words []string
		for range random.IntN(3 * n) {
			words = append(words, fmt.Sprintf("s%d>s%d", random.IntN(n), random.IntN(n)))
		}
		text := strings.Join(words, " ")
		names, edges := edgesOf(text)
		l := newLayout(names, edges)
		for _, row := range l.rows {
			right := 0.0
			for _, s := range row {
				if s.left < right || s.left+s.width > 100 || s.bottom() > l.height() {
					t.Fatalf("round %d, %q: %q is at %.1f, %.1f wide, after %.1f", round, text, s.name, s.left, s.width, right)
				}
				right = s.left + s.width
			}
		}
		for _, w := range l.wires {
			a := w.arrow()
			if min(a.X1, a.X2) < 0 || max(a.X1, a.X2) > 100 || min(a.Y1, a.Y2) < 0 || max(a.Y1, a.Y2) > l.height() {
				t.Fatalf("%q: the line %+v leaves the drawing", text, a)
			}
		}
		for _, e := range edges {
			if e.From != e.To && !leads(l, e) {
				t.Fatalf("%q: no way from %s to %s in %s", text, e.From, e.To, rowsOf(l))
			}
		}
	}
}

// leads reports whether wires lead from one end of e to the other.
func leads(l *layout, e Edge) bool {
	here := l.at(l.row[e.From], e.From)
	for here.lane || here.name != e.To {
		var next *slot
		for _, w := range l.wires {
			if w.from == here && w.to.name == e.To && (w.to.row > here.row || !w.to.lane) {
				next = w.to
			}
		}
		if next == nil {
			return false
		}
		here = next
	}
	return true
}
