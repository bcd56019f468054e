package commitlog

import (
	"fmt"
	"strconv"
	"strings"
)

// Hole is a run of offsets whose records are lost: a repair found them damaged
// or missing. A .damaged file stands for each, with what was left of the bytes.
type Hole struct {
	First, Next uint64 // offsets of the first record, and after the last one
}

const damagedSuffix = ".damaged"

// damagedName is the name of the n-th file, from 1, for h.
func damagedName(h Hole, n int) string {
	name := fmt.Sprintf("%020d-%d", h.First, h.Next)
	if n > 1 {
		name += fmt.Sprint("-", n)
	}
	return name + damagedSuffix
}

// parseDamagedName is strict, so that no stray file makes a hole.
func parseDamagedName(name string) (h Hole, ok bool) {
	parts := strings.Split(strings.TrimSuffix(name, damagedSuffix), "-")
	if len(parts) < 2 || len(parts) > 3 {
		return Hole{}, false
	}
	numbers := [3]uint64{2: 1}
	for i, part := range parts {
		n, err := strconv.ParseUint(part, 10, 63)
		if err != nil {
			return Hole{}, false
		}
		numbers[i] = n
	}
	h = Hole{numbers[0], numbers[1]}
	return h, h.First > 0 && h.First <= h.Next && name == damagedName(h, int(numbers[2]))
}

// holesOf returns the holes that files among names stand for.
func holesOf(names []string) (holes []Hole) {
	for _, name := range names {
		if h, ok := parseDamagedName(name); ok && h.First < h.Next {
			holes = append(holes, h)
		}
	}
	return holes
}

// pass returns the first offset from next on that is in no hole, or limit if that
// comes earlier.
func pass(holes []Hole, next, limit uint64) uint64 {
	for again := true; again && next < limit; {
		again = false
		for _, h := range holes {
			if h.First <= next && next < h.Next {
				next, again = min(h.Next, limit), true
			}
		}
	}
	return next
}

// Holes returns what is missing between the oldest record and the newest.
func (l *Log) Holes() (holes []Hole) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := 1; i < len(l.segments); i++ {
		if h := (Hole{l.segments[i-1].next, l.segments[i].base}); h.First < h.Next {
			holes = append(holes, h)
		}
	}
	return holes
}

// Hole returns the hole in which offset is, and false if there is none: then its
// record is in the log, or was never there, or retention has removed it.
func (l *Log) Hole(offset uint64) (Hole, bool) {
	here := func(s *segment) bool { return s.base <= offset && offset < s.next }
	if _, ok := l.find(here, false); ok {
		return Hole{}, false
	}
	for _, h := range l.holes {
		if h.First <= offset && offset < h.Next {
			return h, true
		}
	}
	return Hole{}, false
}
