package service_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gradebook/service"
)

// load sends requests of two kinds through a client at a steady rate, or as fast
// as so many at a time are answered, until it is stopped.
type load struct {
	client *http.Client
	stop   chan struct{}
	work   sync.WaitGroup
	sent   atomic.Int64

	mu     sync.Mutex // guards failed
	failed []error
}

const (
	loadRate  = 5000 // requests a second
	loadWidth = 50   // at a time
)

func startLoad(client *http.Client) *load {
	l := &load{client: client, stop: make(chan struct{})}
	for range loadWidth {
		l.work.Go(func() {
			tick := time.NewTicker(time.Second * loadWidth / loadRate)
			defer tick.Stop()
			for {
				select {
				case <-tick.C:
					l.one(l.sent.Add(1))
				case <-l.stop:
					return
				}
			}
		})
	}
	return l
}

// one sends a POST without a key, which must not be sent twice, or a GET.
func (l *load) one(n int64) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	method, path, body, want := "GET", "/hello/you", io.Reader(nil), "hello you"
	if n%2 == 0 {
		want = fmt.Sprintf(`{"n":%d}`, n)
		method, path, body = "POST", "/echo", strings.NewReader(want)
	}
	req, _ := http.NewRequestWithContext(ctx, method, "http://ToyService"+path, body)
	resp, err := l.client.Do(req)
	if err == nil {
		var got []byte
		got, err = io.ReadAll(resp.Body)
		resp.Body.Close()
		if err == nil && string(got) != want {
			err = fmt.Errorf("%s %s: %d %s", method, path, resp.StatusCode, got)
		}
	}
	if err != nil {
		l.mu.Lock()
		l.failed = append(l.failed, err)
		l.mu.Unlock()
	}
}

// await returns when n more requests have been sent.
func (l *load) await(n int64) {
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for goal := l.sent.Load() + n; l.sent.Load() < goal; {
		<-tick.C
	}
}

func (l *load) end() (sent int64, failed []error) {
	close(l.stop)
	l.work.Wait()
	return l.sent.Load(), l.failed
}

// A rolling restart of a service of which there are two loses no request:
// neither with a drain before the stop nor with the stop alone.
func TestRollingRestartLosesNothing(t *testing.T) {
	reg := startQuickRegistry(t)
	toy := func(addr string) *running {
		return start(t, service.Spec{Name: "ToyService"}, "-registry", reg.url, "-addr", addr)
	}
	front := start(t, service.Spec{Name: "FrontService", Requires: []string{"ToyService"}}, "-registry", reg.url)
	toys := []*running{toy("localhost:0"), toy("localhost:0")}
	found := func(n int) {
		t.Helper()
		front.stderr.await(t, fmt.Sprintf(`(?s)(found a provider of ToyService.*){%d}`, n))
	}
	found(2)
	reg.stderr.await(t, "settled")
	begin := time.Now()
	l := startLoad(front.app.env.Client)
	for i, s := range toys {
		l.await(loadRate / 5)
		if drain := i == 0; drain {
			if resp, body := s.do("POST", "/drain", ""); resp.StatusCode != 200 || !strings.Contains(body, `"laggards":[],"affected":[],"inFlight":0`) {
				t.Errorf("drain: %d %s", resp.StatusCode, body)
			}
		}
		if err := s.wait(); err != nil {
			t.Error(err)
		}
		toy(strings.TrimPrefix(s.url, "http://"))
		found(3 + i)
	}
	l.await(loadRate / 5)
	sent, failed := l.end()
	t.Logf("%d requests in %v, %.0f a second", sent, time.Since(begin).Round(time.Millisecond), float64(sent)/time.Since(begin).Seconds())
	for _, err := range failed[:min(len(failed), 5)] {
		t.Error(err)
	}
	if len(failed) > 0 {
		t.Errorf("%d of %d requests were lost", len(failed), sent)
	}
}
