package cmd_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// BenchmarkTail measures from the moment at which an entry is acknowledged to
// the moment at which a reader of the tail has it, at 1,000 entries a second,
// each in a request of its own; below 0 counts as 0. At most: p99 5 ms.
//
//	go test ./cmd -run '^$' -bench Tail -benchtime 5000x
func BenchmarkTail(b *testing.B) {
	const senders = 16
	s := newSystem(b)
	s.startWith(logService, "-registry", "http://localhost:1", "-log-level", "error")
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: senders}}
	defer client.CloseIdleConnections()
	var acknowledged, had offsetTimes
	r := s.tail(client)
	defer r.Close()
	var reading, sending sync.WaitGroup
	reading.Go(func() { // ends with r
		for lines := bufio.NewScanner(r); lines.Scan(); {
			if id, ok := strings.CutPrefix(lines.Text(), "id: "); ok {
				offset, _ := strconv.ParseUint(id, 10, 64)
				had.note(offset)
			}
		}
	})
	due := make(chan int)
	for range senders {
		sending.Go(func() {
			for n := range due {
				acknowledged.note(s.logOne(client, fmt.Sprintf("request %d done", n)))
			}
		})
	}
	pace := time.NewTicker(time.Millisecond)
	defer pace.Stop()
	sent := 0
	for b.Loop() {
		<-pace.C
		due <- sent
		sent++
	}
	close(due)
	sending.Wait()
	eventually(b, "the reader has them all", func() error {
		if n := had.len(); n < sent {
			return fmt.Errorf("it has %d of %d", n, sent)
		}
		return nil
	})
	r.Close()
	reading.Wait()
	var took samples
	for offset, at := range acknowledged.times {
		took = append(took, max(had.times[offset].Sub(at), 0))
	}
	took.report(b, "")
}

// offsetTimes says when something happened to entries.
type offsetTimes struct {
	mu    sync.Mutex
	times map[uint64]time.Time
}

func (o *offsetTimes) note(offset uint64) {
	now := time.Now()
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.times == nil {
		o.times = map[uint64]time.Time{}
	}
	o.times[offset] = now
}

func (o *offsetTimes) len() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return len(o.times)
}

// tail begins to read the tail of the log.
func (s *system) tail(client *http.Client) io.ReadCloser {
	s.t.Helper()
	req, err := http.NewRequest(http.MethodGet, s.url(logService)+"/log", nil)
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Accept", "text/event-stream")
	resp, err := client.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	if resp.StatusCode != http.StatusOK {
		s.t.Fatalf("the tail answers %s", resp.Status)
	}
	return resp.Body
}

// logOne stores a text and returns its offset, 0 if that failed.
func (s *system) logOne(client *http.Client, text string) uint64 {
	resp, err := client.Post(s.url(logService)+"/log", "text/plain", strings.NewReader(text))
	if err != nil {
		s.t.Error(err)
		return 0
	}
	defer resp.Body.Close()
	var stored struct{ Offset uint64 }
	if err := json.NewDecoder(resp.Body).Decode(&stored); err != nil {
		s.t.Error(err)
	}
	io.Copy(io.Discard, resp.Body)
	return stored.Offset
}
