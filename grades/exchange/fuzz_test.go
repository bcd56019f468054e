package exchange

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"gradebook/grades"
)

// Whatever the bytes, a format gives sheets that hold together, the same each
// time, and that survive being written; or a refusal that says where and what.
// For minutes of it: go test -fuzz FuzzCanvas -fuzztime 2m -fuzzminimizetime 1x ./grades/exchange

func FuzzCanvas(f *testing.F) { fuzz(f, "canvas") }
func FuzzMoodle(f *testing.F) { fuzz(f, "moodle") }
func FuzzGoogle(f *testing.F) { fuzz(f, "google") }
func FuzzPlain(f *testing.F)  { fuzz(f, "plain") }
func FuzzText(f *testing.F)   { fuzz(f, "text") }

func fuzz(f *testing.F, name string) {
	files, err := filepath.Glob("testdata/*.csv")
	if err != nil || len(files) == 0 {
		f.Fatalf("there are no files to begin with: %v", err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	for _, text := range worstFiles(headers()[name], 200) {
		f.Add([]byte(text))
	}
	for seed := range uint64(5) {
		book := hostileBook(rand.New(rand.NewPCG(seed, 7)))
		f.Add([]byte(write(f, Formats()[name], book)))
	}
	format := Formats()[name]
	f.Fuzz(func(t *testing.T, data []byte) {
		checkRecognized(t, data)
		got := checkRead(t, format, data, grades.ReadOptions{})
		if got == nil {
			return
		}
		if again := checkRead(t, format, data, grades.ReadOptions{}); describeFile(again) != describeFile(got) {
			t.Errorf("read twice:\n%s\n%s", describeFile(got), describeFile(again))
		}
		if len(got.Questions) == 0 {
			checkWritten(t, name, got.Sheets[0])
		}
	})
}

// FuzzSaid: what is said of the columns, whatever it is, asks for less or is
// refused.
func FuzzSaid(f *testing.F) {
	f.Add([]byte("Who,What,Total\nAnn,3,4\n"), "Who", "name", "#3", "assignment", "")
	f.Add([]byte("A;B\n1/2/2026;x\n"), "#1", "id", "#2", "ignore", "dmy")
	f.Add([]byte("Name,Total\nAnn,4\n"), "Total", "ignore", "#2", "assignment", "")
	f.Add([]byte("Name,Name,Quiz 1\nAnn,Lee,4\n"), "#1", "firstName", "#2", "lastName", "mdy")
	f.Fuzz(func(t *testing.T, data []byte, column1, role1, column2, role2, dates string) {
		if !utf8.ValidString(column1) || !utf8.ValidString(column2) {
			return // no request has such a title
		}
		said := grades.ReadOptions{Columns: map[string]string{column1: role1, column2: role2}, Dates: dates}
		for _, name := range []string{"plain", "canvas"} {
			got := checkRead(t, Formats()[name], data, said)
			if got == nil {
				continue
			}
			if again := checkRead(t, Formats()[name], data, said); describeFile(again) != describeFile(got) {
				t.Errorf("%s: read twice:\n%s", name, firstDifference(describeFile(got), describeFile(again)))
			}
		}
	})
}

// FuzzOneRoster is given the files as text, for a fuzzer cannot make a ZIP. The
// ZIP has a fuzz test of its own.
func FuzzOneRoster(f *testing.F) {
	f.Add(school)
	f.Add(delta)
	for _, text := range worstSchools(2000) {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		data := storedZip(text)
		checkRecognized(t, data)
		if got := checkRead(t, oneRoster{"1.2"}, data, grades.ReadOptions{}); got != nil {
			if again := checkRead(t, oneRoster{"1.2"}, data, grades.ReadOptions{}); describeFile(again) != describeFile(got) {
				t.Errorf("read twice:\n%s", firstDifference(describeFile(got), describeFile(again)))
			}
		}
	})
}

// storedZip makes a ZIP of files given as "name.csv:" and their lines, none of
// which is compressed.
func storedZip(text string) []byte {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	w := io.Discard
	for line := range strings.Lines(text) {
		if name, ok := strings.CutSuffix(strings.TrimSpace(line), ":"); !ok {
			io.WriteString(w, line)
		} else if file, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store}); err == nil {
			w = file
		}
	}
	z.Close()
	return out.Bytes()
}

func checkRecognized(t *testing.T, data []byte) {
	var names []string
	for name, format := range Formats() {
		if format.Recognizes(data[:min(len(data), 64<<10)]) {
			names = append(names, name)
		}
	}
	if len(names) > 1 {
		t.Errorf("%q recognize it", names)
	}
}

// checkRead reads a file; nil is a refusal.
func checkRead(t *testing.T, format grades.Format, data []byte, o grades.ReadOptions) *grades.File {
	t.Helper()
	told := int64(0)
	o.Progress = func(n int64) {
		if n < told || n > int64(len(data)) {
			t.Errorf("%d of %d bytes read, after %d", n, len(data), told)
		}
		told = n
	}
	file, err := format.Read(bytes.NewReader(data), int64(len(data)), o)
	if refused, ok := errors.AsType[*grades.SheetError](err); ok {
		if len(refused.Errors) == 0 || len(refused.Errors) > maxErrors+1 {
			t.Errorf("%d errors", len(refused.Errors))
		}
		for _, e := range refused.Errors {
			if e.Line < 1 || e.Detail == "" || !utf8.ValidString(e.Detail+e.Column) {
				t.Errorf("an error that does not say where or what: %+v", e)
			}
		}
		return nil
	}
	if err != nil {
		t.Fatalf("not a SheetError: %v", err)
	}
	if len(file.Sheets) == 0 {
		t.Fatal("there is no sheet")
	}
	for _, sheet := range file.Sheets {
		checkSheet(t, sheet)
	}
	return file
}

func checkSheet(t *testing.T, s *grades.Sheet) {
	titles := map[string]bool{}
	for _, a := range s.Assignments {
		if a.Title == "" || titles[a.Title] || a.Points < 0 {
			t.Errorf("an assignment that is none: %+v", a)
		}
		titles[a.Title] = true
	}
	for row := range s.Rows() {
		if row.Line < 1 || len(row.Cells) != len(s.Assignments) {
			t.Errorf("line %d has %d cells, want %d", row.Line, len(row.Cells), len(s.Assignments))
		}
		if text := fmt.Sprint(row.FirstName, row.LastName, row.ExternalID, row.SISID, row.Login, row.Section, row.Email); !utf8.ValidString(text) {
			t.Errorf("line %d is not UTF-8: %+q", row.Line, text)
		}
		for _, c := range row.Cells {
			if c.Status != "" && c.Kind != grades.CellStatus && c.Kind != grades.CellScore {
				t.Errorf("line %d has a cell %+v", row.Line, c)
			}
		}
	}
}

// checkWritten writes what was read, reads that and compares. A student without
// a name is read, but no book has one.
func checkWritten(t *testing.T, name string, s *grades.Sheet) {
	book, h := bookOf(s), held()[name]
	if slices.ContainsFunc(book.Students, func(s grades.Student) bool { return s.Name() == "" }) {
		return
	}
	text := write(t, Formats()[name], book)
	file := checkRead(t, Formats()[name], []byte(text), grades.ReadOptions{})
	if file == nil {
		t.Fatalf("what was written is refused:\n%s", text)
	}
	if got, want := h.describe(bookOf(file.Sheets[0])), h.describe(book); got != want {
		t.Fatalf("written and read back:\n%s\n%s", firstDifference(got, want), text)
	}
}

// bookOf returns the book that an import of a sheet into an empty one makes.
func bookOf(sheet *grades.Sheet) *grades.Gradebook {
	book := &grades.Gradebook{Class: grades.Class{Title: sheet.Title}}
	for i, a := range sheet.Assignments {
		book.Assignments = append(book.Assignments, grades.Assignment{ID: i + 1, Title: a.Title, ExternalID: a.ExternalID, Points: a.Points, Posted: !a.Hidden})
	}
	for r := range sheet.Rows() {
		id := len(book.Students) + 1
		book.Students = append(book.Students, grades.Student{
			ID: id, FirstName: r.FirstName, LastName: r.LastName, ExternalID: r.ExternalID, SISID: r.SISID, Login: r.Login, Email: r.Email,
		})
		for j, c := range r.Cells {
			g := grades.Grade{Student: id, Assignment: j + 1, Status: c.Status, Comment: strings.TrimSpace(c.Comment)}
			if c.Kind == grades.CellScore {
				g.Score = &c.Score
				if g.Status == "" {
					g.Status = grades.Graded
				}
			}
			if g.Status != "" || g.Comment != "" {
				book.Cells = append(book.Cells, g)
			}
		}
	}
	return book
}

// describeFile writes all that was read.
func describeFile(f *grades.File) string {
	var out strings.Builder
	for _, s := range f.Sheets {
		fmt.Fprintf(&out, "%q %+v %+v\n", s.Title, s.Class, s.Assignments)
		for row := range s.Rows() {
			fmt.Fprintf(&out, "%+v\n", *row)
		}
	}
	fmt.Fprintf(&out, "%+v\n%+v\n%+v", f.Guesses, f.Doubts, f.Questions)
	return out.String()
}
