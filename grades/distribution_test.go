package grades

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestDistributionRuns(t *testing.T) {
	for _, c := range []struct {
		dense   int
		numbers []int64
		want    string
	}{
		{0, nil, "[]"},
		{5, nil, "[]"},
		{0, []int64{3, -1, 3, 0}, "[-1×1 0×1 3×2]"},
		{4, []int64{3, -1, 3, 0, 4, -7, 4, 4}, "[-7×1 -1×1 0×1 3×2 4×3]"},
		{4, []int64{math.MaxInt64, math.MinInt64, math.MinInt64}, "[-9223372036854775808×2 9223372036854775807×1]"},
	} {
		d := newDense(c.dense)
		for _, number := range c.numbers {
			d.add(number)
		}
		got := []string{}
		for number, n := range d.runs() {
			got = append(got, fmt.Sprintf("%d×%d", number, n))
		}
		if fmt.Sprint(got) != c.want {
			t.Errorf("%v, %d dense: %v, want %s", c.numbers, c.dense, got, c.want)
		}
	}
}

// However numbers are parted and merged, the whole is the same.
func TestDistributionMerges(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		whole := newDense(random.IntN(3) * 50)
		parts := make([]*distribution, 1+random.IntN(6))
		for i := range parts {
			parts[i] = newDense(random.IntN(2) * len(whole.counts))
		}
		for range random.IntN(300) {
			number := random.Int64N(200) - 50
			whole.add(number)
			parts[random.IntN(len(parts))].add(number)
		}
		merged := newDense(len(whole.counts))
		for _, i := range random.Perm(len(parts)) {
			merged.merge(parts[i])
		}
		if got, want := allRuns(merged), allRuns(whole); !slices.Equal(got, want) {
			t.Fatalf("merged %v, want %v", got, want)
		}
	}
}

func allRuns(d *distribution) (list [][2]int64) {
	for number, n := range d.runs() {
		list = append(list, [2]int64{number, int64(n)})
	}
	return list
}
