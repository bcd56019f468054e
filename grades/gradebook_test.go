package grades

import (
	"fmt"
	"time"
)

// fullClass is a weighted class of students with a grade in every cell.
func fullClass(students, assignments int) *classState {
	b := new(Book)
	class := newClass(1)
	class.Weighting, class.Categories = Weighted, []Category{{"Homework", Points(20), 1, 0}, {"Quiz", Points(30), 0, 0}, {"Test", Points(50), 0, 0}}
	r := Record{Changes: Changes{Classes: []Change[Class]{{New: &class}}}}
	for i := range assignments {
		r.Assignments = append(r.Assignments, Change[Assignment]{New: &Assignment{
			ID: i + 1, ClassID: 1, Title: fmt.Sprint("Item ", i+1), Category: class.Categories[i%3].Name, Points: Points(100), Posted: true,
		}})
	}
	for i := range students {
		r.Students = append(r.Students, Change[Student]{New: &Student{ID: i + 1, FirstName: fmt.Sprint("First ", i), LastName: fmt.Sprint("Last ", i*7%students)}})
		r.Enrollments = append(r.Enrollments, EnrollmentChange{1, i + 1, true})
		for k := range assignments {
			r.Cells.Add(&CellChange{Student: i + 1, Assignment: k + 1, New: &CellValue{Score: new(Points((i*k + 17*i) % 100))}})
		}
	}
	b.Apply(1, time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), r)
	return b.classes[0]
}
