//go:build linux

package cmd_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

// perProcess is how many services one process of a fleet is: each takes a
// listener and a connection, and a process may open 20,000 files.
const perProcess = 5000

// fleet is many services that cost little, in processes of their own.
type fleet struct {
	b         *testing.B
	processes []loaded
}

// startFleet registers n services; flags are those of testdata/fleet.
func startFleet(b *testing.B, registry string, n int, flags ...string) *fleet {
	b.Helper()
	f, program := &fleet{b: b}, helper(b, "fleet")
	for from := 0; from < n; from += perProcess {
		f.processes = append(f.processes, startLoad(b, program, append([]string{
			"-registry", registry, "-from", strconv.Itoa(from), "-n", strconv.Itoa(min(perProcess, n-from)),
		}, flags...)...))
	}
	return f
}

// await waits until all hold a provider, or do not any more, and returns since
// when each does.
func (f *fleet) await(provider string, held bool) []time.Time {
	f.b.Helper()
	var all []time.Time
	for _, p := range f.processes {
		client := &http.Client{Timeout: patience}
		resp, err := client.Get(p.url + "/when?" + url.Values{"url": {provider}, "held": {strconv.FormatBool(held)}}.Encode())
		if err != nil {
			f.b.Fatalf("the fleet and %s (%t): %v", provider, held, err)
		}
		var times []int64
		err = json.NewDecoder(resp.Body).Decode(&times)
		resp.Body.Close()
		if err != nil || resp.StatusCode != http.StatusOK {
			f.b.Fatalf("the fleet and %s (%t): %s %v", provider, held, resp.Status, err)
		}
		for _, at := range times {
			all = append(all, time.Unix(0, at))
		}
	}
	return all
}

// registrations writes what each says of itself to a file, one a line.
func (f *fleet) registrations() (file string) {
	f.b.Helper()
	var all []byte
	for _, p := range f.processes {
		all = append(all, fetch(f.b, p.url+"/registrations")...)
	}
	file = filepath.Join(f.b.TempDir(), "registrations")
	if err := os.WriteFile(file, all, 0o600); err != nil {
		f.b.Fatal(err)
	}
	return file
}

func (f *fleet) stop() {
	for _, p := range f.processes {
		p.stop()
	}
}
