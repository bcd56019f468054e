package exchange

import (
	"strings"
	"testing"

	"gradebook/grades"
)

func TestCells(t *testing.T) {
	points := func(n int) *grades.SheetAssignment {
		return &grades.SheetAssignment{Points: grades.Points(n), HasPoints: true}
	}
	unsaid := &grades.SheetAssignment{}
	for _, c := range []struct {
		text        string
		of          *grades.SheetAssignment
		score, said string // score and status, or "!" and the beginning of the error
		doubtful    bool
	}{
		{"", unsaid, "blank", "", false},
		{"\u3000", unsaid, "blank", "", false},
		{"\u200B", unsaid, "blank", "", false},
		{"—", unsaid, "blank", "", false},
		{"eXcused", unsaid, "none", grades.Excused, false},
		{"N/A", unsaid, "none", grades.Unassigned, false},
		{"MI", unsaid, "none", grades.Missing, false},
		{"Late", unsaid, "none", grades.Late, false},
		{"8.5 late", unsaid, "8.5", grades.Late, false},
		{"8,5 (Incomplete)", unsaid, "8.5", grades.Incomplete, false},
		{"8.5 soon", unsaid, "!", `"8.5 soon" is not a number`, false},
		{"85%", unsaid, "85", "", false},
		{"85 ％", points(100), "85", "", false},
		{"85%", points(40), "34", "", true},
		{"-5%", points(40), "-2", "", true},
		{"33.333333%", points(7), "!", "33.333333% of 7 points possible has more than 6 decimals", false},
		{"1000000%", points(1000000), "!", "1000000% of 1000000 points possible is too much", false},
		{"x%", points(40), "!", `"x"`, false},
		{"18/20", points(20), "18", "", false},
		{"18/20", points(25), "!", `"18/20" is no score`, false},
		{"9/10/2026", points(10), "!", `"9/10/2026" is no score`, false},
		{"Complete", points(5), "5", "", true},
		{"complete", unsaid, "!", `"complete" is no score`, false},
		{"B+", unsaid, "!", `"B+" is a letter`, false},
		{"A−", unsaid, "!", `"A−" is a letter`, false},
		{"#REF!", unsaid, "!", `"#REF!" is an error of the spreadsheet`, false},
		{"1,234", unsaid, "!", "1,234 can be read in two ways", false},
	} {
		cell, doubt, err := (&reading{numbers: decimalMark(0, 0, ',')}).cell(c.text, c.of)
		score, said := cell.Score.String(), cell.Status
		switch {
		case err != nil:
			score, said = "!", err.Error()
		case cell.Kind == grades.CellBlank:
			score = "blank"
		case cell.Kind == grades.CellStatus:
			score = "none"
		}
		if score != c.score || !strings.HasPrefix(said, c.said) || c.said == "" && said != "" || (doubt != "") != c.doubtful {
			t.Errorf("%q of %s: %s %s (doubt %q), want %s %s", c.text, c.of.Points, score, said, doubt, c.score, c.said)
		}
	}
}
