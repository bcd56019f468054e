package registry

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// A fleet is shot at for some minutes, through real connections: processes die,
// come back, freeze, hang up, leave and are suspected. Once that is over,
// everybody who lives is up and knows exactly those whom he needs, and each has
// one line.
func TestFleetUnderFire(t *testing.T) {
	for seed := range uint64(3) {
		t.Run(fmt.Sprint("seed=", seed), func(t *testing.T) {
			inBubble(t, func(t *testing.T, f *fleet) {
				fire := newFire(f, rand.New(rand.NewPCG(seed, 0)))
				defer fire.cease()
				for range 300 {
					fire.shoot()
					time.Sleep(time.Duration(fire.r.IntN(1000)) * time.Millisecond)
				}
				fire.restore()
				time.Sleep(5 * time.Minute) // penalties halve every minute
				fire.check(t)
			})
		})
	}
}

// fire is a fleet in which A needs B, B needs C and C needs A, three of each.
type fire struct {
	*fleet
	r      *rand.Rand
	hosts  []string
	alive  map[string]*member
	frozen map[string]bool
	starts int
}

func newFire(f *fleet, r *rand.Rand) *fire {
	fire := &fire{fleet: f, r: r, alive: make(map[string]*member), frozen: make(map[string]bool)}
	for i := range 9 {
		fire.hosts = append(fire.hosts, fmt.Sprintf("localhost:600%d", i))
		fire.start(i)
	}
	return fire
}

func nameAt(i int) string { return string(rune('A' + i%3)) }

func (f *fire) start(i int) {
	host := f.hosts[i]
	f.starts++
	m := newMember(f.t, describe(nameAt(i), fmt.Sprint("i", f.starts), "http://"+host, nameAt(i+1)), "http://"+registryHost, f.plain)
	f.set(host, m, false)
	m.run()
	f.alive[host] = m
}

func (f *fire) kill(host string) {
	f.alive[host].end()
	f.set(host, nil, false)
	delete(f.alive, host)
	delete(f.frozen, host)
}

func (f *fire) freeze(host string, frozen bool) {
	f.set(host, f.alive[host], frozen)
	f.frozen[host] = frozen
}

func (f *fire) shoot() {
	i := f.r.IntN(len(f.hosts))
	host := f.hosts[i]
	m := f.alive[host]
	switch what := f.r.IntN(10); {
	case m == nil:
		f.start(i)
	case f.frozen[host]:
		f.freeze(host, false)
	case what == 0:
		f.freeze(host, true)
	case what <= 2:
		f.kill(host)
	case what == 3:
		m.end()
		m.Leave(f.t.Context())
		f.kill(host)
	case what == 4: // it dies and is back before anybody looks
		f.kill(host)
		f.start(i)
	case what <= 6:
		f.hangUp(host)
	default:
		f.server.step(suspected{"http://" + host})
	}
}

func (f *fire) restore() {
	for i, host := range f.hosts {
		switch {
		case f.alive[host] == nil:
			f.start(i)
		case f.frozen[host]:
			f.freeze(host, false)
		}
	}
}

func (f *fire) cease() {
	for _, m := range f.alive {
		m.end()
	}
}

func (f *fire) check(t *testing.T) {
	for i, host := range f.hosts {
		if got := healthOf(f.server, "http://"+host); got != up {
			t.Errorf("%s at %s is %q", nameAt(i), host, got)
		}
		var want []string
		for j, other := range f.hosts {
			if nameAt(j) == nameAt(i+1) {
				want = append(want, "http://"+other)
			}
		}
		if got := f.alive[host].view.Providers(nameAt(i + 1)); !slices.Equal(got, want) {
			t.Errorf("%s at %s knows %v, want %v", nameAt(i), host, got, want)
		}
	}
	f.server.mu.Lock()
	defer f.server.mu.Unlock()
	if n := len(f.server.lines); n != len(f.hosts) {
		t.Errorf("%d lines, want %d", n, len(f.hosts))
	}
	if err := f.server.table.audit(); err != nil {
		t.Error(err)
	}
}
