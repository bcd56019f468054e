package grades

import (
	"iter"
	"slices"
)

// distribution is how often each of some whole numbers occurs: hundredths of a
// percent, or millionths of a point. It is a partial result: those of the parts
// of a whole merge into that of the whole, exactly, and in whatever order. The
// zero value is one without numbers.
type distribution struct {
	counts []int   // of the numbers 0, 1, 2 …; nil where there are few numbers
	others []int64 // the numbers beyond counts, as they came
}

// newDense returns a distribution for very many numbers, most of which are from
// 0 up to size.
func newDense(size int) *distribution { return &distribution{counts: make([]int, size)} }

func (d *distribution) add(number int64) {
	if uint64(number) < uint64(len(d.counts)) {
		d.counts[number]++
		return
	}
	d.others = append(d.others, number)
}

// merge adds the numbers of another distribution, which must not be dense
// unless d is, and no more so.
func (d *distribution) merge(other *distribution) {
	for number, n := range other.counts {
		d.counts[number] += n
	}
	for _, number := range other.others {
		d.add(number)
	}
}

// all yields the numbers that occur and how often, in no order and some of them
// several times.
func (d *distribution) all() iter.Seq2[int64, int] {
	return func(yield func(int64, int) bool) {
		for number, n := range d.counts {
			if n > 0 && !yield(int64(number), n) {
				return
			}
		}
		for _, number := range d.others {
			if !yield(number, 1) {
				return
			}
		}
	}
}

// runs yields each number that occurs, in order, and how often.
func (d *distribution) runs() iter.Seq2[int64, int] {
	return func(yield func(int64, int) bool) {
		others := slices.Sorted(slices.Values(d.others))
		negative, _ := slices.BinarySearch(others, 0)
		if !eachRun(others[:negative], yield) {
			return
		}
		for number, n := range d.counts {
			if n > 0 && !yield(int64(number), n) {
				return
			}
		}
		eachRun(others[negative:], yield)
	}
}

func eachRun(sorted []int64, yield func(int64, int) bool) bool {
	for len(sorted) > 0 {
		n := 1
		for n < len(sorted) && sorted[n] == sorted[0] {
			n++
		}
		if !yield(sorted[0], n) {
			return false
		}
		sorted = sorted[n:]
	}
	return true
}
