package exchange

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"gradebook/grades"
)

// schoolText is a school as text: classes with all that a file can say of them.
// Ids that were made for the file count as none.
func schoolText(list []*grades.Sheet) string {
	var b strings.Builder
	for _, s := range list {
		c := s.Class
		fmt.Fprintf(&b, "class %q %s term %q %s removed=%v %v %v", s.Title, shownID(c.ExternalID), c.Term, c.Weighting, c.Removed, c.Categories, c.Scale)
		if c.Rules != nil {
			fmt.Fprintf(&b, " %v", *c.Rules)
		}
		b.WriteString("\n")
		for _, a := range s.Assignments {
			fmt.Fprintf(&b, "  assignment %q %s in %q points %s %v due %s hidden=%v removed=%v%s\n", a.Title, shownID(a.ExternalID), a.Category, a.Points, a.HasPoints, shownTime(a.Due), a.Hidden, a.Removed, map[bool]string{true: " never dropped"}[a.NeverDrop])
		}
		var rows []string
		for r := range s.Rows() {
			row := fmt.Sprintf("  student %s: %q %q sis=%q login=%q email=%q removed=%v", shownID(r.ExternalID), r.FirstName, r.LastName, r.SISID, r.Login, r.Email, r.Removed)
			for i, cell := range r.Cells {
				if cell.Kind != grades.CellAbsent {
					row += fmt.Sprintf("\n    %d: kind %d %s %s %q %s", i, cell.Kind, cell.Score, cell.Status, cell.Comment, shownTime(cell.Submitted))
				}
			}
			rows = append(rows, row)
		}
		slices.Sort(rows)
		b.WriteString(strings.Join(rows, "\n") + "\n")
	}
	return b.String()
}

func shownID(id string) string {
	if strings.HasPrefix(id, "gradebook/") {
		return ""
	}
	return id
}

func shownTime(t *time.Time) string {
	if t == nil {
		return "never"
	}
	return t.UTC().Format(time.RFC3339Nano)
}

// sheetsOf are the sheets that a file of these classes should have.
func sheetsOf(books []*grades.Gradebook) []*grades.Sheet {
	var list []*grades.Sheet
	for _, b := range books {
		s := &grades.Sheet{Title: b.Class.Title, Class: grades.SheetClass{
			ExternalID: b.Class.ExternalID, Term: b.Class.Term, Weighting: b.Class.Weighting, Categories: b.Class.Categories, Scale: b.Class.Scale,
			Rules: new(grades.NewSheetRules(&b.Class)),
		}}
		column := map[int]int{}
		for i, a := range b.Assignments {
			column[a.ID] = i
			s.Assignments = append(s.Assignments, grades.SheetAssignment{
				Title: a.Title, ExternalID: a.ExternalID, Category: a.Category, Points: a.Points, HasPoints: true, Due: a.Due, Hidden: !a.Posted, NeverDrop: a.NeverDrop,
			})
		}
		for _, u := range b.Students {
			row := &grades.SheetRow{FirstName: u.FirstName, LastName: u.LastName, ExternalID: u.ExternalID, SISID: u.SISID, Login: u.Login, Email: u.Email, Cells: make([]grades.SheetCell, len(b.Assignments))}
			for _, g := range b.Cells {
				if g.Student == u.ID {
					row.Cells[column[g.Assignment]] = cellOf(g)
				}
			}
			s.Add(row)
		}
		list = append(list, s)
	}
	return list
}

func cellOf(g grades.Grade) grades.SheetCell {
	cell := grades.SheetCell{Kind: grades.CellStatus, Status: g.Status, Comment: g.Comment, Submitted: g.Submitted}
	if g.Score != nil {
		cell.Kind, cell.Score = grades.CellScore, *g.Score
		if g.Status == grades.Graded {
			cell.Status = ""
		}
	}
	return cell
}

// hostile makes up names that files have trouble with, each of a number, so that
// no two are alike.
func hostile(random *rand.Rand, n int) string {
	parts := []string{
		`"`, ",", "\n", "=1+1", "+", "-", "@SUM(A1)", "O'Brien", "'", "أحمد", "\u202e", "👩‍🏫", "00123", "{A:1},{B:2}", "}", ";", "\t", "% 25", "é", "王", "null", `\`, "x",
	}
	text := ""
	for range 1 + random.IntN(3) {
		text += parts[random.IntN(len(parts))]
	}
	return strings.TrimSpace(fmt.Sprintf("%s %d", text, n))
}

// hostileSchool makes up classes that have everything.
func hostileSchool(random *rand.Rand) []*grades.Gradebook {
	at := time.Date(2026, 9, 1, 10, 30, 0, 123, time.UTC)
	statuses := []string{grades.Graded, grades.Late, grades.Incomplete, grades.Excused, grades.Missing, grades.Unassigned, grades.Late, grades.Incomplete, ""}
	var students []grades.Student
	for i := range 6 {
		u := grades.Student{ID: i + 1, FirstName: hostile(random, i), LastName: hostile(random, i)}
		switch random.IntN(4) {
		case 0:
			u.ExternalID, u.SISID, u.Login, u.Email = fmt.Sprintf("ext-%d", i), fmt.Sprintf("00%d", i), hostile(random, i), "a@b.example"
		case 1:
			u.ExternalID, u.FirstName = hostile(random, i), ""
		}
		students = append(students, u)
	}
	var books []*grades.Gradebook
	for class := range 3 {
		b := &grades.Gradebook{Class: grades.Class{
			ID: class + 1, Title: hostile(random, class), Term: hostile(random, 0), Weighting: []string{grades.Weighted, grades.ByPoints}[class%2],
			Scale: []grades.Cutoff{{Letter: hostile(random, 1), From: 90_50}, {Letter: "F", From: 0}}, BlankPolicy: grades.ZeroOnceDue,
			MissingDeduction: grades.Points(40), LatePolicy: grades.LatePolicy{IntervalHours: 24, Percent: grades.Points(10), Floor: grades.Points(class)}, AllowNegative: class == 2,
		}}
		for i := range 1 + random.IntN(3) {
			b.Class.Categories = append(b.Class.Categories, grades.Category{Name: hostile(random, i), Weight: grades.Points(100) / 3, DropLowest: i, DropHighest: 1})
		}
		if class == 1 {
			b.Class.Term, b.Class.ExternalID = "", "class@1"
		}
		for i := range random.IntN(5) {
			a := grades.Assignment{ID: 10*class + i + 1, ClassID: class + 1, Title: hostile(random, i), Points: grades.Score(random.IntN(100_000_000)), Posted: i%2 == 0, NeverDrop: i%3 == 0, Category: b.Class.Categories[random.IntN(len(b.Class.Categories))].Name}
			if i > 0 {
				a.Due = new(at.AddDate(0, i, 0))
				a.ExternalID = fmt.Sprint(i) // the same in each class
			}
			b.Assignments = append(b.Assignments, a)
		}
		for _, u := range students {
			if random.IntN(3) == 0 {
				continue
			}
			b.Students = append(b.Students, u)
			for _, a := range b.Assignments {
				g := grades.Grade{Student: u.ID, Assignment: a.ID, Status: statuses[random.IntN(len(statuses))], At: at}
				if g.Status == grades.Graded || (g.Status == grades.Late || g.Status == grades.Incomplete) && random.IntN(2) == 0 {
					g.Score = new(grades.Score(random.IntN(200_000_000)))
					if b.Class.AllowNegative {
						*g.Score = -*g.Score
					}
				}
				if random.IntN(3) == 0 || g.Status == "" {
					g.Comment, g.Submitted = hostile(random, 0), &at
				}
				b.Cells = append(b.Cells, g)
			}
		}
		books = append(books, b)
	}
	return books
}

// readZip reads a ZIP as the format says.
func readZip(f grades.Format, data []byte, o grades.ReadOptions) (*grades.File, error) {
	return f.Read(bytes.NewReader(data), int64(len(data)), o)
}

// Whatever is in a school, it is read back as it was written.
func TestOneRosterRoundTrip(t *testing.T) {
	for seed := range uint64(200) {
		for _, version := range []string{"1.1", "1.2"} {
			books := hostileSchool(rand.New(rand.NewPCG(seed, 1)))
			f := oneRoster{version}
			var out bytes.Buffer
			if err := f.Write(&out, books); err != nil {
				t.Fatal(err)
			}
			file, err := readZip(f, out.Bytes(), grades.ReadOptions{})
			if err != nil {
				t.Fatalf("seed %d, %s: %v", seed, version, errorLines(err))
			}
			got, want := schoolText(file.Sheets), schoolText(sheetsOf(books))
			if got != want {
				t.Fatalf("seed %d, %s:\n%s", seed, version, firstDifference(got, want))
			}
		}
	}
}

func firstDifference(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(g), len(w)) {
		if g[i] != w[i] {
			return fmt.Sprintf("line %d: got\n%s\nwant\n%s", i+1, g[i], w[i])
		}
	}
	return fmt.Sprintf("%d lines, want %d", len(g), len(w))
}

// errorLines is a refusal, with one line an error.
func errorLines(err error) string {
	refused, ok := errors.AsType[*grades.SheetError](err)
	if !ok {
		return fmt.Sprintf("no SheetError: %v", err)
	}
	var lines []string
	for _, e := range refused.Errors {
		lines = append(lines, fmt.Sprintf("%s:%d %s: %s", e.File, e.Line, e.Column, e.Detail))
	}
	return strings.Join(lines, "\n")
}

// zipText makes a ZIP of files given as "name.csv:" and their lines.
func zipText(t testing.TB, text string) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	var w io.Writer
	for line := range strings.Lines(text) {
		name, isFile := strings.CutSuffix(strings.TrimSpace(line), ":")
		var err error
		if isFile {
			w, err = z.Create(name)
		} else {
			_, err = io.WriteString(w, line)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func written(t testing.TB, f oneRoster, books []*grades.Gradebook) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := f.Write(&out, books); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
