package grades

import (
	"math/big"
	"slices"
)

// weights looks at the weights of a weighted class.
func (k *checker) weights() {
	if k.class.Weighting != Weighted {
		return
	}
	var total Score
	for _, category := range k.class.Categories {
		total += category.Weight
	}
	switch {
	case total == 0:
		k.add(WeightsNot100, Warning, Check{}, "the weights are all 0, so nobody gets a total; give the categories weights that make 100 percent")
	case total < hundredPercent:
		k.add(WeightsNot100, Warning, Check{}, "the weights make %s percent, so totals are scaled up from that to 100; make them 100, or leave it if a category is still to come", total)
	case total > hundredPercent:
		k.add(WeightsNot100, Warning, Check{}, "the weights make %s percent and are not scaled down, so full marks everywhere make a total of %[1]s; make them 100", total)
	}
	for _, p := range k.pools {
		if p.weight == 0 && total > 0 && len(p.items) > 0 {
			k.add(NoWeight, Warning, Check{Category: p.name}, "%q has the weight 0, so nothing in it counts (%d %s); give it a weight, or move what should count",
				p.name, len(p.items), plural(len(p.items), "assignment"))
		}
	}
}

// categories looks for assignments of a category that is not there.
func (k *checker) categories() {
	for _, a := range k.assignments {
		if k.class.has(a.Category) {
			continue
		}
		effect := "it counts without the rules of a category"
		if k.class.Weighting == Weighted {
			effect = "it counts nothing"
		}
		k.add(UnknownCategory, Warning, Check{Category: a.Category, Assignment: a.ID}, "%q is in the category %q, which the class does not have, so %s; move it to one of %s",
			a.Title, a.Category, effect, k.class.categoryNames())
	}
}

// points looks for assignments of 0 points. Each is extra credit, unless there
// is nothing that it could be added to.
func (k *checker) points() {
	if len(k.assignments) > 0 && !slices.ContainsFunc(k.pools, func(p pool) bool { return p.possible }) {
		k.add(NothingPossible, Warning, Check{}, "no assignment has points, so nobody gets a total; give the assignments the points that are possible")
		return
	}
	for _, p := range k.pools {
		if p.weight > 0 && len(p.items) > 0 && !p.possible {
			k.add(BonusVanishes, Warning, Check{Category: p.name}, "%q has only assignments of 0 points, so it has no ratio and what is earned there vanishes; move them to a category with points, or give one of them points", p.name)
			continue
		}
		for _, i := range p.items {
			if a := k.assignments[i]; a.Points == 0 {
				k.add(ZeroPoints, Note, Check{Category: a.Category, Assignment: a.ID}, "%q has 0 points, so that every score in it is extra credit; if that is not meant, give it the points that are possible", a.Title)
			}
		}
	}
}

// heavy looks for assignments that make over 40 percent of a total once all of
// them are graded, if those that are dropped are the largest they can be.
func (k *checker) heavy() {
	var weights Score // of what has a ratio
	for _, p := range k.pools {
		if p.possible {
			weights += p.weight
		}
	}
	for _, p := range k.pools {
		fewest, largest := k.fewest(p)
		for _, i := range p.items {
			a := k.assignments[i]
			if a.Points == 0 || p.weight == 0 {
				continue
			}
			with := fewest // points in the pool, when this is kept
			if !a.NeverDrop {
				with += max(a.Points-largest[a.Category], 0)
			}
			share := new(big.Rat).Mul(ratio(p.weight, min(weights, hundredPercent)), ratio(a.Points, with))
			if share.Cmp(big.NewRat(40, 100)) > 0 {
				share.Mul(share, big.NewRat(100_00, 1))
				k.add(HeavyItem, Note, Check{Category: a.Category, Assignment: a.ID}, "%q can make %s percent of a total; if that is more than is meant, lower its points or the weight of its category, or add other work",
					a.Title, roundPercent(share.Num(), share.Denom()))
			}
		}
	}
}

func ratio(a, b Score) *big.Rat { return big.NewRat(int64(a), int64(b)) }

// fewest is the fewest points that a pool can have in all, once it has dropped
// what it drops, and by category the most points of one that may be dropped and
// is then kept.
func (k *checker) fewest(p pool) (points Score, largest map[string]Score) {
	free := make(map[string][]Score) // by category
	for _, i := range p.items {
		if a := k.assignments[i]; a.NeverDrop {
			points += a.Points
		} else {
			free[a.Category] = append(free[a.Category], a.Points)
		}
	}
	largest = make(map[string]Score)
	for category, list := range free {
		slices.Sort(list)
		for _, one := range list[:k.class.kept(category, len(list))] {
			points += one
			largest[category] = one
		}
	}
	return points, largest
}

// kept is how many are left of n assignments of a category that may be dropped.
func (c *Class) kept(category string, n int) int {
	at := slices.IndexFunc(c.Categories, func(have Category) bool { return have.Name == category })
	if at < 0 {
		return n
	}
	lowest, highest := dropCounts(n, c.Categories[at].DropLowest, c.Categories[at].DropHighest)
	return n - lowest - highest
}
