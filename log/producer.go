package log

import (
	"maps"
	"slices"
	"strings"
	"sync"
)

// maxProducers is how many processes the log tells repeats of, at least half of which are those
// that sent last. One that is forgotten and sends an entry again has it stored again.
const maxProducers = 65_536

// producers knows, of each process that numbers its entries, what is stored. Only entries of the
// same process wait for each other.
type producers struct {
	mu    sync.Mutex           // guards what follows, and the users of each
	young map[string]*producer // by instance: those that sent something since old was young
	old   map[string]*producer
}

type producer struct {
	users int // who hold or wait for mu

	mu   sync.Mutex // held until entries are on disk, so that a repeat is only called one then
	last uint64     // the highest sequence stored; guarded by mu
}

func newProducers() *producers { return &producers{young: map[string]*producer{}} }

// numbered reports whether the sender can repeat this entry without harm.
func (r *record) numbered() bool { return r.instance != "" && r.sequence != 0 }

// note says that an entry is stored, before anything else is.
func (p *producers) note(instance string, sequence uint64) {
	known := p.find(instance)
	known.last = max(known.last, sequence)
}

// find returns a producer, a new one if it is not known. It makes room by forgetting those that
// nobody uses and that have sent nothing for longest.
func (p *producers) find(instance string) *producer {
	if found, ok := p.young[instance]; ok {
		return found
	}
	found, ok := p.old[instance]
	if ok {
		delete(p.old, instance)
	} else {
		found = new(producer)
	}
	if len(p.young) >= maxProducers/2 {
		p.age()
	}
	p.young[strings.Clone(instance)] = found
	return found
}

func (p *producers) age() {
	forgotten := p.old
	p.old, p.young = p.young, map[string]*producer{}
	for instance, producer := range forgotten {
		if producer.users > 0 {
			p.young[instance] = producer
		}
	}
}

// claim returns those of records that are not stored yet, in their order. Until the claim is
// released nobody else can claim entries of the same processes.
func (p *producers) claim(records []record) (fresh []record, c claim) {
	c = claim{producers: p}
	if !slices.ContainsFunc(records, func(r record) bool { return r.numbered() }) {
		return records, c
	}
	c.hold(records)
	kept := 0
	for kept < len(records) && c.take(&records[kept]) {
		kept++
	}
	if kept == len(records) {
		return records, c
	}
	fresh = slices.Clone(records[:kept])
	for i := kept + 1; i < len(records); i++ {
		if c.take(&records[i]) {
			fresh = append(fresh, records[i])
		}
	}
	return fresh, c
}

// claim is the right to store entries of some processes.
type claim struct {
	producers *producers
	held      map[string]*claimed // by instance
	instance  string              // that was looked up last
	recent    *claimed            // and what was found, since the next entry is mostly of the same process
}

type claimed struct {
	*producer
	last uint64 // as it will be when the entries are stored
}

// hold waits until the processes of records are free, in an order that lets nobody wait for
// somebody who waits for it.
func (c *claim) hold(records []record) {
	c.held = map[string]*claimed{}
	c.producers.mu.Lock()
	for i := range records {
		r := &records[i]
		if r.numbered() && c.find(r.instance) == nil {
			found := c.producers.find(r.instance)
			found.users++
			c.held[r.instance] = &claimed{producer: found}
		}
	}
	c.producers.mu.Unlock()
	for _, instance := range slices.Sorted(maps.Keys(c.held)) {
		held := c.held[instance]
		held.mu.Lock()
		held.last = held.producer.last
	}
}

// find returns what is held of a process, nil if it is not.
func (c *claim) find(instance string) *claimed {
	if c.recent == nil || c.instance != instance {
		c.instance, c.recent = instance, c.held[instance]
	}
	return c.recent
}

// take reports whether r is new, and reckons with it from now on.
func (c *claim) take(r *record) bool {
	if !r.numbered() {
		return true
	}
	held := c.find(r.instance)
	if r.sequence <= held.last {
		return false
	}
	held.last = r.sequence
	return true
}

// release ends the claim, when the entries are on disk or will never be.
func (c *claim) release(stored bool) {
	if c.held == nil {
		return
	}
	for _, held := range c.held {
		if stored {
			held.producer.last = held.last
		}
		held.mu.Unlock()
	}
	c.producers.mu.Lock()
	defer c.producers.mu.Unlock()
	for _, held := range c.held {
		held.users--
	}
}
