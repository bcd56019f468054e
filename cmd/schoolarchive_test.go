package cmd_test

import (
	"crypto/sha256"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"
)

// TestArchiveSchool archives a school while people work in it, and restores it
// twice, by a request and without a server: all it answers is the same. With
// -school 100000 the limit on how long the others wait holds.
func TestArchiveSchool(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.start(gradingService)
	sc := newSchool(t, s.url(gradingService), *students, func(sc *school, c *schoolClass) { sc.fill(c, 0, 0) })
	keyed := s.send(http.StatusCreated, http.MethodPost, gradingService, "/students", `{"lastName":"Once"}`, "Idempotency-Key", "once")

	rest := time.NewTimer(3 * time.Second)
	quiet, _ := sc.othersDuring(func() { <-rest.C })
	file, took := filepath.Join(t.TempDir(), "school.zip"), time.Duration(0)
	busy, asked := sc.othersDuring(func() {
		begun := time.Now()
		s.download("/archive", file)
		took = time.Since(begun)
	})
	info, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("an archive of %d MiB in %v; the p99 of the others was %v, and %v meanwhile, of %d requests", info.Size()>>20, took.Round(time.Millisecond), quiet, busy, asked)
	atMost(t, "p99 of the others while the archive is made, in percent of before", int(100*busy/quiet), 200)

	// That one is of a moment that nobody can ask for any more, and is taken; this
	// one, of the school as it stays, is what all are compared with.
	s.restoreFile(s.another(gradingService), file)
	s.download("/archive", file)

	told, second := s.another(gradingService), s.another(gradingService)
	s.start(told)
	begun := time.Now()
	s.restore(told, file)
	t.Logf("restored by a request in %v", time.Since(begun).Round(time.Millisecond))
	if procfs() {
		t.Logf("%d MiB resident at most", s.running[told].peakMemory(t)>>20)
	}
	begun = time.Now()
	s.restoreFile(second, file)
	t.Logf("restored without a server in %v", time.Since(begun).Round(time.Millisecond))
	s.start(second)
	want := sc.digest(t, s, gradingService)
	for _, service := range []string{told, second} {
		s.kill(service)
		s.start(service)
		if got := sc.digest(t, s, service); got != want {
			t.Errorf("%s answers otherwise than the archived one", service)
		}
		again := s.send(http.StatusCreated, http.MethodPost, service, "/students", `{"lastName":"Once"}`, "Idempotency-Key", "once")
		if again.body != keyed.body {
			t.Errorf("a request with a key is answered %v, and was %v", again, keyed)
		}
	}
}

// othersDuring has people open classes and enter a student now and then, a hundred
// times a second, while do runs. It returns the 99th percentile of their times, and
// how many there were.
func (sc *school) othersDuring(do func()) (p99 time.Duration, n int) {
	done := make(chan struct{})
	var all sync.WaitGroup
	all.Go(func() {
		defer close(done)
		do()
	})
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	var mu sync.Mutex
	var times []time.Duration
	for running := true; running; {
		select {
		case <-done:
			running = false
		case <-tick.C:
			n++
			enter, c := n%10 == 0, &sc.classes[rand.IntN(len(sc.classes))]
			all.Go(func() {
				begun := time.Now()
				if enter {
					sc.create("/students", `{"lastName":"Meanwhile"}`)
				} else {
					sc.gradebook(c)
				}
				mu.Lock()
				defer mu.Unlock()
				times = append(times, time.Since(begun))
			})
		}
	}
	all.Wait()
	if n == 0 { // it was over before anybody came
		return 0, 0
	}
	slices.Sort(times)
	return times[n*99/100], n
}

// download saves what a path of the grading service answers.
func (s *system) download(path, file string) {
	resp, err := newClient().Get(s.url(gradingService) + path)
	if err != nil {
		s.t.Error(err)
		return
	}
	defer resp.Body.Close()
	f, err := os.Create(file)
	if err != nil {
		s.t.Error(err)
		return
	}
	defer f.Close()
	if _, err := io.Copy(f, resp.Body); err != nil || resp.StatusCode != http.StatusOK {
		s.t.Errorf("GET %s: %s, %v", path, resp.Status, err)
	}
}

// restore gives a service an archive, which it must take.
func (s *system) restore(service, file string) {
	s.t.Helper()
	f, err := os.Open(file)
	if err != nil {
		s.t.Fatal(err)
	}
	defer f.Close()
	resp, err := newClient().Post(s.url(service)+"/restore", "application/zip", f)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	if body, _ := io.ReadAll(resp.Body); resp.StatusCode/100 != 2 {
		s.t.Fatalf("POST /restore: %s %.600s", resp.Status, body)
	}
}

// restoreFile has the data of a service made of an archive, without a server.
func (s *system) restoreFile(service, file string) {
	s.t.Helper()
	p := run(s.t, gradingService, "-data", s.dataOf(service), "-restore", file)
	if code, err := p.wait(); err != nil || code != 0 {
		s.t.Fatalf("-restore: exit code %d, %v: %s", code, err, p.out)
	}
}

// digest is one number for all that a service answers about a school: each class
// with its history and statistics, every student, and every change.
func (sc *school) digest(t *testing.T, s *system, service string) string {
	t.Helper()
	sum, all := sha256.New(), newGradeLoad(t, s.url(service))
	get := func(path string) (answer string) {
		status, answer := all.request(http.MethodGet, path, "")
		if status != http.StatusOK {
			t.Fatalf("GET %s of %s: %d %.600s", path, service, status, answer)
		}
		fmt.Fprintln(sum, path, answer)
		return answer
	}
	get("/classes?removed=true")
	get("/statistics")
	for _, c := range sc.classes {
		for _, of := range []string{"gradebook", "history", "statistics"} {
			get(fmt.Sprintf("/classes/%d/%s", c.id, of))
		}
	}
	for cursor := 0; cursor < len(sc.classes)*schoolSize+1000; cursor += 1000 {
		get(fmt.Sprintf("/students?removed=true&cursor=%d", cursor))
	}
	for after, more := uint64(0), true; more; {
		page, err := parse[struct {
			Changes []struct{}
			Next    uint64
		}](http.StatusOK, get(fmt.Sprintf("/changes?limit=500&after=%d", after)))
		if err != nil {
			t.Fatal(err)
		}
		after, more = page.Next, len(page.Changes) > 0
	}
	return fmt.Sprintf("%x", sum.Sum(nil))
}
