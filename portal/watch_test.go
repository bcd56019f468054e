package portal

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"gradebook/registry"
)

// TestWatch asks a registry that answers once in two seconds at most.
func TestWatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fetches := 0
		w := newWatch(func(context.Context) (registry.Graph, error) {
			fetches++
			return registry.Graph{Revision: uint64(fetches)}, nil
		}, time.Now)
		defer w.close()
		for _, c := range []struct {
			after time.Duration
			want  uint64
		}{{0, 1}, {time.Second, 1}, {time.Second, 2}, {1999 * time.Millisecond, 2}, {time.Millisecond, 3}} {
			time.Sleep(c.after)
			if got := w.look(t.Context()); got.Err != nil || got.Graph.Revision != c.want {
				t.Errorf("got %+v, want revision %d", got, c.want)
			}
		}
		if got := w.fresh(t.Context()); got.Graph.Revision != 4 {
			t.Errorf("fresh: got %+v, want revision 4", got)
		}
	})
}

// TestWatchSilence never waits long for a registry that is stuck, and sees when
// it is back.
func TestWatchSilence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stuck := true
		w := newWatch(func(ctx context.Context) (registry.Graph, error) {
			if stuck {
				<-ctx.Done()
				return registry.Graph{}, ctx.Err()
			}
			return registry.Graph{Revision: 1}, nil
		}, time.Now)
		defer w.close()
		look := func(wait time.Duration, known bool) {
			t.Helper()
			start := time.Now()
			if got := w.look(t.Context()); (got.Err == nil) != known {
				t.Errorf("got %+v, want known %v", got, known)
			}
			if waited := time.Since(start); waited != wait {
				t.Errorf("waited %v, want %v", waited, wait)
			}
		}
		look(lookLimit, false)
		time.Sleep(fetchLimit)
		look(0, false) // it failed: cached
		time.Sleep(sightAge)
		look(0, false) // asked again in the background
		synctest.Wait()
		stuck = false
		time.Sleep(sightAge + fetchLimit)
		look(0, false) // asked again, answered meanwhile
		synctest.Wait()
		look(0, true)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		stuck = true
		if got := w.fresh(ctx); !errors.Is(got.Err, errUnseen) {
			t.Errorf("given up: got %+v", got)
		}
	})
}

func TestPulse(t *testing.T) {
	graph := func(grading, logs string) registry.Graph {
		g := sampleGraph()
		g.Nodes[0].State, g.Nodes[1].State = grading, logs
		return g
	}
	for _, c := range []struct {
		seen sighting
		want pulse
	}{
		{sighting{Err: errUnseen}, pulse{"warn", "Status unknown"}},
		{sighting{Graph: graph("up", "up")}, pulse{"", "All services up"}},
		{sighting{Graph: graph("down", "up")}, pulse{"bad", "Saving is off"}},
		{sighting{Graph: graph("absent", "absent")}, pulse{"bad", "Saving is off"}},
		{sighting{Graph: graph("degraded", "down")}, pulse{"warn", "LogService is away"}},
		{sighting{Graph: graph("up", "unverified")}, pulse{"warn", "Checking services"}},
		{sighting{Graph: registry.Graph{Settling: true}}, pulse{"warn", "Checking services"}},
		{sighting{Graph: registry.Graph{Nodes: []registry.Node{{Name: "A", State: "down"}, {Name: "B", State: "absent"}}}}, pulse{"warn", "2 services are away"}},
	} {
		if got := pulseOf(c.seen); got != c.want {
			t.Errorf("got %v, want %v", got, c.want)
		}
	}
}
