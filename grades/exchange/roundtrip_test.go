package exchange

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"gradebook/grades"
)

func write(t *testing.T, format writer, book *grades.Gradebook) string {
	t.Helper()
	var b bytes.Buffer
	if err := format.Write(&b, []*grades.Gradebook{book}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// bookOf returns the book that an import of sheet into an empty one makes.
func bookOf(sheet *grades.Sheet) *grades.Gradebook {
	book := &grades.Gradebook{Class: grades.Class{Title: sheet.Title}}
	for i, a := range sheet.Assignments {
		book.Assignments = append(book.Assignments, grades.Assignment{ID: i + 1, Title: a.Title, ExternalID: a.ExternalID, Points: a.Points})
	}
	for r := range sheet.Rows() {
		id := len(book.Students) + 1
		book.Students = append(book.Students, grades.Student{ID: id, FirstName: r.FirstName, LastName: r.LastName, ExternalID: r.ExternalID, SISID: r.SISID, Login: r.Login})
		for j, c := range r.Cells {
			g := grades.Grade{Student: id, Assignment: j + 1, Status: c.Status}
			if c.Kind == grades.CellScore {
				g.Score, g.Status = &c.Score, grades.Graded
			}
			if g.Status != "" {
				book.Cells = append(book.Cells, g)
			}
		}
	}
	return book
}

// checkRoundTrip writes book, reads it into an empty one and compares.
func checkRoundTrip(t *testing.T, book *grades.Gradebook) {
	t.Helper()
	text := write(t, canvas{}, book)
	sheet, refused := read(text)
	if refused != "" {
		t.Fatalf("what was written is refused: %s\n%s", refused, text)
	}
	if got := bookOf(sheet.Sheet); !reflect.DeepEqual(got, book) {
		t.Fatalf("written and read back:\n got %+v\nwant %+v\n%s", got, book, text)
	}
}

func TestRoundTrip(t *testing.T) {
	words := []string{
		"Ann", "O'Shea", `Bo "Bee"`, `"`, "Doe, Jr.", ",", "a\nb", "=1+2", "+1", "-", "@x", "'", "'=x", "''@", "عمر", "\u202Eevil", "👩‍🏫", "王",
		"  ", "van der Berg", "007", "0", "Student", "ID", "Section", "Points", "Final Score", "HW Current Score", "Quiz (5)", "(5)", "EX", "N/A", "1,5", ";", "\t",
	}
	statuses := []string{grades.Excused, grades.Unassigned, grades.Graded, ""}
	for seed := range uint64(300) {
		random := rand.New(rand.NewPCG(seed, 1))
		text := func(limit int) string {
			var parts []string
			for range 1 + random.IntN(limit) {
				parts = append(parts, words[random.IntN(len(words))])
			}
			return strings.TrimSpace(strings.Join(parts, " ")) // the book trims what it is given
		}
		book := &grades.Gradebook{Class: grades.Class{Title: text(3)}}
		titles := map[string]bool{}
		for i := range 1 + random.IntN(5) {
			a := grades.Assignment{ID: i + 1, Title: text(3), Points: grades.Score(random.Int64N(1e9))}
			if random.IntN(2) == 0 {
				a.ExternalID = fmt.Sprint(100 + i)
			}
			if a.Title == "" || titles[a.Title] {
				a.Title = fmt.Sprint("Item ", i)
			}
			titles[a.Title] = true
			book.Assignments = append(book.Assignments, a)
		}
		for i := range 1 + random.IntN(5) {
			s := grades.Student{ID: i + 1, FirstName: text(2), LastName: text(2), Login: text(1)}
			switch random.IntN(3) {
			case 0:
				s.ExternalID, s.SISID = fmt.Sprint("00", i), fmt.Sprint(text(1), i)
			case 1:
				s.ExternalID = fmt.Sprint(text(1), "=", i)
			}
			if s.FirstName == "" && s.LastName == "" {
				s.FirstName = "'"
			}
			book.Students = append(book.Students, s)
			for j := range book.Assignments {
				g := grades.Grade{Student: i + 1, Assignment: j + 1, Status: statuses[random.IntN(len(statuses))]}
				if g.Status == grades.Graded {
					score := grades.Score(random.Int64N(2e9) - 1e9)
					g.Score = &score
				}
				if g.Status != "" {
					book.Cells = append(book.Cells, g)
				}
			}
		}
		checkRoundTrip(t, book)
	}
}
