package cmd_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// noisy is a service that logs a hundred times what it may, and does not wait
// when it is told to.
type noisy struct {
	made, accepted, refused int // entries; read them after end
	odd                     error
	end                     func() // waits for the last answer
}

const (
	noisyLimit = 1000 // entries a second
	noisyLines = 1000 // of one request
	noisyTimes = 100  // its limit
)

// makeNoise sends entries in lines, from one connection, until end.
func (s *system) makeNoise() *noisy {
	n := new(noisy)
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { // until end
		client := &http.Client{Timeout: patience, Transport: &http.Transport{}}
		defer client.CloseIdleConnections()
		ticker := time.NewTicker(time.Second * noisyLines / (noisyLimit * noisyTimes))
		defer ticker.Stop()
		for ctx.Err() == nil && n.odd == nil {
			var body bytes.Buffer
			for range noisyLines {
				fmt.Fprintf(&body, `{"service":"Noisy","message":"%d"}`+"\n", n.made)
				n.made++
			}
			n.odd = n.send(client, s.url(logService)+"/log", &body)
			<-ticker.C
		}
	})
	n.end = sync.OnceFunc(func() {
		cancel()
		running.Wait()
	})
	s.t.Cleanup(n.end)
	return n
}

func (n *noisy) send(client *http.Client, url string, body io.Reader) error {
	resp, err := client.Post(url, "application/x-ndjson", body)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	switch resp.StatusCode {
	case http.StatusOK:
		var receipt struct{ Count int }
		err := json.NewDecoder(resp.Body).Decode(&receipt)
		n.accepted += receipt.Count
		return err
	case http.StatusTooManyRequests:
		n.refused += noisyLines
		if resp.Header.Get("Retry-After") == "" {
			return fmt.Errorf("429 without Retry-After")
		}
		return nil
	}
	return fmt.Errorf("answered %s", resp.Status)
}

// quietly sends single entries of another service for so long, a hundred a
// second, and returns how long each took.
func (s *system) quietly(lasting time.Duration) (took samples) {
	s.t.Helper()
	client := &http.Client{Timeout: patience, Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	ticker := time.NewTicker(10 * time.Millisecond)
	defer ticker.Stop()
	for end := time.Now().Add(lasting); time.Now().Before(end); <-ticker.C {
		start := time.Now()
		resp, err := client.Post(s.url(logService)+"/log", "application/json", strings.NewReader(`{"service":"Quiet","message":"hello"}`))
		if err != nil {
			s.t.Fatal(err)
		}
		io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
		took = append(took, time.Since(start))
		if resp.StatusCode != http.StatusOK {
			s.t.Fatalf("a quiet service is answered %s", resp.Status)
		}
	}
	return took
}

// logMetric is the value of a metric of the log service.
func (s *system) logMetric(name string) int {
	s.t.Helper()
	found := regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(name) + ` (\d+)$`).FindStringSubmatch(s.get(logService, "/metrics").body)
	if found == nil {
		s.t.Fatalf("there is no metric %s", name)
	}
	n, err := strconv.Atoi(found[1])
	if err != nil {
		s.t.Fatal(err)
	}
	return n
}

// TestNoisyService: what a service logs beyond its limit is refused and counted,
// to the entry, and nothing that others log is.
func TestNoisyService(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.start(registryService)
	s.startWith(logService, "-rate", strconv.Itoa(noisyLimit))
	d := s.depend("Chatter", "LogService")
	d.knows(s, logService)
	chatter := d.chat(noisyLimit / 2)
	start := time.Now()
	noise := s.makeNoise()
	took := s.quietly(3 * time.Second)
	noise.end()
	lasted := time.Since(start)
	chatter.end(t)

	if noise.odd != nil {
		t.Error(noise.odd)
	}
	t.Logf("noisy: %d made, %d accepted, %d refused in %v; quiet: p99 %v", noise.made, noise.accepted, noise.refused, lasted, took.quantile(0.99))
	if most := int((lasted + 3*time.Second).Seconds() * noisyLimit); noise.accepted > most || noise.accepted < noisyLimit || noise.accepted+noise.refused != noise.made {
		t.Errorf("%d of %d are accepted and %d refused, want at most %d accepted", noise.accepted, noise.made, noise.refused, most)
	}
	if told := s.logMetric(`gradebook_log_throttled_entries_total{service="Noisy"}`); told != noise.refused {
		t.Errorf("%d are counted as refused, want %d", told, noise.refused)
	}
	stored := s.arrivedIn(logService, "Noisy")
	if len(stored.times) != noise.accepted {
		t.Errorf("%d are stored, want %d", len(stored.times), noise.accepted)
	}
	if stored := s.logMetric(`gradebook_log_entries_total{level="info",service="Quiet"}`); stored != len(took) {
		t.Errorf("%d of the quiet service are stored, want %d", stored, len(took))
	}
	s.arrivedIn(logService, "Chatter").check(t, chatter.made)
	eventually(t, "the log says who was told to slow down", func() error {
		if body := s.get(logService, "/log?service=LogService&level=warn&q=refused.Noisy").body; !strings.Contains(body, "told to slow down") {
			return fmt.Errorf("it says %s", body)
		}
		return nil
	})
}

// BenchmarkNoisyService is the time of a quiet service's entry beside one that
// logs a hundred times its limit, against the time without. At most: twice the
// 99th percentile.
func BenchmarkNoisyService(b *testing.B) {
	var alone, beside samples
	for b.Loop() {
		s := newSystem(b)
		s.start(registryService)
		s.startWith(logService, "-rate", strconv.Itoa(noisyLimit), "-log-level", "warn")
		s.quietly(time.Second) // warms up
		alone = append(alone, s.quietly(3*time.Second)...)
		noise := s.makeNoise()
		beside = append(beside, s.quietly(3*time.Second)...)
		noise.end()
		if noise.odd != nil {
			b.Fatal(noise.odd)
		}
		s.kill(logService, registryService)
	}
	alone.report(b, "alone-")
	beside.report(b, "beside-")
	b.ReportMetric(beside.quantile(0.99).Seconds()/alone.quantile(0.99).Seconds(), "p99-ratio")
}
