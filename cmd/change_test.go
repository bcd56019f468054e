//go:build linux

package cmd_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// BenchmarkChange measures from the moment at which a deregistration is sent,
// so a little before it is accepted, to the moment at which a dependent has
// applied it; and likewise a registration, which is not accepted before the new
// provider has answered a heartbeat. At least: p50 0.5 ms and p99 1.4 ms for one
// dependent, and p99 50 ms with 1,000. All of a thousand are counted, not the
// last one alone:
//
//	go test ./cmd -run '^$' -bench Change -benchtime 300x
//
// One change comes upon the other, as the peers are measured, or upon processes
// that all rest, whose processors have to wake up first.
func BenchmarkChange(b *testing.B) {
	one := func(s *system) func(url string, held bool) []time.Time {
		d := s.depend("Dependent", "Changing")
		return func(url string, held bool) []time.Time { return []time.Time{d.await(url, held)} }
	}
	thousand := func(s *system) func(url string, held bool) []time.Time {
		return startFleet(b, s.url(registryService), 1000, "-needs", "Changing").await
	}
	b.Run("dependents=1", func(b *testing.B) { benchmarkChange(b, 0, one) })
	b.Run("dependents=1,rested", func(b *testing.B) { benchmarkChange(b, 50*time.Millisecond, one) })
	b.Run("dependents=1000,rested", func(b *testing.B) { benchmarkChange(b, 50*time.Millisecond, thousand) })
}

// benchmarkChange registers and deregisters a second provider, with a rest
// before each; begin starts the dependents and returns what waits for them.
func benchmarkChange(b *testing.B, rest time.Duration, begin func(*system) func(url string, held bool) []time.Time) {
	s := newSystem(b)
	s.startWith(registryService, "-log-level", "warn")
	s.client = &http.Client{Timeout: patience} // keeps its connection, as services do
	provider := newStub(b, "Changing", "changing")
	await := begin(s)
	s.waitSettled()
	provider.register(s)
	await(provider.url(), true)
	var added, removed samples
	before := s.running[registryService].cpu(b)
	for n := 0; b.Loop(); n++ {
		// Another path is another provider, which has not flapped.
		url := fmt.Sprintf("%s/%d", provider.url(), n)
		<-time.After(rest)
		body := strings.ReplaceAll(provider.registration(), provider.url(), url)
		start := time.Now()
		s.send(http.StatusOK, http.MethodPost, registryService, "/services", body)
		for _, at := range await(url, true) {
			added = append(added, at.Sub(start))
		}
		<-time.After(rest)
		start = time.Now()
		s.send(http.StatusOK, http.MethodDelete, registryService, "/services", url)
		for _, at := range await(url, false) {
			removed = append(removed, at.Sub(start))
		}
	}
	used := s.running[registryService].cpu(b) - before
	b.ReportMetric(used.Seconds()*1000/float64(2*b.N), "cpu-ms/change")
	removed.report(b, "")
	added.report(b, "added-")
}
