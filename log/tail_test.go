package log

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"gradebook/log/commitlog"
)

// events reads a tail; next returns its next event as "id event data", without pings.
type events struct {
	tb      testing.TB
	scanner *bufio.Scanner
}

func (s *logService) events(tb testing.TB, query string, header ...string) *events {
	tb.Helper()
	return s.eventsOf(tb, "/log"+query, header...)
}

func (s *logService) eventsOf(tb testing.TB, path string, header ...string) *events {
	tb.Helper()
	ctx, cancel := context.WithTimeout(tb.Context(), 10*time.Second)
	tb.Cleanup(cancel)
	req, err := http.NewRequestWithContext(ctx, "GET", s.url+path, nil)
	if err != nil {
		tb.Fatal(err)
	}
	req.Header.Set("Accept", "text/event-stream")
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := s.client.Do(req)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { resp.Body.Close() })
	if resp.StatusCode != 200 {
		tb.Fatalf("got %s", resp.Status)
	}
	return &events{tb, bufio.NewScanner(resp.Body)}
}

func (e *events) next() string {
	e.tb.Helper()
	var parts []string
	for e.scanner.Scan() {
		line := e.scanner.Text()
		if line == "" && len(parts) > 0 {
			return strings.Join(parts, " ")
		}
		if name, value, ok := strings.Cut(line, ": "); ok && name != "" {
			parts = append(parts, value)
		}
	}
	return "end"
}

func TestTail(t *testing.T) {
	s := mustOpen(t, t.TempDir())
	fill(t, s)
	live := s.events(t, "?level=warn")
	first := s.events(t, "?after=0&service=A")
	resumed := s.events(t, "", "Last-Event-ID", "5")
	beyond := s.events(t, "", "Last-Event-ID", "99")
	if err := s.Send(t.Context(), []byte(`{"message":"seven"}`+"\n"+`{"message":"eight","level":"error","service":"A"}`)); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name   string
		events *events
		want   []string // id and message
	}{
		{"live", live, []string{"8 eight"}},
		{"from the first", first, []string{"1 one", "2 two", "5 five", "6 six", "8 eight"}},
		{"resumed", resumed, []string{"6 six", "7 seven", "8 eight"}},
		{"beyond the end", beyond, []string{"7 seven", "8 eight"}},
	}
	for _, test := range tests {
		for _, want := range test.want {
			id, message, _ := strings.Cut(want, " ")
			if got := test.events.next(); !strings.HasPrefix(got, id+` {"offset":`+id+",") || !strings.Contains(got, `"message":"`+message+`"`) {
				t.Errorf("%s: got %s, want %s", test.name, got, want)
			}
		}
	}
	close(s.draining)
	for _, test := range tests {
		if got := test.events.next(); !strings.HasPrefix(got, "stopping {") {
			t.Errorf("%s: got %s, want the last event", test.name, got)
		}
		if got := test.events.next(); got != "end" {
			t.Errorf("%s: got %s, want the end", test.name, got)
		}
	}
	if status, body := s.do(t, "GET", "/log", "", "Accept", "text/event-stream", "Last-Event-ID", "x"); status != 400 || !strings.Contains(body, "Last-Event-ID") {
		t.Errorf("bad id: got %d %s", status, body)
	}
}

// pacedReader takes its time for each event.
type pacedReader struct {
	pace time.Duration
	got  []string
}

func (r *pacedReader) Ping() error  { return nil }
func (r *pacedReader) Flush() error { return nil }
func (r *pacedReader) Add(id, event string, _ []byte) error {
	time.Sleep(r.pace)
	r.got = append(r.got, id+event)
	return nil
}

func TestTailDropsSlowReader(t *testing.T) {
	tests := []struct {
		pace time.Duration
		want string
	}{
		{time.Second, "1 2 3 4 5 6 stopping"},
		{patience * 2 / 3, "1 2 3 4 5 dropped"}, // 1 to 3 were there before it came: it may take its time
		{patience * 2, "1 2 3 4 dropped"},
	}
	for _, test := range tests {
		synctest.Test(t, func(t *testing.T) {
			j, err := openJournal(t.TempDir(), commitlog.Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer j.log.Close()
			three := []record{{message: "m"}, {message: "m"}, {message: "m"}}
			j.append(three)
			f, draining, done := newFilter(), make(chan struct{}), make(chan struct{})
			reader := &pacedReader{pace: test.pace}
			go func() {
				defer close(done)
				reading := tailing{log: j.log, filter: &f, stream: reader, show: showJSON, next: 1}
				if err := reading.run(t.Context(), draining); err != nil {
					t.Error(err)
				}
			}()
			time.Sleep(10 * test.pace) // it has caught up
			j.append(three)
			time.Sleep(10 * test.pace)
			close(draining)
			<-done
			if got := strings.Join(reader.got, " "); got != test.want {
				t.Errorf("pace %v: got %s, want %s", test.pace, got, test.want)
			}
		})
	}
}

// recorded is a reader who keeps what it gets.
type recorded struct{ got []string }

func (r *recorded) Ping() error  { return nil }
func (r *recorded) Flush() error { return nil }
func (r *recorded) Add(id, event string, data []byte) error {
	if event == "gap" {
		event += " " + string(data)
	}
	r.got = append(r.got, strings.TrimSpace(id+" "+event))
	return nil
}

// tailed returns the events of a tail of j from offset next on, until now.
func tailed(t *testing.T, j *journal, next uint64) []string {
	t.Helper()
	f, r := newFilter(), &recorded{}
	reading := tailing{log: j.log, filter: &f, stream: r, show: showJSON, next: next}
	if over, err := reading.read(nil); over || err != nil {
		t.Fatal(over, err)
	}
	return r.got
}

// A reader who comes back after the entries it did not see were removed is told which.
func TestTailTellsGap(t *testing.T) {
	j, err := openJournal(t.TempDir(), commitlog.Options{SegmentBytes: 4 << 10, MaxBytes: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer j.log.Close()
	for range 4 {
		if _, _, err := j.append([]record{{message: strings.Repeat("m", 2<<10)}}); err != nil {
			t.Fatal(err)
		}
	}
	oldest, next := j.log.Bounds()
	for deadline := time.Now().Add(10 * time.Second); oldest < next-1 && time.Now().Before(deadline); oldest, _ = j.log.Bounds() {
		runtime.Gosched() // the log removes what is too much beside its work
	}
	if oldest < next-1 {
		t.Fatal("not all was removed that is too much")
	}
	got := tailed(t, j, 1)
	want := fmt.Sprintf(`%d gap {"from":1,"to":%[1]d,"reason":"these entries are no longer in the log"}`, oldest-1)
	if len(got) != int(next-oldest)+1 || got[0] != want {
		t.Errorf("got %q, want %q and %d entries", got, want, next-oldest)
	}
	if got := tailed(t, j, oldest); len(got) != int(next-oldest) {
		t.Errorf("who has seen the oldest gets %q", got)
	}
}

// A reader who comes back late reads packed segments as it does the others.
func TestTailReadsPacked(t *testing.T) {
	dir := t.TempDir()
	j, err := openJournal(dir, commitlog.Options{SegmentBytes: 4 << 10})
	if err != nil {
		t.Fatal(err)
	}
	defer j.log.Close()
	for range 40 {
		if _, _, err := j.append([]record{{message: strings.Repeat("m", 1<<10)}}); err != nil {
			t.Fatal(err)
		}
	}
	packed := func() int {
		files, err := filepath.Glob(filepath.Join(dir, "*.pack"))
		if err != nil {
			t.Fatal(err)
		}
		return len(files)
	}
	for deadline := time.Now().Add(10 * time.Second); packed() == 0; runtime.Gosched() {
		if time.Now().After(deadline) {
			t.Fatal("nothing was packed")
		}
	}
	for i, got := range tailed(t, j, 3) {
		if want := fmt.Sprint(i + 3); got != want {
			t.Fatalf("got %q, want %s", got, want)
		}
	}
	if got := len(tailed(t, j, 3)); got != 38 {
		t.Errorf("got %d entries, want 38", got)
	}
}

// What an alert says has an event of its own.
func TestTailTellsAlerts(t *testing.T) {
	j, err := openJournal(t.TempDir(), commitlog.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer j.log.Close()
	j.append([]record{{message: "m"}, {message: "a", kind: kindAlert}})
	if got := tailed(t, j, 1); !slices.Equal(got, []string{"1", "2 alert"}) {
		t.Errorf("got %q", got)
	}
}
