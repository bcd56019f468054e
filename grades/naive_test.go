package grades

import (
	"math"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

// naive is the arithmetic by its definition: rationals, and drops by trying
// every set.
func naive(class *Class, assignments []*Assignment, grades map[int]*Grade, final bool) string {
	numerator, weights := new(big.Rat), new(big.Rat)
	allEarned, allPossible := new(big.Rat), new(big.Rat)
	for _, category := range class.Categories {
		var free, fixed [][2]*big.Rat
		for _, a := range assignments {
			g := grades[a.ID]
			counted := final || class.BlankPolicy == ZeroOnceDue && a.Due != nil && a.Due.Before(today())
			if a.Category != category.Name || g != nil && g.Status == Excused || g == nil && !counted {
				continue
			}
			possible, earned := big.NewRat(int64(a.Points), scoreUnit), new(big.Rat)
			switch {
			case g != nil && g.Status == Missing:
				left := new(big.Rat).Sub(big.NewRat(1, 1), big.NewRat(int64(class.MissingDeduction), hundredPercent))
				earned.Mul(possible, left)
			case g != nil:
				earned.SetFrac64(int64(*g.Score), scoreUnit)
				if g.Status == Late && a.Due != nil && g.Submitted.After(*a.Due) {
					earned = naiveLate(class.LatePolicy, earned, possible, g.Submitted.Sub(*a.Due))
				}
			}
			if a.NeverDrop {
				fixed = append(fixed, [2]*big.Rat{earned, possible})
			} else {
				free = append(free, [2]*big.Rat{earned, possible})
			}
		}
		if lowest := min(category.DropLowest, len(free)-1); len(free) > 0 {
			highest := category.DropHighest
			if lowest+highest >= len(free) {
				highest = 0
			}
			free = bruteForce(free, fixed, len(free)-lowest, +1)
			free = bruteForce(free, fixed, len(free)-highest, -1)
		}
		earned, possible := addUp(append(fixed, free...))
		allEarned.Add(allEarned, earned)
		allPossible.Add(allPossible, possible)
		if possible.Sign() > 0 && class.Weighting == Weighted {
			weight := big.NewRat(int64(category.Weight), scoreUnit)
			weights.Add(weights, weight)
			numerator.Add(numerator, weight.Mul(weight, earned.Quo(earned, possible)))
		}
	}
	hundred := big.NewRat(100, 1)
	if class.Weighting == ByPoints && allPossible.Sign() > 0 {
		numerator.Mul(hundred, allEarned.Quo(allEarned, allPossible))
		weights.Set(hundred)
	}
	if weights.Sign() == 0 {
		return "none"
	}
	if weights.Cmp(hundred) < 0 {
		numerator.Mul(numerator, hundred).Quo(numerator, weights)
	}
	return strings.Replace(numerator.FloatString(2), "-0.00", "0.00", 1) // FloatString rounds half away from zero
}

// naiveLate is a score after what being late takes.
func naiveLate(p LatePolicy, score, possible *big.Rat, late time.Duration) *big.Rat {
	if p.IntervalHours == 0 {
		return score
	}
	percent := func(of Score) *big.Rat { return new(big.Rat).Mul(possible, big.NewRat(int64(of), hundredPercent)) }
	begun := int64(math.Ceil(late.Hours() / float64(p.IntervalHours)))
	reduced := new(big.Rat).Sub(score, new(big.Rat).Mul(percent(p.Percent), big.NewRat(begun, 1)))
	if floor := percent(p.Floor); reduced.Cmp(floor) < 0 {
		reduced = floor
	}
	if reduced.Cmp(score) > 0 {
		return score
	}
	return reduced
}

func addUp(items [][2]*big.Rat) (earned, possible *big.Rat) {
	earned, possible = new(big.Rat), new(big.Rat)
	for _, i := range items {
		earned.Add(earned, i[0])
		possible.Add(possible, i[1])
	}
	return earned, possible
}

// bruteForce returns the n items whose ratio with fixed is the most extreme, or
// by earned where no set has a ratio or several have the same, or at last by the
// points possible.
func bruteForce(free, fixed [][2]*big.Rat, n, sign int) (best [][2]*big.Rat) {
	var bestEarned, bestPossible *big.Rat
	for set := range 1 << len(free) {
		var chosen [][2]*big.Rat
		for i := range free {
			if set&(1<<i) != 0 {
				chosen = append(chosen, free[i])
			}
		}
		if len(chosen) != n {
			continue
		}
		earned, possible := addUp(append(chosen[:n:n], fixed...))
		better := best == nil || possible.Sign() > 0 && bestPossible.Sign() == 0
		if best != nil && (possible.Sign() > 0) == (bestPossible.Sign() > 0) {
			a, b := new(big.Rat).Set(earned), new(big.Rat).Set(bestEarned)
			if possible.Sign() > 0 {
				a.Quo(a, possible)
				b.Quo(b, bestPossible)
			}
			by := a.Cmp(b)
			if by == 0 {
				by = earned.Cmp(bestEarned)
			}
			if by == 0 {
				by = possible.Cmp(bestPossible)
			}
			better = by == sign
		}
		if better {
			best, bestEarned, bestPossible = chosen, earned, possible
		}
	}
	return best
}

// randomClass is a class of up to three categories with up to 11 assignments
// and a student's grades in it: many ties, bonuses, blanks, late work and
// exceptions.
func randomClass(random *rand.Rand) (*Class, []*Assignment, map[int]*Grade) {
	class := &Class{Weighting: Weighted, BlankPolicy: Ignore, MissingDeduction: Score(random.Int64N(hundredPercent + 1)), Scale: DefaultScale()}
	class.BlankPolicy = []string{Ignore, Zero, ZeroOnceDue}[random.IntN(3)]
	if random.IntN(2) == 0 {
		class.LatePolicy = LatePolicy{1 + random.IntN(48), Score(random.Int64N(40 * scoreUnit)), Score(random.Int64N(hundredPercent))}
	}
	drops := random.IntN(3) != 0
	if random.IntN(2) == 0 {
		class.Weighting = ByPoints
	}
	for i := range 1 + random.IntN(3) {
		category := Category{Name: string(rune('A' + i)), Weight: Score(random.Int64N(60 * scoreUnit))}
		if drops {
			category.DropLowest, category.DropHighest = random.IntN(4), random.IntN(3)
		}
		class.Categories = append(class.Categories, category)
	}
	var assignments []*Assignment
	grades := map[int]*Grade{}
	for id := range random.IntN(12) {
		a := &Assignment{
			ID: id, Category: class.Categories[random.IntN(len(class.Categories))].Name,
			Points:    []Score{0, Points(10), Points(random.IntN(100)), Score(random.Int64N(maxScore))}[random.IntN(4)],
			NeverDrop: random.IntN(8) == 0,
		}
		if random.IntN(2) == 0 {
			a.Due = new(today().Add(time.Duration(random.IntN(97)-48) * time.Hour))
		}
		assignments = append(assignments, a)
		score := min(Score(random.Int64N(int64(a.Points)*5/4+scoreUnit))-scoreUnit/4, maxScore)
		if random.IntN(3) == 0 {
			score = Points(random.IntN(10)) // many ties
		}
		switch random.IntN(8) {
		case 0:
		case 1:
			grades[id] = &Grade{Status: Excused}
		case 2:
			grades[id] = &Grade{Status: Missing}
		case 3:
			grades[id] = &Grade{Status: Late, Score: &score, Submitted: new(today().Add(time.Duration(random.Int64N(int64(96 * time.Hour)))))}
		default:
			grades[id] = &Grade{Status: Graded, Score: &score}
		}
	}
	return class, assignments, grades
}

func TestTotalsAgainstNaive(t *testing.T) {
	random := rand.New(rand.NewPCG(2026, 11))
	for round := range 3000 {
		class, assignments, grades := randomClass(random)
		got := CalculateTotals(class, assignments, grades, today())
		for _, c := range []struct {
			name string
			got  Total
			want string
		}{{"current", got.Current, naive(class, assignments, grades, false)}, {"final", got.Final, naive(class, assignments, grades, true)}} {
			text := "none"
			if c.got.Percent != nil {
				text = c.got.Percent.String()
			}
			if text != c.want {
				t.Fatalf("round %d: %s total %s, want %s: %+v", round, c.name, text, c.want, class)
			}
		}
	}
}
