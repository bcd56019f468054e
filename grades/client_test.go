package grades

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// The life of a class, through the client.
func TestClassLife(t *testing.T) {
	dir := t.TempDir()
	s := openWith(t, dir, "false")
	ctx := t.Context()
	class, err := s.CreateClass(ctx, ClassInput{
		Title: new(" Algebra "), Term: new("Autumn"), Weighting: new(Weighted),
		Categories: []Category{{Name: "Test", Weight: Points(60)}, {Name: "Lab", Weight: Points(40), DropLowest: 1}},
	}, "")
	if err != nil {
		t.Fatal(err)
	}
	if class.ID != 1 || class.Title != "Algebra" || class.BlankPolicy != Ignore || class.MissingDeduction != Points(100) || len(class.Scale) != 12 || class.Revision != 1 {
		t.Errorf("created %+v", class)
	}
	due := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	test, err := s.CreateAssignment(ctx, 1, AssignmentInput{Title: new("T1"), Category: new("Test"), Points: new(Points(50)), Due: new(&due)}, "")
	if err != nil {
		t.Fatal(err)
	}
	if !test.Posted || !test.Due.Equal(due) || test.ClassID != 1 {
		t.Errorf("created %+v", test)
	}
	test, err = s.ChangeAssignment(ctx, 1, test.ID, AssignmentInput{Due: new((*time.Time)(nil)), Points: new(Points(20))})
	if err != nil || test.Due != nil || test.Points != Points(20) || test.Title != "T1" {
		t.Errorf("changed %+v, %v", test, err)
	}
	student, err := s.CreateStudent(ctx, StudentInput{FirstName: new("Ann"), Class: 1}, "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.AddGrade(ctx, student.ID, GradeInput{Title: "T1", Score: Points(18)}, ""); err != nil {
		t.Fatal(err)
	}
	total := func() string {
		t.Helper()
		view, err := s.Student(ctx, student.ID)
		if err != nil {
			t.Fatal(err)
		}
		if view.Average == nil {
			return fmt.Sprintf("%v none", view.Classes)
		}
		return fmt.Sprintf("%v %s", view.Classes, view.Average)
	}
	for _, c := range []struct {
		name string
		do   func() error
		want string
	}{
		{"graded", func() error { return nil }, "[1] 90.00"},
		{"other points", func() error {
			_, err := s.ChangeAssignment(ctx, 1, test.ID, AssignmentInput{Points: new(Points(36))})
			return err
		}, "[1] 50.00"},
		{"out of the class", func() error { return s.Unenroll(ctx, 1, student.ID) }, "[] none"},
		{"back, with the grades", func() error { _, err := s.Enroll(ctx, 1, student.ID); return err }, "[1] 50.00"},
		{"back again changes nothing", func() error { _, err := s.Enroll(ctx, 1, student.ID); return err }, "[1] 50.00"},
		{"without the assignment", func() error { return s.RemoveAssignment(ctx, 1, test.ID) }, "[1] none"},
		{"the title is free again", func() error {
			_, err := s.AddGrade(ctx, student.ID, GradeInput{Title: "T1", Type: "Test", Score: Points(70)}, "")
			return err
		}, "[1] 70.00"},
		{"as points", func() error { _, err := s.ChangeClass(ctx, 1, ClassInput{Weighting: new(ByPoints)}); return err }, "[1] 70.00"},
		{"without letters", func() error {
			changed, err := s.ChangeClass(ctx, 1, ClassInput{Scale: []Cutoff{}})
			if err == nil && len(changed.Scale) != 0 {
				err = fmt.Errorf("changed %+v", changed)
			}
			return err
		}, "[1] 70.00"},
		{"in two classes, the mean", func() error {
			if _, err := s.CreateClass(ctx, ClassInput{Title: new("Other")}, ""); err != nil {
				return err
			}
			if _, err := s.Enroll(ctx, 2, student.ID); err != nil {
				return err
			}
			_, err := s.AddGrade(ctx, student.ID, GradeInput{Title: "O1", Type: "Assignments", Score: Points(75), Class: 2}, "")
			return err
		}, "[1 2] 72.50"},
		{"without the class", func() error { return s.RemoveClass(ctx, 1) }, "[2] 75.00"},
		{"renamed", func() error {
			changed, err := s.ChangeStudent(ctx, student.ID, StudentInput{FirstName: new("Anna")})
			if err == nil && fmt.Sprint(changed.Classes) != "[2]" {
				err = fmt.Errorf("changed %+v", changed)
			}
			return err
		}, "[2] 75.00"},
	} {
		if err := c.do(); err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		if got := total(); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
	before := s.everything(t)
	s.stop()
	s = openWith(t, dir, "true") // and no sample beside what is there
	if after := s.everything(t); after != before {
		t.Errorf("after a restart\n%s\nbefore\n%s", after, before)
	}
	if err := s.RemoveStudent(ctx, student.ID); err != nil {
		t.Fatal(err)
	}
	_, err = s.Student(ctx, student.ID)
	problem(t, err, http.StatusNotFound)
	problem(t, s.RemoveStudent(ctx, student.ID), http.StatusNotFound)
}

func TestStudentsPages(t *testing.T) {
	s := openService(t, t.TempDir())
	newcomer(t, s)
	if _, err := s.CreateStudent(t.Context(), StudentInput{LastName: new("Elsewhere"), Email: new("a.simen@school.example")}, ""); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		query StudentQuery
		want  string // the ids of each page
	}{
		{StudentQuery{}, "1 2 3 4 5 6 7"},
		{StudentQuery{Class: 1}, "1 2 3 4 5 6"},
		{StudentQuery{Class: 1, Limit: 3}, "1 2 3, 4 5 6"},
		{StudentQuery{Limit: 4}, "1 2 3 4, 5 6 7"},
		{StudentQuery{Text: "SIMEN"}, "1 7"},
		{StudentQuery{Text: "ie a"}, ""},
		{StudentQuery{Text: "ee a", Limit: 1}, "5"},
	} {
		var pages []string
		for {
			list, next, err := s.Students(t.Context(), c.query)
			if err != nil {
				t.Fatal(err)
			}
			var ids []string
			for _, st := range list {
				ids = append(ids, fmt.Sprint(st.ID))
			}
			pages = append(pages, strings.Join(ids, " "))
			if c.query.Cursor = next; next == "" {
				break
			}
		}
		if got := strings.Join(pages, ", "); got != c.want {
			t.Errorf("%+v: %s, want %s", c.query, got, c.want)
		}
	}
	resp, _ := s.request(t, "GET /students?limit=2&class=1", "")
	if got, want := resp.Header.Get("Link"), `</students?class=1&cursor=2&limit=2>; rel="next"`; got != want {
		t.Errorf("Link %s, want %s", got, want)
	}
}

func TestClasses(t *testing.T) {
	s := openService(t, t.TempDir())
	list, err := s.Classes(t.Context())
	if err != nil || len(list) != 1 {
		t.Fatalf("%d classes, %v", len(list), err)
	}
	c := list[0]
	if c.Title != "Sample class" || !c.Sample || c.Students != 5 || c.Assignments != 3 || c.Graded != 15 || c.Median.String() != "89.00" {
		t.Errorf("%+v", c)
	}
	if got := fmt.Sprint(c.Histogram); got != "[0 1 0 0 0 0 0 0 0 2 0 2]" {
		t.Errorf("histogram %s", got)
	}
	if got := fmt.Sprint(c.Names); got != "[Kylee Sydnie Louie Marge Averill]" {
		t.Errorf("names %s, want them by last name", got)
	}
	newcomer(t, s)
	if list, err = s.Classes(t.Context()); err != nil || list[0].Students != 6 || list[0].Names != nil || list[0].Graded != 15 || list[0].Median.String() != "89.00" {
		t.Errorf("with a sixth student %+v, %v", list[0], err)
	}
}
