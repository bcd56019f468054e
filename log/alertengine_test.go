package log

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"
)

// errorsOf returns n errors of a service at a time.
func errorsOf(service string, n int, at time.Time) []record {
	entries := make([]record, n)
	for i := range entries {
		entries[i] = record{service: service, level: slog.LevelError, time: at.UnixNano(), message: "it failed"}
	}
	return entries
}

// told is what notices say, in short.
func told(notices []notice) string {
	var all []string
	for _, c := range notices {
		all = append(all, fmt.Sprintf("%s %s %d", c.name, c.State, c.Value))
	}
	return strings.Join(all, ", ")
}

func TestAlertEngine(t *testing.T) {
	start := time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)
	up := []registered{{"up", start.Add(-time.Hour)}}
	type event struct {
		at   time.Duration
		do   func(e *alertEngine, now time.Time) []notice
		want string
	}
	tick := (*alertEngine).tick
	entries := func(service string, n int, ago time.Duration) func(*alertEngine, time.Time) []notice {
		return func(e *alertEngine, now time.Time) []notice { return e.step(errorsOf(service, n, now.Add(-ago)), now) }
	}
	see := func(instances ...registered) func(*alertEngine, time.Time) []notice {
		return func(e *alertEngine, now time.Time) []notice {
			e.see("A", instances, now)
			return e.tick(now)
		}
	}
	reread := func(rule string) func(*alertEngine, time.Time) []notice {
		return func(e *alertEngine, now time.Time) []notice {
			e.put("a", mustParseRule(t, rule))
			if a := e.get("a"); a.seen == nil {
				a.seen = newSeen(&a.rule, now)
			}
			return e.tick(now)
		}
	}
	tests := []struct {
		name   string
		rule   string
		events []event
		state  string
	}{
		{"fires and is over", "count(level>=error, service=A) over 1m > 2", []event{
			{0, entries("A", 2, 0), ""},
			{0, entries("B", 5, 0), ""},
			{10 * time.Second, entries("A", 1, 0), "a firing 3"},
			{20 * time.Second, entries("A", 5, 0), ""},
			{62 * time.Second, tick, ""},
			{82 * time.Second, tick, "a ok 0"},
		}, alertOK},
		{"late entries", "count(service=A) over 1m > 2", []event{
			{0, entries("A", 2, 50*time.Second), ""},
			{5 * time.Second, entries("A", 1, 2*time.Minute), ""},
			{9 * time.Second, entries("A", 1, 30*time.Second), "a firing 3"},
			{15 * time.Second, tick, "a ok 1"},
		}, alertOK},
		{"from the future", "count(service=A) over 1m > 2", []event{
			{0, entries("A", 3, -time.Hour), "a firing 3"},
			{62 * time.Second, tick, "a ok 0"},
		}, alertOK},
		{"too few", "count(service=A) over 1m < 1", []event{
			{0, tick, "a firing 0"},
			{time.Second, entries("A", 1, 0), "a ok 1"},
			{70 * time.Second, tick, "a firing 0"},
		}, alertFiring},
		{"another rule", "count(service=A) over 1m > 2", []event{
			{0, entries("A", 3, 0), "a firing 3"},
			{0, reread("count(service=A) over 1m > 2"), ""},
			{0, reread("count(service=A) over 1m > 3"), "a ok 0"},
		}, alertOK},
		{"silence", "silence(service=A) over 1m", []event{
			{0, entries("A", 1, 0), ""},
			{0, see(up...), ""},
			{50 * time.Second, entries("B", 1, 0), ""},
			{59 * time.Second, tick, ""},
			{60 * time.Second, tick, "a firing 60"},
			{70 * time.Second, entries("A", 1, 5*time.Second), "a ok 5"},
			{124 * time.Second, tick, ""},
			{125 * time.Second, tick, "a firing 60"},
		}, alertFiring},
		{"silence of one that left", "silence(service=A) over 1m", []event{
			{0, see(up...), "a firing 3600"},
			{time.Second, see(), ""},
			{time.Second + absenceForgiven, see(), "a ok 0"},
			{2 * time.Hour, see(), ""},
		}, alertOK},
		{"silence of one that leaves before", "silence(service=A) over 1m", []event{
			{0, entries("A", 1, 0), ""},
			{0, see(up...), ""},
			{59 * time.Second, see(), ""},
			{61 * time.Second, see(), ""},
			{90 * time.Second, see(), ""},
		}, alertOK},
		{"silence of one that is new", "silence(service=A) over 1m", []event{
			{0, see(registered{"up", start}), ""},
			{59 * time.Second, tick, ""},
			{60 * time.Second, tick, "a firing 60"},
		}, alertFiring},
		{"silence while the registry is away", "silence(service=A) over 1m", []event{
			{0, tick, ""},
			{2 * time.Hour, tick, ""},
		}, alertUnknown},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var e alertEngine
			e.put("a", mustParseRule(t, test.rule))
			if got := e.get("a").state(); got != alertUnknown {
				t.Errorf("at first it is %s", got)
			}
			e.get("a").seen = newSeen(&e.get("a").rule, start)
			for _, event := range test.events {
				if got := told(event.do(&e, start.Add(event.at))); got != event.want {
					t.Errorf("at %v: got %q, want %q", event.at, got, event.want)
				}
			}
			if got := e.get("a").state(); got != test.state {
				t.Errorf("at the end it is %s, want %s", got, test.state)
			}
		})
	}
}

// What is kept of an alert is bounded, and the values reach over one window.
func TestAlertKeeps(t *testing.T) {
	now := time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)
	var e alertEngine
	e.put("a", mustParseRule(t, "count() over 2m > 0"))
	e.get("a").seen = newSeen(&e.get("a").rule, now)
	for range 150 {
		e.step(errorsOf("A", 1, now), now)
		for range 130 {
			now = now.Add(time.Second)
			e.tick(now)
		}
	}
	view := e.views()[0]
	if len(view.History) != maxHistory || view.History[maxHistory-1].State != alertOK || view.History[0].State != alertFiring {
		t.Errorf("got %d transitions", len(view.History))
	}
	if n := len(view.Values); n != maxReadings || view.Values[n-1].Time.Sub(view.Values[0].Time) != 118*time.Second {
		t.Errorf("got %d values over %v", n, view.Values[n-1].Time.Sub(view.Values[0].Time))
	}
}

func TestAlertEntry(t *testing.T) {
	at := time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)
	tests := []struct {
		rule  string
		state string
		want  string
	}{
		{"count(level>=error) over 1m > 2", alertFiring,
			`{"offset":7,"time":"2026-11-20T10:00:00Z","level":"error","kind":"alert","message":"alert a fires: 3","attributes":{"alert":"a","rule":"count(level\u003e=error) over 1m \u003e 2","state":"firing","threshold":2,"value":3}}`},
		{"silence(service=A) over 1m", alertOK,
			`{"offset":7,"time":"2026-11-20T10:00:00Z","level":"info","kind":"alert","message":"alert a is over: 3 seconds of silence","attributes":{"alert":"a","rule":"silence(service=A) over 1m","state":"ok","threshold":60,"value":3}}`},
	}
	for _, test := range tests {
		c := notice{"a", mustParseRule(t, test.rule), Transition{at, test.state, 3}}
		r := c.record()
		if got, err := json.Marshal(r.entry(7)); err != nil || string(got) != test.want {
			t.Errorf("got %s, %v; want %s", got, err, test.want)
		}
	}
}

// BenchmarkAlertStep shows what an entry costs with ten rules, of which it concerns few.
func BenchmarkAlertStep(b *testing.B) {
	now := time.Now()
	var e alertEngine
	for i := range 10 {
		r, err := parseRule(fmt.Sprintf("count(level>=error, service=GradingService) over %dm > 1000000", i+1))
		if err != nil {
			b.Fatal(err)
		}
		e.put(fmt.Sprint("a", i), r)
		e.alerts[len(e.alerts)-1].seen = newSeen(&r, now)
	}
	entries := make([]record, 1000)
	for i := range entries {
		entries[i] = request(i)
	}
	for b.Loop() {
		e.step(entries, now)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(entries)), "ns/entry")
}
