package registry

import (
	"fmt"
	"maps"
	"slices"
	"time"
)

const (
	forgetAfter  = 10 * time.Minute // a service that is down is kept this long, and the instance of one that left
	frozenAtMost = 5 * time.Minute
	keptChanges  = 100
	maxServices  = 20_000 // a connection and some 10 KiB each
)

// health is what the registry knows of one instance.
type health string

const (
	unverified health = "unverified" // registered, or known from before a restart; no heartbeat answered yet
	up         health = "up"
	flapping   health = "flapping" // answers, but went so often lately that it must first stay for a while
	down       health = "down"
)

// table is all that the registry knows. It changes only in step, which reads no
// clock, does no I/O and starts nothing, so that any history can be played to
// it in any order, with the same result each time. A step costs in proportion
// to what it changes, however many services there are. It is not safe for
// concurrent use.
type table struct {
	epoch             string
	interval, timeout time.Duration

	started  time.Time
	last     time.Time // of the latest step: a long gap means that our own clock stood still
	settling bool      // after a start: what is not known yet takes nobody's providers away
	frozen   freeze

	services   map[string]*service // by key
	groups     map[string]*group   // by name: those registered or needed
	departed   map[string]departed // who deregistered lately, by key
	generation uint64              // given to each registration in turn
	revision   uint64              // of the whole

	health map[health]int // how many instances are in each
	quiet  int            // how many missed their last heartbeat

	changes []noted // oldest first

	// What this step has to publish.
	dirty []*group   // whose providers may have changed
	stale []*service // whose view is to be made anew
}

// service is one entry of the table: what it said, how it is, and what it knows.
type service struct {
	Registration
	key        string
	needed     []string // names it depends on
	circles    []string // warnings: requirements that lead back to itself
	generation uint64   // answers to probes and pushes of an earlier registration are ignored
	registered time.Time

	health    health
	reason    string // why it is down
	since     time.Time
	beat      time.Time // latest heartbeat answered
	doubted   bool      // the last connection failed; the probe under way decides
	misses    int
	silent    time.Time // of the first miss of the present silence
	suspected time.Time // when a dependent last had it probed
	flaps     flaps
	held      time.Time // while flapping: it is given again then

	view     []Provider // what it should know, sorted
	settling bool       // sent with the view
	revision uint64     // at which that last changed
	base     []Provider // what it acknowledged, and so what it holds
	unsure   []Provider // copies that pushes without an answer may have left with it beside base
	acked    uint64     // revision of base; 0 when it holds nothing of this epoch
	keeps    bool       // that was while settling: beside base it may hold what it knew before
	sending  *push      // under way; at most one, so a change meanwhile waits and the latest wins
	owes     []*spread  // changes it was told of and has not acknowledged
}

// event is something that happened. The types are registering, leaving, probed,
// pushed and suspected; nil means that time passed.
type event interface {
	apply(t *table, fx *effects, now time.Time)
}

// effects is what a step wants done.
type effects struct {
	err        error           // the event was refused and nothing changed
	registered *Registered     // answers a registration
	awaited    []awaited       // dependents that knew the service that left
	affected   []string        // names that lost the last provider of one they require
	probes     []probe         // each replaces the one that was due for its target
	pushes     []*push         // to be sent
	changes    []Change        // new ones, for the log
	converged  []time.Duration // how long changes took that have now reached everybody
	touched    []string        // keys of catalogue entries that changed or are gone
	offered    []string        // names whose providers changed
	save       bool            // what a restart needs has changed

	registrant *service // whom registered is for
	lacking    *service // who may lack a view, to be told once the views are made
}

// newTable returns an empty table, which settles.
func newTable(epoch string, interval, timeout time.Duration, now time.Time) *table {
	return &table{
		epoch: epoch, interval: interval, timeout: timeout,
		started: now, last: now, settling: true,
		services: make(map[string]*service), groups: make(map[string]*group),
		departed: make(map[string]departed), health: make(map[health]int),
	}
}

// settles returns how long t settles: time enough to ask twice whoever the
// membership mentions, and for whoever a lost or older one does not mention to
// miss the registry and to register again.
func (t *table) settles() time.Duration {
	return max(t.interval+2*t.timeout, missedBeats*t.interval)
}

// step applies e, which happened at now, and returns what is to be done about it.
func (t *table) step(e event, now time.Time) effects {
	var fx effects
	t.advance(&fx, now)
	if e != nil {
		e.apply(t, &fx, now)
	}
	t.publish(&fx, now)
	if s := fx.lacking; s != nil {
		t.send(s, &fx)
	}
	if s := fx.registrant; s != nil {
		fx.registered = t.answer(s)
	}
	return fx
}

// advance lets the time since the last step pass.
func (t *table) advance(fx *effects, now time.Time) {
	if t.settling && now.Sub(t.started) >= t.settles() {
		t.settling = false
		t.markAll()
		t.change(fx, now, "settled: %d services known", len(t.services))
	}
	// Every target gives an event at least once per interval and timeout.
	if gap := now.Sub(t.last); gap > 2*(t.interval+t.timeout) && len(t.services) > 0 {
		t.freeze(fx, freeze{reason: fmt.Sprintf("the registry itself stood still for %v", gap.Round(time.Millisecond)),
			since: now, until: now.Add(t.interval + 2*t.timeout), stall: true})
		t.forgive()
		for _, s := range t.services {
			t.setSilent(s, time.Time{})
		}
	} else if t.thaws(now) {
		if !t.frozen.stall {
			t.forgive()
		}
		t.frozen = freeze{}
		t.markAll()
		t.change(fx, now, "removal for silence is allowed again")
	}
	t.last = now
}

// offers reports whether dependents are given s.
func (t *table) offers(s *service) bool {
	return s.health == up || s.health == unverified && (t.settling || t.frozen.reason != "")
}

// insert puts s into the table.
func (t *table) insert(s *service) {
	t.services[s.key] = s
	t.health[s.health]++
	t.addMember(s)
	t.addNeeds(s)
	t.stale = append(t.stale, s)
}

// delete takes s out; publish tells its dependents.
func (t *table) delete(s *service, fx *effects, now time.Time) {
	delete(t.services, s.key)
	t.health[s.health]--
	t.setSilent(s, time.Time{})
	t.reached(s, s.revision, fx, now)
	t.dropNeeds(s)
	t.dropMember(s)
	fx.save = true
	t.touch(s, fx)
}

// touch notes that the catalogue's entry of s is another one now.
func (t *table) touch(s *service, fx *effects) { fx.touched = append(fx.touched, s.key) }

// sorted returns all entries by name and URL.
func (t *table) sorted() []*service {
	return slices.SortedFunc(maps.Values(t.services), compareServices)
}

func compareServices(a, b *service) int { return compareProviders(a.provider(), b.provider()) }

func (s *service) provider() Provider { return Provider{Name: s.ServiceName, URL: s.ServiceURL} }

// lives reports whether s answers.
func (s *service) lives() bool { return s.health == up || s.health == flapping }

// String names s for people.
func (s *service) String() string { return s.ServiceName + " at " + s.ServiceURL }
