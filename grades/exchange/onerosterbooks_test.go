package exchange

import (
	"bytes"
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"gradebook/grades"
)

// text is a school as its service shows it.
func (s emptySchool) text(t *testing.T) string {
	t.Helper()
	classes, err := s.Classes(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var books []*grades.Gradebook
	for _, c := range classes {
		b, err := s.Gradebook(t.Context(), c.ID)
		if err != nil {
			t.Fatal(err)
		}
		books = append(books, b)
	}
	slices.SortFunc(books, func(a, b *grades.Gradebook) int {
		return cmp.Or(strings.Compare(a.Class.Title, b.Class.Title), len(a.Students)-len(b.Students))
	})
	return schoolText(sheetsOf(books))
}

// export is the school as a file, or what has changed in it.
func (s emptySchool) export(t *testing.T, format, since string) (file []byte, revision uint64) {
	t.Helper()
	out, err := s.ExportSchool(t.Context(), format, since)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	var b bytes.Buffer
	if _, err := b.ReadFrom(out); err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), out.Revision
}

// take imports a file and returns what it did.
func (s emptySchool) take(t *testing.T, file []byte) *grades.ImportReport {
	t.Helper()
	report, err := s.Import(t.Context(), grades.ImportRequest{}, bytes.NewReader(file))
	if err != nil {
		t.Fatal(errorLines(err))
	}
	return report
}

// A school goes from one book to another and back, and what changes follows,
// though two classes have one title and two students one name, and no id.
func TestOneRosterBetweenBooks(t *testing.T) {
	for _, format := range []string{"oneroster-1.1", "oneroster-1.2"} {
		a, b := openEmptySchool(t), openEmptySchool(t)
		a.take(t, written(t, oneRoster{"1.2"}, bookable(hostileSchool(rand.New(rand.NewPCG(4, 4))))))
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		var twins []int
		for range 2 {
			class, err := a.CreateClass(t.Context(), grades.ClassInput{Title: new("Twin"), Categories: []grades.Category{{Name: "Work"}}}, "")
			must(err)
			_, err = a.CreateAssignment(t.Context(), class.ID, grades.AssignmentInput{Title: new("Essay"), Category: new("Work"), Points: new(grades.Points(20))}, "")
			must(err)
			for range 2 {
				student, err := a.CreateStudent(t.Context(), grades.StudentInput{FirstName: new("Ann"), LastName: new("Lee")}, "")
				must(err)
				_, err = a.Enroll(t.Context(), class.ID, student.ID)
				must(err)
				twins = append(twins, student.ID)
			}
		}
		for i, class := range []int{4, 4, 5, 5} {
			_, err := a.PutCell(t.Context(), class, grades.CellInput{Student: twins[i], Assignment: assignmentOf(t, a, class), Score: new(grades.Points(i + 1))})
			must(err)
		}

		file, revision := a.export(t, format, "")
		before := a.text(t)
		for i, c := range a.take(t, file).Classes {
			if c.Outcome != grades.LineUnchanged {
				t.Errorf("%s: imported where it came from, class %d is %s: %+v", format, i+1, c.Outcome, c)
			}
		}
		b.take(t, file)
		if got := b.text(t); got != before {
			t.Fatalf("%s: in another book:\n%s", format, firstDifference(got, before))
		}

		_, err := a.PutCell(t.Context(), 5, grades.CellInput{Student: twins[3], Assignment: assignmentOf(t, a, 5), Score: new(grades.Points(19)), Revision: revision})
		must(err)
		must(a.Unenroll(t.Context(), 4, twins[0]))
		_, err = a.CreateAssignment(t.Context(), 4, grades.AssignmentInput{Title: new("Poster"), Category: new("Work"), Points: new(grades.Points(5))}, "")
		must(err)
		delta, _ := a.export(t, format, fmt.Sprint(revision))
		b.take(t, delta)
		if got, want := b.text(t), a.text(t); got != want {
			t.Fatalf("%s: with what has changed:\n%s", format, firstDifference(got, want))
		}
	}
}

// assignmentOf is the first assignment of a class.
func assignmentOf(t *testing.T, s emptySchool, class int) int {
	t.Helper()
	list, err := s.Assignments(t.Context(), class)
	if err != nil {
		t.Fatal(err)
	}
	return list[0].ID
}

// bookable is a school without what the book refuses: texts of several lines, and
// assignments of one id.
func bookable(books []*grades.Gradebook) []*grades.Gradebook {
	plain := func(text *string) {
		*text = strings.Join(strings.Fields(*text), " ")
	}
	for _, b := range books {
		plain(&b.Class.Title)
		plain(&b.Class.Term)
		for i := range b.Class.Categories {
			plain(&b.Class.Categories[i].Name)
		}
		for i := range b.Class.Scale {
			plain(&b.Class.Scale[i].Letter)
		}
		for i := range b.Assignments {
			plain(&b.Assignments[i].Title)
			plain(&b.Assignments[i].Category)
			b.Assignments[i].ExternalID = ""
		}
		for i := range b.Students {
			u := &b.Students[i]
			for _, text := range []*string{&u.FirstName, &u.LastName, &u.Login, &u.ExternalID} {
				plain(text)
			}
		}
	}
	return books
}
