package log

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"gradebook/service/web"
)

// logLines logs from to to-1, and checks that no call waited.
func logLines(t *testing.T, h *Handler, from, to int) {
	t.Helper()
	logger, start := slog.New(h), time.Now()
	for i := from; i < to; i++ {
		logger.Info(fmt.Sprint(i))
	}
	if waited := time.Since(start); waited != 0 { // time stands still in a bubble unless all wait
		t.Errorf("the caller waited %v", waited)
	}
}

func numbers(from, to int) string {
	var all []string
	for i := from; i < to; i++ {
		all = append(all, fmt.Sprint(i))
	}
	return strings.Join(all, " ")
}

func checkEmpty(t *testing.T, dir string) {
	t.Helper()
	left, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || left != nil {
		t.Errorf("left in the spool: %v, %v", left, err)
	}
}

// The earlier demo hung every caller when the log service was frozen. Here no caller waits, and
// what could not be sent is sent by the next process.
func TestFrozenLogService(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir, thaw := t.TempDir(), make(chan struct{})
		frozen := func(context.Context, []byte) error { <-thaw; return nil } // does not even heed its context
		h := NewHandler(HandlerOptions{Instance: "one", Stderr: &screen{}, SpoolDir: dir, Send: frozen})
		logLines(t, h, 0, 3_000)
		time.Sleep(time.Minute)
		logLines(t, h, 3_000, 6_000)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		start := time.Now()
		if err := h.Close(ctx); err != nil || time.Since(start) > time.Second {
			t.Errorf("Close took %v: %v", time.Since(start), err)
		}

		var box inbox
		h = NewHandler(HandlerOptions{Instance: "two", Stderr: &screen{}, SpoolDir: dir, Send: box.send})
		logLines(t, h, 6_000, 6_010)
		time.Sleep(time.Second)
		if box.messages() != numbers(0, 6_010) {
			t.Errorf("%d entries arrived, or not in order", len(box.entries))
		}
		checkEmpty(t, dir)
		if err := h.Close(t.Context()); err != nil {
			t.Error(err)
		}
		close(thaw)
	})
}

// The earlier demo lost what was logged while the log service was away.
func TestLogServiceAway(t *testing.T) {
	tests := []struct {
		name        string
		spool, mute bool
	}{
		{"spool", true, false}, {"memory", false, false}, {"lost answers", true, true}, {"lost answers, memory", false, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var out screen
				box, dir := inbox{mute: test.mute}, ""
				if test.spool {
					dir = t.TempDir()
				}
				h := NewHandler(HandlerOptions{Instance: "one", Stderr: &out, SpoolDir: dir, Send: box.send})
				for i := range 60 {
					box.away.Store(i < 30)
					logLines(t, h, 10*i, 10*i+10)
					time.Sleep(time.Second)
				}
				if err := h.Close(t.Context()); err != nil {
					t.Error(err)
				}
				if box.messages() != numbers(0, 600) {
					t.Errorf("got %s", box.messages())
				}
				if n := box.fails.Load(); n < 6 || n > 30 {
					t.Errorf("%d failed sends in 30 s, want a pause that grows to 5 s", n)
				}
				if test.spool {
					checkEmpty(t, dir)
				}
				if n := strings.Count(out.String(), "does not take entries"); n < 1 || n > 3 {
					t.Errorf("told %d times that the service is away, want one in 10 s", n)
				}
				if n := strings.Count(out.String(), "takes entries again"); n != 1 {
					t.Errorf("told %d times that the service is back", n)
				}
			})
		})
	}
}

// A process that is killed leaves on disk what it logged until a second before.
func TestKilled(t *testing.T) {
	for _, name := range []string{"away", "frozen"} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var box inbox
				box.away.Store(true)
				dir, left, thaw := t.TempDir(), t.TempDir(), make(chan struct{})
				h := NewHandler(HandlerOptions{Instance: "one", Stderr: &screen{}, SpoolDir: dir, Send: func(ctx context.Context, ndjson []byte) error {
					if name == "frozen" {
						<-thaw
					}
					return box.send(ctx, ndjson)
				}})
				logLines(t, h, 0, 100)
				time.Sleep(time.Second)
				logLines(t, h, 100, 200)
				time.Sleep(time.Second)
				synctest.Wait()
				if err := os.CopyFS(left, os.DirFS(dir)); err != nil {
					t.Fatal(err)
				}
				close(thaw)
				h.Close(t.Context())

				box.away.Store(false)
				h = NewHandler(HandlerOptions{Instance: "two", Stderr: &screen{}, SpoolDir: left, Send: box.send})
				if err := h.Close(t.Context()); err != nil || box.messages() != numbers(0, 200) {
					t.Errorf("got %q, %v", box.messages(), err)
				}
			})
		})
	}
}

func TestKick(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var box inbox
		box.away.Store(true)
		h := NewHandler(HandlerOptions{Instance: "one", Stderr: &screen{}, Send: box.send})
		logLines(t, h, 0, 1)
		time.Sleep(20 * time.Second) // the pause is long by now
		box.away.Store(false)
		h.Kick()
		synctest.Wait()
		if box.messages() != "0" {
			t.Errorf("got %q at once after Kick", box.messages())
		}
		h.Close(t.Context())
	})
}

// What had to be dropped is told in the log itself, and numbers show where.
func TestDropsAreTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var box inbox
		box.away.Store(true)
		h := NewHandler(HandlerOptions{Service: "S", Instance: "one", Stderr: &screen{}, Send: box.send})
		const all = 3 * maxQueue / 2 / (100 << 10)
		for range all {
			slog.New(h).Info(strings.Repeat("x", 100<<10))
		}
		time.Sleep(time.Minute)
		box.away.Store(false)
		time.Sleep(10 * time.Second)
		logLines(t, h, 0, 1)
		if err := h.Close(t.Context()); err != nil {
			t.Error(err)
		}
		told, arrived, next := 0, 0, 1
		for _, e := range box.entries {
			if n, ok := e.Attributes["dropped"].(float64); ok {
				from, to := int(e.Attributes["from"].(float64)), int(e.Attributes["to"].(float64))
				if e.Level != "warn" || e.Service != "S" || from != next || to-from+1 != int(n) {
					t.Errorf("told as %+v, want from %d on", e, next)
				}
				told, next = told+int(n), to+1
			} else {
				arrived++
			}
			if int(e.Sequence) != next {
				t.Fatalf("number %d came, want %d", e.Sequence, next)
			}
			next++
		}
		if told == 0 || arrived+told != all+1 {
			t.Errorf("%d arrived and %d told as dropped, of %d", arrived, told, all+1)
		}
	})
}

// What the log service refuses is counted exactly, also beyond those lines that it lists.
func TestRefusedLinesAreTold(t *testing.T) {
	s := mustOpen(t, t.TempDir())
	dir := t.TempDir()
	var old []byte
	for i := range 1000 {
		level := "info"
		if i >= 200 && i < 700 {
			level = "loud"
		}
		old = fmt.Appendf(old, `{"message":"m","instance":"old","sequence":%d,"level":"%s"}`+"\n", i+1, level)
	}
	if err := os.WriteFile(filepath.Join(dir, "spool-old.ndjson"), old, 0o600); err != nil {
		t.Fatal(err)
	}
	h := NewHandler(HandlerOptions{Instance: "new", Stderr: &screen{}, SpoolDir: dir, Send: SendTo(s.client)})
	if err := h.Close(t.Context()); err != nil {
		t.Error(err)
	}
	entries := s.entries(t, "?limit=1000")
	if len(entries) != 501 {
		t.Errorf("%d entries are stored, want 500 and the one that tells", len(entries))
	}
	got, _ := json.Marshal(entries[0].Attributes)
	if want := `{"dropped":500,"from":201,"instance":"old","to":301}`; string(got) != want { // 101 are listed
		t.Errorf("told %s, want %s", got, want)
	}
}

// A handler that is told to wait does, and then everything arrives.
func TestThrottledHandler(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var box inbox
		var out screen
		var asked atomic.Int64
		throttle := func(ctx context.Context, ndjson []byte) error {
			if asked.Add(1) <= 3 {
				p := web.NewProblem(http.StatusTooManyRequests, "slowly")
				p.Header = http.Header{"Retry-After": {"20"}}
				return p
			}
			return box.send(ctx, ndjson)
		}
		h := NewHandler(HandlerOptions{Instance: "one", Stderr: &out, SpoolDir: t.TempDir(), Send: throttle})
		for i := range 70 {
			logLines(t, h, i, i+1)
			time.Sleep(time.Second)
			if n, want := int(asked.Load()), min(4, i/20+1); n < want-1 || i < 60 && n > want {
				t.Errorf("asked %d times after %d s, want one in 20 s", n, i)
			}
		}
		if err := h.Close(t.Context()); err != nil || box.messages() != numbers(0, 70) {
			t.Errorf("got %s, %v", box.messages(), err)
		}
		if !strings.Contains(out.String(), "slowly") {
			t.Errorf("nobody is told: %s", &out)
		}
	})
}

// A handler that logs more than its limit gets it all in by and by.
func TestHandlerOverItsLimit(t *testing.T) {
	s := mustOpen(t, t.TempDir())
	s.limits.rate = 2_000
	h := NewHandler(HandlerOptions{Service: "S", Instance: "i", Stderr: io.Discard, SpoolDir: t.TempDir(), Send: SendTo(s.client)})
	const entries = 6_000
	for i := range entries {
		slog.New(h).Info(fmt.Sprint(i))
	}
	for s.journal.end() <= entries {
		changed := s.journal.log.Changed()
		if s.journal.end() <= entries {
			<-changed
		}
	}
	if err := h.Close(t.Context()); err != nil {
		t.Error(err)
	}
	before := ""
	for left := entries; left > 0; {
		page := s.entries(t, "?limit=1000"+before)
		for _, e := range page {
			if left--; e.Message != fmt.Sprint(left) {
				t.Fatalf("got %s, want %d", e.Message, left)
			}
		}
		if len(page) == 0 {
			t.Fatalf("%d are missing", left)
		}
		before = fmt.Sprint("&before=", page[len(page)-1].Offset)
	}
}

// An entry that the log service refuses must not hold up those behind it for ever.
func TestRefusedIsTold(t *testing.T) {
	dir := t.TempDir()
	damaged := `{"message":"a","instance":"old","sequence":1}` + "\n" + strings.Repeat("\x00", 2*maxBatch) + "\n" +
		`{"message":"b","instance":"old","sequence":2}` + "\n" + `{"message":"cut sh`
	if err := os.WriteFile(filepath.Join(dir, "spool-old.ndjson"), []byte(damaged), 0o600); err != nil {
		t.Fatal(err)
	}
	s := mustOpen(t, t.TempDir())
	h := NewHandler(HandlerOptions{Instance: "new", Stderr: &screen{}, SpoolDir: dir, Send: SendTo(s.client)})
	slog.New(h).Info("c")
	if err := h.Close(t.Context()); err != nil {
		t.Error(err)
	}
	if got := messages(s.entries(t, "")); !strings.HasPrefix(got, "entries were dropped") || !strings.HasSuffix(got, " c b a") {
		t.Errorf("got %s", got)
	}
	checkEmpty(t, dir)
}

// Over a real connection: the log service is stopped and started again on its data while a
// service logs, and so is that service.
func TestRestarts(t *testing.T) {
	spool, data := t.TempDir(), t.TempDir()
	var send func(context.Context, []byte) error
	route := make(chan *logService, 1)
	send = func(ctx context.Context, ndjson []byte) error {
		s := <-route
		defer func() { route <- s }()
		if s == nil {
			return errors.New("no provider")
		}
		return SendTo(s.client)(ctx, ndjson)
	}
	const rounds, each = 6, 200
	for round := range rounds {
		t.Run("", func(t *testing.T) {
			route <- nil
			h := NewHandler(HandlerOptions{Instance: fmt.Sprint("i", round), Stderr: &screen{}, SpoolDir: spool, Send: send})
			logger := slog.New(h)
			for i := range each {
				logger.Info(fmt.Sprint(round*each + i))
				if i == each/2 && round%2 == 1 {
					<-route
					route <- mustOpen(t, data)
					h.Kick()
				}
			}
			if err := h.Close(t.Context()); err != nil {
				t.Error(err)
			}
			<-route
		})
	}
	s := mustOpen(t, data)
	checkEmpty(t, spool)
	var got []string
	for entries := s.entries(t, "?limit=1000&after=200"); len(got) < rounds*each; entries = s.entries(t, "?limit=1000&before=201") {
		got = append(got, strings.Fields(messages(entries))...)
		if len(entries) == 0 {
			break
		}
	}
	var want []string
	for i := rounds*each - 1; i >= 0; i-- {
		want = append(want, fmt.Sprint(i))
	}
	if strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("got %d entries, or not in order; want %d", len(got), len(want))
	}
}

func TestSpoolBounds(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "made")
	s, err := openSpool(dir, "i")
	if err != nil {
		t.Fatal(err)
	}
	line := append(bytes.Repeat([]byte("x"), 1<<20-1), '\n')
	fill := func() (n int) {
		for err = nil; err == nil; n++ {
			err = s.write(line)
		}
		return n - 1
	}
	if n := fill(); err != errSpoolFull || n != maxSpool>>20 {
		t.Errorf("%v after %d lines of 1 MiB, want full after 64", err, n)
	}
	for range 3 * maxSpoolFile >> 20 { // what was sent makes room
		if err := s.consume(len(line)); err != nil {
			t.Fatal(err)
		}
	}
	if n := fill(); n != 3*maxSpoolFile>>20 {
		t.Errorf("room for %d lines of 1 MiB after three files of 8 were sent", n)
	}
	s.close()
	if s, err = openSpool(dir, "j"); err != nil || len(s.files) != maxSpool/maxSpoolFile || !strings.HasSuffix(s.files[0].path, "-i-000004.ndjson") {
		t.Errorf("the next process finds %v, %v", s.files, err)
	}
}
