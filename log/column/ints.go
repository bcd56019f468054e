package column

import (
	"encoding/binary"
	"math/bits"
	"slices"
)

// patchBits is about what it takes to keep a number that does not fit among the others.
const patchBits = 80

// Padding is how many bytes, of any value, must follow the last column, so that eight can be read
// at any number.
const Padding = 8

// ints is a column of numbers. Each is base plus width bits of its own, so that any can be read
// without those before it; the few that are far from the rest are patches.
type Ints struct {
	base    uint64
	width   uint
	bits    []byte // and whatever follows the column
	patches []patch
}

type patch struct {
	index int
	value uint64
}

// AppendInts appends values as a column: base and width, the patches, then the bits.
func AppendInts(b []byte, values []uint64) []byte {
	base, width := fit(values)
	b = binary.AppendUvarint(b, base)
	b = append(b, byte(width))
	outside := func(v uint64) bool { return width < 64 && (v-base)>>width != 0 }
	count := 0
	for _, v := range values {
		if outside(v) {
			count++
		}
	}
	b = binary.AppendUvarint(b, uint64(count))
	last := 0
	for i, v := range values {
		if outside(v) {
			b = binary.AppendUvarint(b, uint64(i-last))
			b = binary.AppendUvarint(b, v)
			last = i
		}
	}
	if width == 0 {
		return b
	}
	at := len(b)
	b = append(b, make([]byte, (len(values)*int(width)+7)/8+Padding)...)
	for i, v := range values {
		if !outside(v) {
			bit := i * int(width)
			word := b[at+bit/8:]
			binary.LittleEndian.PutUint64(word, binary.LittleEndian.Uint64(word)|(v-base)<<(bit%8))
		}
	}
	return b[:len(b)-Padding]
}

// fit returns the base and width with which values take least. The base is the smallest, or it
// is a common one, and then what is below it is patched, too.
func fit(values []uint64) (base uint64, width uint) {
	if len(values) == 0 {
		return 0, 0
	}
	var sample [64]uint64
	for i := range sample {
		sample[i] = values[i*len(values)/len(sample)]
	}
	slices.Sort(sample[:])
	least := -1
	for _, candidate := range [...]uint64{slices.Min(values), sample[len(sample)/16]} {
		if w, cost := narrow(values, candidate); least < 0 || cost < least {
			base, width, least = candidate, w, cost
		}
	}
	return base, width
}

// narrow returns the best width for a base, and about how many bits the column then takes. A
// width is at most 56, which is in eight bytes wherever it starts, or 64.
func narrow(values []uint64, base uint64) (width uint, cost int) {
	var lengths [65]int
	for _, v := range values {
		lengths[bits.Len64(v-base)]++
	}
	width, cost = 64, 64*len(values)
	outside := 0
	for w := 64; w >= 0; w-- {
		if c := w*len(values) + patchBits*outside; w <= 56 && c < cost {
			width, cost = uint(w), c
		}
		outside += lengths[w]
	}
	return width, cost
}

// Ints reads a column of n numbers, which stays where it is.
func (r *Reader) Ints(n int) Ints {
	v := Ints{base: r.Uvarint(), width: uint(r.Byte())}
	if v.width > 56 && v.width != 64 {
		r.Bad = true
	}
	index := 0
	for range r.UpTo(n) {
		index += int(min(r.Uvarint(), uint64(n)))
		v.patches = append(v.patches, patch{index, r.Uvarint()})
	}
	v.bits = r.Rest
	r.Bytes((n*int(v.width) + 7) / 8)
	if len(r.Rest) < Padding {
		r.Bad = true
	}
	return v
}

// At returns number i.
func (v *Ints) At(i int) uint64 {
	if len(v.patches) > 0 {
		at, ok := slices.BinarySearchFunc(v.patches, i, func(p patch, i int) int { return p.index - i })
		if ok {
			return v.patches[at].value
		}
	}
	return v.regular(i)
}

// regular returns number i unless it is patched.
func (v *Ints) regular(i int) uint64 {
	if v.width == 0 {
		return v.base
	}
	bit := i * int(v.width)
	return v.base + binary.LittleEndian.Uint64(v.bits[bit/8:])>>(bit%8)&(1<<v.width-1)
}

// All returns all of the n numbers.
func (v *Ints) All(n int) []uint64 {
	values := make([]uint64, n)
	for i := range values {
		values[i] = v.regular(i)
	}
	for _, p := range v.patches {
		if p.index < n {
			values[p.index] = p.value
		}
	}
	return values
}

// Zigzag makes small numbers of those near zero on either side.
func Zigzag(n int64) uint64 { return uint64(n<<1) ^ uint64(n>>63) }

// Unzigzag is the inverse of Zigzag.
func Unzigzag(u uint64) int64 { return int64(u>>1) ^ -int64(u&1) }
