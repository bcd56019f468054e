package registry

import (
	"fmt"
	"strings"
	"time"
)

const (
	shownCauses = 5
	lateAfter   = 2 * time.Second // from when one that has not acknowledged is worth a banner
)

// pulse is the state of everything in a few words.
type pulse struct{ Kind, Text string }

// banner says what is wrong, or that nothing is.
type banner struct{ Kind, Fact, Follows string }

func newPulse(g Graph) pulse {
	var away []string
	others := 0
	for _, n := range g.Nodes {
		switch kindOf(n.State) {
		case "bad":
			away = append(away, n.Name)
		case "warn":
			others++
		}
	}
	switch {
	case len(away) == 1:
		return pulse{"bad", away[0] + " is away"}
	case len(away) > 1:
		return pulse{"bad", fmt.Sprintf("%d services are away", len(away))}
	case g.Settling:
		return pulse{"warn", "Settling"}
	case others > 0:
		return pulse{"warn", fmt.Sprintf("%d not well", others)}
	}
	return pulse{"", "All services up"}
}

// banners says what is wrong, causes first.
func banners(g Graph, now time.Time) []banner {
	found, over := causes(g)
	if over > 0 {
		found = append(found, banner{"bad", fmt.Sprintf("%d more services are away.", over), "The table below has all of them."})
	}
	if g.Settling {
		found = append(found, banner{"warn", "This registry has just started and has not heard from everybody yet.", "Until then it takes nobody's providers away."})
	}
	if g.Frozen != "" {
		found = append(found, banner{"warn", "Nobody is taken out for silence at present: " + g.Frozen + ".", "Who refuses connections still is. Removal goes on when most answer again, or in a few minutes."})
	}
	if b := laggards(g, now); b.Fact != "" {
		found = append(found, b)
	}
	if found == nil && newPulse(g).Kind == "" {
		found = append(found, banner{"ok", fmt.Sprintf("All %d services are up.", len(g.Nodes)), ""})
	}
	return found
}

// causes returns a banner for each service that is away or flapping, up to a
// few, and how many more there are.
func causes(g Graph) (found []banner, over int) {
	for _, n := range g.Nodes {
		kind := kindOf(n.State)
		switch {
		case kind != "bad" && n.State != string(flapping):
		case len(found) == shownCauses:
			over++
		default:
			found = append(found, banner{kind, n.Reason, follows(n.Name, g.Edges)})
		}
	}
	return found, over
}

// follows says what the loss of a service does to those who need it.
func follows(name string, edges []Edge) string {
	var blocked, degraded []string
	for _, e := range edges {
		switch {
		case e.To != name || e.OK:
		case e.Required:
			blocked = append(blocked, e.From)
		default:
			degraded = append(degraded, e.From)
		}
	}
	var sentences []string
	if blocked != nil {
		sentences = append(sentences, list(blocked)+" blocked by that.")
	}
	if degraded != nil {
		sentences = append(sentences, list(degraded)+" degraded, and can do without it.")
	}
	return strings.Join(sentences, " ")
}

// laggards names those who have not acknowledged for long what they were told.
func laggards(g Graph, now time.Time) banner {
	recent := make(map[uint64]bool)
	for _, c := range g.Changes {
		recent[c.Revision] = now.Sub(c.Time) < lateAfter
	}
	var late []string
	for _, n := range g.Nodes {
		for _, i := range n.Instances {
			if i.late() && !recent[i.Wanted] {
				late = append(late, fmt.Sprintf("%s at %s holds revision %d and should hold %d.", n.Name, shortURL(i.URL), i.Revision, i.Wanted))
			}
		}
	}
	if late == nil {
		return banner{}
	}
	over := ""
	if n := len(late) - shownCauses; n > 0 {
		late, over = late[:shownCauses], fmt.Sprintf(" So it is with %d more.", n)
	}
	return banner{"warn", "Not everybody has acknowledged what changed.", strings.Join(late, " ") + over}
}

// late reports whether an instance that answers does not hold what it should.
func (i *InstanceStatus) late() bool {
	return i.Wanted > i.Revision && (i.Health == string(up) || i.Health == string(flapping))
}
