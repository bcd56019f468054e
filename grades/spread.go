package grades

import (
	"math/big"
	"sort"
)

// Spread says how points as they were entered, or percentages, are spread. Each
// figure is exact until it is rounded once, half away from zero, to a millionth
// of a point or a hundredth of a percent. All but N are nil where there is
// nothing to count.
type Spread[T Score | Percent] struct {
	N             int `json:"n"`
	Mean          *T  `json:"mean"`
	Deviation     *T  `json:"deviation"` // of a population: the root of the mean of (x − mean)²
	Min           *T  `json:"min"`
	LowerQuartile *T  `json:"lowerQuartile"` // quartiles lie in proportion between two numbers, like QUARTILE.INC of spreadsheets
	Median        *T  `json:"median"`
	UpperQuartile *T  `json:"upperQuartile"`
	Max           *T  `json:"max"`
}

// scaling turns the numbers of a distribution into those of a spread: times by,
// at least 0, ÷ of, at least 1.
type scaling struct{ by, of int64 }

// unscaled is for numbers that are as they are wanted.
func unscaled() scaling { return scaling{1, 1} }

// toPercent turns scores out of points, which are over 0, into percentages.
func toPercent(points Score) scaling { return scaling{100_00, int64(points)} }

// percent is a number scaled to hundredths of a percent and rounded.
func (s scaling) percent(number int64) Percent {
	if s.by == s.of {
		return Percent(number)
	}
	double := 2 * number * s.by
	if double < 0 {
		return Percent((double - s.of) / (2 * s.of))
	}
	return Percent((double + s.of) / (2 * s.of))
}

// newSpread is the spread of a distribution's numbers, scaled.
func newSpread[T Score | Percent](d *distribution, s scaling) Spread[T] {
	r := newRanks(d)
	out := Spread[T]{N: r.n()}
	if out.N == 0 {
		return out
	}
	// round takes what is scaled by s.by already.
	round := func(numerator *big.Int, denominator int) *T {
		divisor := big.NewInt(int64(denominator))
		return new(T(roundPercent(numerator, divisor.Mul(divisor, big.NewInt(s.of)))))
	}
	by := big.NewInt(s.by)
	sum, deviation := r.moments()
	// The root is cut off to a whole number only after it was made twice as
	// large: rounding asks for no more than whole halves.
	deviation.Mul(deviation, big.NewInt(4)).Mul(deviation, by).Mul(deviation, by)
	out.Deviation = round(deviation.Sqrt(deviation), 2*out.N)
	out.Mean = round(sum.Mul(sum, by), out.N)
	for k, field := range []**T{&out.Min, &out.LowerQuartile, &out.Median, &out.UpperQuartile, &out.Max} {
		quartile := r.quartile(k)
		*field = round(quartile.Mul(quartile, by), 4)
	}
	return out
}

// ranks are the numbers of a distribution in order.
type ranks struct {
	numbers []int64 // each once
	ends    []int   // how many numbers come up to the end of each run of equal ones
}

func newRanks(d *distribution) (r ranks) {
	end := 0
	for number, n := range d.runs() {
		end += n
		r.numbers, r.ends = append(r.numbers, number), append(r.ends, end)
	}
	return r
}

func (r *ranks) n() int {
	if len(r.ends) == 0 {
		return 0
	}
	return r.ends[len(r.ends)-1]
}

// moments returns Σx, and the variance × n²: nΣx² − (Σx)².
func (r *ranks) moments() (sum, variance *big.Int) {
	sum, squares, before := new(big.Int), new(big.Int), 0
	var x, n big.Int
	for i, number := range r.numbers {
		x.SetInt64(number)
		n.SetInt64(int64(r.ends[i] - before))
		sum.Add(sum, n.Mul(&n, &x))
		squares.Add(squares, n.Mul(&n, &x))
		before = r.ends[i]
	}
	squares.Mul(squares, big.NewInt(int64(r.n())))
	return sum, squares.Sub(squares, new(big.Int).Mul(sum, sum))
}

// quartile returns the k-th quartile × 4. From the smallest number to the
// largest there are n − 1 steps; it is k quarters of the way.
func (r *ranks) quartile(k int) *big.Int {
	step, quarters := (r.n()-1)*k/4, (r.n()-1)*k%4
	low := big.NewInt(r.at(step))
	low.Mul(low, big.NewInt(int64(4-quarters)))
	if quarters == 0 {
		return low
	}
	high := big.NewInt(r.at(step + 1))
	return low.Add(low, high.Mul(high, big.NewInt(int64(quarters))))
}

// at is the number at a rank, from 0.
func (r *ranks) at(rank int) int64 { return r.numbers[sort.SearchInts(r.ends, rank+1)] }
