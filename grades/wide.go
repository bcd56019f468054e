package grades

import (
	"cmp"
	"math/big"
	"math/bits"
)

// wide is a signed integer of 128 bits in two's complement: the product of two
// int64, and sums of such products.
type wide struct {
	high int64
	low  uint64
}

// product is a × b.
func product(a, b int64) wide {
	high, low := bits.Mul64(uint64(a), uint64(b))
	return wide{int64(high) - a>>63&b - b>>63&a, low}
}

// plus is a + b, which must fit.
func (a wide) plus(b wide) wide {
	low, carry := bits.Add64(a.low, b.low, 0)
	return wide{a.high + b.high + int64(carry), low}
}

// minus is a − b, which must fit.
func (a wide) minus(b wide) wide {
	low, borrow := bits.Sub64(a.low, b.low, 0)
	return wide{a.high - b.high - int64(borrow), low}
}

// times is a × n, and whether it fits.
func (a wide) times(n uint64) (wide, bool) {
	size := a.size()
	over, high := bits.Mul64(uint64(size.high), n)
	carry, low := bits.Mul64(size.low, n)
	high, more := bits.Add64(high, carry, 0)
	result := wide{int64(high), low}
	if a.high < 0 {
		result = wide{}.minus(result)
	}
	return result, over|more == 0 && int64(high) >= 0
}

// size is a without its sign.
func (a wide) size() wide {
	if a.high < 0 {
		return wide{}.minus(a)
	}
	return a
}

// over is a ÷ n rounded down; a must not be negative.
func (a wide) over(n uint64) wide {
	high, rest := uint64(a.high)/n, uint64(a.high)%n
	low, _ := bits.Div64(rest, a.low, n)
	return wide{int64(high), low}
}

func (a wide) compare(b wide) int {
	if a.high != b.high {
		return cmp.Compare(a.high, b.high)
	}
	return cmp.Compare(a.low, b.low)
}

func (a wide) big() *big.Int {
	n := big.NewInt(a.high)
	return n.Lsh(n, 64).Add(n, new(big.Int).SetUint64(a.low))
}
