package registry

import "time"

// simNetwork is how badly messages travel. Chances are in 65536ths.
type simNetwork struct {
	loss, twice, slow, broken uint64
	slowest                   time.Duration // of a slow one
}

// simFate is what becomes of one message.
type simFate struct {
	delay               time.Duration
	lost, twice, broken bool
}

// fate draws what becomes of the next message.
func (w *simWorld) fate() simFate {
	r, n := w.rng.Uint64(), &w.network
	f := simFate{delay: 20*time.Microsecond + time.Duration(r&0xffff)*10}
	if *n == (simNetwork{}) {
		return f
	}
	f.lost = r>>16&0xffff < n.loss
	f.twice = r>>32&0xffff < n.twice
	if r>>48 < n.slow {
		f.delay = w.upTo(n.slowest)
	}
	f.broken = w.rng.Uint64()&0xffff < n.broken
	return f
}

// send has a message arrive: once, twice or never, soon or late, and so in any
// order.
func (w *simWorld) send(blocked bool, arrive func()) {
	f, n := w.fate(), &w.network
	if blocked || f.lost {
		return
	}
	w.after(f.delay, arrive)
	if f.twice {
		w.after(f.delay+w.upTo(4*n.slowest), arrive)
	}
}

// sendOnce has a message arrive once and before the timeout, or never: so it is
// with one request over one connection.
func (w *simWorld) sendOnce(blocked bool, arrive func()) {
	if f := w.fate(); !blocked && !f.lost && f.delay < w.timeout {
		w.after(f.delay, arrive)
	}
}

// oneIn is true every n-th time.
func (w *simWorld) oneIn(n uint64) bool { return w.rng.Uint64N(n) == 0 }

func (w *simWorld) upTo(d time.Duration) time.Duration {
	return time.Duration(w.rng.Uint64N(uint64(d)))
}

func (w *simWorld) between(from, to time.Duration) time.Duration { return from + w.upTo(to-from) }
