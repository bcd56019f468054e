package grades

import (
	"cmp"
	"slices"
)

// item is an assignment that counts, and what was earned on it.
type item struct {
	earned    Amount
	possible  Score
	at        int32 // index of the assignment
	neverDrop bool
	rank      wide // of extreme
}

// keep says which items of a category are left when the lowest and then the
// highest are dropped: the sets whose ratios are the best and then the worst
// that can be had, not the lowest and highest percentages one at a time. At
// least one item that may be dropped is kept; when both drops together would
// leave none of them, only the lowest are dropped. It reorders items, and the
// slices returned are parts of it.
//
// The method is that of Canvas's grade calculator (after Kane and Kane),
// iterated exactly.
func keep(items []item, lowest, highest int) (kept, droppedLowest, droppedHighest []item) {
	fixed := 0
	for i := range items {
		if items[i].neverDrop {
			items[fixed], items[i] = items[i], items[fixed]
			fixed++
		}
	}
	free := len(items) - fixed
	if free == 0 {
		return items, nil, nil
	}
	lowest, highest = dropCounts(free, lowest, highest)
	middle, end := len(items)-lowest-highest, len(items)-lowest
	extreme(items, fixed, end, +1)
	extreme(items[:end], fixed, middle, -1)
	return items[:middle], items[end:], items[middle:end]
}

// dropCounts is how many of n items, at least one, are dropped by a rule.
func dropCounts(n, lowest, highest int) (int, int) {
	lowest = min(lowest, n-1)
	if highest >= n-lowest { // not lowest + highest, which may be beyond any int
		highest = 0
	}
	return lowest, highest
}

// extreme brings to the front, behind the fixed items, those with which the
// ratio of the first n is the best (sign +1) or the worst (sign −1). From a
// ratio q the items with the largest sign × (earned − q × possible) have a ratio
// at least as extreme, and strictly more so until q is the extreme itself. A set
// with nothing possible has no ratio: it is taken only where there is no other,
// by raw score.
func extreme(items []item, fixed, n int, sign int) {
	if n == len(items) {
		return
	}
	q := sum{possible: 1}
	for {
		rank(items[fixed:], q, sign)
		total := sumOf(items[:n])
		if total.possible == 0 {
			at := slices.IndexFunc(items[n:], func(i item) bool { return i.possible > 0 })
			if at < 0 {
				return
			}
			items[n-1], items[n+at] = items[n+at], items[n-1] // the best of those with points
			total = sumOf(items[:n])
		}
		if total == q {
			return
		}
		q = total
	}
}

// rank sorts items by sign × (earned − q × possible), the largest first. Where
// that is the same the raw score decides and then the points possible, so that
// the order in which items come never matters.
func rank(items []item, q sum, sign int) {
	for i := range items {
		it := &items[i]
		earned, _ := it.earned.times(uint64(q.possible))
		expected, _ := q.earned.times(uint64(it.possible))
		it.rank = earned.minus(expected)
	}
	slices.SortStableFunc(items, func(a, b item) int {
		by := b.rank.compare(a.rank)
		if by == 0 {
			by = b.earned.compare(a.earned.wide)
		}
		if by == 0 {
			by = cmp.Compare(b.possible, a.possible)
		}
		return sign * by
	})
}

// sum is what items add up to.
type sum struct {
	earned   Amount
	possible Score
}

func sumOf(items []item) (s sum) {
	for i := range items {
		s.add(sum{items[i].earned, items[i].possible})
	}
	return s
}

func (s *sum) add(other sum) {
	s.earned = s.earned.plus(other.earned)
	s.possible += other.possible
}
