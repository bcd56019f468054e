package log

import (
	"testing"
	"time"
)

func TestPresence(t *testing.T) {
	start := time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)
	up := func(since time.Duration) []registered { return []registered{{"up", start.Add(since)}} }
	down := func(since time.Duration) []registered { return []registered{{"down", start.Add(since)}} }
	type look struct {
		at   time.Duration
		seen []registered
	}
	tests := []struct {
		name       string
		looks      []look
		since      time.Duration // when here or not gone
		here, gone bool
	}{
		{"nothing known", nil, 0, false, false},
		{"never there", []look{{0, nil}}, 0, false, true},
		{"there", []look{{time.Minute, up(0)}}, 0, true, false},
		{"health changes", []look{{time.Minute, up(0)}, {3 * time.Minute, down(2 * time.Minute)}}, 0, true, false},
		{"two instances", []look{{time.Minute, append(up(time.Second), down(0)...)}}, 0, true, false},
		{"deregistered just now", []look{{0, up(0)}, {time.Minute, nil}}, 0, false, false},
		{"deregistered", []look{{0, up(0)}, {time.Minute, nil}, {time.Minute + absenceForgiven, nil}}, 0, false, true},
		{"the registry started anew", []look{{0, up(0)}, {time.Minute, nil}, {time.Minute + 2*time.Second, up(time.Minute)}}, 0, true, false},
		{"back later", []look{{0, up(0)}, {time.Minute, nil}, {2 * time.Minute, nil}, {3 * time.Minute, up(3 * time.Minute)}}, 3 * time.Minute, true, false},
		{"down and deregistered", []look{{0, down(0)}, {time.Minute, nil}, {2 * time.Minute, nil}}, 0, false, true},
		{"forgotten", []look{{0, down(0)}, {10 * time.Minute, nil}, {20 * time.Minute, nil}}, 0, true, false},
		{"one well, so not forgotten", []look{{0, append(down(0), up(0)...)}, {10 * time.Minute, nil}, {20 * time.Minute, nil}}, 0, false, true},
	}
	for _, test := range tests {
		var p presence
		for _, l := range test.looks {
			p.see(l.seen, start.Add(l.at))
		}
		if p.here() != test.here || p.gone() != test.gone || p.here() && !p.since.Equal(start.Add(test.since)) {
			t.Errorf("%s: got here %v, gone %v, since %v", test.name, p.here(), p.gone(), p.since.Sub(start))
		}
	}
}
