package web

import (
	"fmt"
	"time"
)

// Clock is a moment as a person says it: the time of the day in layout, with
// the day before it unless that is now's.
func Clock(t, now time.Time, layout string) string {
	t, now = t.Local(), now.Local()
	switch {
	case t.Year() != now.Year():
		return t.Format("2 Jan 2006, " + layout)
	case t.YearDay() != now.YearDay():
		return t.Format("2 Jan, " + layout)
	}
	return t.Format(layout)
}

// Lasting is a duration in its two largest units: "0.4 s", "2 min 24 s".
func Lasting(d time.Duration) string {
	d = max(d, 0)
	switch {
	case d < 10*time.Second:
		return fmt.Sprintf("%.1f s", d.Seconds())
	case d < time.Minute:
		return fmt.Sprintf("%d s", d/time.Second)
	case d < time.Hour:
		return fmt.Sprintf("%d min %d s", d/time.Minute, d%time.Minute/time.Second)
	case d < 24*time.Hour:
		return fmt.Sprintf("%d h %d min", d/time.Hour, d%time.Hour/time.Minute)
	}
	return fmt.Sprintf("%d d %d h", d/(24*time.Hour), d%(24*time.Hour)/time.Hour)
}
