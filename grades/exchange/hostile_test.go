package exchange

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"gradebook/grades"
)

// hostileText makes up text of what trips up files: quotes, separators, formulas,
// words that mean something in one, letters of other directions and planes.
func hostileText(random *rand.Rand, words int) string {
	hostile := [...]string{
		"Ann", "O'Shea", `Bo "Bee"`, `"`, `""`, "Doe, Jr.", ",", ";", "|", "=1+2", "=cmd|' /C calc'!A0", "+1", "-", "@x", "'", "'=x", "''@", `\`, "%",
		"عمر", "\u202Eevil\u202C", "שלום", "👩‍🏫", "🏳️‍🌈", "王", "\u3000", "e\u0301", "ﬁ", "van der Berg", "007", "0", "1e3", "1,5", "1.234,5", "3/4/2026", "TRUE", "#REF!",
		"Student", "ID", "Section", "Points", "Points Possible", "Final Score", "HW Current Score", "Quiz (5)", "(5)", "(20 points)", "(read only)", "(Real)", "(Feedback)",
		"Quiz: X", "Assignment:", "Course total", "Overall Grade", "Email", "Last name", "Login", "Total", "EX", "N/A", "Missing", "late", "Test Student", "Student, Test",
	}
	var parts []string
	for range 1 + random.IntN(words) {
		parts = append(parts, hostile[random.IntN(len(hostile))])
	}
	return strings.TrimSpace(strings.Join(parts, " ")) // the book trims what it is given
}

// hostileBook makes up a class. Two students may have one name, but then no id
// or address in common.
func hostileBook(random *rand.Rand) *grades.Gradebook {
	book := &grades.Gradebook{Class: grades.Class{Title: hostileText(random, 3), Weighting: grades.ByPoints, Scale: grades.DefaultScale()}}
	if book.Class.Title == "" {
		book.Class.Title = "'"
	}
	if random.IntN(2) == 0 {
		book.Class.Weighting, book.Class.Term = grades.Weighted, hostileText(random, 2)
	}
	for i := range 1 + random.IntN(3) {
		book.Class.Categories = append(book.Class.Categories, grades.Category{Name: fmt.Sprint(hostileText(random, 2), i), Weight: grades.Points(100) / 3, DropLowest: i})
	}
	for i := range 1 + random.IntN(8) {
		book.Assignments = append(book.Assignments, hostileAssignment(random, book, i))
	}
	for i := range 1 + random.IntN(20) {
		book.Students = append(book.Students, hostileStudent(random, book.Students, i))
		for at := range book.Assignments {
			if g := hostileGrade(random); g != (grades.Grade{}) {
				g.Student, g.Assignment = i+1, at+1
				book.Cells = append(book.Cells, g)
			}
		}
	}
	return book
}

func hostileAssignment(random *rand.Rand, book *grades.Gradebook, at int) grades.Assignment {
	a := grades.Assignment{
		ID: at + 1, Title: hostileText(random, 3), Category: book.Class.Categories[random.IntN(len(book.Class.Categories))].Name,
		Points: hostileScore(random), Posted: random.IntN(4) > 0,
	}
	for _, before := range book.Assignments {
		if a.Title == before.Title {
			a.Title = ""
		}
	}
	if a.Title == "" {
		a.Title = fmt.Sprint("Item ", at)
	}
	if random.IntN(2) == 0 {
		a.Due = new(time.Date(2026, 10, 1+at, 22, 30, 0, 0, time.UTC))
	}
	switch random.IntN(4) {
	case 0:
		a.ExternalID = fmt.Sprint(100 + at)
	case 1:
		a.ExternalID = fmt.Sprint("=li/", at)
	}
	return a
}

func hostileStudent(random *rand.Rand, before []grades.Student, at int) grades.Student {
	s := grades.Student{ID: at + 1, FirstName: hostileText(random, 2), LastName: hostileText(random, 2)}
	name := func(s *grades.Student) string { return strings.Join(strings.Fields(strings.ToLower(s.Name())), " ") }
	twin := false
	if at > 0 && random.IntN(4) == 0 {
		s.FirstName, s.LastName = before[at-1].FirstName, before[at-1].LastName
	}
	for _, other := range before {
		twin = twin || name(&s) == name(&other)
	}
	if name(&s) == "" || twin && before[at-1].ExternalID == "" {
		s.FirstName, twin = fmt.Sprint("Nobody ", at), false
	}
	if twin || random.IntN(2) == 0 {
		s.ExternalID, s.SISID = fmt.Sprint("00", at), fmt.Sprint(hostileText(random, 1), at)
		s.Login, s.Email = fmt.Sprint("@", at), fmt.Sprint("+x", at, "@example.org")
	}
	return s
}

// hostileGrade makes up a cell; the zero Grade is a blank.
func hostileGrade(random *rand.Rand) grades.Grade {
	statuses := [...]string{
		grades.Graded, grades.Graded, grades.Graded, grades.Excused, grades.Missing, grades.Late, grades.Incomplete, grades.Unassigned, "",
	}
	g := grades.Grade{Status: statuses[random.IntN(len(statuses))]}
	scored := map[string]int{grades.Graded: 1, grades.Late: 2, grades.Incomplete: 2}
	if n := scored[g.Status]; n > 0 && random.IntN(n) == 0 {
		g.Score = new(hostileScore(random))
	}
	if random.IntN(5) == 0 {
		g.Comment = strings.TrimSpace(hostileText(random, 3) + "\n" + hostileText(random, 3))
	}
	return g
}

func hostileScore(random *rand.Rand) grades.Score {
	scores := [...]grades.Score{0, 1, grades.Points(1), grades.Points(100), grades.Points(1234) + 567_000, grades.Points(1_000_000), grades.Score(random.Int64N(1e9))}
	return scores[random.IntN(len(scores))]
}
