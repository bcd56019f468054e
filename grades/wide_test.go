package grades

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

// anyInt64 is of any size, and often at an edge.
func anyInt64(random *rand.Rand) int64 {
	edges := []int64{0, 1, -1, math.MaxInt64, math.MinInt64, math.MaxUint32, 1 << 32}
	if at := random.IntN(3 * len(edges)); at < len(edges) {
		return edges[at]
	}
	return int64(random.Uint64()) >> random.IntN(64)
}

func TestWideAgainstBig(t *testing.T) {
	random := rand.New(rand.NewPCG(20, 26))
	limit := new(big.Int).Lsh(big.NewInt(1), 127)
	for range 20_000 {
		a, b, n := anyInt64(random), anyInt64(random), uint64(anyInt64(random))
		x, y := product(a, b), product(b, int64(n>>1))
		bigX, bigY := new(big.Int).Mul(big.NewInt(a), big.NewInt(b)), new(big.Int).Mul(big.NewInt(b), big.NewInt(int64(n>>1)))
		check := func(name string, got wide, want *big.Int) {
			t.Helper()
			if got.big().Cmp(want) != 0 {
				t.Fatalf("%d, %d, %d: %s is %v, want %v", a, b, n, name, got.big(), want)
			}
		}
		check("a × b", x, bigX)
		if sum := new(big.Int).Add(bigX, bigY); sum.CmpAbs(limit) < 0 {
			check("x + y", x.plus(y), sum)
		}
		if difference := new(big.Int).Sub(bigX, bigY); difference.CmpAbs(limit) < 0 {
			check("x − y", x.minus(y), difference)
		}
		if got, want := x.compare(y), bigX.Cmp(bigY); got != want {
			t.Fatalf("%v against %v is %d, want %d", bigX, bigY, got, want)
		}
		check("|x|", x.size(), new(big.Int).Abs(bigX))
		bigN := new(big.Int).SetUint64(n)
		times, fits := x.times(n)
		want := new(big.Int).Mul(bigX, bigN)
		if fits != (want.CmpAbs(limit) < 0) {
			t.Fatalf("%v × %d fits: %t", bigX, n, fits)
		}
		if fits {
			check("x × n", times, want)
		}
		if n > 0 {
			check("|x| ÷ n", x.size().over(n), new(big.Int).Quo(new(big.Int).Abs(bigX), bigN))
		}
	}
}
