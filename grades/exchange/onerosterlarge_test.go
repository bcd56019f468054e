package exchange

import (
	"bytes"
	"fmt"
	"runtime"
	"testing"
	"time"

	"gradebook/grades"
)

// largeSchool is a school of classes of 30 with 20 assignments, all graded.
func largeSchool(classes int) []*grades.Gradebook {
	at := time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC)
	var books []*grades.Gradebook
	for c := range classes {
		b := &grades.Gradebook{Class: grades.Class{ID: c + 1, Title: fmt.Sprint("Class ", c), Term: "2026", Weighting: grades.ByPoints, Categories: []grades.Category{{Name: "Work"}}}}
		for i := range 20 {
			b.Assignments = append(b.Assignments, grades.Assignment{ID: 20*c + i + 1, ClassID: c + 1, Title: fmt.Sprint("Item ", i), Category: "Work", Points: grades.Points(100), Posted: true})
		}
		for i := range 30 {
			id := 30*c + i + 1
			b.Students = append(b.Students, grades.Student{ID: id, FirstName: fmt.Sprint("First ", i), LastName: fmt.Sprint("Last ", c), ExternalID: fmt.Sprint("s", id)})
			for a := range b.Assignments {
				b.Cells = append(b.Cells, grades.Grade{Student: id, Assignment: b.Assignments[a].ID, Score: new(grades.Points(id % 101)), Status: grades.Graded, At: at})
			}
		}
		books = append(books, b)
	}
	return books
}

// A school of 6,000 students with 120,000 grades, written and read.
func BenchmarkOneRoster(b *testing.B) {
	books := largeSchool(200)
	f := oneRoster{"1.2"}
	var file bytes.Buffer
	b.Run("write", func(b *testing.B) {
		for b.Loop() {
			file.Reset()
			if err := f.Write(&file, books); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(file.Len())/(1<<20), "MiB")
	})
	b.Run("read", func(b *testing.B) {
		for b.Loop() {
			got, err := f.Read(bytes.NewReader(file.Bytes()), int64(file.Len()), grades.ReadOptions{})
			if err != nil {
				b.Fatal(errorLines(err))
			}
			if len(got.Sheets) != len(books) || got.Sheets[199].Len() != 30 {
				b.Fatalf("%d classes", len(got.Sheets))
			}
		}
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		b.ReportMetric(float64(m.HeapSys)/(1<<20), "MiB-heap")
	})
}
