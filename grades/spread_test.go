package grades

import (
	"encoding/json"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"
)

func distributed(numbers ...int64) *distribution {
	d := new(distribution)
	for _, number := range numbers {
		d.add(number)
	}
	return d
}

func TestSpread(t *testing.T) {
	same := scaling{1, 1}
	for _, c := range []struct {
		name    string
		numbers []int64
		scaling scaling
		want    string
	}{
		{"nothing", nil, same, `{"n":0,"mean":null,"deviation":null,"min":null,"lowerQuartile":null,"median":null,"upperQuartile":null,"max":null}`},
		{"one", []int64{90_00}, same, `{"n":1,"mean":90.00,"deviation":0.00,"min":90.00,"lowerQuartile":90.00,"median":90.00,"upperQuartile":90.00,"max":90.00}`},
		// QUARTILE.INC of 1, 2, 4, 7, 8, 9, 10, 12 is 3.5, 7.5 and 9.25
		{"between", []int64{12_00, 1_00, 8_00, 2_00, 10_00, 4_00, 7_00, 9_00}, same,
			`{"n":8,"mean":6.63,"deviation":3.67,"min":1.00,"lowerQuartile":3.50,"median":7.50,"upperQuartile":9.25,"max":12.00}`},
		{"the textbook's deviation", []int64{2_00, 4_00, 4_00, 4_00, 5_00, 5_00, 7_00, 9_00}, same,
			`{"n":8,"mean":5.00,"deviation":2.00,"min":2.00,"lowerQuartile":4.00,"median":4.50,"upperQuartile":5.50,"max":9.00}`},
		{"half away from zero", []int64{-1, 0, 0, -1}, same, `{"n":4,"mean":-0.01,"deviation":0.01,"min":-0.01,"lowerQuartile":-0.01,"median":-0.01,"upperQuartile":0.00,"max":0.00}`},
		{"points as percent", []int64{17_500_000, 20_000_000}, scaling{100_00, 30_000_000},
			`{"n":2,"mean":62.50,"deviation":4.17,"min":58.33,"lowerQuartile":60.42,"median":62.50,"upperQuartile":64.58,"max":66.67}`},
		{"the largest", []int64{1<<63 - 1, -1 << 63}, same,
			`{"n":2,"mean":-0.01,"deviation":92233720368547758.07,"min":-92233720368547758.07,"lowerQuartile":-46116860184273879.04,"median":-0.01,"upperQuartile":46116860184273879.03,"max":92233720368547758.07}`},
	} {
		got, err := json.Marshal(newSpread[Percent](distributed(c.numbers...), c.scaling))
		if err != nil || string(got) != c.want {
			t.Errorf("%s: %v\ngot  %s\nwant %s", c.name, err, got, c.want)
		}
	}
	points, err := json.Marshal(newSpread[Score](distributed(17_500_000, 20_000_000, 1), same))
	if want := `{"n":3,"mean":12.5,"deviation":8.897565,"min":0.000001,"lowerQuartile":8.750001,"median":17.5,"upperQuartile":18.75,"max":20}`; err != nil || string(points) != want {
		t.Errorf("points: %v\ngot  %s\nwant %s", err, points, want)
	}
}

// The figures equal those made number by number with rationals; the deviation
// is compared by its square, since the root is not one.
func TestSpreadIsExact(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for range 2000 {
		numbers := make([]int64, 1+random.IntN(40))
		for i := range numbers {
			numbers[i] = random.Int64N(1+random.Int64N(maxScore)) - random.Int64N(50)
		}
		s := scaling{1 + random.Int64N(100_00), 1 + random.Int64N(maxScore)}
		got := newSpread[Percent](distributed(numbers...), s)
		slices.Sort(numbers)
		scale, n := big.NewRat(s.by, s.of), big.NewRat(int64(len(numbers)), 1)
		xs, mean := make([]*big.Rat, len(numbers)), new(big.Rat)
		for i, number := range numbers {
			xs[i] = new(big.Rat).Mul(new(big.Rat).SetInt64(number), scale)
			mean.Add(mean, xs[i])
		}
		mean.Quo(mean, n)
		variance := new(big.Rat)
		for _, x := range xs {
			off := new(big.Rat).Sub(x, mean)
			variance.Add(variance, off.Mul(off, off))
		}
		variance.Quo(variance, n)
		for k, have := range []*Percent{got.Min, got.LowerQuartile, got.Median, got.UpperQuartile, got.Max} {
			// 1 + (n−1)×k/4 in the ranks from 1 of spreadsheets
			place := big.NewRat(int64((len(numbers)-1)*k), 4)
			below := int(new(big.Int).Quo(place.Num(), place.Denom()).Int64())
			part := new(big.Rat).Sub(place, big.NewRat(int64(below), 1))
			want := new(big.Rat).Sub(xs[min(below+1, len(xs)-1)], xs[below])
			want.Mul(want, part).Add(want, xs[below])
			if w := roundPercent(new(big.Int).Set(want.Num()), new(big.Int).Set(want.Denom())); *have != w {
				t.Fatalf("quartile %d of %v × %v: %v, want %v", k, numbers, s, *have, w)
			}
		}
		if w := roundPercent(new(big.Int).Set(mean.Num()), new(big.Int).Set(mean.Denom())); *got.Mean != w {
			t.Fatalf("mean of %v × %v: %v, want %v", numbers, s, *got.Mean, w)
		}
		// (d − ½)² ≤ variance < (d + ½)²
		double := int64(*got.Deviation) * 2
		low, high := big.NewRat(max(double-1, 0), 2), big.NewRat(double+1, 2)
		if low.Mul(low, low).Cmp(variance) > 0 || high.Mul(high, high).Cmp(variance) <= 0 {
			t.Fatalf("deviation of %v × %v: %v, and its square %v", numbers, s, *got.Deviation, variance)
		}
	}
}
