package grades

import (
	"fmt"
	"testing"
)

// BenchmarkUndo undoes a batch of 2,000 cells, and the undo, over and over.
func BenchmarkUndo(b *testing.B) {
	s := openWith(b, b.TempDir(), "false")
	class := must[Class](b)(s.CreateClass(b.Context(), ClassInput{Title: new("Large")}, ""))
	batch := BatchInput{Atomic: true}
	for i := range 20 {
		a := must[Assignment](b)(s.CreateAssignment(b.Context(), class.ID, AssignmentInput{Title: new(fmt.Sprint("Item ", i))}, ""))
		for student := range 100 {
			batch.Cells = append(batch.Cells, CellInput{Student: student + 1, Assignment: a.ID, Score: new(Points(i))})
		}
	}
	for i := range 100 {
		must[Student](b)(s.CreateStudent(b.Context(), StudentInput{LastName: new(fmt.Sprint("Student ", i)), Class: class.ID}, ""))
	}
	revision := must[BatchReport](b)(s.PutCells(b.Context(), class.ID, batch, "")).Revision
	for b.Loop() {
		report := must[UndoReport](b)(s.Undo(b.Context(), class.ID, UndoInput{Revision: revision}, ""))
		if report.Cells != 2000 {
			b.Fatalf("%+v", report)
		}
		revision = report.Revision
	}
}
