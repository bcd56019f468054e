package grades

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

// shownCell is a cell as the API shows it.
type shownCell struct {
	Student, Assignment int
	Score               *json.Number
	Revision            uint64
}

// shownTotals are a student's totals in a class.
type shownTotals struct {
	Current struct{ Percent *json.Number }
}

// readAnswer returns the cells in an answer and all of it as truth.show says it.
func readAnswer(t *testing.T, kind, body string) (map[string]shownCell, string) {
	switch kind {
	case "history":
		return nil, readHistory(t, body)
	case "changes":
		return nil, readChanges(t, body)
	}
	var answer struct {
		shownCell
		ID            int
		Grades, Cells []shownCell
		Average       *json.Number
		Totals        json.RawMessage
		Status        any // of a problem, a number
		Graded        int // in the list of classes
		Median        *json.Number
		Scores        struct { // in statistics
			N    int
			Mean *json.Number
		}
	}
	if err := json.Unmarshal([]byte(strings.Trim(body, "[]\n")), &answer); err != nil { // there is one class
		t.Fatalf("%v: %s", err, body)
	}
	list, averages := slices.Concat(answer.Grades, answer.Cells), map[int]shownTotals{}
	switch _, problem := answer.Status.(float64); {
	case kind == "cell" && !problem:
		list = []shownCell{answer.shownCell}
	case kind == "student":
		total := shownTotals{}
		total.Current.Percent = answer.Average
		averages[answer.ID] = total
	case kind == "classes":
		return nil, fmt.Sprint(answer.Graded, " graded, median ", orNull(answer.Median))
	case kind == "statistics":
		return nil, fmt.Sprint(answer.Scores.N, " scores, mean ", orNull(answer.Scores.Mean), " at ", answer.Revision)
	case kind == "class", kind == "past":
		if err := json.Unmarshal(answer.Totals, &averages); err != nil {
			t.Fatal(err)
		}
	}
	cells, shown := map[string]shownCell{}, grid{}
	for _, c := range list {
		if kind == "student" {
			c.Student = answer.ID
		}
		cell := fmt.Sprintf("%d/%d", c.Student, c.Assignment)
		cells[cell], shown[cell] = c, content{string(*c.Score), c.Revision}
	}
	text := shown.String()
	for _, student := range slices.Sorted(maps.Keys(averages)) {
		if percent := averages[student].Current.Percent; percent != nil {
			text += fmt.Sprintf(", %d: %s", student, *percent)
		}
	}
	return cells, text
}

// headline is a change in a history.
type headline struct {
	Revision int
	By       string
}

func readHistory(t *testing.T, body string) string {
	var list []headline
	if err := json.Unmarshal([]byte(body), &list); err != nil {
		t.Fatalf("%v: %s", err, body)
	}
	return fmt.Sprint(list)
}

func readChanges(t *testing.T, body string) string {
	var page struct{ Changes []headline }
	if err := json.Unmarshal([]byte(body), &page); err != nil || page.Changes == nil {
		t.Fatalf("%v: %s", err, body)
	}
	return fmt.Sprint(page.Changes)
}

func orNull(n *json.Number) string {
	if n == nil {
		return "null"
	}
	return string(*n)
}

func revisionOf(t *testing.T, body string) uint64 {
	var answer struct{ Revision uint64 }
	if err := json.Unmarshal([]byte(body), &answer); err != nil {
		t.Fatalf("%v: %s", err, body)
	}
	return answer.Revision
}
