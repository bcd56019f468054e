package grades

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
)

// Which items are dropped, by number from 1.
func TestKeep(t *testing.T) {
	for _, c := range []struct {
		name, marks     string
		lowest, highest int
		low, high       string
	}{
		{"the lowest", "7/10 9/10 5/10", 1, 0, "3", ""},
		{"the highest", "7/10 9/10 5/10", 0, 1, "", "2"},
		{"one of each", "7/10 9/10 5/10", 1, 1, "3", "2"},
		{"a large item before a lower percentage", "4/10 40/80 9/10", 1, 0, "2", ""},
		{"not the lowest percentages one at a time, 4 and 3", "100/100 42/91 14/55 3/38", 2, 0, "2 3", ""},
		{"all but the best", "7/10 9/10 5/10", 9, 0, "1 3", ""},
		{"not the highest when that would leave none", "7/10 9/10", 1, 1, "1", ""},
		{"never the first", "0/10! 5/10 10/10", 1, 0, "2", ""},
		{"nothing that is never dropped", "1/10! 2/10!", 1, 1, "", ""},
		{"of the same ratio, the fewest points as the lowest", "80/100 8/10", 1, 0, "2", ""},
		{"of the same ratio, the most points as the highest", "80/100 8/10", 0, 1, "", "1"},
		{"of zeros, the one of the fewest points", "0/100 0/10", 1, 0, "2", ""},
		{"of bonuses, by raw score", "3/0 1/0 2/0", 1, 1, "2", "1"},
		{"not the only one with points", "5/0 3/10", 1, 0, "1", ""},
	} {
		for _, reversed := range []bool{false, true} {
			var items []item
			assignments, grades := readMarks(t, "A: "+c.marks)
			for i, a := range assignments {
				items = append(items, item{earned: amountOf(*grades[a.ID].Score), possible: a.Points, at: int32(i), neverDrop: a.NeverDrop})
			}
			if reversed {
				slices.Reverse(items)
			}
			kept, low, high := keep(items, c.lowest, c.highest)
			if numbers(low) != c.low || numbers(high) != c.high || len(kept)+len(low)+len(high) != len(assignments) {
				t.Errorf("%s: drops %q and %q and keeps %d, want %q and %q", c.name, numbers(low), numbers(high), len(kept), c.low, c.high)
			}
		}
	}
}

func numbers(items []item) string {
	var list []string
	for _, i := range items {
		list = append(list, fmt.Sprint(i.at+1))
	}
	slices.Sort(list)
	return strings.Join(list, " ")
}

func TestNeverDrop(t *testing.T) {
	got := totalsOf(t, classOf(t, ByPoints, "A 0 -1"), "A: 0/10 5/10 10/10", func(a []*Assignment, _ map[int]*Grade) { a[0].NeverDrop = true })
	if got.Current.text() != "50.00 F" {
		t.Errorf("0/10 kept, 5/10 dropped: %s, want 50.00 F", got.Current.text())
	}
}

// More drops than there are numbers of items drop what they can.
func TestEndlessDrops(t *testing.T) {
	class := classOf(t, ByPoints, "A 0")
	for _, c := range []struct {
		lowest, highest int
		want            string
	}{{math.MaxInt, 0, "90.00 A−"}, {0, math.MaxInt, "70.00 C−"}, {1, math.MaxInt, "80.00 B−"}, {math.MaxInt, math.MaxInt, "90.00 A−"}} {
		class.Categories[0].DropLowest, class.Categories[0].DropHighest = c.lowest, c.highest
		if got := totalsOf(t, class, "A: 9/10 5/10 7/10", nil); got.Current.text() != c.want {
			t.Errorf("drop %d and %d: %s, want %s", c.lowest, c.highest, got.Current.text(), c.want)
		}
	}
}
