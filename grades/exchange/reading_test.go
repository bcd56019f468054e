package exchange

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"gradebook/grades"
)

// readAs reads text and returns the sheet with what is said of it, or the
// refusal with one line an error.
func readAs(format grades.Format, text string, o grades.ReadOptions) (*sheetRead, string) {
	file, err := format.Read(strings.NewReader(text), int64(len(text)), o)
	if refused, ok := errors.AsType[*grades.SheetError](err); ok {
		var lines []string
		for _, e := range refused.Errors {
			lines = append(lines, fmt.Sprintf("%d|%s|%s", e.Line, e.Column, e.Detail))
		}
		return nil, strings.Join(lines, "\n")
	} else if err != nil {
		return nil, "no SheetError: " + err.Error()
	}
	sheet := &sheetRead{Sheet: file.Sheets[0]}
	for _, guess := range file.Guesses {
		sheet.guesses = append(sheet.guesses, guess.Detail)
	}
	for _, d := range file.Doubts {
		sheet.doubts = append(sheet.doubts, fmt.Sprintf("%d|%s|%s", d.Line, d.Column, d.Detail))
	}
	for _, q := range file.Questions {
		sheet.questions = append(sheet.questions, fmt.Sprintf("%s: %s %q", q.Column, q.Detail, q.Choices))
	}
	for row := range sheet.Sheet.Rows() {
		kept := *row
		kept.Cells = slices.Clone(row.Cells)
		sheet.rows = append(sheet.rows, kept)
	}
	return sheet, ""
}

// sheetRead is a sheet with all that was read beside it.
type sheetRead struct {
	*grades.Sheet
	rows                       []grades.SheetRow
	guesses, doubts, questions []string
}

// brief writes a sheet on one line: title, assignments, rows.
func brief(s *sheetRead) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s", s.Title)
	for _, a := range s.Assignments {
		fmt.Fprintf(&b, " [%s#%s", a.Title, a.ExternalID)
		if a.HasPoints {
			fmt.Fprintf(&b, "/%s", a.Points)
		}
		b.WriteString("]")
	}
	for _, r := range s.rows {
		fmt.Fprintf(&b, " %d:%s+%s#%s", r.Line, r.FirstName, r.LastName, r.ExternalID)
		for _, c := range r.Cells {
			switch {
			case c.Kind == grades.CellScore:
				fmt.Fprintf(&b, " %s", c.Score)
			case c.Status != "":
				fmt.Fprintf(&b, " %s", c.Status)
			default:
				b.WriteString(" -")
			}
		}
	}
	return b.String()
}

// readCase is a file and what is read of it: the sheet in brief and, a line
// each, the beginnings of its doubts, but for those about points, and questions;
// or the errors.
type readCase struct {
	name, text, want string
	notes            string
	columns          map[string]string
	dates            string
}

func checkReads(t *testing.T, format grades.Format, cases []readCase) {
	t.Helper()
	for _, c := range cases {
		sheet, refused := readAs(format, c.text, grades.ReadOptions{Columns: c.columns, Dates: c.dates})
		got, notes := "refused", strings.Split(refused, "\n")
		if refused == "" {
			got, notes = strings.ReplaceAll(brief(sheet), "] [", "]["), append(sheet.doubts, sheet.questions...)
			notes = slices.DeleteFunc(notes, func(note string) bool {
				return strings.HasPrefix(note, "0||the file does not say what these are out of")
			})
		}
		if got != c.want {
			t.Errorf("%s:\n got %s %s\nwant %s", c.name, got, refused, c.want)
		}
		want := strings.Split(c.notes, "\n")
		if c.notes == "" {
			want = nil
		}
		for i := range max(len(want), len(notes)) {
			if i >= len(want) || i >= len(notes) || !strings.HasPrefix(notes[i], want[i]) {
				t.Errorf("%s: it says\n%s\nwant\n%s", c.name, strings.Join(notes, "\n"), c.notes)
				break
			}
		}
	}
}

// A file is read twice, and progress only goes forward, to its end.
func TestProgress(t *testing.T) {
	text := "Name,Quiz\n" + strings.Repeat("Pat Quill,8\n", 50_000)
	last, told := int64(0), 0
	o := grades.ReadOptions{Progress: func(at int64) {
		if at < last {
			t.Errorf("%d bytes after %d", at, last)
		}
		last = at
		told++
	}}
	if _, refused := readAs(spreadsheet{','}, text, o); refused != "" {
		t.Fatal(refused)
	}
	if last != int64(len(text)) || told < 10 {
		t.Errorf("%d of %d bytes, told %d times", last, len(text), told)
	}
}

// A file over the limit is refused before a byte of it is read.
func TestTooLarge(t *testing.T) {
	_, err := spreadsheet{','}.Read(nil, maxFile+1, grades.ReadOptions{})
	if refused, ok := errors.AsType[*grades.SheetError](err); !ok || !strings.Contains(refused.Errors[0].Detail, "over 128") {
		t.Errorf("error %v", err)
	}
}
