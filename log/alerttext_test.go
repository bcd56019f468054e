package log

import (
	"testing"
	"time"
)

func TestAlertText(t *testing.T) {
	at := time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)
	alerts := []Alert{
		{Name: "a", Rule: "silence(service=A) over 5m", State: alertUnknown},
		{Name: "errors", Rule: "count(level>=error) over 30m > 100", State: alertFiring, Since: at, Value: 101},
	}
	const want = "" +
		"unknown a                                      0 silence(service=A) over 5m\n" +
		"firing  errors  2026-11-20T10:00:00.000Z     101 count(level>=error) over 30m > 100\n"
	if got := string(appendAlerts(nil, alerts)); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}
