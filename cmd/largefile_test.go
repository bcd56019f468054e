package cmd_test

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// largeItems is how many assignments the class of a large file has.
const largeItems = 100

// largeFile writes a Canvas file of so many cells, all of them scores, with 67
// bytes of file for each: what is not scores is notes, as teachers write them.
func largeFile(t *testing.T, cells int) (name string) {
	t.Helper()
	name = filepath.Join(t.TempDir(), "large.csv")
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w := bufio.NewWriterSize(f, 1<<20)
	w.WriteString("Student,ID,SIS User ID,SIS Login ID,Section,Notes")
	for i := range largeItems {
		fmt.Fprintf(w, ",Item %d (%d)", i, 5000+i)
	}
	w.WriteString("\n    Points Possible,,,,,")
	w.WriteString(strings.Repeat(",100.00", largeItems) + "\n")
	random := rand.New(rand.NewPCG(6, 6))
	for n := range cells / largeItems {
		row := fmt.Sprintf("\"Family %d, Student\",%d,L%d,login%d,Large class,\"", n, 7_000_000_000+n, n, n)
		var scores strings.Builder
		for range largeItems {
			fmt.Fprintf(&scores, ",%d.%02d", random.IntN(100), random.IntN(100))
		}
		w.WriteString(row)
		w.WriteString(strings.Repeat("sits at the front, \"\"listens\"\"; ", max(0, 67*largeItems-len(row)-scores.Len())/32))
		w.WriteString("\"" + scores.String() + "\n")
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	return name
}

// TestLargeFile imports a file of many cells, as people do who watch it: it is
// told how far the reading is, the memory stays bounded, and the result is the
// class. With -cells 1000000, 64 MiB, the limits hold.
func TestLargeFile(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.start(gradingService)
	name := largeFile(t, *cells)
	before := 0
	if procfs() {
		before = s.running[gradingService].peakMemory(t)
	}
	begun := time.Now()
	path, size := s.uploadFile(name)
	p, seen := s.watchReading(path, size)
	dry := time.Since(begun)
	want := fmt.Sprintf("Large class: students %d+0=0, assignments %d+0=0, cells %d new, 0 changed, 0 cleared, 0 kept, 0 the same", *cells/largeItems, largeItems, *cells)
	if got := p.counts(); p.State != "proposed" || got != want {
		t.Fatalf("%s: %s, want %s", p.State, got, want)
	}
	s.apply(http.StatusOK, path, "")
	t.Logf("%d MiB with %d cells, seen %d times at work: uploaded, read and compared in %v", size>>20, *cells, seen, dry.Round(time.Millisecond))
	atMostCells(t, "upload, dry run and apply", time.Since(begun).Round(time.Millisecond), 10*time.Second)
	if procfs() {
		t.Logf("%d MiB resident at most before", before>>20)
		atMostCells(t, "MiB resident at most", s.running[gradingService].peakMemory(t)>>20, 300)
	}
	if *cells >= allCells && seen < 2 {
		t.Errorf("its progress was seen %d times", seen)
	}
	class := read[struct{ Students, Cells []struct{} }](t, s.get(gradingService, "/classes/2/gradebook"))
	if len(class.Students) != *cells/largeItems || len(class.Cells) != *cells {
		t.Errorf("the class has %d students and %d cells", len(class.Students), len(class.Cells))
	}
}

// allCells is how many cells the limits are for, in 64 MiB.
const allCells = 1_000_000

// atMostCells is atMost for a file of allCells.
func atMostCells[T int | time.Duration](t testing.TB, what string, got, limit T) {
	t.Helper()
	t.Logf("%s: %v (limit %v)", what, got, limit)
	if *cells >= allCells && !raceEnabled() && got > limit {
		t.Errorf("%s: %v, want at most %v", what, got, limit)
	}
}

// uploadFile sends a file and does not wait until it is read.
func (s *system) uploadFile(name string) (path string, size int64) {
	s.t.Helper()
	f, err := os.Open(name)
	if err != nil {
		s.t.Fatal(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		s.t.Fatal(err)
	}
	req, err := http.NewRequest(http.MethodPost, s.url(gradingService)+"/imports?format=auto&dryRun=true", f)
	if err != nil {
		s.t.Fatal(err)
	}
	req.ContentLength = info.Size()
	req.Header.Set("Content-Type", "text/csv")
	req.Header.Set("Prefer", "respond-async")
	resp, err := newClient().Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, _ := io.ReadAll(resp.Body)
	if path = resp.Header.Get("Location"); resp.StatusCode != http.StatusAccepted || path == "" {
		s.t.Fatalf("a file to read later: got %s at %q: %.600s", resp.Status, path, body)
	}
	return path, info.Size()
}

// watchReading asks how far the reading is until it is done, and counts how often
// it had gone further and was not yet at the end.
func (s *system) watchReading(path string, size int64) (p proposal, seen int) {
	s.t.Helper()
	last := int64(0)
	within(s.t, 2*time.Minute, "the file is read", func() error {
		p = read[proposal](s.t, s.get(gradingService, path))
		if p.State != "reading" {
			return nil
		}
		if p.Progress.Bytes < last || p.Progress.Bytes > size || p.Progress.Of != size {
			s.t.Errorf("it has read %d of %d bytes, after %d, of %d", p.Progress.Bytes, p.Progress.Of, last, size)
		}
		if p.Progress.Bytes > last && p.Progress.Bytes < size {
			seen++
		}
		last = p.Progress.Bytes
		return fmt.Errorf("%d of %d bytes are read", p.Progress.Bytes, size)
	})
	return p, seen
}
