package column

import "slices"

// A shape is what texts have in common that one statement of a program has logged: the text with a
// mark in place of each number and each hexadecimal id. Texts of one shape are kept as columns of
// numbers.
const (
	markDigits = 1 // decimal digits, at most maxDigits
	markHex    = 2 // lower case hexadecimal digits; a byte with their count follows
)

const (
	maxDigits = 19 // of which any fit in 64 bits
	minHex    = 8  // shorter ones are words as often as not
	maxHex    = 16
	maxSlots  = 64 // in one shape
)

// cutShape splits text into its shape, appended to shape, and the numbers in it, appended to
// values. It is not ok when there are too many of them or when text holds marks itself.
func cutShape(shape []byte, values []uint64, text []byte) (_ []byte, _ []uint64, ok bool) {
	limit := len(values) + maxSlots
	word := false // the byte before is of a word, so that what follows is not an id
	for i := 0; i < len(text); {
		c := text[i]
		if c <= markHex || len(values) > limit {
			return shape, values, false
		}
		if !isLowerHex(c) {
			word = isLetter(c)
			shape = append(shape, c)
			i++
			continue
		}
		if n := idLength(text[i:], word); n > 0 {
			for end := i + n; i < end; {
				size := min(end-i, maxHex)
				shape = append(shape, markHex, byte(size))
				values = append(values, parseHex(text[i:i+size]))
				i += size
			}
		} else if isDecimal(c) {
			end := i + 1
			for end < len(text) && end-i < maxDigits && isDecimal(text[end]) {
				end++
			}
			shape = append(shape, markDigits)
			values = append(values, parseDigits(text[i:end]))
			i = end
		} else {
			shape = append(shape, c)
			i++
		}
		word = true
	}
	return shape, values, true
}

// slots returns how many numbers a text of this shape has.
func slots(shape []byte) (n int) {
	for i := 0; i < len(shape); i++ {
		if shape[i] > markHex {
			continue
		}
		if shape[i] == markHex {
			i++ // the count
		}
		n++
	}
	return n
}

// appendShape writes the text of a shape, whose number in each slot is value(slot).
func appendShape(b, shape []byte, value func(slot int) uint64) []byte {
	slot, from := 0, 0
	for i := 0; i < len(shape); i++ {
		if shape[i] > markHex {
			continue
		}
		b = append(b, shape[from:i]...)
		if shape[i] == markHex && i+1 < len(shape) {
			i++
			b = appendHex(b, value(slot), int(shape[i]))
		} else {
			b = appendDigits(b, value(slot))
		}
		slot, from = slot+1, i+1
	}
	return append(b, shape[from:]...)
}

// idLength returns how many bytes the hexadecimal id takes with which text begins, 0 if it does not
// begin with one: within a word is none, and neither words nor numbers are.
func idLength(text []byte, word bool) int {
	n, digits := 0, 0
	for !word && n < len(text) && isLowerHex(text[n]) {
		if isDecimal(text[n]) {
			digits++
		}
		n++
	}
	if n < minHex || digits == 0 || digits == n {
		return 0
	}
	return n
}

func isDecimal(c byte) bool { return c-'0' < 10 }

func isLowerHex(c byte) bool { return isDecimal(c) || c-'a' < 6 }

func isLetter(c byte) bool { return c|0x20-'a' < 26 || c >= 0x80 }

// parseDigits numbers the strings of decimal digits, the shorter ones first: "0" is 0, "9" is 9,
// "00" is 10. So leading zeros are kept.
func parseDigits(digits []byte) uint64 {
	shorter, power, n := uint64(0), uint64(10), uint64(digits[0]-'0')
	for _, c := range digits[1:] {
		shorter += power
		power *= 10
		n = 10*n + uint64(c-'0')
	}
	return shorter + n
}

// appendDigits is the inverse of parseDigits.
func appendDigits(b []byte, n uint64) []byte {
	length, power := 1, uint64(10)
	for length < maxDigits && n >= power {
		n -= power
		power *= 10
		length++
	}
	b = slices.Grow(b, length)[:len(b)+length]
	for i := 1; i <= length; i++ {
		b[len(b)-i] = byte('0' + n%10)
		n /= 10
	}
	return b
}

func parseHex(digits []byte) (n uint64) {
	for _, c := range digits {
		if isDecimal(c) {
			n = n<<4 | uint64(c-'0')
		} else {
			n = n<<4 | uint64(c-'a'+10)
		}
	}
	return n
}

func appendHex(b []byte, n uint64, length int) []byte {
	const digits = "0123456789abcdef"
	for i := length - 1; i >= 0; i-- {
		b = append(b, digits[n>>(4*i)&15])
	}
	return b
}
