package web

import (
	"testing"
	"time"
)

func TestMoments(t *testing.T) {
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.Local)
	for _, c := range []struct{ got, want string }{
		{Lasting(420 * time.Millisecond), "0.4 s"},
		{Lasting(42 * time.Second), "42 s"},
		{Lasting(144 * time.Second), "2 min 24 s"},
		{Lasting(163 * time.Minute), "2 h 43 min"},
		{Lasting(50 * time.Hour), "2 d 2 h"},
		{Lasting(-time.Second), "0.0 s"},
		{Clock(now, now, time.TimeOnly), "12:00:00"},
		{Clock(now.AddDate(0, 0, -1), now, time.TimeOnly), "20 Nov, 12:00:00"},
		{Clock(now.AddDate(-1, 0, 0), now, time.TimeOnly), "21 Nov 2025, 12:00:00"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}
