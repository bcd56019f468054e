package portal

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"gradebook/registry"
	"gradebook/service/web"
)

// statusView is the state of the whole system as the registry sees it.
type statusView struct {
	Checked  string
	Unseen   bool // the registry did not answer
	Causes   []cause
	Notes    []string // what else to know
	Graph    graphView
	Changes  []changeLine
	Services []serviceRow
}

// cause is a service whose absence explains what is wrong.
type cause struct {
	Name, Text string
	Follows    string // what it does to others
	Stops      bool   // somebody cannot work without it
	Logged     bool   // its last lines can be read
}

type changeLine struct{ Time, Text string }

type serviceRow struct {
	Name, Word, Kind             string
	Address, Beat, View, Running string
}

// maxChanges is how many changes the page lists.
const maxChanges = 8

func (s *Server) showStatus(w http.ResponseWriter, r *http.Request) error {
	v := newStatusView(s.watch.fresh(r.Context()), s.now())
	return s.render(w, r, page{Template: "status", Title: "System status", Section: "status", View: v})
}

func newStatusView(seen sighting, now time.Time) statusView {
	v := statusView{Checked: now.Local().Format("15:04:05")}
	if seen.Err != nil {
		v.Unseen = true
		return v
	}
	g := seen.Graph
	v.Causes = causes(g)
	if g.Settling {
		v.Notes = append(v.Notes, "The registry has just started and has not heard from everybody yet.")
	}
	if g.Frozen != "" {
		v.Notes = append(v.Notes, "Nobody is taken out for silence at present: "+g.Frozen+".")
	}
	v.Graph = newGraphView(g, now)
	for _, c := range g.Changes[:min(len(g.Changes), maxChanges)] {
		v.Changes = append(v.Changes, changeLine{clockMillis(c.Time, now), c.Text})
	}
	for _, n := range g.Nodes {
		v.Services = append(v.Services, newServiceRows(n, g.Edges, now)...)
	}
	return v
}

// causes returns the services that are away, each with what follows for those
// who need it.
func causes(g registry.Graph) []cause {
	var found []cause
	for _, n := range g.Nodes {
		if _, kind := stateWord(n.State); kind != "bad" {
			continue
		}
		c := cause{Name: n.Name, Text: sentence(n.Reason), Logged: n.Name != logService}
		var stopped, weaker []string
		for _, e := range g.Edges {
			switch {
			case e.To != n.Name:
			case e.Required:
				stopped = append(stopped, e.From)
			default:
				weaker = append(weaker, e.From)
			}
		}
		c.Stops = stopped != nil
		if stopped != nil {
			c.Follows = fmt.Sprintf("%s cannot do without it. Saved grades are safe; saving is off until it is back.", series(stopped))
		}
		if weaker != nil {
			c.Follows = strings.TrimSpace(c.Follows + " " + fmt.Sprintf("%s can do without it and will use it again when it is back.", series(weaker)))
		}
		found = append(found, c)
	}
	return found
}

// newServiceRows returns a row for each address of a service, or one for a
// service that has none.
func newServiceRows(n registry.Node, edges []registry.Edge, now time.Time) []serviceRow {
	word, kind := stateWord(n.State)
	if missing := missingFor(n.Name, edges); missing != "" {
		word += ": needs " + missing
	}
	if n.Instances == nil {
		return []serviceRow{{Name: n.Name, Word: word, Kind: kind, Address: noGrade, Beat: noGrade, View: noGrade, Running: noGrade}}
	}
	var rows []serviceRow
	for _, i := range n.Instances {
		row := serviceRow{
			Name: n.Name, Word: word, Kind: kind,
			Address: strings.TrimPrefix(i.URL, "http://"), Beat: ago(i.LastHeartbeat, now),
			View: fmt.Sprint(i.Revision), Running: web.Lasting(now.Sub(i.Started)),
		}
		if i.Health != "up" {
			row.Word, row.Kind = stateWord(i.Health)
			row.Running = noGrade
			if i.Reason != "" {
				row.Word += ": " + i.Reason
			}
		}
		rows = append(rows, row)
	}
	return rows
}

// missingFor names the services that name needs and that are away.
func missingFor(name string, edges []registry.Edge) string {
	var missing []string
	for _, e := range edges {
		if e.From == name && !e.OK {
			missing = append(missing, e.To)
		}
	}
	return series(missing)
}

// stateWord is a state in words, and its kind.
func stateWord(state string) (word, kind string) {
	switch state {
	case "up":
		return "works", ""
	case "unverified":
		return "not heard from yet", "warn"
	case "absent":
		return "not here", "bad"
	case "down":
		return "down", "bad"
	}
	return state, "warn" // degraded, blocked
}
