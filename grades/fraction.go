package grades

import (
	"math"
	"math/big"
	"math/bits"
)

// fraction is an exact sum of fractions. Those of a gradebook nearly always fit
// into machine words, which is many times as fast as math/big; one that does
// not goes over to it. The zero fraction is 0.
type fraction struct {
	n   wide
	d   uint64   // under 2^62, 0 for 1
	big *big.Rat // in their place
}

// add adds n × times ÷ d; d must not be 0.
func (f *fraction) add(n wide, times, d uint64) {
	if f.big == nil && f.addSmall(n, times, d) {
		return
	}
	term := new(big.Rat).SetFrac(n.big(), new(big.Int).SetUint64(d))
	f.grow().Add(f.big, term.Mul(term, new(big.Rat).SetUint64(times)))
}

// addSmall adds over the least common denominator, if all of it fits.
func (f *fraction) addSmall(n wide, times, d uint64) bool {
	have := max(f.d, 1)
	common := gcd(have, d)
	high, least := bits.Mul64(have, d/common)
	n, fits := n.times(times)
	n, fits2 := n.times(have / common)
	old, fits3 := f.n.times(d / common)
	sum := old.plus(n)
	overflow := old.high>>63 == n.high>>63 && sum.high>>63 != n.high>>63
	if high != 0 || least >= 1<<62 || !fits || !fits2 || !fits3 || overflow {
		return false
	}
	f.n, f.d = sum, least
	return true
}

// divide divides by n, which must not be 0.
func (f *fraction) divide(n uint64) {
	if high, d := bits.Mul64(max(f.d, 1), n); f.big == nil && high == 0 && d < 1<<62 {
		f.d = d
		return
	}
	f.grow().Quo(f.big, new(big.Rat).SetUint64(n))
}

// grow goes over to math/big.
func (f *fraction) grow() *big.Rat {
	if f.big == nil {
		f.big = f.rat()
	}
	return f.big
}

// rat is a copy of the fraction.
func (f *fraction) rat() *big.Rat {
	if f.big != nil {
		return new(big.Rat).Set(f.big)
	}
	return new(big.Rat).SetFrac(f.n.big(), new(big.Int).SetUint64(max(f.d, 1)))
}

// round is f ÷ by as a whole number, rounded half away from zero, or the
// largest that there is when that is beyond it.
func (f *fraction) round(by uint64) Percent {
	double, fits := f.n.size().times(2)
	if f.big != nil || !fits {
		r := f.rat()
		return roundPercent(r.Num(), new(big.Int).Mul(r.Denom(), new(big.Int).SetUint64(by)))
	}
	d := max(f.d, 1)
	// |n| ÷ (by × d) + ½ = (2|n| ÷ by + d) ÷ 2d, which stays the same when
	// 2|n| ÷ by is rounded down.
	size := double.over(by).plus(wide{low: d}).over(2 * d)
	n := Percent(math.MaxInt64)
	if size.high == 0 && size.low < math.MaxInt64 {
		n = Percent(size.low)
	}
	if f.n.high < 0 {
		return -n
	}
	return n
}

func gcd(a, b uint64) uint64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
