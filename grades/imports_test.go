package grades

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"gradebook/log/commitlog/disktest"
)

// What a blank, a removal and a mark to clear come to.
func TestImportBlanks(t *testing.T) {
	const base, file = "title Art\nassignments A/10 B/10 C/10\n7,Ann,Lee,9,EX,\n", "title Art\nassignments A/10 B/10 C/10\n7,Ann,Lee,,,\n"
	for blanks, want := range map[string]string{
		"":          "Ann Lee A: kept 9 → 9\nAnn Lee B: kept excused → excused",
		BlanksKeep:  "Ann Lee A: kept 9 → 9\nAnn Lee B: kept excused → excused",
		BlanksClear: "Ann Lee A: cleared 9 → -\nAnn Lee B: cleared excused → -",
	} {
		s := openService(t, t.TempDir())
		s.mustImport(t, ImportRequest{}, base)
		if got := cellsOf(s.mustImport(t, ImportRequest{ImportOptions: ImportOptions{Blanks: blanks}}, file)); got != want {
			t.Errorf("blanks=%s: got\n%s\nwant\n%s", blanks, got, want)
		}
	}
	s := openService(t, t.TempDir())
	s.mustImport(t, ImportRequest{}, base)
	gone := s.mustImport(t, ImportRequest{}, "title Art\nassignments A/10\n!7,Ann,Lee,3\n")
	if got := gone.Rows[0]; got.Outcome != LineRemoved || len(got.Cells) != 0 || gone.Classes[0].Students.Removed != 1 {
		t.Errorf("%+v", gone)
	}
	if roster, err := s.Roster(t.Context(), 2); err != nil || len(roster) != 0 {
		t.Errorf("%v, %v", roster, err)
	}
	back := s.mustImport(t, ImportRequest{}, "title Art\nassignments A/10\n7,Ann,Lee,3\n")
	if got := cellsOf(back); got != "Ann Lee A: changed 9 → 3" {
		t.Errorf("enrolled again: %s", got)
	}
}

// Proposals are forgotten after a day, and there is room for so many.
func TestImportsEnd(t *testing.T) {
	now := time.Date(2026, 11, 21, 8, 0, 0, 0, time.UTC)
	spool := &spool{fs: disktest.New(), dir: "imports"}
	list := newImports(spool, func() time.Time { return now })
	add := func(state string) (*proposal, error) {
		p, err := list.receive("", ImportOptions{}, func(w io.Writer) (int64, error) { return 5, nil })
		if err != nil {
			t.Fatal(err)
		}
		p.head = &proposalHead{Report: ImportReport{State: state}}
		return p, list.add(p)
	}
	for range maxImports - 1 {
		if _, err := add(ImportProposed); err != nil {
			t.Fatal(err)
		}
	}
	applied, err := add(ImportApplied)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := add(ImportProposed); err != nil {
		t.Errorf("an import that was applied makes no room: %v", err)
	}
	if _, err := list.get(applied.id); err == nil {
		t.Error("what was to make room is still there")
	}
	if _, err := add(ImportProposed); problem(t, err, http.StatusConflict) != nil && !strings.Contains(err.Error(), fmt.Sprint(maxImports, " imports")) {
		t.Errorf("beyond the limit: %v", err)
	}
	if names := spool.names(); len(names) != 2*maxImports {
		t.Errorf("%d files of %d imports", len(names), maxImports)
	}
	now = now.Add(importLife - time.Second)
	list.sweep()
	if len(list.list()) != maxImports {
		t.Error("swept too early")
	}
	now = now.Add(time.Second)
	list.sweep()
	if len(list.list()) != 0 || len(spool.names()) != 0 {
		t.Errorf("%d are left, and %q", len(list.list()), spool.names())
	}
}

// What is kept of imports is bounded with their reports, which may be larger than
// the files.
func TestImportsTakeRoom(t *testing.T) {
	list := newImports(&spool{fs: disktest.New(), dir: "imports"}, time.Now)
	add := func(file, report int64, state string) error {
		p, err := list.receive("", ImportOptions{}, func(w io.Writer) (int64, error) { return file, nil })
		if err != nil {
			t.Fatal(err)
		}
		p.head = &proposalHead{Report: ImportReport{State: state}, size: report}
		return list.add(p)
	}
	for _, c := range []struct {
		name         string
		file, report int64
		state        string
		full         bool
	}{
		{"the first", 1 << 20, maxImportBytes / 2, ImportProposed, false},
		{"one that may go", maxImportBytes / 4, 1 << 20, ImportApplied, false},
		{"in its place", maxImportBytes / 4, maxImportBytes / 8, ImportProposed, false},
		{"beyond", maxImportBytes / 4, 0, ImportProposed, true},
		{"a small one", maxImportBytes / 16, 0, ImportProposed, false},
	} {
		err := add(c.file, c.report, c.state)
		if _, full := errors.AsType[*ConflictError](err); full != c.full || err != nil && !full {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}
