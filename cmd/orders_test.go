package cmd_test

import (
	"strings"
	"testing"
)

// TestStartOrders starts the four in every order. The demo died in 2 of 100
// starts, because the first push came before a service listened.
func TestStartOrders(t *testing.T) {
	for _, order := range permutations(inOrder()) {
		t.Run(strings.Join(order, ","), func(t *testing.T) {
			t.Parallel()
			s := newSystem(t)
			s.start(order...)
			s.waitReady()
			s.works()
		})
	}
}

// permutations returns every order of items.
func permutations(items []string) [][]string {
	if len(items) <= 1 {
		return [][]string{items}
	}
	var all [][]string
	for i, first := range items {
		var rest []string
		rest = append(append(rest, items[:i]...), items[i+1:]...)
		for _, order := range permutations(rest) {
			all = append(all, append([]string{first}, order...))
		}
	}
	return all
}

// TestRestart kills and restarts each of the four. The demo lost all grades
// with the grading service, and never got anybody back after the registry.
func TestRestart(t *testing.T) {
	for _, name := range inOrder() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := started(t)
			kept := s.get(gradingService, "/students").body
			s.kill(name)
			s.start(name)
			s.waitReady()
			if got := s.get(gradingService, "/students").body; got != kept {
				t.Errorf("after the restart the students are\n%s\nwant\n%s", got, kept)
			}
			s.works()
		})
	}
}
