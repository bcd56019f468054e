package log

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"gradebook/service/web"
)

// sparkHeight is how high an alert's last values are drawn.
const sparkHeight = 40.0

// alertRow is how an alert stands, for a page.
type alertRow struct {
	Name, Rule string
	Kind, Word string // of its state
	Since      string // when that began; "" if it never was otherwise
	Value      string // and what it is compared with
	Spark      *spark // nil without values
	History    []alertChange
}

// alertChange is that an alert began to fire, or ceased to.
type alertChange struct{ Time, Kind, Text string }

// spark is a small drawing of the last values of an alert, with a line where it fires.
type spark struct {
	Finding string // what it shows, for those who do not see it
	Points  string // of a line in a picture of 100 by sparkHeight
	Limit   string // height of that line
	Height  float64
}

// showAlerts answers with the page of all alerts.
func (s *Server) showAlerts(w http.ResponseWriter, host string, alerts []Alert) error {
	v := struct {
		Host   string
		Alerts []alertRow
	}{host, alertRows(alerts, time.Now())}
	return s.show(w, page{Template: "alerts", Title: "Alerts", Section: "alerts", View: v})
}

// mostUrgent is how many alerts stand above the lines.
const mostUrgent = 5

// urgentAlerts is what stands above the lines: the alerts that are not ok, and how many others
// there are.
type urgentAlerts struct {
	Rows   []alertRow
	Others string // "" if there are none
}

func newUrgentAlerts(alerts []Alert, now time.Time) urgentAlerts {
	ok := 0
	for _, a := range alerts {
		if a.State == alertOK {
			ok++
		}
	}
	rows := alertRows(alerts, now)
	u := urgentAlerts{Rows: rows[:min(len(rows)-ok, mostUrgent)]}
	switch others := len(rows) - len(u.Rows); {
	case others == 0:
	case len(u.Rows) == 0:
		u.Others = web.Count(ok, "alert, which is ok", "alerts, all ok")
	default:
		u.Others = web.Count(others, "more alert", "more alerts")
	}
	return u
}

// alertRows returns those that fire first.
func alertRows(alerts []Alert, now time.Time) []alertRow {
	alerts = slices.Clone(alerts)
	slices.SortStableFunc(alerts, func(a, b Alert) int { return urgency(a.State) - urgency(b.State) })
	var rows []alertRow
	for _, a := range alerts {
		rows = append(rows, newAlertRow(a, now))
	}
	return rows
}

// urgency orders states: the lowest needs somebody most.
func urgency(state string) int {
	return slices.Index([]string{alertFiring, alertUnknown, alertOK}, state)
}

func newAlertRow(a Alert, now time.Time) alertRow {
	row := alertRow{Name: a.Name, Rule: a.Rule, Word: a.State, Spark: newSpark(a), Value: valueText(a)}
	switch a.State {
	case alertFiring:
		row.Kind = "bad"
	case alertUnknown:
		row.Kind = "warn"
	}
	if !a.Since.IsZero() {
		row.Since = web.Clock(a.Since, now, time.TimeOnly)
	}
	for _, t := range slices.Backward(a.History) {
		change := alertChange{Time: web.Clock(t.Time, now, time.TimeOnly), Text: "over, at " + web.Thousands(t.Value)}
		if t.State == alertFiring {
			change.Kind, change.Text = "bad", "fired, at "+web.Thousands(t.Value)
		}
		row.History = append(row.History, change)
	}
	return row
}

// valueText says how near the value is to what it is compared with.
func valueText(a Alert) string {
	if strings.HasPrefix(a.Rule, "silence") {
		seconds := func(n int) string { return web.Lasting(time.Duration(n) * time.Second) }
		return fmt.Sprintf("silent for %s, limit %s", seconds(a.Value), seconds(a.Threshold))
	}
	return fmt.Sprintf("%s, limit %s", web.Thousands(a.Value), web.Thousands(a.Threshold))
}

func newSpark(a Alert) *spark {
	if len(a.Values) < 2 {
		return nil
	}
	first, last := a.Values[0].Time, a.Values[len(a.Values)-1].Time
	most := max(a.Threshold, 1)
	for _, r := range a.Values {
		most = max(most, r.Value)
	}
	height := func(value int) string {
		return fmt.Sprintf("%.1f", 1+(sparkHeight-2)*(1-float64(value)/float64(most)))
	}
	var points []string
	for _, r := range a.Values {
		x := 100 * r.Time.Sub(first).Seconds() / max(last.Sub(first).Seconds(), 1e-9)
		points = append(points, fmt.Sprintf("%.1f,%s", x, height(r.Value)))
	}
	return &spark{
		Finding: fmt.Sprintf("Values of the last %s, up to %s; the line is at %s.", web.Lasting(last.Sub(first)), web.Thousands(most), web.Thousands(a.Threshold)),
		Points:  strings.Join(points, " "), Limit: height(a.Threshold), Height: sparkHeight,
	}
}
