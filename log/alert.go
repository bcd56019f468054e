package log

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"time"
)

const (
	maxHistory  = 100 // transitions of an alert that are kept
	maxReadings = 60  // values of an alert that are kept, over one window
)

// The states of an [Alert].
const (
	alertOK      = "ok"
	alertFiring  = "firing"
	alertUnknown = "unknown" // what is in its window has not been read yet, or the registry not been asked
)

// Alert is a rule and how it stands, as GET /alerts tells it.
type Alert struct {
	Name      string       `json:"name"`
	Rule      string       `json:"rule"`           // as parseRule explains
	State     string       `json:"state"`          // ok, firing, or unknown until its window has been read from the log
	Since     time.Time    `json:"since,omitzero"` // when it last began or ceased to fire
	Value     int          `json:"value"`          // entries in the window; seconds of silence
	Threshold int          `json:"threshold"`      // what the value is compared with
	Values    []Reading    `json:"values"`         // over the last window, oldest first; since the start of the service
	History   []Transition `json:"history"`        // the last 100, oldest first
}

// Reading is the value of an alert at a time.
type Reading struct {
	Time  time.Time `json:"time"`
	Value int       `json:"value"`
}

// Transition says that an alert began to fire, or ceased to.
type Transition struct {
	Time  time.Time `json:"time"`
	State string    `json:"state"` // firing or ok
	Value int       `json:"value"`
}

// alert is a rule at work. It is not safe for concurrent use.
type alert struct {
	name string
	rule
	filter   filter
	seen     *seen    // nil until it has been read from the log
	presence presence // of the service that may be silent
	firing   bool
	since    time.Time // of firing
	value    int
	readings []Reading
	history  []Transition
}

func newAlert(name string, r rule) *alert { return &alert{name: name, rule: r, filter: r.filter()} }

// seen is what a rule remembers of the entries it looked at.
type seen struct {
	window *window // of a count
	last   int64   // time of the newest entry; 0 for none
}

func newSeen(r *rule, now time.Time) *seen { return &seen{window: newWindow(r.window, now.UnixNano())} }

// add notes an entry of time at that arrives now.
func (s *seen) add(at int64, now time.Time) {
	s.last = max(s.last, min(at, now.UnixNano()))
	s.window.add(at, now.UnixNano())
}

// take counts an entry, if it is one for this rule.
func (a *alert) take(e *record, now time.Time) {
	if a.seen != nil && a.rule.matches(e) && a.filter.matches(e) {
		a.seen.add(e.time, now)
	}
}

// known reports whether the alert can tell how things stand.
func (a *alert) known() bool { return a.seen != nil && (!a.silent || a.presence.known) }

// judged reports whether the log has been read for it and has had its say.
func (a *alert) judged() bool { return a.seen != nil && (a.silent || len(a.readings) > 0) }

// judge finds out how things stand now, and returns the transition if that is new.
func (a *alert) judge(now time.Time) (Transition, bool) {
	if !a.known() {
		return Transition{}, false
	}
	fires := false
	if a.silent {
		a.value, fires = a.silence(now)
	} else {
		a.value = a.seen.window.count(now.UnixNano())
		fires = a.fires(a.value)
	}
	a.read(now)
	if fires == a.firing {
		return Transition{}, false
	}
	t := Transition{Time: now.UTC(), State: alertOK, Value: a.value}
	if fires {
		t.State = alertFiring
	}
	a.firing, a.since = fires, t.Time
	a.history = append(a.history, t)
	a.history = a.history[max(0, len(a.history)-maxHistory):]
	return t, true
}

// silence returns for how many seconds the service has been silent while it was registered, and
// whether that is too long. One that fires goes on until there is an entry or the service is gone.
func (a *alert) silence(now time.Time) (seconds int, fires bool) {
	if a.presence.gone() {
		return 0, false
	}
	last := time.Unix(0, a.seen.last)
	silent := now.Sub(last)
	registered := now.Sub(a.presence.since)
	fires = silent >= a.window && (a.firing || a.presence.here() && registered >= a.window)
	return int(min(silent, registered) / time.Second), fires
}

// read keeps the value, so often that those kept reach over one window.
func (a *alert) read(now time.Time) {
	apart := max(a.window/maxReadings, time.Second)
	if n := len(a.readings); n > 0 && now.Sub(a.readings[n-1].Time) < apart {
		return
	}
	a.readings = append(a.readings, Reading{now.UTC(), a.value})
	a.readings = a.readings[max(0, len(a.readings)-maxReadings):]
}

// limit is what the value is compared with.
func (r *rule) limit() int {
	if r.silent {
		return int(r.window / time.Second)
	}
	return r.threshold
}

// state is the state that people are told.
func (a *alert) state() string {
	switch {
	case !a.known():
		return alertUnknown
	case a.firing:
		return alertFiring
	}
	return alertOK
}

// view returns a copy for people.
func (a *alert) view() Alert {
	return Alert{
		Name: a.name, Rule: a.rule.String(), State: a.state(), Since: a.since, Value: a.value, Threshold: a.limit(),
		Values: append([]Reading{}, a.readings...), History: append([]Transition{}, a.history...),
	}
}

// notice is a transition and the alert that made it.
type notice struct {
	name string
	rule rule
	Transition
}

// record is the notice as an entry of the log.
func (n *notice) record() record {
	level, says, unit := slog.LevelInfo, "is over", ""
	if n.State == alertFiring {
		level, says = slog.LevelError, "fires"
	}
	if n.rule.silent {
		unit = " seconds of silence"
	}
	attributes, _ := json.Marshal(map[string]any{ // strings and numbers, so it cannot fail
		"alert": n.name, "rule": n.rule.String(), "state": n.State, "value": n.Value, "threshold": n.rule.limit(),
	})
	return record{
		kind: kindAlert, level: level, time: n.Time.UnixNano(), attributes: string(attributes),
		message: fmt.Sprintf("alert %s %s: %d%s", n.name, says, n.Value, unit),
	}
}
