//go:build linux

package cmd_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

var logEntries = flag.Int("log-entries", 1_000_000, "how many entries BenchmarkLogQuery looks through")

const (
	bodyEntries = 1000
	asks        = 200        // of each query
	rareWord    = "zeppelin" // is in one entry, in the middle
)

// BenchmarkLogQuery fills a log with entries of the shape by which logs are
// compared, lets it pack them, as it has a few seconds later, and asks.
//
//	go test ./cmd -run '^$' -bench LogQuery -benchtime 1x
func BenchmarkLogQuery(b *testing.B) {
	for b.Loop() {
		dir := b.TempDir()
		logs := startLoad(b, binary(logService), logArgs(dir)...)
		ids := fillLog(b, logs.url)
		b.ReportMetric(awaitPacked(b, dir), "sealed-B/entry")
		askAll(b, logs.url, ids)
		b.ReportMetric(logs.memory(b, "VmRSS"), "RSS-MB")
		logs.stop()

		start := time.Now()
		logs = startLoad(b, binary(logService), logArgs(dir)...)
		var newest []struct{ Offset int }
		if err := json.Unmarshal(fetch(b, logs.url+"/log?limit=1"), &newest); err != nil || newest[0].Offset < *logEntries {
			b.Fatalf("after a restart the newest entry is %v, %v", newest, err)
		}
		b.ReportMetric(time.Since(start).Seconds(), "restart-s")
		b.ReportMetric(logs.memory(b, "VmRSS"), "restarted-RSS-MB")
		logs.stop()
	}
}

func logArgs(dir string) []string {
	return []string{"-addr", "localhost:0", "-registry", "http://localhost:1", "-data", dir}
}

// fillLog sends entries over four connections, and returns the ids in some of
// them. They are a millisecond apart and end now.
func fillLog(b *testing.B, address string) (ids []string) {
	b.Helper()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 4}}
	defer client.CloseIdleConnections()
	begin := time.Now().Add(-time.Duration(*logEntries) * time.Millisecond)
	start := time.Now()
	var mu sync.Mutex // guards next and ids
	next := 0
	var senders sync.WaitGroup
	for range 4 {
		senders.Go(func() {
			for {
				mu.Lock()
				first := next
				next += bodyEntries
				mu.Unlock()
				if first >= *logEntries {
					return
				}
				body, id := logBody(begin, first)
				mu.Lock()
				ids = append(ids, id)
				mu.Unlock()
				resp, err := client.Post(address+"/log", "application/x-ndjson", bytes.NewReader(body))
				if err != nil || resp.StatusCode != http.StatusOK {
					b.Errorf("%v, %v", resp, err)
					return
				}
				io.Copy(io.Discard, resp.Body)
				resp.Body.Close()
			}
		})
	}
	senders.Wait()
	b.Logf("sent %d entries in %.1f s", *logEntries, time.Since(start).Seconds())
	return ids
}

// logBody returns NDJSON of bodyEntries entries from number first on, and the id
// in one of them.
func logBody(begin time.Time, first int) (body []byte, id string) {
	services := [...]string{"GradingService", "LogService", "RegistryService", "TeacherPortal"}
	levels := [...]string{"info", "info", "info", "info", "info", "info", "info", "warn", "debug", "error"}
	for i := first; i < first+bodyEntries; i++ {
		id = fmt.Sprintf("%016x", rand.Uint64())
		word := "done"
		if i == *logEntries/2 {
			word = rareWord
		}
		body = fmt.Appendf(body, `{"ts":%q,"service":%q,"level":%q,"msg":"request %s path=/students/%d/grades method=POST status=%d","req":%q,"ms":"%d"}`+"\n",
			begin.Add(time.Duration(i)*time.Millisecond).Format(time.RFC3339Nano), services[rand.N(4)], levels[rand.N(10)],
			word, rand.N(5000), 200+rand.N(3), id, rand.N(1000))
	}
	return body, id
}

// awaitPacked waits until only the segment that is written to is raw, and
// returns how many bytes an entry takes before it.
func awaitPacked(b *testing.B, dir string) float64 {
	b.Helper()
	start := time.Now()
	var raw []string
	for deadline := start.Add(2 * time.Minute); len(raw) != 1; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			b.Fatalf("%d segments are not packed", len(raw))
		}
		raw, _ = filepath.Glob(filepath.Join(dir, "*.log"))
	}
	b.Logf("packed %.1f s later", time.Since(start).Seconds())
	next, err := strconv.Atoi(strings.TrimSuffix(filepath.Base(raw[0]), ".log"))
	if err != nil {
		b.Fatal(err)
	}
	packed, _ := filepath.Glob(filepath.Join(dir, "*.pack"))
	size := int64(0)
	for _, path := range packed {
		info, err := os.Stat(path)
		if err != nil {
			b.Fatal(err)
		}
		size += info.Size()
	}
	return float64(size) / float64(next-1)
}

// askAll measures the queries that the log must answer quickly.
func askAll(b *testing.B, address string, ids []string) {
	sealed := func() string { // a moment in the part that is packed
		ago := time.Duration(*logEntries/10+rand.N(*logEntries*8/10)) * time.Millisecond
		return url.QueryEscape(time.Now().Add(-ago).Format(time.RFC3339Nano))
	}
	services := [...]string{"GradingService", "LogService", "RegistryService", "TeacherPortal"}
	client := &http.Client{Transport: new(http.Transport)} // keeps its connection
	defer client.CloseIdleConnections()
	const list = "?limit=100&"
	for _, query := range []struct {
		name string
		ask  func() string
		want int
	}{
		{"newest", func() string { return list }, 100},
		{"level", func() string { return list + "service=" + services[rand.N(4)] + "&level=error" }, 100},
		{"level-until", func() string { return list + "service=" + services[rand.N(4)] + "&level=error&until=" + sealed() }, 100},
		{"word", func() string { return list + "q=" + rareWord }, 1},
		{"id", func() string { return list + "q=" + ids[rand.N(len(ids))] }, 1},
		{"no-id", func() string { return fmt.Sprintf(list+"q=%016x", rand.Uint64()) }, 0},
		{"no-trace", func() string { return fmt.Sprintf(list+"trace=%032x", rand.Uint64()) }, 0},
		{"count", func() string { return "/count?by=service&level=error&window=30m&step=1m" }, 0},
	} {
		times := make([]float64, asks)
		for i := range times {
			path := address + "/log" + query.ask()
			start := time.Now()
			resp, err := client.Get(path)
			if err != nil {
				b.Fatal(err)
			}
			answer, err := io.ReadAll(resp.Body)
			resp.Body.Close()
			times[i] = float64(time.Since(start).Microseconds()) / 1000
			if n := bytes.Count(answer, []byte(`{"offset":`)); err != nil || n != query.want {
				b.Fatalf("%s: got %d entries, want %d: %v", path, n, query.want, err)
			}
		}
		slices.Sort(times)
		b.ReportMetric(times[asks/2], query.name+"-p50-ms")
		b.ReportMetric(times[asks*99/100], query.name+"-p99-ms")
	}
}
