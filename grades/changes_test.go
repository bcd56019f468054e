package grades

import (
	"context"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"gradebook/service/telemetry"
	"gradebook/service/web"
)

func TestChangesPages(t *testing.T) {
	s := openService(t, t.TempDir())
	for i := range 9 {
		if err := enter(1+i%5, fmt.Sprint("T", i), "Quiz")(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
	if err := undo(10)(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	whole, _, err := s.History(t.Context(), 1, HistoryQuery{})
	if err != nil {
		t.Fatal(err)
	}
	for limit := 1; limit < 12; limit++ {
		var all []Commit
		for next := uint64(0); next < 11; {
			page, err := s.ChangesSince(t.Context(), next, limit, 0)
			if err != nil || len(page.Changes) == 0 || len(page.Changes) > limit || page.Next != next+uint64(len(page.Changes)) {
				t.Fatalf("after %d: %d changes, next %d, %v", next, len(page.Changes), page.Next, err)
			}
			next, all = page.Next, append(all, page.Changes...)
		}
		for i, c := range all {
			whole[len(whole)-1-i].UndoneBy = 0
			if got, want := asJSON(t, c), asJSON(t, whole[len(whole)-1-i]); got != want {
				t.Fatalf("change %d:\n got %s\nwant %s", i+1, got, want)
			}
		}
	}
	if _, body := s.request(t, "GET /changes?after=11", ""); body != "{\"changes\":[],\"next\":11}\n" {
		t.Errorf("at the end %s", body)
	}
	for _, c := range []struct{ query, header, want string }{
		{"after=12", "", "after: is 12, and the newest change is 11: this is not the book that you have read"},
		{"after=x", "", "after: must be a whole number"},
		{"limit=1001", "", "limit: must be a whole number from 1 to 1000"},
		{"wait=61s", "", "wait: must be a time such as 30s, at most 1m0s"},
		{"after=3", "12", "Last-Event-ID: is 12"},
		{"after=3", "x", "Last-Event-ID: must be the id of an event"},
	} {
		header := []string{}
		if c.header != "" {
			header = []string{"Accept: text/event-stream", "Last-Event-ID: " + c.header}
		}
		resp, body := s.request(t, "GET /changes?"+c.query, "", header...)
		if !strings.Contains(body, c.want) || resp.StatusCode/100 != 4 {
			t.Errorf("%s: %s %s, want %q", c.query, resp.Status, body, c.want)
		}
	}
}

// Whoever waits is answered when there is a change.
func TestChangesAreWaitedFor(t *testing.T) {
	s := openService(t, t.TempDir())
	got := make(chan ChangesPage)
	go func() {
		page, err := s.ChangesSince(t.Context(), 1, 0, maxWait)
		if err != nil {
			t.Error(err)
		}
		got <- page
	}()
	if err := put(1, 1, 90, 1)(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	if page := <-got; len(page.Changes) != 1 || page.Next != 2 {
		t.Errorf("%+v, want change 2", page)
	}
}

// Many readers, who come and go, and writers: everyone who stays gets every
// change, once, in order.
func TestChangesStream(t *testing.T) {
	const readers, writers, each = 20, 8, 40
	s := openService(t, t.TempDir())
	var all sync.WaitGroup
	for i := range readers {
		all.Go(func() {
			have := uint64(0)
			for have < 1+writers*each {
				leave := have + 1 + uint64(i*17) // and comes back
				for c, err := range s.Changes(t.Context(), have) {
					if err != nil || c.Revision != have+1 {
						t.Errorf("after %d came %d, %v", have, c.Revision, err)
						return
					}
					if have = c.Revision; have == leave || have == 1+writers*each {
						break
					}
				}
			}
		})
	}
	for i := range writers {
		all.Go(func() {
			for j := range each {
				if err := enter(1+i%5, fmt.Sprint(i, " ", j), "Quiz")(t.Context(), s); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
}

// A stream that breaks is resumed, by way of an error, and one that cannot be is
// not.
func TestChangesResume(t *testing.T) {
	draining := make(chan struct{})
	server := httptest.NewServer(openApp(t, t.TempDir(), draining))
	defer server.Close()
	s := &service{Client: NewClient(server.Client())}
	s.base = server.URL
	var got []string
	for c, err := range s.Changes(t.Context(), 0) {
		switch {
		case err != nil:
			got = append(got, err.Error())
		default:
			got = append(got, fmt.Sprint(c.Revision))
		}
		switch len(got) {
		case 1:
			server.CloseClientConnections()
		case 2:
			if err := put(1, 1, 90, 1)(t.Context(), s); err != nil {
				t.Fatal(err)
			}
		case 3:
			close(draining)
		}
		if len(got) == 4 {
			break
		}
	}
	if got[0] != "1" || got[1] == "2" || got[2] != "2" || got[3] != errStopping.Error() {
		t.Errorf("%q, want change 1, an error, change 2, and that the service stops", got)
	}
	errs := 0
	for _, err := range s.Changes(t.Context(), 99) {
		if errs++; err == nil || !strings.Contains(err.Error(), "is not the book that you have read") {
			t.Errorf("change 99 of 2: %v", err)
		}
	}
	if errs != 1 {
		t.Errorf("%d errors, want 1", errs)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	for c, err := range s.Changes(ctx, 1) {
		if cancel(); err != nil || c.Revision != 2 {
			t.Errorf("%d, %v", c.Revision, err)
		}
	}
}

// openApp opens the service with the sample class, without a listener.
func openApp(t testing.TB, dir string, draining chan struct{}) web.App {
	t.Helper()
	app, err := Open(nil)(web.Env{
		DataDir: dir, Logger: slog.New(slog.DiscardHandler), Draining: draining, Flag: func(string) string { return "true" },
	}, telemetry.NewMetrics())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := app.Close(); err != nil {
			t.Error(err)
		}
	})
	return app
}

// Without changes a reader hears a ping now and then, and who only waits for one
// is answered in time.
func TestChangesAreQuiet(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		s := openApp(t, dir, nil)
		ctx, cancel := context.WithTimeout(t.Context(), 61*time.Second)
		defer cancel()
		w := httptest.NewRecorder()
		r := httptest.NewRequestWithContext(ctx, "GET", "/changes?after=1", nil)
		r.Header.Set("Accept", "text/event-stream")
		s.ServeHTTP(noDeadlines{w}, r)
		if got := strings.Count(w.Body.String(), ": ping"); got != 5 { // one at once
			t.Errorf("%d pings in a minute, want 5", got)
		}
		w = httptest.NewRecorder()
		began := time.Now()
		s.ServeHTTP(noDeadlines{w}, httptest.NewRequestWithContext(t.Context(), "GET", "/changes?after=1&wait=7s", nil))
		if body, took := w.Body.String(), time.Since(began); body != "{\"changes\":[],\"next\":1}\n" || took != 7*time.Second {
			t.Errorf("%s after %v, want none after 7s", body, took)
		}
	})
}

// noDeadlines is a recorder that a stream can be written to.
type noDeadlines struct{ *httptest.ResponseRecorder }

func (noDeadlines) SetReadDeadline(time.Time) error  { return nil }
func (noDeadlines) SetWriteDeadline(time.Time) error { return nil }
