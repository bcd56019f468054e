package grades

// sampleRecord is the class that a new data directory starts with.
func sampleRecord() Record {
	class := newClass(1)
	class.Title, class.Sample = "Sample class", true
	class.Categories = []Category{{Name: "Quiz", Weight: Points(60)}, {Name: "Homework", Weight: Points(40)}}
	record := Record{Version: recordVersion, Action: "make sample class", Actor: "gradebook"}
	record.Classes = []Change[Class]{{New: &class}}
	for i, column := range []struct{ title, category string }{{"Quiz 1", "Quiz"}, {"Week 1 Homework", "Homework"}, {"Quiz 2", "Quiz"}} {
		record.Assignments = append(record.Assignments, Change[Assignment]{New: &Assignment{
			ID: i + 1, ClassID: class.ID, Title: column.title, Category: column.category, Points: Points(100), Posted: true,
		}})
	}
	for i, row := range []struct {
		first, last string
		scores      [3]int
	}{
		{"Averill", "Simen", [3]int{85, 94, 88}},
		{"Marge", "Garrard", [3]int{100, 100, 88}},
		{"Sydnie", "Barber", [3]int{77, 0, 65}},
		{"Louie", "Easton", [3]int{88, 93, 84}},
		{"Kylee", "Attwood", [3]int{95, 100, 97}},
	} {
		student := i + 1
		record.Students = append(record.Students, Change[Student]{New: &Student{ID: student, FirstName: row.first, LastName: row.last}})
		record.Enrollments = append(record.Enrollments, EnrollmentChange{class.ID, student, true})
		for j, score := range row.scores {
			record.Cells.Add(&CellChange{Student: student, Assignment: j + 1, New: &CellValue{Score: new(Points(score))}})
		}
	}
	return record
}
