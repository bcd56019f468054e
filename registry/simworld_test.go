package registry

import (
	"math/rand/v2"
	"time"
)

// simWorld is a registry, the places where services run, and the network
// between them, on a clock of their own. The table and the sessions are the real
// ones; all else is a model that loses, repeats, delays and breaks whatever can
// be. What happens follows from the seed: the same seed is the same history.
type simWorld struct {
	simAgenda
	simTrace
	rng     *rand.Rand
	network simNetwork
	hub     simHub
	places  []*simPlace
	byKey   map[string]*simPlace
	byURL   map[string]*simPlace
	names   []string // of services

	interval, timeout time.Duration
	processes         int // so far
	memory            simMemory
}

// simMemory is what the checks remember from step to step.
type simMemory struct {
	run      int // of the registry, to which what follows belongs
	revision uint64
	stepped  time.Time     // when the latest step was
	entries  []*service    // by place, when all were looked at last
	frozen   bool          // removal for silence, at the latest step
	froze    time.Duration // when it last was
	departed map[string]bool
	pushes   []int           // so many were sent, by place
	kept     map[string]bool // URLs that nobody may lose now, if they live
}

// simRole is what may run at a place.
type simRole struct {
	name               string
	required, optional []string
	old                bool   // a client of the earlier demo
	remembered         roster // the last view of whoever was this
}

// simPaces are intervals and timeouts. The first is what the registry runs with.
var simPaces = [...][2]time.Duration{
	{time.Second, time.Second},
	{time.Second, time.Second},
	{time.Second, 400 * time.Millisecond},
	{5 * time.Second, time.Second},
	{200 * time.Millisecond, 300 * time.Millisecond},
}

// newSimWorld returns the world of a seed, in which nothing runs yet.
func newSimWorld(seed uint64, reading bool) *simWorld {
	w := &simWorld{
		rng: rand.New(rand.NewPCG(seed, 0)), simTrace: simTrace{reading: reading},
		byKey: make(map[string]*simPlace), byURL: make(map[string]*simPlace),
	}
	pace := simPaces[w.rng.IntN(len(simPaces))]
	w.interval, w.timeout = pace[0], pace[1]
	names, places := 2+w.rng.IntN(4), 3+w.rng.IntN(6)
	if w.oneIn(16) {
		names, places = 8, 24
	}
	for i := range names {
		w.names = append(w.names, string(rune('A'+i)))
	}
	w.hub = simHub{w: w, began: time.Date(2026, 11, 20, 10, 42, 0, 0, time.UTC)}
	for i := range places {
		p := newSimPlace(w, i)
		w.places = append(w.places, p)
		w.byKey[p.key], w.byURL[p.url] = p, p
	}
	w.memory = simMemory{
		entries: make([]*service, len(w.places)), pushes: make([]int, len(w.places)), departed: make(map[string]bool),
	}
	return w
}

// role draws a role. Circles, and services that need their own kind, are among them.
func (w *simWorld) role() *simRole {
	r := &simRole{name: w.names[w.rng.IntN(len(w.names))], old: w.oneIn(5)}
	for _, name := range w.names {
		switch w.rng.IntN(5) {
		case 0, 1:
			r.required = append(r.required, name)
		case 2:
			r.optional = append(r.optional, name)
		}
	}
	return r
}

// place draws a place.
func (w *simWorld) place() *simPlace { return w.places[w.rng.IntN(len(w.places))] }
