package grades

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// decimals is a way to keep decimal numbers exactly: as an integer of units of
// 10^-places, at most limit in size.
type decimals struct {
	places int
	limit  int64
}

// parse reads a decimal number, with an exponent or without, exactly.
func (d decimals) parse(text string) (int64, error) {
	negative := strings.HasPrefix(text, "-")
	mantissa, exponent := strings.TrimPrefix(text, "-"), 0
	if at := strings.IndexAny(mantissa, "eE"); at >= 0 {
		n, err := strconv.Atoi(mantissa[at+1:])
		if err != nil && !errors.Is(err, strconv.ErrRange) {
			return 0, notANumber(text)
		}
		// Beyond 2^40 no text is long enough to bring it back into range.
		exponent, mantissa = min(max(n, -1<<40), 1<<40), mantissa[:at]
	}
	whole, fraction, _ := strings.Cut(mantissa, ".")
	digits := whole + fraction
	if digits == "" || strings.Trim(digits, "0123456789") != "" {
		return 0, notANumber(text)
	}
	significant := strings.TrimRight(digits, "0")
	exponent += len(whole) - len(significant) + d.places // units = significant × 10^exponent
	significant = strings.TrimLeft(significant, "0")
	switch {
	case significant == "":
		return 0, nil
	case len(significant)+exponent > 19:
		return 0, d.outOfRange(text)
	case exponent < 0:
		return 0, fmt.Errorf("%.40s has more than %d decimals: round it to %[2]d or fewer", text, d.places)
	}
	n, err := strconv.ParseInt(significant+strings.Repeat("0", exponent), 10, 64)
	if err != nil || n > d.limit {
		return 0, d.outOfRange(text)
	}
	if negative {
		n = -n
	}
	return n, nil
}

func notANumber(text string) error {
	return fmt.Errorf("%.40q is not a number: give one such as 91.5", text)
}

func (d decimals) outOfRange(text string) error {
	limit := d.limit
	for range d.places {
		limit /= 10
	}
	return fmt.Errorf("%.40s is out of range: give a number from -%d to %[2]d", text, limit)
}

// append appends n units with all their decimals.
func (d decimals) append(b []byte, n int64) []byte {
	if n < 0 {
		b, n = append(b, '-'), -n
	}
	unit := int64(1)
	for range d.places {
		unit *= 10
	}
	b = strconv.AppendInt(b, n/unit, 10)
	point := len(b)
	b = strconv.AppendInt(b, unit+n%unit, 10) // the 1 in front keeps the zeros
	b[point] = '.'
	return b
}
