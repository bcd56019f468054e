package grades

import (
	"fmt"
	"strings"
)

// StudentInput creates a student or, as a patch, changes the fields that are
// given.
type StudentInput struct {
	FirstName  *string `json:"firstName,omitempty"`
	LastName   *string `json:"lastName,omitempty"`
	Email      *string `json:"email,omitempty"`
	ExternalID *string `json:"externalID,omitempty"`
	SISID      *string `json:"sisID,omitempty"`
	Login      *string `json:"login,omitempty"`
	Class      int     `json:"class,omitempty"` // of a new student: to enroll in it
}

func (b *Book) createStudent(in StudentInput) (decision, error) {
	student := Student{ID: len(b.students) + 1}
	if err := b.editStudent(&student, in); err != nil {
		return decision{}, err
	}
	d := decision{action: "create student", location: fmt.Sprint("/students/", student.ID)}
	d.changes.Students = []Change[Student]{{New: &student}}
	answer := student
	answer.Classes = []int{}
	if in.Class != 0 {
		class, err := b.class(in.Class)
		if err != nil {
			return decision{}, invalid("class", "%v; create it first, or leave class out", err)
		}
		if err := class.writable(); err != nil {
			return decision{}, err
		}
		d.changes.Enrollments = []EnrollmentChange{{in.Class, student.ID, true}}
		answer.Classes = append(answer.Classes, in.Class)
	}
	d.answer = answer
	return d, nil
}

func (b *Book) changeStudent(id int, in StudentInput) (decision, error) {
	state, err := b.student(id)
	if err != nil {
		return decision{}, err
	}
	if in.Class != 0 {
		return decision{}, invalid("class", "cannot be changed here; POST the student to /classes/%d/students", in.Class)
	}
	student := state.Student
	if err := b.editStudent(&student, in); err != nil {
		return decision{}, err
	}
	answer := student
	answer.Classes = state.student().Classes
	d := decision{action: "change student", answer: answer}
	if !sameStudent(&student, &state.Student) {
		d.changes.Students = []Change[Student]{{Old: state.record(), New: &student}}
	}
	return d, nil
}

func (b *Book) removeStudent(id int) (decision, error) {
	state, err := b.student(id)
	if err != nil {
		return decision{}, err
	}
	return decision{
		action:  "remove student",
		changes: Changes{Students: []Change[Student]{{Old: state.record()}}},
	}, nil
}

// editStudent applies in to a student and checks the result.
func (b *Book) editStudent(student *Student, in StudentInput) error {
	var f faults
	for _, field := range []struct {
		name string
		from *string
		to   *string
	}{
		{"firstName", in.FirstName, &student.FirstName},
		{"lastName", in.LastName, &student.LastName},
		{"email", in.Email, &student.Email},
		{"externalID", in.ExternalID, &student.ExternalID},
		{"sisID", in.SISID, &student.SISID},
		{"login", in.Login, &student.Login},
	} {
		if field.from != nil {
			*field.to = f.line(field.name, *field.from)
		}
	}
	if student.FirstName == "" && student.LastName == "" {
		f.add("firstName", "is empty, and so is lastName; give at least one of them")
	}
	if name, domain, ok := strings.Cut(student.Email, "@"); student.Email != "" && (!ok || name == "" || domain == "" || strings.ContainsAny(student.Email, " ,;<>")) {
		f.add("email", "is not an address; give one such as ann@school.example")
	}
	if err := f.err(); err != nil || student.ExternalID == "" {
		return err
	}
	for _, other := range b.students {
		if other.removed == nil && other.ID != student.ID && other.ExternalID == student.ExternalID {
			return &ConflictError{
				Detail:  fmt.Sprintf("externalID %s is student %d, %s; use that student, or another id", student.ExternalID, other.ID, other.Name()),
				Current: other.student(),
			}
		}
	}
	return nil
}

// record is the student as records have it: enrollments are changes of their
// own.
func (s *studentState) record() *Student {
	student := s.Student
	return &student
}

func sameStudent(a, b *Student) bool {
	return a.FirstName == b.FirstName && a.LastName == b.LastName && a.Email == b.Email &&
		a.ExternalID == b.ExternalID && a.SISID == b.SISID && a.Login == b.Login
}
