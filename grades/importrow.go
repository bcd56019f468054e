package grades

import (
	"fmt"
)

// rowImport is what is decided for a row of a sheet.
type rowImport struct {
	row     int // from 1, of the file
	student int
	made    bool // the student is new
	name    string
	outcome string
	details []string
	cells   int // how many of the sheet's cells are its
	digest  uint64
}

func (r *rowImport) say(format string, args ...any) {
	r.details = append(r.details, fmt.Sprintf(format, args...))
}

// row decides one student.
func (s *sheetImport) row(row *SheetRow) {
	in := s.student(row)
	entry, doubt, err := s.find(&in)
	if err != nil {
		s.refuse(row.File, row.Line, "", "%v", err)
		return
	}
	if entry != nil && entry.sheet == s {
		s.refuse(row.File, row.Line, "", "%s is the student of line %d too; leave one of the lines out, or give both an id if they are two people", name(&in), entry.line)
		return
	}
	if doubt != "" {
		s.doubt(row.File, row.Line, "", "%s", doubt)
	}
	r := rowImport{row: s.met, name: name(&in)}
	digest := newDigest()
	wasHere := entry != nil && entry.here(s)
	switch {
	case row.Removed:
		s.leave(entry, &r)
	case entry == nil && in.Name() == "":
		s.refuse(row.File, row.Line, "name", "is empty; give the student's name")
		return
	case entry == nil:
		entry = s.newStudent(in, &r)
	default:
		s.knownStudent(entry, in, &r)
	}
	if entry != nil {
		entry.sheet, entry.line = s, row.Line
		r.student, r.made = entry.student.ID, entry.state == nil
	}
	s.report.Students.count(r.outcome)
	digest.student(&r, &in, entry, wasHere)
	if !row.Removed {
		s.cellsOf(row, entry, &r, digest)
	}
	s.compareRow(&r, row, entry, digest)
	s.rows = append(s.rows, r)
}

// find returns the student that a row means; see directory.find. An id that the
// book itself gave is no id of another system.
func (s *sheetImport) find(in *Student) (found *directoryEntry, doubt string, err error) {
	if own := s.own.number(ownStudent, in.ExternalID); own != 0 {
		in.ExternalID = ""
		if e := s.directory.own(own, in); e != nil {
			return e, "", nil
		}
	}
	found, doubt, err = s.directory.find(in, s)
	if found != nil && found.state != nil && found.sheet != s && !sharesID(&found.student, in) && s.namesakes(in) > 1 {
		return nil, "", fmt.Errorf("%d lines are called %s, and student %d could be any of them; give the student in the book the id of one first", s.namesakes(in), in.Name(), found.student.ID)
	}
	return found, doubt, err
}

// namesakes are how many rows of the sheet have a student's name.
func (s *sheetImport) namesakes(in *Student) int {
	if s.names == nil {
		s.names = make(map[string]int, s.sheet.Len())
		for row := range s.sheet.Rows() {
			other := Student{FirstName: row.FirstName, LastName: row.LastName}
			s.names[folded(other.Name())]++
		}
	}
	return s.names[folded(in.Name())]
}

// name is a student's, or what else there is to call one.
func name(s *Student) string {
	if name := s.Name(); name != "" {
		return name
	}
	for _, id := range s.ids() {
		if id != "" {
			return id
		}
	}
	return ""
}

// student is what a row says of its student.
func (s *sheetImport) student(row *SheetRow) Student {
	var f faults
	in := Student{
		FirstName: f.line("first name", row.FirstName), LastName: f.line("last name", row.LastName), Email: f.line("email", row.Email),
		ExternalID: f.line("id", row.ExternalID), SISID: f.line("SIS id", row.SISID), Login: f.line("login", row.Login),
	}
	for _, fault := range f {
		s.refuse(row.File, row.Line, fault.Field, "%s", fault.Detail)
	}
	return in
}

func (s *sheetImport) newStudent(in Student, r *rowImport) *directoryEntry {
	in.ID = len(s.book.students) + 1 + s.students
	s.students++
	r.outcome = LineCreated
	s.changes.Students = append(s.changes.Students, Change[Student]{New: &in})
	s.changes.Enrollments = append(s.changes.Enrollments, EnrollmentChange{s.class.ID, in.ID, true})
	entry := &directoryEntry{student: in, change: len(s.changes.Students)}
	s.directory.add(entry)
	return entry
}

// knownStudent adds what the book does not know of a student, and says what it
// knows otherwise.
func (s *sheetImport) knownStudent(entry *directoryEntry, in Student, r *rowImport) {
	r.outcome = LineUnchanged
	if in.Name() != "" && in.Name() != entry.student.Name() {
		r.say("the name %s is kept", entry.student.Name())
	}
	merged := entry.student
	for _, field := range []struct {
		name        string
		have, given *string
	}{
		{"email", &merged.Email, &in.Email}, {"id", &merged.ExternalID, &in.ExternalID}, {"SIS id", &merged.SISID, &in.SISID}, {"login", &merged.Login, &in.Login},
	} {
		if differ(*field.have, *field.given) {
			r.say("the %s %s is kept", field.name, *field.have)
		}
		if *field.have == "" {
			*field.have = *field.given
		}
	}
	if !sameStudent(&entry.student, &merged) {
		r.outcome = LineChanged
		r.say("ids or email added")
		s.changeStudent(entry, merged)
	}
	if !entry.here(s) {
		r.outcome = LineChanged
		r.say("enrolled")
		s.changes.Enrollments = append(s.changes.Enrollments, EnrollmentChange{s.class.ID, entry.student.ID, true})
	}
}

// changeStudent changes a student once, whatever number of sheets say more.
func (s *sheetImport) changeStudent(entry *directoryEntry, student Student) {
	old := entry.student
	entry.student = student
	s.directory.learn(entry, &old)
	if entry.change == 0 {
		s.changes.Students = append(s.changes.Students, Change[Student]{Old: &old})
		entry.change = len(s.changes.Students)
	}
	s.changes.Students[entry.change-1].New = &student
}

// leave takes a student out of the class.
func (s *sheetImport) leave(entry *directoryEntry, r *rowImport) {
	if entry == nil || !entry.here(s) {
		r.outcome = LineUnchanged
		r.say("the file takes the student out of the class, and none is there")
		return
	}
	r.outcome = LineRemoved
	s.changes.Enrollments = append(s.changes.Enrollments, EnrollmentChange{s.class.ID, entry.student.ID, false})
}
