package exchange

import (
	"strings"
	"testing"

	"gradebook/grades"
)

// There is an end to doubts, as to errors.
func TestNotesAreBounded(t *testing.T) {
	sheet, refused := readAs(spreadsheet{','}, "Name,Quiz,Lab\n"+strings.Repeat("Pat Quill,8\n", 1000), grades.ReadOptions{})
	if refused != "" {
		t.Fatal(refused)
	}
	if last := sheet.doubts[len(sheet.doubts)-1]; len(sheet.doubts) != maxNotes+1 || !strings.Contains(last, "and 801 more doubts") {
		t.Errorf("%d doubts, the last: %s", len(sheet.doubts), last)
	}
}
