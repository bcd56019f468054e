package registry

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"gradebook/service/telemetry"
	"gradebook/service/web"
)

// patientRecorder is a recorder whose deadlines can be moved, as a connection's
// can.
type patientRecorder struct{ *httptest.ResponseRecorder }

func (patientRecorder) SetReadDeadline(time.Time) error  { return nil }
func (patientRecorder) SetWriteDeadline(time.Time) error { return nil }

// poll asks GET /watch and returns the status, the news and how long it took.
func poll(t *testing.T, s *Server, query string) (int, News, time.Duration) {
	t.Helper()
	start := time.Now()
	w := patientRecorder{httptest.NewRecorder()}
	front(s).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/watch?"+query, nil))
	var n News
	if err := json.Unmarshal(w.Body.Bytes(), &n); err != nil {
		t.Fatalf("%s: %v", w.Body, err)
	}
	return w.Code, n, time.Since(start)
}

func TestWatchWaitsForAChange(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fleet) {
		time.Sleep(10 * time.Second)
		_, first, took := poll(t, f.server, "")
		if !first.Reset || len(first.Services) != 0 || took != 0 {
			t.Errorf("without a cursor: got %+v after %v", first, took)
		}
		for _, c := range []struct {
			wait string
			want time.Duration
		}{{"", watchWait}, {"&wait=2s", 2 * time.Second}, {"&wait=0s", 0}, {"&wait=60s", time.Minute}} {
			status, n, took := poll(t, f.server, "after="+first.Cursor+c.wait)
			if status != http.StatusOK || took != c.want || n.Cursor != first.Cursor || n.Reset || len(n.Services) > 0 {
				t.Errorf("%q: got %d %+v after %v", c.wait, status, n, took)
			}
		}
		for _, wait := range []string{"61s", "-1s", "soon"} {
			if status, _, _ := poll(t, f.server, "wait="+wait); status != http.StatusBadRequest {
				t.Errorf("wait=%s: got %d", wait, status)
			}
		}
		time.AfterFunc(3*time.Second, func() { f.server.step(registering{describe("A", "", "http://localhost:6000")}) })
		_, n, took := poll(t, f.server, "after="+first.Cursor)
		if took != 3*time.Second || len(n.Services) != 1 || n.Services[0].Name != "A" || n.Reset {
			t.Errorf("got %+v after %v, want A after 3s", n, took)
		}
	})
}

func TestWatchersAreBounded(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fleet) {
		_, n, _ := poll(t, f.server, "")
		for range maxWatchers {
			go front(f.server).ServeHTTP(patientRecorder{httptest.NewRecorder()}, httptest.NewRequest(http.MethodGet, "/watch?wait=60s&after="+n.Cursor, nil))
		}
		synctest.Wait()
		w := httptest.NewRecorder()
		front(f.server).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/watch", nil))
		if w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" {
			t.Errorf("one too many: got %d %v %s", w.Code, w.Header(), w.Body)
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		if status, _, _ := poll(t, f.server, ""); status != http.StatusOK {
			t.Errorf("after the others have gone: got %d", status)
		}
	})
}

// events reads a stream: the id and the news of each event.
type events struct {
	t     *testing.T
	lines *bufio.Scanner
}

func (e events) next() (id string, n News) {
	e.t.Helper()
	for e.lines.Scan() {
		field, value, _ := strings.Cut(e.lines.Text(), ": ")
		switch field {
		case "id":
			id = value
		case "data":
			if err := json.Unmarshal([]byte(value), &n); err != nil {
				e.t.Fatal(err)
			}
			return id, n
		}
	}
	e.t.Fatalf("the stream ended: %v", e.lines.Err())
	return "", n
}

// openStream opens a stream that lasts until close.
func openStream(t *testing.T, l *listener, lastID string) (e events, close func()) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, l.URL+"/watch", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept", "text/event-stream")
	if lastID != "" {
		req.Header.Set("Last-Event-ID", lastID)
	}
	resp, err := l.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	if got := resp.Header.Get("Content-Type"); resp.StatusCode != http.StatusOK || got != "text/event-stream" {
		t.Fatalf("got %s %s", resp.Status, got)
	}
	lines := bufio.NewScanner(resp.Body)
	lines.Buffer(nil, 16<<20)
	return events{t, lines}, func() {
		cancel()
		resp.Body.Close()
	}
}

// A stream that breaks goes on where it was, and what happens in a burst is few
// events.
func TestWatchStream(t *testing.T) {
	t.Parallel()
	s, l := serveRegistry(t, "127.0.0.1:0", t.TempDir(), quick())
	settle(s)
	register := func(name, port string) { s.step(registering{describe(name, "one", "http://localhost:"+port)}) }
	e, closeStream := openStream(t, l, "")
	if _, n := e.next(); !n.Reset || len(n.Services) != 0 {
		t.Errorf("the first event is %+v", n)
	}
	register("A", "1")
	id, n := e.next()
	if n.Reset || len(n.Services) != 1 || n.Services[0].Name != "A" || id != n.Cursor {
		t.Errorf("got %q %+v", id, n)
	}
	closeStream()
	for _, port := range []string{"2", "3", "4"} {
		register("B", port)
	}
	s.step(leaving{url: "http://localhost:1"})
	e, closeStream = openStream(t, l, id)
	defer closeStream()
	_, n = e.next()
	if n.Reset || len(n.Services) != 3 || len(n.Gone) != 1 || n.Gone[0].Name != "A" {
		t.Errorf("resumed with %+v", n)
	}
}

// A reader that reads nothing holds up neither the registry nor another reader.
func TestSlowWatcherHoldsUpNobody(t *testing.T) {
	t.Parallel()
	s, l := serveRegistry(t, "127.0.0.1:0", t.TempDir(), quick())
	settle(s)
	c, err := net.Dial("tcp", l.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	fmt.Fprintf(c, "GET /watch HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n")
	c.(*net.TCPConn).SetReadBuffer(4 << 10)
	long := make(map[string]string)
	for i := range maxMetadata {
		long[strings.Repeat(fmt.Sprint(i%10), maxText-i)] = strings.Repeat("x", maxText)
	}
	e, closeStream := openStream(t, l, "")
	defer closeStream()
	e.next()
	for round := range 4 { // 8 MB, which no socket holds
		for i := range 250 {
			r := describe("A", fmt.Sprint("instance-", round), fmt.Sprintf("http://localhost:%d", 1+i))
			r.Metadata = long
			s.step(registering{r})
		}
		for seen := 0; seen < 250; { // they may come in several events
			_, n := e.next()
			seen += len(n.Services)
		}
	}
}

func TestWatchEndsWithTheService(t *testing.T) {
	draining := make(chan struct{})
	env := web.Env{Name: RegistryService, DataDir: t.TempDir(), Logger: slog.New(slog.DiscardHandler), Draining: draining}
	s, err := OpenServer(env, telemetry.NewMetrics(), quick())
	if err != nil {
		t.Fatal(err)
	}
	l := listen(t, "127.0.0.1:0", front(s))
	e, closeStream := openStream(t, l, "")
	defer closeStream()
	_, n := e.next()
	close(draining)
	for e.lines.Scan() {
		continue
	}
	if err := e.lines.Err(); err != nil {
		t.Errorf("the stream did not end in order: %v", err)
	}
	if status, _, took := poll(t, s, "after="+n.Cursor); status != http.StatusOK || took > 5*time.Second {
		t.Errorf("a long poll ended with %d after %v", status, took)
	}
	l.kill()
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}
