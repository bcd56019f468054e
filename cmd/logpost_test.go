//go:build linux

package cmd_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// These benchmarks send entries of the shape of BASELINE.md, section 3, 188
// bytes each as JSON, prepared before the clock runs. They are stored and
// synced before each answer.

// BenchmarkLoadLog is POST /log of one entry against a server that syncs the
// body and answers; the figure is the ratio of requests a second.
func BenchmarkLoadLog(b *testing.B) {
	script := postScript(b, "application/json", entryLines(5000, 1))
	limit := limits(b)
	for b.Loop() {
		compare(b, "rate-ratio", func() (ours, theirs float64) {
			log := startLoad(b, binary(logService), alone(b)...)
			ours = log.wrk(b, "/log", script).rate
			log.stop()
			durable := startLoad(b, limit, "-bytes", "39", "-file", filepath.Join(b.TempDir(), "durable"))
			defer durable.stop()
			return ours, durable.wrk(b, "/log", script).rate
		})
	}
}

// BenchmarkLoadLogLines is POST /log of 1,000 entries from 4 connections,
// against the same server; the figure is also given as entries a second.
func BenchmarkLoadLogLines(b *testing.B) {
	const lines = 1000
	script := postScript(b, "application/x-ndjson", entryLines(50, lines))
	limit := limits(b)
	var entries []float64
	for b.Loop() {
		compare(b, "rate-ratio", func() (ours, theirs float64) {
			log := startLoad(b, binary(logService), alone(b)...)
			ours = log.wrkFrom(b, 4, "/log", script).rate
			entries = append(entries, ours*lines)
			log.stop()
			durable := startLoad(b, limit, "-bytes", "44", "-file", filepath.Join(b.TempDir(), "durable"))
			defer durable.stop()
			return ours, durable.wrkFrom(b, 4, "/log", script).rate
		})
	}
	b.ReportMetric(median(entries), "entries/s")
}

// entryLines returns bodies of so many entries each, one a line.
func entryLines(bodies, entries int) []string {
	r := rand.New(rand.NewPCG(1, 2))
	services := []string{"GradingService", "LogService", "RegistryService", "TeacherPortal"}
	levels := []string{"info", "info", "info", "info", "info", "info", "info", "warn", "debug", "error"}
	at := time.Date(2026, 11, 20, 18, 9, 3, 123456789, time.UTC)
	all := make([]string, bodies)
	for i := range all {
		var body strings.Builder
		for range entries {
			at = at.Add(time.Millisecond)
			fmt.Fprintf(&body, `{"ts":"%s","service":"%s","level":"%s","msg":"request done path=/students/%d/grades method=POST status=%d","req":"%016x","ms":"%d"}`+"\n",
				at.Format(time.RFC3339Nano), services[r.IntN(4)], levels[r.IntN(10)], r.IntN(5000), 200+r.IntN(3), r.Uint64(), r.IntN(1000))
		}
		all[i] = body.String()
	}
	return all
}

// postScript makes wrk send bodies, one after the other.
func postScript(b *testing.B, contentType string, bodies []string) string {
	dir := b.TempDir()
	data, script := filepath.Join(dir, "bodies"), filepath.Join(dir, "post.lua")
	lua := fmt.Sprintf(`
local requests = {}
function init(args)
  local file = io.open(%q, "rb")
  while true do
    local size = file:read("*l")
    if not size then break end
    requests[#requests + 1] = wrk.format("POST", nil, {["Content-Type"] = %q}, file:read(tonumber(size)))
  end
end
local n = 0
function request()
  n = n %% #requests + 1
  return requests[n]
end`, data, contentType)
	var sized strings.Builder
	for _, body := range bodies {
		fmt.Fprintf(&sized, "%d\n%s", len(body), body)
	}
	for path, content := range map[string]string{data: sized.String(), script: lua} {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			b.Fatal(err)
		}
	}
	return script
}
