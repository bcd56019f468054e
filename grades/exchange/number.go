package exchange

import (
	"fmt"
	"strings"
	"unicode"

	"gradebook/grades"
)

// numbers reads numbers as one file writes them: with a decimal point, or with a
// decimal comma.
type numbers struct {
	decimal byte // '.' or ','; 0 when nothing in the file tells
	proven  bool // other numbers of the file show it
}

// decimalMark says what the numbers of a file prove together: how many of them
// can only have a decimal point, and how many only a decimal comma. Without
// proof, a file separated by commas or tabs has a point; one separated by
// semicolons may have either, for that is why it is.
func decimalMark(points, commas int, separator byte) numbers {
	switch {
	case points > 0 && commas == 0:
		return numbers{'.', true}
	case commas > 0 && points == 0:
		return numbers{',', true}
	case points == 0 && separator != ';':
		return numbers{'.', false}
	}
	return numbers{}
}

// common reports whether text is a number as almost all are, which can be read in
// one way: whole, or with a point and not three decimals.
func common(text string) (point, ok bool) {
	digits := strings.TrimPrefix(text, "-")
	at := len(digits)
	for i := range len(digits) {
		switch c := digits[i]; {
		case c == '.' && at == len(digits):
			at = i
		case c < '0' || c > '9':
			return false, false
		}
	}
	decimals := len(digits) - at - 1
	return decimals > 0, at > 0 && at < 7 && decimals != 0 && decimals < 7 && decimals != 3
}

// proof returns the only decimal mark that a number can have, or 0: 1,234 can
// be read in two ways, 12 in one, which proves nothing.
func proof(text string) byte {
	if point, ok := common(text); point && ok {
		return '.'
	} else if ok {
		return 0
	}
	at := strings.LastIndexAny(text, ".,")
	if at < 0 || strings.ContainsAny(text, "eE") {
		return 0
	}
	mark, other := text[at], '.'+','-text[at]
	whole := strings.TrimLeft(text[:at], "+-")
	switch {
	case strings.IndexByte(whole, mark) >= 0:
		return other // it stands twice, so it is between thousands
	case strings.IndexByte(whole, other) >= 0, len(text)-at-1 != 3, whole == "", whole[0] == '0', len(whole) > 3:
		return mark
	}
	return 0
}

// parse reads a number, such as 91.5 or, where it can be nothing else or other
// numbers show it, 91,5 or 1.234,5. What can be read in two ways is an error.
// Thousands reports that a number such as 1,234 was taken for thousands because
// of other numbers.
func (n numbers) parse(text string) (score grades.Score, thousands bool, err error) {
	if _, ok := common(text); ok {
		score, err = grades.ParseScore(text)
		return score, false, err
	}
	text = western(text)
	if !strings.ContainsAny(text, ".,") {
		score, err = grades.ParseScore(text)
		return score, false, err
	}
	point, pointErr := readWith(text, ".", ",")
	comma, commaErr := readWith(text, ",", ".")
	hasComma := strings.Contains(text, ",")
	switch {
	case pointErr != nil && commaErr != nil && hasComma:
		return 0, false, commaErr
	case pointErr != nil && commaErr != nil:
		return 0, false, pointErr
	case commaErr != nil || pointErr == nil && point == comma:
		return point, false, nil
	case pointErr != nil:
		return comma, false, nil
	case n.decimal == '.' && (n.proven || !hasComma):
		return point, hasComma, nil
	case n.decimal == ',':
		return comma, !hasComma, nil
	}
	return 0, false, fmt.Errorf("%s can be read in two ways: write %s or %s", text, plain(point), plain(comma))
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

// western writes a number in ASCII that has full-width digits, a minus that is
// no hyphen, or spaces or apostrophes between thousands. Other text stays as it
// is.
func western(text string) string {
	if strings.Trim(text, "0123456789.,-") == "" {
		return text
	}
	gaps := false
	text = strings.Map(func(r rune) rune {
		switch {
		case '！' <= r && r <= '～':
			return r - '！' + '!'
		case r == '−':
			return '-'
		case r == '’' || r == '\'' || unicode.IsSpace(r):
			gaps = true
			return ' '
		}
		return r
	}, text)
	if gaps {
		whole, fraction := text, ""
		if at := strings.LastIndexAny(text, ".,"); at >= 0 {
			whole, fraction = text[:at], text[at:]
		}
		if joined, ok := joinThousands(whole, " "); ok {
			return joined + fraction
		}
	}
	return text
}

// readWith reads text with these marks before decimals and between thousands.
func readWith(text, decimal, thousands string) (grades.Score, error) {
	whole, fraction, hasFraction := strings.Cut(text, decimal)
	if strings.Contains(whole, thousands) {
		joined, ok := joinThousands(whole, thousands)
		if !ok {
			return 0, notANumber(text)
		}
		whole = joined
	}
	if strings.ContainsAny(whole+fraction, ".,") {
		return 0, notANumber(text)
	}
	if hasFraction {
		whole += "." + fraction
	}
	return grades.ParseScore(whole)
}

// joinThousands takes the marks out of 1,234,567. It is not ok where they do
// not stand between thousands.
func joinThousands(whole, mark string) (joined string, ok bool) {
	groups := strings.Split(strings.TrimPrefix(whole, "-"), mark)
	if len(groups[0]) < 1 || len(groups[0]) > 3 || groups[0][0] == '0' {
		return "", false
	}
	for _, group := range groups[1:] {
		if len(group) != 3 {
			return "", false
		}
	}
	return strings.ReplaceAll(whole, mark, ""), true
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
