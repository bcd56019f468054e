package registry

import (
	"flag"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

var (
	simSeed   = flag.Uint64("sim.seed", 0, "simulate this seed only, and print the end of its history")
	simEvents = flag.Uint64("sim.events", 160_000, "events of each seed")
	simSeeds  = flag.Uint64("sim.seeds", 64, "seeds to simulate")
	simYears  = flag.Float64("sim.years", 0, "simulate as many seeds as make up so many years instead")
)

// simResult is what came of a world.
type simResult struct {
	hash          uint64
	events, steps uint64
	lasted        time.Duration
	failure       string // "" when every promise was kept
	lines         []string
}

// simulate lets the world of a seed live for so many events.
func simulate(seed, events uint64, reading bool) (r simResult) {
	w := newSimWorld(seed, reading)
	defer func() {
		failure := recover()
		if f, ok := failure.(simFailure); ok {
			r.failure = string(f)
		} else if failure != nil {
			panic(failure)
		}
		r.hash, r.events, r.steps, r.lasted, r.lines = w.hash, w.done, w.hub.steps, w.now, w.lines
	}()
	w.live(events)
	return r
}

// Days of faults, in seconds: whatever crashes, freezes, is lost, repeated, late,
// cut off or set back, every promise of the table and of the sessions is kept at
// every step, and all is well again soon after the faults end. -sim.years runs
// for longer.
func TestSimulation(t *testing.T) {
	if *simSeed != 0 {
		r := simulate(*simSeed, *simEvents, true)
		t.Logf("the end of the history:\n%s", strings.Join(r.lines, "\n"))
		t.Logf("seed %d: %d events in %v, trace %x", *simSeed, r.events, r.lasted, r.hash)
		if r.failure != "" {
			t.Fatal(r.failure)
		}
		return
	}
	events, seeds, lasting := *simEvents, *simSeeds, time.Duration(*simYears*365*24*float64(time.Hour))
	if testing.Short() || raced() {
		events /= 10
		t.Logf("with -short or -race it is a tenth of the events")
	}
	var next, worlds, done, steps atomic.Uint64
	var lasted atomic.Int64
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for !t.Failed() {
				seed := next.Add(1)
				if lasting == 0 && seed > seeds || lasting > 0 && lasted.Load() >= int64(lasting) {
					return
				}
				r := simulate(seed, events, false)
				worlds.Add(1)
				done.Add(r.events)
				steps.Add(r.steps)
				lasted.Add(int64(r.lasted))
				if r.failure != "" {
					t.Errorf("seed %d, event %d: %s\nits history: go test ./registry -run '^TestSimulation$' -v -sim.seed %d -sim.events %d",
						seed, r.events, r.failure, seed, events)
				}
			}
		})
	}
	workers.Wait()
	t.Logf("%d events, %d of them steps of the table, in %.1f days of %d worlds",
		done.Load(), steps.Load(), time.Duration(lasted.Load()).Hours()/24, worlds.Load())
}

// A history can be had again: by its seed alone, whether anybody reads it or not.
func TestSimulationReplays(t *testing.T) {
	hashes := make(map[uint64]bool)
	for seed := uint64(1); seed <= 6; seed++ {
		first, second := simulate(seed, 20_000, false), simulate(seed, 20_000, true)
		if first.hash != second.hash || first.events != second.events {
			t.Errorf("seed %d is %x after %d events, and then %x after %d", seed, first.hash, first.events, second.hash, second.events)
		}
		hashes[first.hash] = true
	}
	if len(hashes) != 6 {
		t.Errorf("6 seeds make %d histories", len(hashes))
	}
}

// raced reports whether the race detector is at work, with which all takes ten
// times as long.
func raced() bool {
	b, ok := debug.ReadBuildInfo()
	return ok && slices.Contains(b.Settings, debug.BuildSetting{Key: "-race", Value: "true"})
}
