//go:build linux

package cmd_test

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// These benchmarks measure one binary against a limit in the same rounds, since
// machines differ and drift: wrk with 64 connections, a fresh pair of processes,
// the two in turn. They need wrk:
//
//	go test ./cmd -run '^$' -bench Load -benchtime 1x

const (
	rounds      = 7
	connections = 64
	seconds     = "3s"
)

// BenchmarkLoadStudent is GET /students/1 against a server that answers as
// many bytes at once; the figure is the ratio of CPU time a request.
func BenchmarkLoadStudent(b *testing.B) { compareGet(b, "/students/1") }

func compareGet(b *testing.B, path string) {
	b.Helper()
	limit := limits(b)
	for b.Loop() {
		compare(b, "cpu-ratio", func() (ours, theirs float64) {
			grading := startLoad(b, binary(gradingService), alone(b)...)
			size := len(fetch(b, grading.url+path))
			ours = grading.wrk(b, path, "").cpu
			grading.stop()
			bare := startLoad(b, limit, "-bytes", strconv.Itoa(size))
			defer bare.stop()
			return ours, bare.wrk(b, path, "").cpu
		})
	}
}

// BenchmarkLoadAddGrade is POST of a new grade, each with a title of its own,
// against a server that syncs the body and answers; the figure is the ratio of
// requests a second.
func BenchmarkLoadAddGrade(b *testing.B) {
	script := filepath.Join(b.TempDir(), "post.lua")
	lua := fmt.Sprintf(`
local thread = 0
function setup(t) t:set("id", thread); thread = thread + 1 end
local n = 0
local run = tostring(os.time()) .. %q
request = function()
  n = n + 1
  return wrk.format("POST", "/students/" .. (n %% 5 + 1) .. "/grades", {["Content-Type"] = "application/json"},
    '{"title":"T' .. run .. id .. "-" .. n .. '","type":"Test","score":91.5}')
end`, "-")
	if err := os.WriteFile(script, []byte(lua), 0o600); err != nil {
		b.Fatal(err)
	}
	limit := limits(b)
	for b.Loop() {
		compare(b, "rate-ratio", func() (ours, theirs float64) {
			grading := startLoad(b, binary(gradingService), alone(b)...)
			ours = grading.wrk(b, "/", script).rate
			grading.stop()
			durable := startLoad(b, limit, "-file", filepath.Join(b.TempDir(), "durable"))
			defer durable.stop()
			return ours, durable.wrk(b, "/", script).rate
		})
	}
}

// alone are the arguments of a service that has the machine to itself: its log
// lines go to its spool, there being no log service.
func alone(b *testing.B) []string {
	return []string{"-addr", "localhost:0", "-registry", "http://localhost:1", "-data", b.TempDir()}
}

// limits builds the program that we are measured against.
func limits(b *testing.B) string { return helper(b, "limits") }

// helper builds one of the programs in testdata.
func helper(b *testing.B, name string) string {
	path := filepath.Join(b.TempDir(), name)
	build := exec.Command("go", "build", "-o", path, "./cmd/testdata/"+name)
	build.Dir = root()
	if out, err := build.CombinedOutput(); err != nil {
		b.Fatalf("build %s: %v\n%s", name, err, out)
	}
	return path
}

// compare reports the median of ours ÷ theirs over the rounds, and its spread.
func compare(b *testing.B, unit string, round func() (ours, theirs float64)) {
	var ratios []float64
	for range rounds {
		mine, limit := round()
		b.Logf("ours %.1f, limit %.1f, ratio %.2f", mine, limit, mine/limit)
		ratios = append(ratios, mine/limit)
	}
	b.ReportMetric(median(ratios), unit)
	b.ReportMetric(slices.Min(ratios), "min")
	b.ReportMetric(slices.Max(ratios), "max")
}

func median(figures []float64) float64 {
	slices.Sort(figures)
	return figures[len(figures)/2]
}

// loaded is a process under load.
type loaded struct {
	url  string
	pid  int
	stop func()
}

// startLoad starts a program that says its address, and ends it with b at the
// latest.
func startLoad(b *testing.B, path string, args ...string) loaded {
	b.Helper()
	cmd := exec.Command(path, args...)
	r, w, err := os.Pipe()
	if err != nil {
		b.Fatal(err)
	}
	cmd.Stdout, cmd.Stderr = w, w
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	w.Close()
	stop := sync.OnceFunc(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
	b.Cleanup(stop)
	address := regexp.MustCompile(`http://(localhost|127\.0\.0\.1):\d{2,}`)
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		if url := address.FindString(lines.Text()); url != "" {
			go func() { // until the process ends
				for lines.Scan() {
				}
				r.Close()
			}()
			return loaded{url, cmd.Process.Pid, stop}
		}
	}
	b.Fatalf("%s did not say its address", path)
	return loaded{}
}

// figures are what one run of wrk gave: requests a second, and microseconds of
// the server's CPU time for each.
type figures struct{ rate, cpu float64 }

func (l loaded) wrk(b *testing.B, path, script string) figures {
	b.Helper()
	return l.wrkFrom(b, connections, path, script)
}

// wrkFrom is wrk with so many connections.
func (l loaded) wrkFrom(b *testing.B, connections int, path, script string) figures {
	b.Helper()
	args := []string{"-t", "2", "-c", strconv.Itoa(connections), "-d", seconds}
	if script != "" {
		args = append(args, "-s", script)
	}
	before := l.cpu(b)
	out, err := exec.Command("wrk", append(args, l.url+path)...).CombinedOutput()
	if err != nil {
		b.Fatalf("wrk (install it with: apt-get install wrk): %v\n%s", err, out)
	}
	if bytes.Contains(out, []byte("Non-2xx")) {
		b.Fatalf("requests failed:\n%s", out)
	}
	requests := number(b, out, `(\d+) requests in`)
	return figures{number(b, out, `Requests/sec:\s+([\d.]+)`), (l.cpu(b) - before) / requests}
}

func number(b *testing.B, out []byte, pattern string) float64 {
	b.Helper()
	found := regexp.MustCompile(pattern).FindSubmatch(out)
	if found == nil {
		b.Fatalf("no %s in wrk's output:\n%s", pattern, out)
	}
	n, err := strconv.ParseFloat(string(found[1]), 64)
	if err != nil {
		b.Fatal(err)
	}
	return n
}

// cpu is the time the process has computed so far, in microseconds; Linux
// counts it in ticks of 10 ms.
func (l loaded) cpu(b *testing.B) float64 {
	b.Helper()
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", l.pid))
	if err != nil {
		b.Fatal(err)
	}
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	var ticks float64
	for _, field := range fields[11:13] { // utime and stime
		n, err := strconv.ParseFloat(field, 64)
		if err != nil {
			b.Fatal(err)
		}
		ticks += n
	}
	return ticks * 10_000
}

func fetch(b *testing.B, url string) []byte {
	b.Helper()
	resp, err := newClient().Get(url)
	if err != nil {
		b.Fatal(err)
	}
	defer resp.Body.Close()
	var body bytes.Buffer
	if _, err := body.ReadFrom(resp.Body); err != nil || resp.StatusCode != 200 {
		b.Fatalf("GET %s: %d %v", url, resp.StatusCode, err)
	}
	return body.Bytes()
}
