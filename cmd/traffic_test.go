package cmd_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// callers is how many requests of one traffic may be under way at once.
const callers = 64

// traffic is requests that a dependent sends at a steady rate, and what became
// of them.
type traffic struct {
	cancel  context.CancelFunc
	running sync.WaitGroup
	begun   time.Time

	sent, done atomic.Int64

	mu     sync.Mutex // guards what follows
	failed int
	first  error         // of those that failed
	late   time.Duration // that any call took beyond its deadline
}

// traffic sends requests until it is ended. request makes the n-th; each has
// limit to be answered with a status of 200 or 201.
func (d *dependent) traffic(perSecond int, limit time.Duration, request func(n int64) *http.Request) *traffic {
	ctx, cancel := context.WithCancel(context.Background())
	t := &traffic{cancel: cancel, begun: time.Now()}
	due := make(chan int64, callers)
	for range callers {
		t.running.Go(func() { // ends when due is closed
			for n := range due {
				t.call(d.client, request(n), limit)
			}
		})
	}
	t.running.Go(func() { // ends with ctx
		defer close(due)
		ticker := time.NewTicker(time.Millisecond)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
			case <-ctx.Done():
				return
			}
			// What a slow machine cannot send in time is sent late, not dropped.
			for n := t.sent.Load(); n < int64(time.Since(t.begun).Seconds()*float64(perSecond)); n++ {
				select {
				case due <- n:
					t.sent.Add(1)
				case <-ctx.Done():
					return
				}
			}
		}
	})
	return t
}

func (t *traffic) call(client *http.Client, req *http.Request, limit time.Duration) {
	deadline := time.Now().Add(limit)
	ctx, cancel := context.WithDeadline(context.Background(), deadline)
	defer cancel()
	err := answered(client.Do(req.WithContext(ctx)))
	late := time.Since(deadline)
	t.done.Add(1)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.late = max(t.late, late)
	if err != nil {
		t.failed++
		if t.first == nil {
			t.first = fmt.Errorf("%v after the begin, %s %s: %w", time.Since(t.begun).Round(time.Millisecond), req.Method, req.URL, err)
		}
	}
}

// answered reads an answer to its end and returns why it is no success.
func answered(resp *http.Response, err error) error {
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK && resp.StatusCode != http.StatusCreated {
		err = fmt.Errorf("got %v", answer{resp.StatusCode, resp.Header, string(body)})
	}
	return err
}

// more waits until n more requests are answered, or have failed.
func (t *traffic) more(n int64) {
	ticker := time.NewTicker(time.Millisecond)
	defer ticker.Stop()
	for until := t.done.Load() + n; t.done.Load() < until; {
		<-ticker.C
	}
}

// end stops the traffic and waits for the last answers.
func (t *traffic) end() {
	t.cancel()
	t.running.Wait()
}

// endUnharmed ends it and reports every request that failed.
func (t *traffic) endUnharmed(tb testing.TB) {
	tb.Helper()
	t.end()
	took := time.Since(t.begun)
	tb.Logf("%d requests in %v, %.0f a second", t.sent.Load(), took.Round(time.Millisecond), float64(t.sent.Load())/took.Seconds())
	if t.failed > 0 {
		tb.Errorf("%d of %d requests failed, the first %v", t.failed, t.sent.Load(), t.first)
	}
}

// report gives what became of the requests as metrics.
func (t *traffic) report(b *testing.B) {
	b.ReportMetric(float64(t.sent.Load())/time.Since(t.begun).Seconds(), "req/s")
	b.ReportMetric(float64(t.failed), "failed")
	b.ReportMetric(max(0, t.late.Seconds()*1000), "late-ms") // the longest beyond a deadline
	if t.failed > 0 {
		b.Logf("the first that failed: %v", t.first)
	}
}

// get returns the request function for GETs of one path of a service.
func get(service, path string) func(int64) *http.Request {
	return func(int64) *http.Request {
		req, err := http.NewRequest(http.MethodGet, "http://"+service+path, nil)
		if err != nil {
			panic(err)
		}
		return req
	}
}
