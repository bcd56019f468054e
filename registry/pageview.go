package registry

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"gradebook/service/web"
)

const (
	shownChanges  = 8
	shownServices = 200 // rows
)

// pageView is what the page shows.
type pageView struct {
	Assets   *web.Assets
	Pulse    pulse
	At       string
	Revision uint64
	Banners  []banner
	Drawing  drawing
	Changes  []changeLine
	Services []serviceRow
	More     string // services that are not listed
}

// changeLine is one change and how far it has spread.
type changeLine struct{ Time, Text, Spread, SpreadKind string }

// serviceRow is one address of a service, or a service that has none.
type serviceRow struct {
	Name, Address   string
	Kind, Word, Why string
	Since           string // when that began
	Beat            string
	View            string // the revision it holds
	Late            bool   // it should hold another
	Running         string
}

func newPageView(g Graph, assets *web.Assets, now time.Time) pageView {
	v := pageView{
		Assets: assets, Pulse: newPulse(g), At: now.Local().Format(time.TimeOnly), Revision: g.Revision,
		Banners: banners(g, now), Drawing: newDrawing(g, now),
	}
	for _, c := range g.Changes[:min(len(g.Changes), shownChanges)] {
		v.Changes = append(v.Changes, newChangeLine(c, now))
	}
	v.Services, v.More = listed(g.Nodes, now)
	return v
}

// listed returns the rows of the table, and what to say about those for which
// it has no room: the troubled ones come first then.
func listed(nodes []Node, now time.Time) (rows []serviceRow, more string) {
	all := 0
	for _, n := range nodes {
		all += max(len(n.Instances), 1)
	}
	if all > shownServices {
		nodes = slices.Clone(nodes)
		slices.SortStableFunc(nodes, func(a, b Node) int { return compareTrue(kindOf(a.State) != "", kindOf(b.State) != "") })
		more = fmt.Sprintf("%d more addresses, of services in no worse state: GET /services lists all.", all-shownServices)
	}
	for _, n := range nodes {
		if room := shownServices - len(rows); room > 0 {
			n.Instances = n.Instances[:min(len(n.Instances), room)]
			rows = append(rows, serviceRows(n, now)...)
		}
	}
	return rows, more
}

func newChangeLine(c Change, now time.Time) changeLine {
	line := changeLine{Time: web.Clock(c.Time, now, "15:04:05.000"), Text: c.Text}
	switch {
	case c.Waiting > 0:
		line.Spread, line.SpreadKind = fmt.Sprintf("%d of %s still to acknowledge", c.Waiting, dependents(c.Dependents)), "warn"
	case c.Dependents > 0:
		line.Spread, line.SpreadKind = fmt.Sprintf("acknowledged by %s in %s", dependents(c.Dependents), took(c.Took)), "muted"
	}
	return line
}

func dependents(n int) string {
	if n == 1 {
		return "1 dependent"
	}
	return fmt.Sprintf("%d dependents", n)
}

// took words a Go duration.
func took(text string) string {
	d, err := time.ParseDuration(text)
	switch {
	case err != nil:
		return text
	case d >= time.Second:
		return web.Lasting(d)
	}
	return fmt.Sprintf("%.1f ms", d.Seconds()*1000)
}

// serviceRows returns a row for each address of a service, or one for a
// service that has none.
func serviceRows(n Node, now time.Time) []serviceRow {
	if len(n.Instances) == 0 {
		row := serviceRow{Name: n.Name}
		row.setState(n.State, why(n), n.Since, now)
		return []serviceRow{row}
	}
	var rows []serviceRow
	for _, i := range n.Instances {
		row := serviceRow{Name: n.Name, Address: shortURL(i.URL), View: fmt.Sprint(i.Revision)}
		if i.Health == string(up) {
			row.setState(n.State, why(n), n.Since, now)
			row.Running = web.Lasting(now.Sub(i.Started))
		} else {
			row.setState(i.Health, i.Reason, i.Since, now)
		}
		if !i.LastHeartbeat.IsZero() {
			row.Beat = web.Lasting(now.Sub(i.LastHeartbeat)) + " ago"
		}
		if i.late() {
			row.View, row.Late = fmt.Sprintf("%d, not %d", i.Revision, i.Wanted), true
		}
		rows = append(rows, row)
	}
	return rows
}

func (r *serviceRow) setState(state, why string, since, now time.Time) {
	r.Kind, r.Word, r.Why, r.Since = kindOf(state), state, why, web.Clock(since, now, time.TimeOnly)
}

// Words is the name in the parts between which it may be broken.
func (r serviceRow) Words() []string { return words(r.Name) }

// why is the cause in the reason of a node that is not well.
func why(n Node) string {
	if n.State == string(up) {
		return ""
	}
	_, cause, _ := strings.Cut(n.Reason, ": ")
	return strings.TrimSuffix(cause, ".")
}

// shortURL is a URL as a table shows it.
func shortURL(url string) string { return strings.TrimPrefix(url, "http://") }
