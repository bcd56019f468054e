package portal

import (
	"fmt"
	"strings"

	"gradebook/grades"
)

// series joins words: "Averill, Marge and Sydnie".
func series(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " and " + words[last]
}

// noGrade stands where there is no grade: never 0.
const noGrade = "—"

func percentText(p *grades.Percent) string {
	if p == nil {
		return noGrade
	}
	return p.String()
}

// oneDecimal is an average as lists show it: "89.0".
func oneDecimal(p *grades.Percent) string {
	if p == nil {
		return noGrade
	}
	tenths := (abs(int64(*p)) + 5) / 10
	sign := ""
	if *p < 0 && tenths > 0 {
		sign = "-"
	}
	return fmt.Sprintf("%s%d.%d", sign, tenths/10, tenths%10)
}

// itemPercent is a score as a percentage of the points possible, rounded half
// away from zero; "" when there are no points.
func itemPercent(score, points grades.Score) string {
	if points <= 0 {
		return ""
	}
	// Both are at most 10¹² millionths, so 2 × 10⁴ of them fit into an int64.
	doubled := (2*10000*abs(int64(score)) + int64(points)) / (2 * int64(points))
	if score < 0 {
		doubled = -doubled
	}
	return grades.Percent(doubled).String()
}

func abs(n int64) int64 {
	if n < 0 {
		return -n
	}
	return n
}

// listName is a name as lists sort it: "Rahman, Tasnim".
func listName(s grades.Student) string {
	if s.FirstName == "" || s.LastName == "" {
		return s.Name()
	}
	return s.LastName + ", " + s.FirstName
}

// total is one of a student's two totals.
type total struct{ Percent, Letter string }

func newTotal(t grades.Total) total {
	shown := total{Percent: percentText(t.Percent)}
	if t.Letter != nil {
		shown.Letter = *t.Letter
	}
	return shown
}
