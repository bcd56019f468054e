package portal

import (
	"time"

	"gradebook/service/web"
)

// clockTime is a moment as a person says it: the time today, with its day
// otherwise.
func clockTime(t, now time.Time) string { return web.Clock(t, now, "15:04:05") }

// clockMillis is clockTime to the millisecond.
func clockMillis(t, now time.Time) string { return web.Clock(t, now, "15:04:05.000") }

// ago says how long ago t was: "0.4 s ago", "2 min 24 s ago".
func ago(t, now time.Time) string {
	if t.IsZero() {
		return noGrade
	}
	return web.Lasting(now.Sub(t)) + " ago"
}
