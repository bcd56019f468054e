package exchange

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// columnSurvey counts what the cells of students in a column are.
type columnSurvey struct {
	filled, numbers, percents, statuses int
	points, commas                      int      // numbers that can only have that decimal mark
	proof                               string   // the first of them
	values                              []string // the first few that differ
	other                               string
	otherLine                           int // the first that is none of these
}

func (s *columnSurvey) add(text string, line int) {
	status, isStatus := statusOf(trim(text))
	if isStatus && status == "" {
		return
	}
	s.filled++
	s.note(trim(text))
	text, _ = cutStatus(trim(text))
	number, percent := strings.CutSuffix(text, "%")
	number = strings.TrimSpace(number)
	if got, of, ok := strings.Cut(text, "/"); ok && isNumber(of) {
		number = got
	}
	switch {
	case isStatus:
		s.statuses++
	case isNumber(number):
		s.numbers++
		if percent {
			s.percents++
		}
		s.prove(number)
	case s.otherLine == 0:
		s.other, s.otherLine = strings.Clone(text[:min(len(text), 40)]), line
	}
}

// manyValues is how many different values make a column one that may say who a
// student is.
const manyValues = 8

// note keeps the first few values that differ, the beginnings of long ones.
func (s *columnSurvey) note(text string) {
	if text = text[:min(len(text), 40)]; len(s.values) < manyValues && !slices.Contains(s.values, text) {
		s.values = append(s.values, strings.Clone(text))
	}
}

// differs reports whether the column has many values, or no two alike.
func (s *columnSurvey) differs() bool {
	return s.filled > 0 && (len(s.values) == manyValues || len(s.values) == s.filled)
}

// prove counts what decimal mark a number shows.
func (s *columnSurvey) prove(number string) {
	switch proof(number) {
	case '.':
		s.points++
	case ',':
		s.commas++
	default:
		return
	}
	if s.proof == "" {
		s.proof = strings.Clone(number)
	}
}

// scores reports whether all that is in the column can be scores and statuses.
func (s *columnSurvey) scores() bool { return s.filled > 0 && s.otherLine == 0 }

// isNumber reports whether text is a number with whatever marks.
func isNumber(text string) bool {
	if text == "" || unicode.IsLetter(rune(text[0])) && text[0] < utf8.RuneSelf {
		return false // at once, for most cells that are no number
	}
	if _, ok := common(text); ok {
		return true
	}
	_, _, err := (numbers{'.', true}).parse(text)
	return err == nil
}

// survey goes through the file once, to find the rows that are no students and
// what the columns hold.
func (r *reading) survey() error {
	err := r.each(func(rec record) bool {
		if rec.fault != "" {
			return true // told when the students are read
		}
		if kind := r.markOf(rec); kind != noMark {
			r.mark(kind, rec)
			return true
		}
		for i, cell := range rec.cells[:min(len(rec.cells), len(r.columns))] {
			if !r.columns[i].role.ofStudent() {
				r.columns[i].survey.add(cell, rec.line)
			}
		}
		return true
	})
	r.passes++
	return err
}
