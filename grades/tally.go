package grades

// use says what becomes of an assignment in a total.
type use uint8

const (
	unused use = iota
	used
	droppedLowest
	droppedHighest
)

// tally is one of a student's two totals in the making.
type tally struct {
	uses   []use    // by assignment
	parts  []part   // by category
	total  fraction // Σ ratio × weight ÷ the weights, in units of amountHundredth
	weight uint64   // of the categories that have a ratio; 0 when there is nothing to grade
}

// amountHundredth is how much less a hundredth of a percent of a total is in an
// Amount over a Score: 10^-4 over the 10^-8 between their units.
const amountHundredth = 10_000

// part is what one category adds up to.
type part struct {
	items []item // kept only where some are dropped
	sum
}

func newTally(assignments, categories int) tally {
	return tally{uses: make([]use, assignments), parts: make([]part, categories)}
}

func (t *tally) reset() {
	clear(t.uses)
	for i := range t.parts {
		t.parts[i] = part{items: t.parts[i].items[:0]}
	}
	t.total, t.weight = fraction{}, 0
}

// drop drops the lowest and highest of a category and adds up the others.
func (t *tally) drop(category, lowest, highest int) {
	part := &t.parts[category]
	kept, low, high := keep(part.items, lowest, highest)
	part.sum = sumOf(kept)
	t.mark(low, droppedLowest)
	t.mark(high, droppedHighest)
}

func (t *tally) mark(items []item, as use) {
	for i := range items {
		t.uses[items[i].at] = as
	}
}

// all is what all categories add up to.
func (t *tally) all() (all sum) {
	for i := range t.parts {
		all.add(t.parts[i].sum)
	}
	return all
}

// addPoints makes the total of a points class.
func (t *tally) addPoints() {
	if all := t.all(); all.possible > 0 {
		t.weight = 1
		t.total.add(all.earned.wide, 1, uint64(all.possible))
	}
}

// addWeighted makes the total of a weighted class. Weights under a hundred
// percent scale it up, over it they do not scale it down.
func (t *tally) addWeighted(weights []uint64, hundred uint64) {
	for i := range t.parts {
		if part := &t.parts[i]; part.possible > 0 && weights[i] > 0 {
			t.weight += weights[i]
			t.total.add(part.earned.wide, weights[i], uint64(part.possible))
		}
	}
	if t.weight > 0 {
		t.total.divide(min(t.weight, hundred))
	}
}

// percent is the total rounded, nil when there is nothing to grade.
func (t *tally) percent() *Percent {
	if t.weight == 0 {
		return nil
	}
	return new(t.total.round(amountHundredth))
}
