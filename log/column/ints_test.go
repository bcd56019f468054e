package column

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestInts(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	fill := func(n int, value func(i int) uint64) []uint64 {
		values := make([]uint64, n)
		for i := range values {
			values[i] = value(i)
		}
		return values
	}
	tests := []struct {
		name   string
		values []uint64
		most   int // bytes
	}{
		{"none", nil, 3},
		{"one", []uint64{math.MaxUint64}, 12},
		{"the same", fill(4096, func(int) uint64 { return 2_000_000 }), 8},
		{"two far apart", []uint64{0, math.MaxUint64}, 24},
		{"small", fill(4096, func(int) uint64 { return r.Uint64N(5000) }), 4096*13/8 + 8},
		{"of all sizes", fill(4096, func(int) uint64 { return r.Uint64() >> r.IntN(64) }), 4096*8 + 8},
		{"57 bits", fill(100, func(int) uint64 { return r.Uint64() >> 7 }), 100*8 + 20},
		{"a few far off", fill(4096, func(i int) uint64 {
			if i%1000 == 5 {
				return r.Uint64()
			}
			return 2_000_000
		}), 100},
		{"a few below", fill(4096, func(i int) uint64 {
			if i%1000 == 5 {
				return 0
			}
			return 2_000_000 + r.Uint64N(2)
		}), 600},
	}
	for _, test := range tests {
		b := AppendInts(nil, test.values)
		if len(b) > test.most {
			t.Errorf("%s: %d bytes, want at most %d", test.name, len(b), test.most)
		}
		c := Reader{Rest: append(b, "Padding."...)}
		got := c.Ints(len(test.values))
		if c.Bad || string(c.Rest) != "Padding." {
			t.Errorf("%s: left %q", test.name, c.Rest)
			continue
		}
		if all := got.All(len(test.values)); !slices.Equal(all, test.values) {
			t.Errorf("%s: all are not the same", test.name)
		}
		for i, want := range test.values {
			if got.At(i) != want {
				t.Errorf("%s: number %d is %d, want %d", test.name, i, got.At(i), want)
				break
			}
		}
	}
}

func TestZigzag(t *testing.T) {
	for _, n := range []int64{0, 1, -1, 2, math.MaxInt64, math.MinInt64} {
		if got := Unzigzag(Zigzag(n)); got != n {
			t.Errorf("got %d, want %d", got, n)
		}
	}
	if Zigzag(-1) != 1 || Zigzag(1) != 2 {
		t.Errorf("-1 is %d and 1 is %d, want 1 and 2", Zigzag(-1), Zigzag(1))
	}
}
