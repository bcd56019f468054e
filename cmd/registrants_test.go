//go:build linux

package cmd_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"
	"time"
)

// The benchmarks of a registry that has much to do. Those of requests are
// against a server that answers as many bytes at once, in the same rounds; with
// a heartbeat a minute, so that the fleet does not disturb. They need wrk:
//
//	go test ./cmd -run '^$' -bench 'Lookup|Reregistration|Registrants' -benchtime 1x

// startRegistry starts a registry and a fleet of n services.
func startRegistry(b *testing.B, heartbeat string, n int) (loaded, *fleet) {
	b.Helper()
	registry := startLoad(b, binary(registryService), "-addr", "localhost:0", "-data", b.TempDir(), "-heartbeat", heartbeat)
	return registry, startFleet(b, registry.url, n, "-names", strconv.Itoa(max(1, n/3)))
}

// BenchmarkLookup is GET /services/{name} of one of 333 names with three
// providers each. At least: 0.9 of the bare server's requests a second.
func BenchmarkLookup(b *testing.B) {
	const path = "/services/Fleet7"
	limit := limits(b)
	for b.Loop() {
		compare(b, "rate-ratio", func() (ours, theirs float64) {
			registry, fleet := startRegistry(b, "1m", 1000)
			size := len(fetch(b, registry.url+path))
			ours = registry.wrk(b, path, "").rate
			fleet.stop()
			registry.stop()
			bare := startLoad(b, limit, "-bytes", strconv.Itoa(size))
			defer bare.stop()
			return ours, bare.wrk(b, path, "").rate
		})
	}
}

// BenchmarkReregistration is POST /services by 1,000 services in turn, each
// time with other metadata. At least: 24,000 a second, or 0.5 of the bare
// server's.
func BenchmarkReregistration(b *testing.B) {
	limit := limits(b)
	for b.Loop() {
		compare(b, "rate-ratio", func() (ours, theirs float64) {
			registry, fleet := startRegistry(b, "1m", 1000)
			script, size := reregistrations(b, registry, fleet)
			ours = registry.wrk(b, "/", script).rate
			fleet.stop()
			registry.stop()
			bare := startLoad(b, limit, "-bytes", strconv.Itoa(size))
			defer bare.stop()
			return ours, bare.wrk(b, "/", script).rate
		})
	}
}

// reregistrations returns a script for wrk that registers a fleet again and
// again, and the size of an answer.
func reregistrations(b *testing.B, registry loaded, fleet *fleet) (script string, size int) {
	b.Helper()
	bodies := fleet.registrations()
	script = filepath.Join(b.TempDir(), "register.lua")
	lua := fmt.Sprintf(`
local bodies, n = {}, 0
function init(args)
  for line in io.lines(%q) do bodies[#bodies + 1] = line:sub(1, -2) end
  n = math.random(#bodies)
end
request = function()
  n = n + 1
  return wrk.format("POST", "/services", {["Content-Type"] = "application/json"},
    bodies[n %% #bodies + 1] .. ',"metadata":{"turn":"' .. n .. '"}}')
end`, bodies)
	if err := os.WriteFile(script, []byte(lua), 0o600); err != nil {
		b.Fatal(err)
	}
	all, err := os.ReadFile(bodies)
	if err != nil {
		b.Fatal(err)
	}
	first, _, _ := bytes.Cut(all, []byte("\n"))
	resp, err := newClient().Post(registry.url+"/services", "application/json", bytes.NewReader(first))
	if err != nil {
		b.Fatal(err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		b.Fatalf("register %s: %s %s %v", first, resp.Status, answer, err)
	}
	return script, len(answer)
}

// BenchmarkRegistrants is 10,000 services with a heartbeat every 5 s, once they
// have all registered and been told of each other. At most: 30 % of one core
// and 250 MB.
func BenchmarkRegistrants(b *testing.B) {
	for b.Loop() {
		const n, window = 10_000, 30 * time.Second
		begun := time.Now()
		registry, fleet := startRegistry(b, "5s", n)
		b.ReportMetric(time.Since(begun).Seconds(), "registering-s")
		registry.waitUp(b, n)
		before := registry.cpu(b)
		<-time.After(window)
		b.ReportMetric((registry.cpu(b)-before)/float64(window.Microseconds())*100, "cpu-%")
		b.ReportMetric(registry.memory(b, "VmRSS"), "MB")
		b.ReportMetric(registry.memory(b, "VmHWM"), "peak-MB")
		fleet.stop()
		registry.stop()
	}
}

// waitUp waits until a registry has heard from n services, and then as long as
// it may still be telling them of each other.
func (l loaded) waitUp(b *testing.B, n int) {
	b.Helper()
	up := regexp.MustCompile(`(?m)^gradebook_registry_services\{health="up"\} ` + strconv.Itoa(n) + `$`)
	eventually(b, "all are up", func() error {
		if !up.Match(fetch(b, l.url+"/metrics")) {
			return errors.New("not all")
		}
		return nil
	})
	<-time.After(10 * time.Second)
}

// memory returns a line of the process's status, in MB.
func (l loaded) memory(b *testing.B, line string) float64 {
	b.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", l.pid))
	if err != nil {
		b.Fatal(err)
	}
	return number(b, status, line+`:\s+(\d+) kB`) * 1024 / 1e6
}
