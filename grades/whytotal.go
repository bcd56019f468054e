package grades

import (
	"fmt"
	"math/big"
	"strings"
)

// whyCategory says what a total makes of a category.
func (c *calculator) whyCategory(t *tally, at int, n uses) string {
	part, weighted := &t.parts[at], c.class.Weighting == Weighted
	lowest, highest := c.drops(at)
	var say []string
	switch {
	case n == uses{}:
		return "has no items"
	case n[used] == 0:
		return "has no items that count"
	case part.possible == 0 && weighted:
		say = append(say, fmt.Sprintf("has no ratio, because nothing is possible on its items: %s", lost(part.earned)))
	case part.possible == 0:
		say = append(say, fmt.Sprintf("adds %s of extra credit", points(part.earned)))
	case weighted:
		say = append(say, c.whyWeight(t, at))
	default:
		say = append(say, fmt.Sprintf("adds %s of %s points", part.earned, amountOf(part.possible)))
	}
	if drops := whyDrops(n, lowest, highest); drops != "" {
		say = append(say, drops)
	}
	return strings.Join(say, "; ")
}

// whyWeight says what a category's weight becomes.
func (c *calculator) whyWeight(t *tally, at int) string {
	weight := c.weightText(at)
	switch {
	case weight == "0":
		return "counts nothing, because its weight is 0"
	case t.weight < c.hundred:
		return fmt.Sprintf("counts %s of the %s percent that the categories with a ratio weigh, which is %s of 100", weight, c.percentText(t.weight), exactText(c.scaled(t, at)))
	case t.weight > c.hundred:
		return fmt.Sprintf("counts %s percent, although the categories weigh %s: over 100 is not scaled down", weight, c.percentText(t.weight))
	}
	return fmt.Sprintf("counts %s percent", weight)
}

// whyDrops says how many items of a category were dropped, and how many more
// would have been if at least one did not have to be kept.
func whyDrops(n uses, lowest, highest int) string {
	var say []string
	for _, drop := range []struct {
		name      string
		did, rule int
	}{{"lowest", n[droppedLowest], lowest}, {"highest", n[droppedHighest], highest}} {
		switch {
		case drop.did < drop.rule:
			say = append(say, fmt.Sprintf("drops %d %s instead of %d, so that one that may be dropped is kept", drop.did, drop.name, drop.rule))
		case drop.rule > 0:
			say = append(say, fmt.Sprintf("drops %d %s", drop.did, drop.name))
		}
	}
	return strings.Join(say, "; ")
}

// whyTotal says how a total was made.
func (c *calculator) whyTotal(t *tally) string {
	if t.weight == 0 {
		return c.whyNone(t)
	}
	formula := c.pointsText(t)
	if c.class.Weighting == Weighted {
		formula = c.weightedText(t)
	}
	return fmt.Sprintf("%s = %s percent, shown as %s", formula, exactText(t.exact()), t.percent())
}

// pointsText is the formula of a points class.
func (c *calculator) pointsText(t *tally) string {
	text, _ := t.all().ratio()
	return text + " × 100"
}

// weightedText is the formula of a weighted class: "(HW 40/50 × 20 + Quiz 72/80
// × 40) × 100/60".
func (c *calculator) weightedText(t *tally) string {
	var terms []string
	for i := range t.parts {
		if t.parts[i].possible > 0 && c.weights[i] > 0 {
			ratio, _ := t.parts[i].ratio()
			terms = append(terms, fmt.Sprintf("%s %s × %s", c.class.Categories[i].Name, ratio, c.weightText(i)))
		}
	}
	text := strings.Join(terms, " + ")
	if t.weight < c.hundred {
		text = fmt.Sprintf("(%s) × 100/%s", text, c.percentText(t.weight))
	}
	return text
}

// whyNone says why there is no grade.
func (c *calculator) whyNone(t *tally) string {
	any := false
	for _, use := range t.uses {
		any = any || use == used
	}
	switch {
	case !any:
		return "no grade, because no item counts"
	case t.all().possible == 0:
		return "no grade, because nothing is possible on the items that count"
	}
	return "no grade, because the categories with points have no weight"
}

func (c *calculator) weightText(category int) string { return c.percentText(c.weights[category]) }

// percentText is a weight in percent.
func (c *calculator) percentText(weight uint64) string {
	percent := new(big.Rat).SetUint64(weight * 100)
	return exactText(percent.Quo(percent, new(big.Rat).SetUint64(c.hundred)))
}
