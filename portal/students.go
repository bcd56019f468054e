package portal

import (
	"net/http"
	"net/url"

	"gradebook/grades"
)

// studentsPage is how many students a page of the list shows.
const studentsPage = 200

// studentsView is a page of the list of all students.
type studentsView struct {
	Rows  []studentRow
	First string // the address of the first page; "" on it
	Next  string // of the next one; "" on the last
}

type studentRow struct {
	ID      int
	Name    string
	Classes []classLink
	Grades  int
	Average string
}

type classLink struct {
	ID    int
	Title string
}

func (s *Server) listStudents(w http.ResponseWriter, r *http.Request) error {
	ctx, cancel := within(r, callLimit)
	defer cancel()
	cursor := r.URL.Query().Get("cursor")
	students, next, err := s.grades.Students(ctx, grades.StudentQuery{Limit: studentsPage, Cursor: cursor})
	if err != nil {
		return err
	}
	return s.render(w, r, page{Template: "students", Title: "Students", Section: "students", View: newStudentsView(students, cursor, next)})
}

func newStudentsView(students []grades.StudentView, cursor, next string) studentsView {
	var v studentsView
	if cursor != "" {
		v.First = "/students"
	}
	if next != "" {
		v.Next = "/students?cursor=" + url.QueryEscape(next)
	}
	for _, student := range students {
		row := studentRow{ID: student.ID, Name: student.Name(), Grades: len(student.Grades), Average: oneDecimal(student.Average)}
		for _, t := range student.Totals {
			row.Classes = append(row.Classes, classLink{t.Class, t.Title})
		}
		v.Rows = append(v.Rows, row)
	}
	return v
}
