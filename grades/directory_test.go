package grades

import (
	"strings"
	"testing"
	"time"
)

// Whom a row means: by what it says beside the name, never another child.
func TestDirectory(t *testing.T) {
	book := new(Book)
	var changes Changes
	class := newClass(1)
	class.Title = "7B"
	changes.Classes = []Change[Class]{{New: &class}}
	for i, s := range []Student{
		{FirstName: "Ann", LastName: "Lee", ExternalID: "7", SISID: "s7", Login: "alee", Email: "lee@x"},
		{FirstName: "Bo", LastName: "Lee", ExternalID: "8", Email: "lee@x"},
		{FirstName: "Cy", LastName: "Fox"},
		{FirstName: "Cy", LastName: "Fox", ExternalID: "9"},
		{FirstName: "Di", LastName: "Ek"}, // not in the class, as the next two
		{FirstName: "Ed", LastName: "Ek"},
		{FirstName: "Ed", LastName: "Ek"},
		{FirstName: "Flo", LastName: "Gray", Login: "same"},
		{FirstName: "Gus", LastName: "Gray", Login: "same"},
	} {
		s.ID = i + 1
		changes.Students = append(changes.Students, Change[Student]{New: &s})
		if s.ID < 5 {
			changes.Enrollments = append(changes.Enrollments, EnrollmentChange{1, s.ID, true})
		}
	}
	book.Apply(1, time.Now(), Record{Changes: changes})
	sheet := &sheetImport{state: book.classes[0]}
	for _, c := range []struct {
		name string
		in   Student
		want int    // 0 for a new one
		say  string // in the doubt or the error
	}{
		{"by id", Student{FirstName: "Ann", LastName: "Lee", ExternalID: "7"}, 1, ""},
		{"by id, married", Student{FirstName: "Ann", LastName: "Moe", ExternalID: "7"}, 1, ""},
		{"by id, a sister's name", Student{FirstName: "Eve", LastName: "Lee", ExternalID: "7"}, 1, "this line says Eve Lee: taken as the same student"},
		{"by id without a name", Student{ExternalID: "7"}, 1, ""},
		{"another child's id", Student{FirstName: "Zoe", LastName: "Moe", ExternalID: "7"}, -1, "the id 7 is that of Ann Lee in the book, and this line says Zoe Moe"},
		{"two ids that agree, another name", Student{FirstName: "Zoe", LastName: "Moe", ExternalID: "7", SISID: "s7"}, 1, ""},
		{"ids of two", Student{FirstName: "Ann", LastName: "Lee", ExternalID: "8", SISID: "s7"}, -1, "the id 8 is that of Bo Lee and the SIS id s7 that of Ann Lee"},
		{"by login in other letters", Student{FirstName: "Ann", LastName: "Lee", Login: "ALee"}, 1, ""},
		{"an address of a family", Student{FirstName: "Bo", LastName: "Lee", Email: "Lee@x"}, 2, ""},
		{"a third of the family", Student{FirstName: "Cleo", LastName: "Lee", Email: "lee@x"}, 0, ""},
		{"a login that two have", Student{FirstName: "Flo", LastName: "Gray", Login: "same"}, -1, "2 students have the login same"},
		{"by name in the class", Student{FirstName: "ann ", LastName: "LEE"}, 1, ""},
		{"a name that two have", Student{FirstName: "Cy", LastName: "Fox"}, -1, "2 students of the class are called Cy Fox"},
		{"a name that two have, with an id", Student{FirstName: "Cy", LastName: "Fox", ExternalID: "9"}, 4, ""},
		{"a name that two have, with an id of neither", Student{FirstName: "Cy", LastName: "Fox", ExternalID: "10"}, -1, "2 students of the class are called Cy Fox, and none has"},
		{"by name, elsewhere", Student{FirstName: "Di", LastName: "Ek"}, 5, "matched by name alone with student 5"},
		{"by name with an id, elsewhere", Student{FirstName: "Di", LastName: "Ek", ExternalID: "11"}, 0, "would be a new student: student 5 has the name"},
		{"a name that two have elsewhere", Student{FirstName: "Ed", LastName: "Ek"}, -1, "2 students are called Ed Ek, and none is in the class"},
		{"nobody", Student{FirstName: "Hal", LastName: "Ide"}, 0, ""},
	} {
		found, doubt, err := newDirectory(book).find(&c.in, sheet)
		got := 0
		if err != nil {
			got, doubt = -1, err.Error()
		} else if found != nil {
			got = found.student.ID
		}
		if got != c.want || !strings.Contains(doubt, c.say) || c.say == "" && doubt != "" {
			t.Errorf("%s: %d, %q, want %d, %q", c.name, got, doubt, c.want, c.say)
		}
	}
}
