package cmd_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
)

// everything is all that a grading service answers about its book, but what is
// different in each process.
func (s *system) everything(service string) string {
	s.t.Helper()
	var all strings.Builder
	get := func(path string) answer {
		s.t.Helper()
		a := s.get(service, path)
		if a.status != http.StatusOK {
			s.t.Fatalf("GET %s: %v", path, a)
		}
		fmt.Fprintf(&all, "%s: %s\n", path, a.body)
		return a
	}
	get("/students?removed=true")
	get("/statistics")
	for _, class := range read[[]struct{ ID int }](s.t, get("/classes?removed=true")) {
		for _, of := range []string{"gradebook", "history", "checks", "statistics", "assignments?removed=true", "students?removed=true"} {
			if a := s.get(service, fmt.Sprintf("/classes/%d/%s", class.ID, of)); a.status != http.StatusNotFound { // as of one that is removed
				fmt.Fprintf(&all, "class %d %s: %s\n", class.ID, of, a.body)
			}
		}
	}
	for next := uint64(0); ; {
		page := read[struct {
			Changes []json.RawMessage
			Next    uint64
		}](s.t, get(fmt.Sprintf("/changes?limit=1000&after=%d", next)))
		if next = page.Next; len(page.Changes) == 0 {
			return all.String()
		}
	}
}

// firstDifference is where two texts part, with what is around it.
func firstDifference(a, b string) string {
	at := 0
	for at < min(len(a), len(b)) && a[at] == b[at] {
		at++
	}
	around := func(s string) string { return s[max(0, at-100):min(len(s), at+200)] }
	return fmt.Sprintf("%q\nand\n%q", around(a), around(b))
}
