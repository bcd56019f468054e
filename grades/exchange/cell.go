package exchange

import (
	"fmt"
	"math/big"
	"strings"
	"unicode"

	"gradebook/grades"
)

// statusOf returns the status that a word in a cell stands for. "" is a blank.
func statusOf(word string) (status string, ok bool) {
	switch strings.ToLower(word) {
	case "", "-", "–", "—", "--":
		return "", true
	case "ex", "excused", "exempt":
		return grades.Excused, true
	case "n/a", "na", "unassigned", "not assigned":
		return grades.Unassigned, true
	case "missing", "mi":
		return grades.Missing, true
	case "late":
		return grades.Late, true
	case "incomplete", "inc":
		return grades.Incomplete, true
	}
	return "", false
}

// cell reads a cell of an assignment. doubt says what else it could mean.
func (r *reading) cell(text string, a *grades.SheetAssignment) (cell grades.SheetCell, doubt string, err error) {
	text = trim(text)
	if status, ok := statusOf(text); ok && status == "" {
		return grades.SheetCell{Kind: grades.CellBlank}, "", nil
	} else if ok {
		return grades.SheetCell{Kind: grades.CellStatus, Status: status}, "", nil
	}
	cell.Kind = grades.CellScore
	text, cell.Status = cutStatus(text)
	cell.Score, doubt, err = r.score(text, a)
	return cell, doubt, err
}

// cutStatus takes a status off that goes with a score: "85 late", "85 (Late)".
func cutStatus(text string) (score, status string) {
	at := strings.LastIndexByte(text, ' ')
	if at < 0 {
		return text, ""
	}
	switch status, _ := statusOf(strings.Trim(text[at+1:], "()")); status {
	case grades.Late, grades.Incomplete:
		return trim(text[:at]), status
	}
	return text, ""
}

func (r *reading) score(text string, a *grades.SheetAssignment) (score grades.Score, doubt string, err error) {
	if number, ok := strings.CutSuffix(western(text), "%"); ok {
		return r.percentage(strings.TrimSpace(number), a)
	}
	if got, of, ok := strings.Cut(text, "/"); ok && !strings.HasPrefix(text, "#") {
		return r.fraction(text, strings.TrimSpace(got), strings.TrimSpace(of), a)
	}
	switch word := strings.ToLower(text); {
	case (word == "complete" || word == "pass") && a.HasPoints:
		return a.Points, fmt.Sprintf("%q was taken for all of the %s points possible", text, a.Points), nil
	case strings.HasPrefix(text, "#") || !strings.ContainsFunc(text, unicode.IsDigit):
		return 0, "", noScore(text)
	}
	score, thousands, err := r.numbers.parse(text)
	if thousands {
		doubt = fmt.Sprintf("%s was taken for %s, as the other numbers show", text, score)
	}
	return score, doubt, err
}

// percentage reads a percentage of the points possible, exactly.
func (r *reading) percentage(number string, a *grades.SheetAssignment) (score grades.Score, doubt string, err error) {
	percent, _, err := r.numbers.parse(number)
	if err != nil || !a.HasPoints || a.Points == grades.Points(100) {
		return percent, "", err
	}
	product := new(big.Int).Mul(big.NewInt(int64(percent)), big.NewInt(int64(a.Points)))
	points, rest := product.QuoRem(product, big.NewInt(int64(grades.Points(100))), new(big.Int))
	if rest.Sign() != 0 {
		return 0, "", fmt.Errorf("%s%% of %s points possible has more than 6 decimals: write the points", number, a.Points)
	}
	if score, err = grades.ParseScore(grades.Score(points.Int64()).String()); err != nil || !points.IsInt64() {
		return 0, "", fmt.Errorf("%s%% of %s points possible is too much: write the points", number, a.Points)
	}
	return score, fmt.Sprintf("%s%% of %s points possible was taken for %s", number, a.Points, score), nil
}

// fraction reads "18/20" where the points possible are 20.
func (r *reading) fraction(text, got, of string, a *grades.SheetAssignment) (score grades.Score, doubt string, err error) {
	score, _, err = r.numbers.parse(got)
	possible, _, err2 := r.numbers.parse(of)
	if err != nil || err2 != nil || !a.HasPoints || possible != a.Points {
		return 0, "", fmt.Errorf("%.40q is no score: write the points alone, and what they are out of in a row Points Possible below the titles", text)
	}
	return score, "", nil
}

// noScore says what a text without digits is, and what to write.
func noScore(text string) error {
	const write = "write a number such as 91.5, EX for excused, N/A for not assigned, or nothing"
	switch {
	case strings.HasPrefix(text, "#"):
		return fmt.Errorf("%.40q is an error of the spreadsheet: mend its formula, or %s", text, write)
	case isLetter(text):
		return fmt.Errorf("%.40q is a letter, and scores are numbers here: write the points, such as 91.5", text)
	}
	return fmt.Errorf("%.40q is no score: %s", text, write)
}

// isLetter reports whether text is a letter grade.
func isLetter(text string) bool {
	letter := strings.TrimRight(strings.ToUpper(text), "+-−")
	return len(letter) == 1 && 'A' <= letter[0] && letter[0] <= 'F' && len([]rune(text)) <= 2
}
