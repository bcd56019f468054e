//go:build linux

package cmd_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"testing"
	"time"
)

// These benchmarks measure how long it takes from the end of a provider until
// the last dependent has stopped using it. An iteration is one outage of a
// fresh grading service, some random time after the last:
//
//	go test ./cmd -run '^$' -bench 'Killed|Frozen' -benchtime 100x -timeout 1h

// outages is a system in which providers end.
type outages struct {
	*system
	b          *testing.B
	dependents []*dependent
	fleet      *fleet // of more dependents; may be nil
	took       samples
}

// newOutages starts a registry with so many services, of which all but the
// providers need GradingService; up to three are in this process.
func newOutages(b *testing.B, registered, providers int) *outages {
	b.Helper()
	o := &outages{system: newSystem(b), b: b}
	o.startWith(registryService, "-log-level", "warn")
	inside := min(3, registered-providers)
	if outside := registered - providers - inside; outside > 0 {
		o.fleet = startFleet(b, o.url(registryService), outside, "-needs", "GradingService")
	}
	for i := range inside {
		o.dependents = append(o.dependents, o.depend(fmt.Sprintf("Dependent%d", i), "GradingService"))
	}
	o.waitSettled()
	return o
}

// provider starts a grading service on a port that none had before, so that it
// is not taken for one that flaps, and waits until all have found it.
func (o *outages) provider() string {
	o.b.Helper()
	name := o.another(gradingService)
	o.startWith(name, "-log-level", "warn")
	o.last(o.url(name), true)
	return name
}

// last waits until all dependents hold a provider, or do not any more, and
// returns when the last of them had heard of it.
func (o *outages) last(url string, held bool) time.Time {
	o.b.Helper()
	last := awaitAll(o.dependents, url, held)
	if o.fleet != nil {
		for _, at := range o.fleet.await(url, held) {
			if at.After(last) {
				last = at
			}
		}
	}
	return last
}

// pause lets heartbeats fall anywhere between one outage and the next.
func pause() { <-time.After(rand.N(time.Second)) }

// over ends providers and notes how long it took until nobody held them.
func (o *outages) over(end func(name string), names ...string) {
	o.b.Helper()
	start := time.Now()
	for _, name := range names {
		end(name)
	}
	last := start
	for _, name := range names {
		if at := o.last(o.url(name), false); at.After(last) {
			last = at
		}
	}
	o.took = append(o.took, last.Sub(start))
}

// forget removes what has ended from the registry, which would keep it for ten
// minutes.
func (o *outages) forget(names ...string) {
	o.b.Helper()
	for _, name := range names {
		if o.running[name] != nil {
			o.kill(name)
		}
		o.send(http.StatusOK, http.MethodDelete, registryService, "/services", o.url(name))
	}
}

// BenchmarkKilled is kill -9 without any traffic. At least: p99 1.3 s.
func BenchmarkKilled(b *testing.B) {
	for _, registered := range []int{4, 1000} {
		b.Run(fmt.Sprintf("registered=%d", registered), func(b *testing.B) {
			o := newOutages(b, registered, 1)
			for b.Loop() {
				name := o.provider()
				pause()
				o.over(func(name string) { o.kill(name) }, name)
				o.forget(name)
			}
			o.took.report(b, "")
		})
	}
}

// BenchmarkTwoOfThreeKilled is two of three services at once, whose third
// needs them. At least: 1.3 s.
func BenchmarkTwoOfThreeKilled(b *testing.B) {
	o := newOutages(b, 3, 2)
	for b.Loop() {
		names := []string{o.provider(), o.provider()}
		pause()
		o.over(func(name string) { o.kill(name) }, names...)
		o.forget(names...)
	}
	o.took.report(b, "")
}

// BenchmarkKilledUnderTraffic is kill -9 of one of two providers that get 1,000
// requests a second. At least: p99 250 ms, and none fails.
func BenchmarkKilledUnderTraffic(b *testing.B) {
	o := newOutages(b, 5, 2)
	name := o.provider()
	traffic := o.dependents[0].traffic(1000, 5*time.Second, readsAndWrites(true))
	for b.Loop() {
		next := o.provider()
		pause()
		o.over(func(name string) { o.kill(name) }, name)
		o.forget(name)
		name = next
	}
	traffic.end()
	o.took.report(b, "")
	traffic.report(b)
}

// BenchmarkFrozen is SIGSTOP of one of two providers that get 200 requests a
// second, each with 300 ms to answer. At least: p99 3.5 s, and no call
// outlives its deadline by 100 ms.
func BenchmarkFrozen(b *testing.B) {
	o := newOutages(b, 5, 2)
	name := o.provider()
	traffic := o.dependents[0].traffic(200, 300*time.Millisecond, get("GradingService", "/students/1"))
	for b.Loop() {
		next := o.provider()
		pause()
		o.over(o.freeze, name)
		o.forget(name)
		name = next
	}
	traffic.end()
	o.took.report(b, "")
	traffic.report(b)
}
