package registry

import (
	"testing"
	"time"
)

func TestHold(t *testing.T) {
	start := time.Date(2026, 11, 20, 10, 42, 0, 0, time.UTC)
	tests := []struct {
		name  string
		times int
		every time.Duration
		want  time.Duration // rounded down to seconds
	}{
		{"never", 0, 0, 0},
		{"once", 1, 0, 0},
		{"twice in a second", 2, time.Second, 3 * time.Second},
		{"twice in a minute", 2, 50 * time.Second, 2 * time.Second},
		{"twice in two minutes", 2, 2 * time.Minute, 0},
		{"once a minute for ever", 100, time.Minute, 4 * time.Second},
		{"three times", 3, time.Second, 7 * time.Second},
		{"without end", 1000, time.Second, time.Minute},
	}
	for _, tt := range tests {
		var f flaps
		now := start
		for range tt.times {
			now = now.Add(tt.every)
			f = f.add(downCosts, now)
		}
		if got := f.hold(now).Truncate(time.Second); got != tt.want {
			t.Errorf("%s: held for %v, want %v", tt.name, got, tt.want)
		}
	}
}

// With another provider there is time; without one it is given after 3 s.
func TestHoldOfTheLastProvider(t *testing.T) {
	for _, other := range []bool{true, false} {
		h := play(t, "reg A; ok A; refused A; refused A; ok A; refused A; refused A; ok A; refused A; refused A; ok A")
		if other {
			twin := registrationOf("A", "", "", "")
			twin.ServiceURL, twin.HeartbeatURL, twin.ServiceUpdateURL = testURL("B"), testURL("B")+"/heartbeat", testURL("B")+"/update"
			h.tab.step(registering{twin}, h.now)
			h.do("ok B")
		}
		h.do("+3s")
		h.do("ok A")
		if got := h.tab.services[key(testURL("A"))].health; (got == flapping) != other {
			t.Errorf("another provider: %t; after 3 s it is %s", other, got)
		}
	}
}
