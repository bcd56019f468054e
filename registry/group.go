package registry

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"
)

// group is all that is known of one name: who offers it, who needs it, and whom
// those are given.
type group struct {
	name       string
	members    []*service // registered under it, by URL
	dependents []*service // that need it, by key

	requires, wants map[string]int // names its members need, and how many of them do

	offered []Provider // by URL
	missing missing
	ever    bool // somebody was offered since the registry started
	dirty   bool
}

// missing says since when a needed name has no provider, and why. The zero
// value means that it has one, or that nobody needs it.
type missing struct {
	since time.Time
	cause string
}

func (m missing) is() bool { return !m.since.IsZero() }

func (m missing) sentence(name string) string {
	return fmt.Sprintf("%s has no healthy provider since %s (%s)", name, clock(m.since), m.cause)
}

// named returns those registered as name, by URL. The caller must not change it.
func (t *table) named(name string) []*service {
	if g := t.groups[name]; g != nil {
		return g.members
	}
	return nil
}

// offering returns those of a name that are given to dependents, by URL. The
// caller must not change it.
func (t *table) offering(name string) []Provider {
	if g := t.groups[name]; g != nil {
		return g.offered
	}
	return nil
}

// group returns what is known of name, which may be nothing yet.
func (t *table) group(name string) *group {
	g := t.groups[name]
	if g == nil {
		g = &group{name: name, requires: make(map[string]int), wants: make(map[string]int)}
		t.groups[name] = g
	}
	return g
}

// mark has publish look at g again.
func (t *table) mark(g *group) {
	if !g.dirty {
		g.dirty = true
		t.dirty = append(t.dirty, g)
	}
}

// markAll has publish look at everything again.
func (t *table) markAll() {
	for _, name := range slices.Sorted(maps.Keys(t.groups)) {
		t.mark(t.groups[name])
	}
	t.stale = append(t.stale, t.sorted()...)
}

func (t *table) addMember(s *service) {
	g := t.group(s.ServiceName)
	g.members = insert(g.members, s, compareServices)
	t.mark(g)
}

func (t *table) dropMember(s *service) {
	g := t.group(s.ServiceName)
	g.members = remove(g.members, s, compareServices)
	t.mark(g)
}

// addNeeds notes what s needs, on both sides.
func (t *table) addNeeds(s *service) {
	own := t.group(s.ServiceName)
	for _, name := range s.needed {
		g := t.group(name)
		g.dependents = insert(g.dependents, s, compareKeys)
		if slices.Contains(s.RequiredServices, name) {
			own.requires[name]++
		} else {
			own.wants[name]++
		}
		t.mark(g) // it may be missing now
	}
}

func (t *table) dropNeeds(s *service) {
	own := t.group(s.ServiceName)
	for _, name := range s.needed {
		count := own.wants
		if slices.Contains(s.RequiredServices, name) {
			count = own.requires
		}
		if count[name]--; count[name] == 0 {
			delete(count, name)
		}
		g := t.group(name)
		g.dependents = remove(g.dependents, s, compareKeys)
		t.mark(g)

	}
}

// refresh finds out whom the dependents of g are given, and reports whether
// that is something else than before.
func (t *table) refresh(g *group, now time.Time) bool {
	var offered []Provider
	for _, s := range g.members {
		if t.offers(s) {
			offered = append(offered, s.provider())
		}
	}
	before := g.offered
	g.offered = offered
	switch {
	case len(offered) > 0:
		g.ever, g.missing = true, missing{}
	case len(g.dependents) == 0:
		g.missing = missing{}
	default:
		if !g.missing.is() {
			g.missing = missing{since: now, cause: "nobody has registered it"}
			if len(before) > 0 {
				g.missing.cause = "it left"
			}
		}
		if latest := g.latest(); latest != nil {
			g.missing.cause = g.trouble(latest)
		}
	}
	return !slices.Equal(before, offered)
}

// latest returns the member whose health changed last, if there is one.
func (g *group) latest() *service {
	if len(g.members) == 0 {
		return nil
	}
	return slices.MaxFunc(g.members, func(a, b *service) int { return a.since.Compare(b.since) })
}

// trouble says why s is not given to dependents.
func (g *group) trouble(s *service) string {
	switch s.health {
	case down:
		return s.reason
	case flapping:
		return "it went too often lately; it is given again if it answers until " + clock(g.heldUntil(s))
	}
	return "its first heartbeat is awaited"
}

// requirers returns the names that require g, sorted.
func (g *group) requirers() []string {
	var names []string
	for _, s := range g.dependents {
		if slices.Contains(s.RequiredServices, g.name) {
			names = append(names, s.ServiceName)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func compareKeys(a, b *service) int { return cmp.Compare(a.key, b.key) }

// insert puts s into list, which is in the order of compare.
func insert(list []*service, s *service, compare func(a, b *service) int) []*service {
	i, _ := slices.BinarySearchFunc(list, s, compare)
	return slices.Insert(list, i, s)
}

// remove takes s out of list, which is in the order of compare.
func remove(list []*service, s *service, compare func(a, b *service) int) []*service {
	for i, _ := slices.BinarySearchFunc(list, s, compare); i < len(list); i++ {
		if list[i] == s {
			return slices.Delete(list, i, i+1)
		}
	}
	return list
}
