package grades

import (
	"math/big"
	"math/rand/v2"
	"testing"
)

// Sums that stay in machine words and such that outgrow them are the same as
// those of math/big.
func TestFractionAgainstBig(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 11))
	small, large := 0, 0
	for range 20_000 {
		var f fraction
		want := new(big.Rat)
		bits := 1 + random.IntN(62)
		for range 1 + random.IntN(5) {
			n, times := product(anyInt64(random)>>(63-bits), 1+random.Int64N(100)), 1+random.Uint64N(1000)
			d := 1 + random.Uint64N(1<<bits)
			f.add(n, times, d)
			term := new(big.Rat).SetFrac(n.big(), new(big.Int).SetUint64(d))
			want.Add(want, term.Mul(term, new(big.Rat).SetUint64(times)))
		}
		divisor, by := 1+random.Uint64N(1<<(bits/2)), 1+random.Uint64N(20_000)
		f.divide(divisor)
		want.Quo(want, new(big.Rat).SetUint64(divisor))
		if f.rat().Cmp(want) != 0 {
			t.Fatalf("sum is %v, want %v", f.rat(), want)
		}
		if f.big == nil {
			small++
		} else {
			large++
		}
		want.Quo(want, new(big.Rat).SetUint64(by))
		if got, want := f.round(by), roundPercent(new(big.Int).Set(want.Num()), new(big.Int).Set(want.Denom())); got != want {
			t.Fatalf("%v ÷ %d rounds to %d, want %d", f.rat(), by, got, want)
		}
	}
	if small < 1000 || large < 1000 {
		t.Errorf("%d fractions were small and %d large: try more of both", small, large)
	}
}

func TestFractionRoundsHalvesAway(t *testing.T) {
	for _, c := range []struct {
		n    int64
		d    uint64
		want Percent
	}{{5, 10, 1}, {-5, 10, -1}, {4, 10, 0}, {-4, 10, 0}, {15, 10, 2}, {-15, 10, -2}, {0, 7, 0}, {1, 3, 0}, {2, 3, 1}} {
		var small, large fraction
		small.add(product(c.n, 1), 1, c.d)
		large.add(product(c.n, 1), 1, c.d)
		large.grow()
		if got, grown := small.round(1), large.round(1); got != c.want || grown != c.want {
			t.Errorf("%d/%d rounds to %d, and once grown to %d, want %d", c.n, c.d, got, grown, c.want)
		}
	}
}
