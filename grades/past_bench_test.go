package grades

import (
	"fmt"
	"sync"
	"testing"
)

// openTerm opens the service with a class of 30 whose 60 assignments were graded
// cell by cell and corrected once: 3,600 changes.
func openTerm(b *testing.B) *service {
	b.Helper()
	s := openWith(b, b.TempDir(), "false")
	must[Class](b)(s.CreateClass(b.Context(), ClassInput{Title: new("Term")}, ""))
	for i := range 30 {
		must[Student](b)(s.CreateStudent(b.Context(), StudentInput{LastName: new(fmt.Sprint("Student ", i)), Class: 1}, ""))
	}
	for i := range 60 {
		must[Assignment](b)(s.CreateAssignment(b.Context(), 1, AssignmentInput{Title: new(fmt.Sprint("Item ", i))}, ""))
	}
	var all sync.WaitGroup
	for student := range 30 {
		all.Go(func() {
			for i := range 60 {
				cell := CellInput{Student: student + 1, Assignment: i + 1, Score: new(Points(i))}
				g, err := s.PutCell(b.Context(), 1, cell)
				if err == nil {
					cell.Score, cell.Revision = new(Points(i+1)), g.Revision
					_, err = s.PutCell(b.Context(), 1, cell)
				}
				if err != nil {
					b.Error(err)
				}
			}
		})
	}
	all.Wait()
	return s
}

// BenchmarkHistory reads back a term: its newest page, the pages of one cell, and
// the gradebook as it was.
func BenchmarkHistory(b *testing.B) {
	s := openTerm(b)
	for _, path := range []string{
		"/classes/1/history", "/classes/1/history?student=3&assignment=1", "/classes/1/history?student=3&limit=500",
		"/classes/1/gradebook", "/classes/1/gradebook?at=3600", "/classes/1/gradebook?at=1800", "/classes/1/gradebook?at=100",
	} {
		b.Run(path, func(b *testing.B) {
			for b.Loop() {
				if resp, body := s.request(b, "GET "+path, ""); resp.StatusCode != 200 {
					b.Fatal(resp.Status, body)
				}
			}
		})
	}
}
