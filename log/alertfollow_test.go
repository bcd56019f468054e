package log

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"gradebook/log/commitlog"
	"gradebook/service/web"
)

// fakeRegistry answers lookups of services.
type fakeRegistry struct {
	mu       sync.Mutex        // guards services
	services map[string]string // JSON by name; "" is not registered; nil: nobody answers
}

func (f *fakeRegistry) set(services map[string]string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.services = services
}

func (f *fakeRegistry) RoundTrip(r *http.Request) (*http.Response, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	name, ok := strings.CutPrefix(r.URL.String(), registryURL)
	if f.services == nil || !ok {
		return nil, errors.New("nobody answers at " + r.URL.String())
	}
	body, status := f.services[name], http.StatusOK
	if body == "" {
		status = http.StatusNotFound
	}
	return &http.Response{StatusCode: status, Body: io.NopCloser(strings.NewReader(body))}, nil
}

// alertTest is a log with alerts, in a bubble, that can be started again.
type alertTest struct {
	t        *testing.T
	dir      string
	registry fakeRegistry
	full     atomic.Bool // what alerts say cannot be stored
	j        *journal
	*alerts
}

func newAlertTest(t *testing.T) *alertTest {
	a := &alertTest{t: t, dir: t.TempDir()}
	a.open()
	return a
}

func (a *alertTest) open() {
	a.t.Helper()
	j, err := openJournal(a.dir, commitlog.Options{})
	if err != nil {
		a.t.Fatal(err)
	}
	env := web.Env{Name: "LogService", Instance: "me", Logger: slog.New(slog.DiscardHandler), Client: &http.Client{Transport: &a.registry}}
	a.j = j
	a.alerts, err = openAlerts(j, alertFile{commitlog.OS(), a.dir}, env, func(records []record) error {
		if a.full.Load() {
			return syscall.ENOSPC
		}
		a.append(records...)
		return nil
	})
	if err != nil {
		a.t.Fatal(err)
	}
	a.start()
}

func (a *alertTest) close() {
	a.alerts.close()
	a.j.log.Close()
}

func (a *alertTest) append(records ...record) {
	a.t.Helper()
	if _, _, err := a.j.append(records); err != nil {
		a.t.Error(err)
	}
}

func (a *alertTest) put(name, rule string) {
	a.t.Helper()
	r := mustParseRule(a.t, rule)
	if err := a.change(func(e *alertEngine) error { e.put(name, r); return nil }); err != nil {
		a.t.Fatal(err)
	}
}

// says returns what alerts have said so far, oldest first, and how they stand.
func (a *alertTest) says() string {
	a.t.Helper()
	var said []string
	everything := newFilter()
	for found, err := range a.j.scan(context.Background(), &everything) {
		if err != nil {
			a.t.Fatal(err)
		}
		if found.kind == kindAlert {
			said = append(said, strings.TrimPrefix(found.message, "alert "))
		}
	}
	slices.Reverse(said)
	var stand []string
	for _, view := range a.views() {
		stand = append(stand, fmt.Sprintf("%s=%s(%d)", view.Name, view.State, len(view.History)))
	}
	return strings.Join(said, ", ") + "; " + strings.Join(stand, " ")
}

// after lets time pass and compares what alerts have said.
func (a *alertTest) after(d time.Duration, want string) {
	a.t.Helper()
	time.Sleep(d)
	synctest.Wait()
	if got := a.says(); got != want {
		a.t.Errorf("after another %v: got %q, want %q", d, got, want)
	}
}

const soon = 2 * lookEvery

// A rule fires on entries that come, is over when they are old, and goes on after a restart where
// it was, neither forgetting nor telling twice.
func TestAlertsOverRestarts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newAlertTest(t)
		a.append(errorsOf("A", 2, time.Now())...)
		a.put("a", "count(level>=error, service=A) over 1m > 2")
		a.after(soon, "; a=ok(0)")
		a.append(errorsOf("A", 1, time.Now())...)
		a.after(soon, "a fires: 3; a=firing(1)")
		a.close()
		a.open()
		a.after(soon, "a fires: 3; a=firing(1)")
		a.after(time.Minute, "a fires: 3, a is over: 1; a=ok(2)")
		a.append(errorsOf("A", 3, time.Now().Add(-30*time.Second))...)
		a.after(soon, "a fires: 3, a is over: 1, a fires: 3; a=firing(3)")
		a.close()
		time.Sleep(time.Hour)
		a.open()
		a.after(soon, "a fires: 3, a is over: 1, a fires: 3, a is over: 0; a=ok(4)")
		a.close()
	})
}

// What a window holds is read from the log again: the times of the entries count, not their order,
// and what came from the future within the window.
func TestAlertsAreRebuilt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newAlertTest(t)
		now := time.Now()
		a.append(errorsOf("A", 1, now.Add(time.Hour))...)
		time.Sleep(5 * time.Minute)
		now = time.Now()
		for _, ago := range []time.Duration{-time.Hour, 10 * time.Second, 2 * time.Minute, 50 * time.Second, 30 * time.Second} {
			a.append(errorsOf("A", 10, now.Add(-ago))...)
			a.append(errorsOf("B", 10, now.Add(-ago))...)
		}
		a.append(record{kind: kindAlert, service: "A", level: slog.LevelError, time: now.UnixNano()})
		a.put("at once", "count(service=A) over 1m >= 40")
		a.put("too many", "count(service=A) over 1m >= 41")
		a.after(soon, ", at once fires: 40; at once=firing(1) too many=ok(0)")
		a.close()
		a.open()
		a.after(soon, ", at once fires: 40; at once=firing(1) too many=ok(0)")
		a.close()
	})
}

// Whatever comes late and however often the service starts anew, an alert counts what a naive count
// of its window finds, and at most one bucket more.
func TestAlertsAreNaiveCounts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newAlertTest(t)
		const window = 5 * time.Minute
		a.put("a", fmt.Sprintf("count(level=error, service=A) over %v > 1000000", window))
		random := rand.New(rand.NewPCG(1, 2))
		var times []time.Time
		for range 100 {
			time.Sleep(time.Duration(random.Int64N(int64(time.Minute))))
			for range random.IntN(5) {
				at := time.Now().Add(-time.Duration(random.Int64N(int64(window) * 3 / 2)))
				times = append(times, at)
				a.append(errorsOf("A", 1, at)...)
				a.append(errorsOf("B", 1, at)...)
			}
			if random.IntN(5) == 0 {
				a.close()
				a.open()
			}
			time.Sleep(soon)
			synctest.Wait()
			least, most, now := 0, 0, time.Now().Add(-lookEvery) // when it looked, at the earliest
			for _, at := range times {
				if at.After(time.Now().Add(-window)) {
					least++
				}
				if at.After(now.Add(-window - window/manyBuckets)) {
					most++
				}
			}
			if got := a.views()[0].Value; got < least || got > most {
				t.Fatalf("it counts %d of %d, want %d to %d", got, len(times), least, most)
			}
		}
		a.close()
	})
}

func TestAlertsOfSilence(t *testing.T) {
	up := map[string]string{"A": `[{"health":"up","since":"2000-01-01T00:00:00Z"}]`} // when bubbles begin
	synctest.Test(t, func(t *testing.T) {
		a := newAlertTest(t)
		a.put("a", "silence(service=A) over 5m")
		a.after(time.Hour, "; a=unknown(0)") // the registry is away
		a.append(errorsOf("A", 1, time.Now())...)
		a.registry.set(up)
		a.after(4*time.Minute, "; a=ok(0)")
		a.after(2*time.Minute, "a fires: 300 seconds of silence; a=firing(1)")
		a.registry.set(nil)
		a.after(time.Hour, "a fires: 300 seconds of silence; a=firing(1)")
		a.append(record{kind: kindSpan, level: levelTrace, service: "A", time: time.Now().UnixNano()})
		a.after(soon, "a fires: 300 seconds of silence, a is over: 0 seconds of silence; a=ok(2)")
		a.registry.set(map[string]string{})
		a.after(time.Hour, "a fires: 300 seconds of silence, a is over: 0 seconds of silence; a=ok(2)")
		a.close()
	})
}

// What alerts say is stored once it can be, in order.
func TestAlertsTellLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newAlertTest(t)
		a.full.Store(true)
		a.put("a", "count() over 1m > 0")
		a.append(errorsOf("A", 1, time.Now())...)
		a.after(2*time.Minute, "; a=ok(2)")
		a.full.Store(false)
		a.after(soon, "a fires: 1, a is over: 0; a=ok(2)")
		a.close()
	})
}
