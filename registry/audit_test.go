package registry

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

// audit returns what is wrong with t when what is kept step by step is compared
// with what follows from the services alone.
func (t *table) audit() error {
	health, quiet, members, dependents := map[health]int{}, 0, 0, 0
	for k, s := range t.services {
		if s.key != k {
			return fmt.Errorf("%s is kept under %q", s, k)
		}
		health[s.health]++
		if !s.silent.IsZero() {
			quiet++
		}
		if s.acked > s.revision || s.revision > t.revision {
			return fmt.Errorf("%s acknowledged %d of %d of %d", s, s.acked, s.revision, t.revision)
		}
		if !slices.Contains(t.named(s.ServiceName), s) {
			return fmt.Errorf("%s is no member of its group", s)
		}
		var view []Provider
		for _, name := range s.needed {
			g := t.groups[name]
			if g == nil || !slices.Contains(g.dependents, s) {
				return fmt.Errorf("%s is no dependent of %s", s, name)
			}
			view = append(view, g.offered...)
		}
		if !slices.Equal(view, s.view) {
			return fmt.Errorf("%s should know %v, not %v", s, view, s.view)
		}
		dependents += len(s.needed)
	}
	for name, g := range t.groups {
		var offered []Provider
		for _, s := range g.members {
			if t.offers(s) {
				offered = append(offered, s.provider())
			}
		}
		if !slices.Equal(offered, g.offered) {
			return fmt.Errorf("%s: offered %v, not %v", name, g.offered, offered)
		}
		if want := len(offered) == 0 && len(g.dependents) > 0; g.missing.is() != want {
			return fmt.Errorf("%s: missing %t, want %t", name, g.missing.is(), want)
		}
		if !slices.IsSortedFunc(g.members, compareServices) || !slices.IsSortedFunc(g.dependents, compareKeys) {
			return fmt.Errorf("%s is out of order", name)
		}
		if len(g.members)+len(g.dependents) == 0 {
			return fmt.Errorf("%s is kept for nobody", name)
		}
		members += len(g.members)
		dependents -= len(g.dependents)
	}
	if members != len(t.services) || dependents != 0 {
		return fmt.Errorf("%d members and %d services; %d dependents too few", members, len(t.services), dependents)
	}
	for h, n := range t.health {
		if health[h] != n {
			return fmt.Errorf("%d services are %s, not %d", health[h], h, n)
		}
	}
	if quiet != t.quiet {
		return fmt.Errorf("%d are silent, not %d", quiet, t.quiet)
	}
	return nil
}

// crowd returns a table with n services that are up, in groups of ten of which
// each needs the next group.
func crowd(n int) *table {
	now := time.Date(2026, 11, 20, 10, 42, 0, 0, time.UTC)
	t := newTable("epoch", time.Second, time.Second, now)
	now = now.Add(10 * time.Second)
	for i := range n {
		fx := t.step(registering{crowdMember(i, n, 0)}, now)
		s := fx.registrant
		fx = t.step(probed{key: s.key, generation: s.generation, outcome: answered}, now)
		for _, p := range fx.pushes {
			t.step(pushed{push: p, ok: true}, now)
		}
	}
	return t
}

func crowdURL(i int) string { return fmt.Sprintf("http://localhost:%d", 1000+i) }

func crowdMember(i, n, version int) Registration {
	u := crowdURL(i)
	return Registration{
		ServiceName: fmt.Sprint("S", i/10), ServiceURL: u, ServiceUpdateURL: u + "/update", HeartbeatURL: u + "/heartbeat",
		RequiredServices: []string{fmt.Sprint("S", i/10+1)}, Instance: fmt.Sprint("i", i), Version: fmt.Sprint(version),
	}
}

func BenchmarkStep(b *testing.B) {
	for _, n := range []int{10, 1_000, 10_000} {
		t := crowd(n)
		now := t.last
		b.Run(fmt.Sprint("heartbeat/", n), func(b *testing.B) {
			i := 0
			for b.Loop() {
				i++
				s := t.services[key(crowdURL(i%n))]
				t.step(probed{key: s.key, generation: s.generation, outcome: answered}, now)
			}
		})
		b.Run(fmt.Sprint("register/", n), func(b *testing.B) {
			i := 0
			for b.Loop() {
				i++
				t.step(registering{crowdMember(i%n, n, i)}, now)
			}
		})
		b.Run(fmt.Sprint("down-and-up/", n), func(b *testing.B) {
			i := 0
			for b.Loop() {
				i++
				now = now.Add(time.Millisecond)
				s := t.services[key(crowdURL(i%n))]
				for _, o := range []outcome{refused, refused, answered} {
					t.step(probed{key: s.key, generation: s.generation, outcome: o}, now)
				}
			}
		})
		if err := t.audit(); err != nil {
			b.Error(err)
		}
	}
}
