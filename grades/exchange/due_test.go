package exchange

import (
	"testing"
	"time"

	"gradebook/grades"
)

func TestDates(t *testing.T) {
	for _, c := range []struct{ text, order, want string }{
		{"2026-11-21", "", "2026-11-21T23:59:59Z"},
		{"2026-11-21 08:30", "", "2026-11-21T08:30:00Z"},
		{"2026-11-21T08:30:00+02:00", "", "2026-11-21T06:30:00Z"},
		{"3/4/2026", "dmy", "2026-04-03T23:59:59Z"},
		{"3/4/2026", "mdy", "2026-03-04T23:59:59Z"},
		{"3/4/26 5:00 PM", "mdy", "2026-03-04T17:00:00Z"},
		{"3.4.2026", "mdy", "2026-04-03T23:59:59Z"},
		{"Nov 21, 2026", "", "2026-11-21T23:59:59Z"},
		{"21-Nov-26", "", "2026-11-21T23:59:59Z"},
		{"13/13/2026", "dmy", ""},
		{"soon", "", ""},
	} {
		got := ""
		if due, ok := parseDate(c.text, c.order); ok {
			got = due.UTC().Format(time.RFC3339)
		}
		if got != c.want {
			t.Errorf("%s %s: %s, want %s", c.text, c.order, got, c.want)
		}
	}
}

func TestDueRow(t *testing.T) {
	for _, c := range []struct{ first, said, want string }{
		{"21/3/2026", "", "2026-04-02"}, {"3/21/2026", "", "2026-02-04"}, {"1/1/2026", "mdy", "2026-02-04"}, {"5/5/2026", "dmy", "2026-04-02"},
	} {
		sheet, refused := readAs(spreadsheet{','}, "Name,A,B\nDue,"+c.first+",2/4/2026\nPat Quill,1,2\n", grades.ReadOptions{Dates: c.said})
		if refused != "" {
			t.Errorf("%s: %s", c.first, refused)
			continue
		}
		if due := sheet.Assignments[1].Due; due == nil || due.Format(time.DateOnly) != c.want {
			t.Errorf("%s %s: due %v, want %s", c.first, c.said, due, c.want)
		}
	}
	if _, refused := readAs(spreadsheet{','}, "Name,A,B\nDue,13/1/2026,1/13/2026\nPat Quill,1,2\n", grades.ReadOptions{}); refused == "" {
		t.Error("two orders in one row are not refused")
	}
}
