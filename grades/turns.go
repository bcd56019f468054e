package grades

import (
	"math"
	"time"
)

// turnTime is how long a look at the book may make things: a writer waits for
// little more.
const turnTime = time.Millisecond

// parts are of an answer, and kept once they are made.
type parts struct {
	now   time.Time // when the look at the book began
	whole bool      // it leaves none for later
	left  []int     // ids of those that it leaves
}

// leave reports whether to leave a part for later: when its look has taken long,
// unless the part is made already.
func (p *parts) leave(id int, made bool) bool {
	if made || p.whole || time.Since(p.now) < turnTime {
		return false
	}
	p.left = append(p.left, id)
	return true
}

type viewFunc func(read func(b *Book, now time.Time) error) error

// inTurns has an answer of many parts collected, by the last call of collect, from
// the book at one revision. What an earlier call left is made in short looks, so
// that writers get their turns, until a call leaves nothing. Only when writers are
// faster than that does the last call make all that is left.
func inTurns(view viewFunc, collect func(b *Book, p *parts) error, one func(b *Book, id int, now time.Time)) error {
	for before, last := math.MaxInt, false; ; {
		p := &parts{whole: last}
		err := view(func(b *Book, now time.Time) error {
			p.now = now
			return collect(b, p)
		})
		if err == nil && len(p.left) > 0 {
			err = makeParts(view, p.left, one)
		}
		if err != nil || len(p.left) == 0 {
			return err
		}
		before, last = len(p.left), len(p.left) > before/2
	}
}

// makeParts makes one part after the other, as many in each look as there is
// time for. What a look has seen is on disk and stays, so the next finds it.
func makeParts(view viewFunc, ids []int, one func(b *Book, id int, now time.Time)) error {
	for len(ids) > 0 {
		err := view(func(b *Book, now time.Time) error {
			for some := false; len(ids) > 0 && (!some || time.Since(now) < turnTime); ids = ids[1:] {
				one(b, ids[0], now)
				some = true
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
