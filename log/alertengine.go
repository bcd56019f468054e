package log

import (
	"cmp"
	"slices"
	"time"
)

// maxAlerts is how many rules there may be.
const maxAlerts = 100

// alertEngine is all rules at work: entries and time go in, transitions come out. It does nothing
// itself and is not safe for concurrent use.
type alertEngine struct {
	alerts []*alert // by name
}

// find returns the place of an alert, or where it would be.
func (e *alertEngine) find(name string) (place int, ok bool) {
	return slices.BinarySearchFunc(e.alerts, name, func(a *alert, name string) int { return cmp.Compare(a.name, name) })
}

// get returns an alert, or nil.
func (e *alertEngine) get(name string) *alert {
	if i, ok := e.find(name); ok {
		return e.alerts[i]
	}
	return nil
}

// put sets the rule of an alert. One that had another rule keeps its state and its history, and
// tells how it stands under the new one when that has been read from the log.
func (e *alertEngine) put(name string, r rule) {
	i, ok := e.find(name)
	a := newAlert(name, r)
	if !ok {
		e.alerts = slices.Insert(e.alerts, i, a)
		return
	}
	old := e.alerts[i]
	if old.rule == r {
		return
	}
	a.firing, a.since, a.history = old.firing, old.since, old.history
	e.alerts[i] = a
}

func (e *alertEngine) remove(name string) {
	if i, ok := e.find(name); ok {
		e.alerts = slices.Delete(e.alerts, i, i+1)
	}
}

// step takes entries that arrive now, in any order, and returns what changes.
func (e *alertEngine) step(entries []record, now time.Time) []notice {
	for _, a := range e.alerts {
		for i := range entries {
			a.take(&entries[i], now)
		}
	}
	return e.tick(now)
}

// tick returns what changes because it is now later, or more is known.
func (e *alertEngine) tick(now time.Time) (notices []notice) {
	for _, a := range e.alerts {
		if t, ok := a.judge(now); ok {
			notices = append(notices, notice{a.name, a.rule, t})
		}
	}
	return notices
}

// see notes what the registry says of a service.
func (e *alertEngine) see(service string, instances []registered, now time.Time) {
	for _, a := range e.alerts {
		if a.silent && a.service == service {
			a.presence.see(instances, now)
		}
	}
}

// watched returns the services whose silence matters, and how often to ask for them: often enough
// that one that deregisters is not taken for silent.
func (e *alertEngine) watched() (services []string, every time.Duration) {
	every = time.Second
	for _, a := range e.alerts {
		if a.silent {
			services = append(services, a.service)
			every = min(every, max(a.window/5, 200*time.Millisecond))
		}
	}
	slices.Sort(services)
	return slices.Compact(services), every
}

// unread returns an alert whose window is yet to be read from the log, or nil.
func (e *alertEngine) unread() *alert {
	for _, a := range e.alerts {
		if a.seen == nil {
			return a
		}
	}
	return nil
}

func (e *alertEngine) views() []Alert {
	views := make([]Alert, len(e.alerts))
	for i, a := range e.alerts {
		views[i] = a.view()
	}
	return views
}

func (e *alertEngine) firing() (n int) {
	for _, a := range e.alerts {
		if a.state() == alertFiring {
			n++
		}
	}
	return n
}
