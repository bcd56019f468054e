package exchange

import (
	"fmt"
	"slices"
	"strings"

	"gradebook/grades"
)

// assignmentColumns returns the indices of the columns that are assignments. It
// says in guesses which others it left out, but for the totals that Canvas
// marks as such.
func (h *header) assignmentColumns(guesses *[]grades.Guess, bad *refusal) []int {
	marked := slices.ContainsFunc(h.possible.cells, isReadOnly)
	seen := map[string]bool{}
	var columns []int
	var totals []string
	for i, title := range h.titles {
		mark := h.mark(i)
		switch {
		case title == "" || isStudentColumn(title):
		case isReadOnly(mark) && isTotal(title):
		case isReadOnly(mark), mark == "" && isTotal(title) && (!marked || isOverride(title)):
			totals = append(totals, title)
		case seen[title]:
			bad.add(h.line, title, sameTitle)
		default:
			seen[title] = true
			columns = append(columns, i)
		}
	}
	if totals != nil {
		*guesses = append(*guesses, grades.Guess{What: "column", Value: "total", Detail: "left out as totals, which are computed here, or as marked (read only): " + strings.Join(totals, ", ")})
	}
	first := max(0, slices.IndexFunc(columns, func(i int) bool {
		_, id := splitTitle(h.titles[i])
		return id != "" || h.mark(i) != ""
	}))
	if first > 0 {
		var custom []string
		for _, i := range columns[:first] {
			custom = append(custom, h.titles[i])
		}
		*guesses = append(*guesses, grades.Guess{What: "column", Value: "ignore", Detail: "left out as no assignments, since they have no points possible and come before the first that has: " + strings.Join(custom, ", ")})
	}
	return columns[first:]
}

// assignments returns the assignments in these columns.
func (h *header) assignments(columns []int, n *numbers, guesses *[]grades.Guess, bad *refusal) []grades.SheetAssignment {
	titles, ids := map[string]bool{}, map[string]bool{}
	list := make([]grades.SheetAssignment, 0, len(columns))
	for _, i := range columns {
		column := h.titles[i]
		a := grades.SheetAssignment{Column: i + 1}
		a.Title, a.ExternalID = splitTitle(column)
		if a.ExternalID == "0" {
			a.ExternalID = ""
		}
		if titles[a.Title] {
			*guesses = append(*guesses, grades.Guess{What: "title", Value: column, Detail: fmt.Sprintf("two assignments are called %s: this one is called %s here", a.Title, column)})
			a.Title = column
		}
		if titles[a.Title] || a.ExternalID != "" && ids[a.ExternalID] {
			bad.add(h.line, column, "another column is of this assignment too: delete the one that is a copy")
		}
		titles[a.Title], ids[a.ExternalID] = true, true
		if mark := h.mark(i); mark != "" {
			points, err := n.parse(mark)
			switch {
			case err != nil:
				bad.add(h.possible.line, column, "points possible: %v", err)
			case points < 0:
				bad.add(h.possible.line, column, "points possible cannot be below 0: write what the assignment is out of")
			}
			a.Points, a.HasPoints = points, true
		}
		list = append(list, a)
	}
	return list
}
