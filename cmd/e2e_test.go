package cmd_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math/big"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// realClass is what the shared Canvas file says, read without our own reader.
type realClass struct {
	students    []string // "Last, First"
	assignments []string
	scores      map[[2]string]string // by student and assignment; only those that are not blank
}

func readRealClass(t *testing.T, path string) realClass {
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
	c := realClass{scores: map[[2]string]string{}}
	title := regexp.MustCompile(`^(.+) \(\d+\)$`)
	columns := map[int]string{}
	for i, name := range lines[0] {
		if m := title.FindStringSubmatch(name); m != nil {
			columns[i] = m[1]
			c.assignments = append(c.assignments, m[1])
		}
	}
	for _, line := range lines[2:] { // below the points possible
		c.students = append(c.students, line[0])
		for i, assignment := range columns {
			if line[i] != "" {
				c.scores[[2]string{line[0], assignment}] = line[i]
			}
		}
	}
	if len(c.students) != 365 || len(c.assignments) != 6 || len(c.scores) != 1631 {
		t.Fatalf("the file has %d students, %d assignments and %d scores, want 365, 6 and 1631", len(c.students), len(c.assignments), len(c.scores))
	}
	return c
}

// TestRealClass is the main job: one command brings up everything with a real
// class in it, and what a teacher adds survives kill -9 of everything.
func TestRealClass(t *testing.T) {
	t.Parallel()
	file := shared(t, "data", "oulad-aaa-2013j.canvas.csv")
	class := readRealClass(t, file)
	s := newSystem(t)
	p := s.launch("-import", file)
	s.waitReady()
	s.checkRealClass(class)

	student := s.page(s.onlyClass()).links[class.students[0]]
	saved := s.follow(s.submit(student, s.fillGrade(student, "Viva voce", "Test", "87.25")))
	if !strings.Contains(saved.text, "Viva voce") || !strings.Contains(saved.text, "87.25") {
		t.Fatalf("after saving the page shows %s", saved.text)
	}
	class.assignments = append(class.assignments, "Viva voce")
	class.scores[[2]string{class.students[0], "Viva voce"}] = "87.25"
	s.checkRealClass(class)

	for name, process := range s.four() {
		if err := process.Kill(); err != nil {
			t.Fatalf("kill %s: %v", name, err)
		}
	}
	p.kill()
	s.waitGone() // even one that the launcher had started again
	s.launch("-import", file)
	s.waitReady()
	s.checkRealClass(class)
	if n := strings.Count(s.page(student).text, "Viva voce"); n != 1 {
		t.Errorf("after kill -9 of everything the grade is %d times on the student's page, want once", n)
	}
}

// onlyClass returns the address of the one class that the portal lists.
func (s *system) onlyClass() string {
	s.t.Helper()
	var found []string
	for _, href := range s.page("/").links {
		if strings.HasPrefix(href, "/classes/") {
			found = append(found, href)
		}
	}
	if len(found) != 1 {
		s.t.Fatalf("the portal lists the classes %q, want one", found)
	}
	return found[0]
}

// checkRealClass compares the class cell by cell, in the grading service and on
// the portal's page.
func (s *system) checkRealClass(want realClass) {
	s.t.Helper()
	class := s.onlyClass()
	book := read[struct {
		Students []struct {
			ID                  int
			FirstName, LastName string
		}
		Assignments []struct {
			ID    int
			Title string
		}
		Cells []struct {
			Student, Assignment int
			Score               *json.Number
		}
	}](s.t, s.get(gradingService, class+"/gradebook"))
	students, assignments := map[int]string{}, map[int]string{}
	for _, st := range book.Students {
		students[st.ID] = st.LastName + ", " + st.FirstName
	}
	var titles []string
	for _, a := range book.Assignments {
		assignments[a.ID] = a.Title
		titles = append(titles, a.Title)
	}
	if len(students) != len(want.students) || !slices.Equal(titles, want.assignments) {
		s.t.Fatalf("the class has %d students and the assignments %q, want %d and %q", len(students), titles, len(want.students), want.assignments)
	}
	seen := map[[2]string]bool{}
	for _, cell := range book.Cells {
		at := [2]string{students[cell.Student], assignments[cell.Assignment]}
		if cell.Score == nil || seen[at] || !sameNumber(string(*cell.Score), want.scores[at]) {
			s.t.Errorf("%v has %v, want %q once", at, cell.Score, want.scores[at])
		}
		seen[at] = true
	}
	if len(seen) != len(want.scores) {
		s.t.Errorf("the class has %d scores, want %d", len(seen), len(want.scores))
	}
	s.checkClassPage(class, want)
}

// checkClassPage finds every student with all scores on the portal's page of
// the class.
func (s *system) checkClassPage(path string, want realClass) {
	s.t.Helper()
	rows := s.page(path).rows
	for _, student := range want.students {
		var scores []string
		for _, assignment := range want.assignments {
			if score := want.scores[[2]string{student, assignment}]; score != "" {
				scores = append(scores, strings.TrimSuffix(score, ".00"))
			}
		}
		of := func(row string) bool { return strings.HasPrefix(row, student+" ") }
		i := slices.IndexFunc(rows, of)
		if i < 0 {
			s.t.Errorf("%s is not on the page of the class", student)
		} else if end := strings.Join(scores, " "); !strings.HasSuffix(rows[i], end) {
			s.t.Errorf("the page has the row %q, want it to end in the scores %q", rows[i], end)
		}
	}
}

// sameNumber compares decimals exactly.
func sameNumber(a, b string) bool {
	x, ok1 := new(big.Rat).SetString(a)
	y, ok2 := new(big.Rat).SetString(b)
	return ok1 && ok2 && x.Cmp(y) == 0
}

// TestSampleClass starts the launcher with no data, as a newcomer does.
func TestSampleClass(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.launch()
	s.waitReady()
	rows := s.page("/students").rows
	for student, average := range map[string]string{
		"Averill Simen": "89.0",
		"Marge Garrard": "96.0",
		"Sydnie Barber": "47.3",
		"Louie Easton":  "88.3",
		"Kylee Attwood": "97.3",
	} {
		of := func(row string) bool {
			return strings.HasPrefix(row, student+" ") && strings.HasSuffix(row, " "+average)
		}
		if !slices.ContainsFunc(rows, of) {
			t.Errorf("no row of %s ends in the average %s: %q", student, average, rows)
		}
	}
	class := fmt.Sprintf("%q", s.page(s.onlyClass()).rows)
	if !strings.Contains(class, "Simen, Averill") {
		t.Errorf("the page of the class does not show Averill Simen: %s", class)
	}
}
