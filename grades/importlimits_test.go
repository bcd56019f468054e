package grades

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// What is refused before it is decided to the end would not have fit: each thing
// takes at least as much of a record as it counts for.
func TestImportLimitsAreNoMoreThanARecordTakes(t *testing.T) {
	var c Changes
	size := func() int { return len(asJSON(t, Record{Changes: c})) }
	empty := size()
	c.Students = []Change[Student]{{New: &Student{ID: 1}}, {New: &Student{ID: 2}}}
	if n := size() - empty; n < 2*studentBytes {
		t.Errorf("two students take %d bytes", n)
	}
	c = Changes{Enrollments: []EnrollmentChange{{1, 1, true}, {1, 2, true}}}
	if n := size() - empty; n < 2*enrollBytes {
		t.Errorf("two enrollments take %d bytes", n)
	}
	c = Changes{}
	for i := range 3 * maxListed {
		c.Cells.Add(&CellChange{Student: 1, Assignment: i + 1, New: &CellValue{Score: new(Score)}})
	}
	if n := size() - empty + undoRoom*c.Cells.Len(); n < c.Cells.Len()*cellBytes {
		t.Errorf("%d grades take %d bytes", c.Cells.Len(), n)
	}
}

// A file of more than can be imported is refused by the line that shows it.
func TestImportRefusesTooMuch(t *testing.T) {
	row := &SheetRow{File: "results.csv", Line: 7}
	c := Changes{Students: make([]Change[Student], maxRecord/studentBytes)}
	if err := c.fits(row); err != nil {
		t.Error(err)
	}
	c.Students = append(c.Students, Change[Student]{})
	if err := c.fits(row); err == nil || !strings.Contains(err.Error(), "results.csv, line 7: with the lines before it there are 0 grades and 1048577 students to change") {
		t.Errorf("%v, want the line", err)
	}
	many := new(Sheet)
	many.rows.count = maxRows + 1
	if err := (&File{Sheets: []*Sheet{many}}).fits(); err == nil || !strings.Contains(err.Error(), "import it in parts") {
		t.Errorf("%d rows: %v", maxRows+1, err)
	}
}

// Of a file that is bad in every line the first errors are told and the others
// counted.
func TestImportCountsErrors(t *testing.T) {
	s := openService(t, t.TempDir())
	const rows = 1000
	file := "title Bad\nassignments A/5" + strings.Repeat("\n7,Ann,Lee,1", rows)
	resp, body := s.request(t, "POST /imports?format=plain", file)
	if want := fmt.Sprintf("the file has %d errors", rows-1); resp.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(body, want) {
		t.Errorf("%s: %.300s, want %s", resp.Status, body, want)
	}
	if want := fmt.Sprintf("and %d more errors from here on", rows-1-maxLineErrors); !strings.Contains(body, want) {
		t.Errorf("it does not say %q: %.300s", want, body)
	}
}
