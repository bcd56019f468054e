package registry

import (
	"fmt"
	"maps"
	"slices"
	"time"
)

const (
	forgetAfter  = 10 * time.Minute // a service that is down is kept this long
	frozenAtMost = 5 * time.Minute
	keptChanges  = 100
)

// health is what the registry knows of one instance.
type health string

const (
	unverified health = "unverified" // registered, or known from before a restart; no heartbeat answered yet
	up         health = "up"
	down       health = "down"
)

// table is all that the registry knows. It changes only in step, which reads no
// clock, does no I/O and starts nothing, so that any history can be played to
// it in any order. It is not safe for concurrent use.
type table struct {
	epoch             string
	interval, timeout time.Duration

	started  time.Time
	last     time.Time // of the latest step: a long gap means that our own clock stood still
	settling bool      // after a start: what is not known yet takes nobody's providers away
	frozen   freeze

	services   map[string]*service // by key
	generation uint64              // given to each registration in turn
	revision   uint64              // of the whole
	dirty      bool                // membership or health changed in this step

	offered map[string][]Provider // by name, sorted; as of revision
	missing map[string]missing    // needed names that nobody offers
	changes []Change              // oldest first
}

// service is one entry of the table: what it said, how it is, and what it knows.
type service struct {
	Registration
	key        string
	needed     []string // names it depends on
	generation uint64   // answers to probes and pushes of an earlier registration are ignored
	registered time.Time

	health  health
	reason  string // why it is down
	since   time.Time
	beat    time.Time // latest heartbeat answered
	doubted bool      // the last connection failed; the probe under way decides
	misses  int
	silent  time.Time // of the first miss of the present silence

	view     []Provider // what it should know, sorted
	settling bool       // sent with the view
	revision uint64     // at which that last changed
	base     []Provider // what it acknowledged, and so what it holds
	acked    uint64     // revision of base; 0 when it holds nothing of this epoch
	sending  *push      // under way; at most one, so a change meanwhile waits and the latest wins
}

// missing says since when a needed name has no provider, and why.
type missing struct {
	since time.Time
	cause string
}

// freeze forbids removal for silence: when many fall silent at once, the fault
// is likely ours.
type freeze struct {
	reason       string // "" when nothing is frozen
	since, until time.Time
	stall        bool // our own clock stood still: ends by the clock alone
}

// event is something that happened. The types are registering, leaving, probed
// and pushed; nil means that time passed.
type event interface {
	apply(t *table, fx *effects, now time.Time)
}

// effects is what a step wants done.
type effects struct {
	err        error       // the event was refused and nothing changed
	registered *Registered // answers a registration
	awaited    []awaited   // dependents that knew the service that left
	probes     []probe
	pushes     []*push
	changes    []Change // new ones, for the log
	save       bool     // what a restart needs has changed
	published  bool     // offered has changed
}

// newTable returns an empty table that settles for one interval and two
// timeouts: time enough to hear from every service that a lost or older
// membership does not mention.
func newTable(epoch string, interval, timeout time.Duration, now time.Time) *table {
	return &table{
		epoch: epoch, interval: interval, timeout: timeout,
		started: now, last: now, settling: true,
		services: make(map[string]*service), missing: make(map[string]missing),
	}
}

// step applies e, which happened at now, and returns what is to be done about it.
func (t *table) step(e event, now time.Time) effects {
	var fx effects
	t.advance(&fx, now)
	if e != nil {
		e.apply(t, &fx, now)
	}
	if t.dirty {
		t.dirty = false
		t.publish(&fx, now)
	}
	return fx
}

// advance lets the time since the last step pass.
func (t *table) advance(fx *effects, now time.Time) {
	if t.settling && now.Sub(t.started) >= t.interval+2*t.timeout {
		t.settling, t.dirty = false, true
		t.change(fx, now, "settled: %d services known", len(t.services))
	}
	// Every target gives an event at least once per interval and timeout.
	if gap := now.Sub(t.last); gap > 2*(t.interval+t.timeout) && len(t.services) > 0 {
		t.freeze(fx, freeze{reason: fmt.Sprintf("the registry itself stood still for %v", gap.Round(time.Millisecond)),
			since: now, until: now.Add(t.interval + 2*t.timeout), stall: true})
		for _, s := range t.services {
			s.misses, s.silent = 0, time.Time{}
		}
	} else if f := t.frozen; f.reason != "" && (!now.Before(f.until) || !f.stall && !t.massSilence(f.since)) {
		t.frozen, t.dirty = freeze{}, true
		t.change(fx, now, "removal for silence is allowed again")
	}
	t.last = now
}

// offers reports whether dependents are given s.
func (t *table) offers(s *service) bool {
	return s.health == up || s.health == unverified && (t.settling || t.frozen.reason != "")
}

// sorted returns all entries by name and URL.
func (t *table) sorted() []*service {
	return slices.SortedFunc(maps.Values(t.services), func(a, b *service) int {
		return compareProviders(a.provider(), b.provider())
	})
}

// change notes what happened, in words.
func (t *table) change(fx *effects, now time.Time, format string, args ...any) {
	c := Change{Time: now, Text: fmt.Sprintf(format, args...)}
	fx.changes = append(fx.changes, c)
	if t.changes = append(t.changes, c); len(t.changes) > keptChanges {
		t.changes = slices.Delete(t.changes, 0, 1)
	}
}

func (s *service) provider() Provider { return Provider{Name: s.ServiceName, URL: s.ServiceURL} }

// String names s for people.
func (s *service) String() string { return s.ServiceName + " at " + s.ServiceURL }
