package grades

import (
	"fmt"
	"strings"
	"testing"
)

// What an import did is told in parts that add up to all of it; where changes are
// listed, its beginning is.
func TestChangeInParts(t *testing.T) {
	const rows, items = 70, 100
	text := strings.Builder{}
	text.WriteString("title Large\nassignments")
	for i := range items {
		fmt.Fprintf(&text, " I%d/9", i)
	}
	for i := range rows {
		fmt.Fprintf(&text, "\n%d,,S%s", i+1, strings.Repeat(",7", items))
	}
	s := openService(t, t.TempDir())
	revision := s.mustImport(t, ImportRequest{}, text.String()).Revision
	want := [5]int{1, rows, items, rows, rows * items}

	var got [5]int
	seen := make(map[cellKey]bool)
	for cursor, more := "", true; more; more = cursor != "" {
		var commit Commit
		var err error
		if commit, cursor, err = s.Change(t.Context(), revision, 999, cursor); err != nil {
			t.Fatal(err)
		}
		for i, n := range commit.sizes() {
			if got[i] += n; n+commit.Omitted.sizes()[i] != want[i] {
				t.Errorf("%v listed and %v omitted, want %v together", commit.sizes(), commit.Omitted.sizes(), want)
			}
		}
		for _, c := range commit.Cells {
			seen[cellKey{c.Student, c.Assignment}] = true
		}
	}
	if got != want || len(seen) != rows*items {
		t.Errorf("the parts have %v, and %d cells, want %v", got, len(seen), want)
	}

	history, _, err := s.History(t.Context(), 2, HistoryQuery{})
	if err != nil || len(history) != 1 || len(history[0].Cells) != maxTold-1-rows-items-rows {
		t.Errorf("the history has %d changes, %v", len(history), err)
	}
	changes, err := s.ChangesSince(t.Context(), revision-1, 1, 0)
	if err != nil || len(changes.Changes) != 1 || fmt.Sprint(changes.Changes[0].sizes()) != fmt.Sprint(history[0].sizes()) {
		t.Errorf("the changes are %d, %v", len(changes.Changes), err)
	}
	if omitted := changes.Changes[0].Omitted; omitted == nil || omitted.Cells != rows*items-len(history[0].Cells) || fmt.Sprint(omitted.In) != "[2]" {
		t.Errorf("it omits %+v", omitted)
	}
}
