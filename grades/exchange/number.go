package exchange

import (
	"fmt"
	"strings"

	"gradebook/grades"
)

// numbers reads numbers as a file with one separator writes them.
type numbers struct {
	comma        bool   // the separator leaves room for a decimal comma
	decimalComma string // the first number that had one
}

// parse reads a number: 91.5; 1,234.5 and, in a file separated by semicolons,
// 91,5 and 1.234,5. What can be read in two ways, such as 1,234, is refused.
func (n *numbers) parse(text string) (grades.Score, error) {
	point, pointErr := reading(text, ".", ",")
	comma, commaErr := reading(text, ",", ".")
	hasComma := strings.Contains(text, ",")
	switch {
	case !n.comma && !hasComma:
		return point, pointErr
	case pointErr == nil && commaErr == nil && point != comma:
		return 0, fmt.Errorf("%s can be read in two ways: write %s or %s", text, plain(point), plain(comma))
	case pointErr == nil:
		return point, nil
	case commaErr == nil && !n.comma:
		return 0, fmt.Errorf("%s has a decimal comma, which only a file separated by semicolons may have: write %s", text, comma)
	case commaErr == nil:
		if hasComma && n.decimalComma == "" {
			n.decimalComma = text
		}
		return comma, nil
	}
	return 0, pointErr
}

// plain writes a number so that it can be read in one way only: never with
// three decimals.
func plain(s grades.Score) string {
	text := s.String()
	if _, fraction, _ := strings.Cut(text, "."); len(fraction) == 3 {
		text += "0"
	}
	return text
}

// reading reads text with these marks before decimals and between thousands.
func reading(text, decimal, thousands string) (grades.Score, error) {
	whole, fraction, hasFraction := strings.Cut(text, decimal)
	if strings.Contains(whole, thousands) {
		groups := strings.Split(strings.TrimPrefix(whole, "-"), thousands)
		if len(groups[0]) < 1 || len(groups[0]) > 3 || groups[0][0] == '0' {
			return 0, notANumber(text)
		}
		for _, group := range groups[1:] {
			if len(group) != 3 {
				return 0, notANumber(text)
			}
		}
		whole = strings.ReplaceAll(whole, thousands, "")
	}
	if strings.ContainsAny(whole+fraction, ".,") {
		return 0, notANumber(text)
	}
	if hasFraction {
		whole += "." + fraction
	}
	return grades.ParseScore(whole)
}

func notANumber(text string) error {
	return fmt.Errorf("%.40q is not a number: give one such as 91.5", text)
}

// decimals writes a number with two decimals, or as many as it has.
func decimals(number string) string {
	_, fraction, ok := strings.Cut(number, ".")
	if !ok {
		number += "."
	}
	return number + strings.Repeat("0", max(0, 2-len(fraction)))
}
