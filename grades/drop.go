package grades

import (
	"math/big"
	"slices"
)

// keep returns the items that are left when the lowest and then the highest
// are dropped: the sets whose ratios are the best and then the worst that can
// be had, not the lowest and highest percentages one at a time. At least one
// item that may be dropped is kept; when both drops together would leave none
// of them, only the lowest are dropped. It may reorder items.
//
// The method is that of Canvas's grade calculator (after Kane and Kane),
// iterated exactly.
func keep(items []item, lowest, highest int) []item {
	if lowest == 0 && highest == 0 {
		return items
	}
	var fixed, free []item
	for _, i := range items {
		if i.neverDrop {
			fixed = append(fixed, i)
		} else {
			free = append(free, i)
		}
	}
	if len(free) == 0 {
		return fixed
	}
	lowest = min(lowest, len(free)-1)
	if lowest+highest >= len(free) {
		highest = 0
	}
	free = extreme(free, fixed, len(free)-lowest, +1)
	free = extreme(free, fixed, len(free)-highest, -1)
	return append(fixed, free...)
}

// extreme returns the n items of free whose ratio, together with fixed, is the
// best (sign +1) or the worst (sign −1). From a ratio q the n items with the
// largest sign × (earned − q × possible) have a ratio at least as extreme, and
// strictly more so until q is the extreme itself. A set with nothing possible
// has no ratio: it is taken only where there is no other, by raw score.
func extreme(free, fixed []item, n int, sign int) []item {
	if n == len(free) {
		return free
	}
	var base sum
	for _, i := range fixed {
		base.add(i)
	}
	q, one := new(big.Int), big.NewInt(1)
	for {
		kept := top(free, n, sign, q, one)
		total := base
		for _, i := range kept {
			total.add(i)
		}
		if total.possible == 0 {
			at := slices.IndexFunc(free[n:], func(i item) bool { return i.possible > 0 })
			if at < 0 {
				return kept
			}
			free[n-1], free[n+at] = free[n+at], free[n-1] // the best of those with points
			total.add(free[n-1])
			total.earned = total.earned.minus(free[n+at].earned)
		}
		numerator, denominator := total.ratio()
		if new(big.Int).Mul(numerator, one).Cmp(new(big.Int).Mul(q, denominator)) == 0 {
			return kept
		}
		q, one = numerator, denominator
	}
}

// top sorts free by sign × (earned − numerator÷denominator × possible), the
// largest first, and returns the first n.
func top(free []item, n, sign int, numerator, denominator *big.Int) []item {
	type ranked struct {
		item
		rank *big.Int
	}
	order := make([]ranked, len(free))
	for k, i := range free {
		// (earned − n÷d × possible) × d, in parts of a millionth
		rank := big.NewInt(i.earned.whole)
		rank.Mul(rank, big.NewInt(hundredPercent)).Add(rank, big.NewInt(i.earned.part)).Mul(rank, denominator)
		possible := big.NewInt(i.possible)
		rank.Sub(rank, possible.Mul(possible, big.NewInt(hundredPercent)).Mul(possible, numerator))
		order[k] = ranked{i, rank}
	}
	slices.SortStableFunc(order, func(a, b ranked) int { return sign * b.rank.Cmp(a.rank) })
	for k := range order {
		free[k] = order[k].item
	}
	return free[:n]
}
