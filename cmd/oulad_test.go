package cmd_test

import (
	"encoding/csv"
	"fmt"
	"math/big"
	"net/http"
	"os"
	"strings"
	"testing"
)

// realMarks is what the university's own tables say: which assessments there
// are, what they weigh, and who got what.
type realMarks struct {
	assessments []string            // ids of those with a weight in the total
	weights     map[string]*big.Rat // by assessment
	scores      map[string]map[string]*big.Rat
}

// readTable reads a table with a header, as maps by column.
func readTable(t *testing.T, path string) (rows []map[string]string) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range lines[1:] {
		row := map[string]string{}
		for i, name := range lines[0] {
			row[name] = line[i]
		}
		rows = append(rows, row)
	}
	return rows
}

func readRealMarks(t *testing.T) realMarks {
	t.Helper()
	m := realMarks{weights: map[string]*big.Rat{}, scores: map[string]map[string]*big.Rat{}}
	for _, row := range readTable(t, shared(t, "data", "oulad-aaa-2013j", "assessments.csv")) {
		if row["assessment_type"] == "TMA" {
			id := row["id_assessment"]
			m.assessments = append(m.assessments, id)
			m.weights[id] = rational(t, row["weight"])
		}
	}
	scored := 0
	for _, row := range readTable(t, shared(t, "data", "oulad-aaa-2013j", "studentAssessment.csv")) {
		student := row["id_student"]
		if m.scores[student] == nil {
			m.scores[student] = map[string]*big.Rat{}
		}
		if row["score"] != "?" {
			m.scores[student][row["id_assessment"]] = rational(t, row["score"])
			scored++
		}
	}
	if len(m.assessments) != 5 || scored != 1631 {
		t.Fatalf("the tables have %d assessments and %d scores, want 5 and 1631", len(m.assessments), scored)
	}
	return m
}

func rational(t *testing.T, text string) *big.Rat {
	t.Helper()
	r, ok := new(big.Rat).SetString(text)
	if !ok {
		t.Fatalf("%q is no number", text)
	}
	return r
}

// totals are a student's totals in percent, by their definition: the mean of
// what is scored by its weight, nil without any, and that with the rest as 0.
func (m realMarks) totals(student string) (current, final *big.Rat) {
	sum, scored, all := new(big.Rat), new(big.Rat), new(big.Rat)
	for _, id := range m.assessments {
		all.Add(all, m.weights[id])
		if score := m.scores[student][id]; score != nil {
			sum.Add(sum, new(big.Rat).Mul(score, m.weights[id])) // out of 100
			scored.Add(scored, m.weights[id])
		}
	}
	if scored.Sign() > 0 {
		current = new(big.Rat).Quo(sum, scored)
	}
	return current, sum.Quo(sum, all)
}

type shownTotal struct {
	Percent *float64
	Exact   string
}

// importedRealClass is a system with a real class, weighed as its university did, and
// what the university's own tables say of it.
func importedRealClass(t *testing.T) (s *system, class int, marks realMarks) {
	marks = readRealMarks(t)
	file, err := os.ReadFile(shared(t, "data", "oulad-aaa-2013j.canvas.csv"))
	if err != nil {
		t.Fatal(err)
	}
	s = newSystem(t)
	s.start(gradingService)
	class = read[struct{ Classes []struct{ ID int } }](t, s.send(http.StatusOK, http.MethodPost, gradingService, "/imports?format=canvas&title=AAA", string(file))).Classes[0].ID
	s.weigh(class, marks)
	return s, class, marks
}

// TestRealTotals imports a real class and weighs it as its university did: both
// totals of each of its students are those of rationals, to the last digit
// before they are rounded, and as they are shown.
func TestRealTotals(t *testing.T) {
	t.Parallel()
	s, class, marks := importedRealClass(t)

	book := read[struct {
		Students []struct {
			ID         int
			ExternalID string
		}
		Totals map[int]struct{ Current, Final shownTotal }
	}](t, s.get(gradingService, fmt.Sprintf("/classes/%d/gradebook", class)))
	if len(book.Students) != 365 {
		t.Fatalf("there are %d students, want 365", len(book.Students))
	}
	graded := 0
	for _, student := range book.Students {
		explained := read[struct{ Current, Final shownTotal }](t, s.get(gradingService, fmt.Sprintf("/classes/%d/students/%d/explanation", class, student.ID)))
		current, final := marks.totals(student.ExternalID)
		for _, total := range []struct {
			name             string
			shown, explained shownTotal
			want             *big.Rat
		}{
			{"current", book.Totals[student.ID].Current, explained.Current, current},
			{"final", book.Totals[student.ID].Final, explained.Final, final},
		} {
			if got, want := total.shown.text(), percentText(total.want); got != want || total.explained.text() != want {
				t.Errorf("student %s: the %s total is shown as %s, explained as %s, want %s", student.ExternalID, total.name, got, total.explained.text(), want)
			}
			if total.want != nil && (total.explained.Exact == "" || rational(t, total.explained.Exact).Cmp(total.want) != 0) {
				t.Errorf("student %s: the %s total is exactly %q, want %s", student.ExternalID, total.name, total.explained.Exact, total.want.RatString())
			}
		}
		if current != nil {
			graded++
		}
	}
	if graded < 300 {
		t.Errorf("only %d students have a score", graded)
	}
}

func (total shownTotal) text() string {
	if total.Percent == nil {
		return "none"
	}
	return fmt.Sprintf("%.2f", *total.Percent) // written with two decimals, so that float64 holds it
}

func percentText(r *big.Rat) string {
	if r == nil {
		return "none"
	}
	return r.FloatString(2) // rounds half away from zero
}

// weigh gives each assessment a category of its own with its weight, and the
// exam, which nobody has a result of, none.
func (s *system) weigh(class int, marks realMarks) {
	s.t.Helper()
	path := fmt.Sprintf("/classes/%d", class)
	categories := []string{`{"name":"Assignments","weight":0}`}
	for _, id := range marks.assessments {
		categories = append(categories, fmt.Sprintf(`{"name":%q,"weight":%s}`, id, marks.weights[id].FloatString(2)))
	}
	s.send(http.StatusOK, http.MethodPatch, gradingService, path, `{"weighting":"weighted","categories":[`+strings.Join(categories, ",")+`]}`)
	for _, a := range read[[]struct {
		ID         int
		ExternalID string
	}](s.t, s.get(gradingService, path+"/assignments")) {
		if marks.weights[a.ExternalID] != nil {
			s.send(http.StatusOK, http.MethodPatch, gradingService, fmt.Sprintf("%s/assignments/%d", path, a.ID), fmt.Sprintf(`{"category":%q}`, a.ExternalID))
		}
	}
}
