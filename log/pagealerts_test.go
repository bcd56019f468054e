package log

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestAlertRows(t *testing.T) {
	now := time.Date(2026, 11, 21, 10, 42, 7, 0, time.Local)
	alerts := []Alert{
		{Name: "a", Rule: "count() over 1m > 3", State: alertOK, Threshold: 3},
		{Name: "b", Rule: "silence(service=S) over 5m", State: alertUnknown, Value: 20, Threshold: 300},
		{
			Name: "c", Rule: "count() over 1m > 1000", State: alertFiring, Since: now, Value: 2000, Threshold: 1000,
			Values:  []Reading{{now.Add(-2 * time.Second), 0}, {now.Add(-time.Second), 1000}, {now, 2000}},
			History: []Transition{{now.Add(-time.Minute), alertFiring, 1001}, {now.Add(-time.Second), alertOK, 4}, {now, alertFiring, 2000}},
		},
	}
	var got strings.Builder
	for _, r := range alertRows(alerts, now) {
		fmt.Fprintf(&got, "%s %s %s|%s|%s|%v", r.Name, r.Kind, r.Word, r.Since, r.Value, r.History)
		if s := r.Spark; s != nil {
			fmt.Fprintf(&got, "|%s|%s|%s", s.Points, s.Limit, s.Finding)
		}
		got.WriteByte('\n')
	}
	want := `c bad firing|10:42:07|2,000, limit 1,000|[{10:42:07 bad fired, at 2,000} {10:42:06  over, at 4} {10:41:07 bad fired, at 1,001}]|0.0,39.0 50.0,20.0 100.0,1.0|20.0|Values of the last 2.0 s, up to 2,000; the line is at 1,000.
b warn unknown||silent for 20 s, limit 5 min 0 s|[]
a  ok||0, limit 3|[]
`
	if got.String() != want {
		t.Errorf("got\n%swant\n%s", got.String(), want)
	}
	for _, test := range []struct {
		alerts []Alert
		rows   int
		others string
	}{
		{nil, 0, ""},
		{alerts[:1], 0, "1 alert, which is ok"},
		{alerts, 2, "1 more alert"},
		{append(alerts[1:2:2], alerts[1], alerts[1], alerts[1], alerts[1], alerts[1], alerts[1]), 5, "2 more alerts"},
	} {
		if u := newUrgentAlerts(test.alerts, now); len(u.Rows) != test.rows || u.Others != test.others {
			t.Errorf("above the lines: got %d rows and %q, want %d and %q", len(u.Rows), u.Others, test.rows, test.others)
		}
	}
}

func TestAlertsForBrowsers(t *testing.T) {
	s := mustOpen(t, t.TempDir())
	if _, body := s.browse(t, "/alerts"); !strings.Contains(body, "There are no alerts yet") {
		t.Errorf("got\n%s", body)
	}
	if status, body := s.do(t, "PUT", "/alerts/many", `count(q="<b>") over 1m > 3`); status != 201 {
		t.Fatalf("got %d %s", status, body)
	}
	for _, path := range []string{"/alerts", "/"} {
		if resp, body := s.browse(t, path); resp.StatusCode != 200 || strings.Contains(body, "<b>") || !strings.Contains(body, "alert") {
			t.Errorf("%s: got %s\n%s", path, resp.Status, body)
		}
	}
}
