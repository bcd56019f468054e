package registry

import (
	"net"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// A process that dies is noticed at once, though nobody asks it for a while.
func TestDeathIsNoticedAtOnce(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fleet) {
		portal := f.join("Portal", "localhost:5000", "Grading")
		defer portal.end()
		grading := f.join("Grading", "localhost:6000")
		time.Sleep(10*time.Second + 10*time.Millisecond)
		if err := portal.Ready(); err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		grading.end()
		f.set("localhost:6000", nil, false)
		synctest.Wait()
		if portal.Ready() == nil || time.Since(start) > 0 {
			t.Errorf("after %v the portal still has a provider that is dead", time.Since(start))
		}
	})
}

// One that freezes keeps its connections, and is out after two timeouts.
func TestFreezeIsNoticedAfterTwoTimeouts(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fleet) {
		defer f.join("Grading", "localhost:6000").end()
		time.Sleep(10 * time.Second)
		asked := f.count("GET localhost:6000/heartbeat")
		f.set("localhost:6000", http.NotFoundHandler(), true)
		for f.count("GET localhost:6000/heartbeat") == asked {
			time.Sleep(time.Millisecond)
		}
		start := time.Now()
		for healthOf(f.server, "http://localhost:6000") == up {
			time.Sleep(time.Millisecond)
		}
		if took := time.Since(start).Round(10 * time.Millisecond); took != 2*time.Second {
			t.Errorf("out after %v, want two timeouts of a second", took)
		}
		f.set("localhost:6000", http.NotFoundHandler(), false)
		time.Sleep(2200 * time.Millisecond)
		if got := healthOf(f.server, "http://localhost:6000"); got != up {
			t.Errorf("%q after it goes on", got)
		}
	})
}

// Heartbeats and views need one connection.
func TestOneConnection(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fleet) {
		portal := f.join("Portal", "localhost:5000", "Grading")
		defer portal.end()
		defer f.join("Grading", "localhost:6000").end()
		time.Sleep(time.Minute)
		if got := f.dials("localhost:5000"); got != 1 {
			t.Errorf("%d connections in a minute, want 1", got)
		}
		portal.end()
		if err := portal.Leave(t.Context()); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		f.server.mu.Lock()
		defer f.server.mu.Unlock()
		if got := len(f.server.lines); got != 1 {
			t.Errorf("%d lines after it left, want 1", got)
		}
	})
}

// A service that hangs up again and again lives, and is not asked more often
// for it than now and then.
func TestHangUpsOfTheLiving(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fleet) {
		defer f.join("Grading", "localhost:6000").end()
		time.Sleep(10 * time.Second)
		before := f.count("GET localhost:6000/heartbeat")
		for range 6000 {
			f.hangUp("localhost:6000")
			time.Sleep(100 * time.Millisecond)
			if got := healthOf(f.server, "http://localhost:6000"); got != up {
				t.Fatalf("it is %q", got)
			}
		}
		if got := f.count("GET localhost:6000/heartbeat") - before; got < 540 || got > 620 {
			t.Errorf("asked %d times in 600 s, want once a second", got)
		}
		time.Sleep(20 * time.Minute) // all is forgiven
		before = f.count("GET localhost:6000/heartbeat")
		f.hangUp("localhost:6000")
		synctest.Wait()
		if got := f.count("GET localhost:6000/heartbeat") - before; got != 1 {
			t.Errorf("asked %d times when it hangs up again, want once", got)
		}
	})
}

func TestMute(t *testing.T) {
	var m mute
	now := time.Date(2026, 11, 21, 10, 42, 0, 0, time.UTC)
	for i, want := range []time.Duration{4, 16, 64, 256, 300, 300} {
		if m.on(now) {
			t.Fatalf("muted at %d", i)
		}
		m.extend(now, time.Second)
		if m.length != want*time.Second {
			t.Errorf("false alarm %d mutes for %v, want %v", i+1, m.length, want*time.Second)
		}
		now = now.Add(m.length)
	}
	now = now.Add(m.length + time.Second)
	if m.extend(now, time.Second); m.length != 4*time.Second {
		t.Errorf("after a long quiet it mutes for %v, want 4s", m.length)
	}
}

// A wait that is roused just before or after it begins ends all the same.
func TestNoWakeUpIsLost(t *testing.T) {
	s := mustOpen(t, t.TempDir(), Options{})
	defer s.Close()
	for _, connected := range []bool{true, false} {
		l := &line{server: s, wake: make(chan struct{}, 1)}
		if connected {
			ours, theirs := net.Pipe()
			defer theirs.Close()
			l.conn = ours
		}
		var roused sync.WaitGroup
		next := make(chan struct{})
		roused.Go(func() {
			for range next {
				l.tell(&push{})
			}
		})
		for range 10_000 {
			next <- struct{}{}
			if ready, view := l.next(); !ready || view == nil {
				t.Fatal("it ended by itself")
			}
		}
		close(next)
		roused.Wait()
		l.hangUp()
	}
}

// After a start with many services they are not all asked in one moment.
func TestManyAreAskedInTurn(t *testing.T) {
	probes := make([]probe, 10_000)
	stagger(probes, 5*time.Second)
	for i, p := range probes {
		if want := 5 * time.Second * time.Duration(i) / 10_000; p.after != want {
			t.Fatalf("number %d after %v, want %v", i, p.after, want)
		}
	}
	few := make([]probe, many)
	if stagger(few, time.Second); few[many-1].after != 0 {
		t.Error("a few wait for each other")
	}
}
