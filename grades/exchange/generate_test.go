package exchange

import (
	"bytes"
	"strings"
	"testing"

	"gradebook/grades"
)

func TestGenerate(t *testing.T) {
	generate := func(students int, seed uint64) string {
		var b bytes.Buffer
		if err := Generate(&b, students, seed); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	text := generate(500, 1)
	if text != generate(500, 1) {
		t.Error("the same seed gave another class")
	}
	if text == generate(500, 2) {
		t.Error("another seed gave the same class")
	}
	if !strings.HasPrefix(text, generate(20, 1)) {
		t.Error("a larger class does not begin with the smaller one")
	}
	sheet, refused := read(text)
	if refused != "" {
		t.Fatal(refused)
	}
	if sheet.Title != "Generated class" || len(sheet.rows) != 500 || len(sheet.Assignments) != 12 || len(sheet.guesses) != 2 {
		t.Errorf("%q, %d students, %d assignments, guesses %q", sheet.Title, len(sheet.rows), len(sheet.Assignments), sheet.guesses)
	}
	scores, excused, blank := 0, 0, 0
	for _, row := range sheet.rows {
		for i, cell := range row.Cells {
			switch {
			case cell.Kind == grades.CellScore:
				scores++
				if cell.Score < 0 || cell.Score > sheet.Assignments[i].Points {
					t.Errorf("line %d: %s of %s", row.Line, cell.Score, sheet.Assignments[i].Points)
				}
			case cell.Status != "":
				excused++
			default:
				blank++
			}
		}
	}
	if scores < 5400 || excused < 30 || blank < 100 {
		t.Errorf("%d scores, %d excused, %d blank", scores, excused, blank)
	}
}
