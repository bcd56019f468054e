package grades

import (
	"fmt"
	"slices"
	"strings"
)

// row imports one student.
func (m *importer) row(row *SheetRow) {
	var f faults
	in := Student{
		FirstName: f.line("first name", row.FirstName), LastName: f.line("last name", row.LastName), Email: f.line("email", row.Email),
		ExternalID: f.line("id", row.ExternalID), SISID: f.line("SIS id", row.SISID), Login: f.line("login", row.Login),
	}
	if in.Name() == "" {
		f.add("name", "is empty; give the student's name")
	}
	for _, fault := range f {
		m.refuse(row.Line, fault.Field, "%s", fault.Detail)
	}
	entry, err := m.directory.find(&in)
	if err != nil {
		m.refuse(row.Line, "", "%v", err)
		return
	}
	if entry != nil && entry.line != 0 {
		m.refuse(row.Line, "", "%s is the student of line %d too; leave one of the lines out", in.Name(), entry.line)
		return
	}
	line := LineReport{Line: row.Line, Student: in.Name()}
	var details []string
	if entry == nil {
		entry = m.newStudent(in)
		line.Outcome = LineCreated
	} else {
		details = m.knownStudent(entry, in)
	}
	entry.line = row.Line
	changed, details := m.cells(row, entry, details)
	switch {
	case line.Outcome == LineCreated:
	case changed > 0:
		line.Outcome = LineChanged
	default:
		line.Outcome = LineUnchanged
	}
	if changed > 0 {
		details = slices.Insert(details, 0, fmt.Sprintf("%d %s entered", changed, plural(changed, "grade")))
	}
	line.Detail = strings.Join(details, "; ")
	m.report.Lines = append(m.report.Lines, line)
}

func plural(n int, noun string) string {
	if n == 1 {
		return noun
	}
	return noun + "s"
}

func (m *importer) newStudent(in Student) *directoryEntry {
	in.ID = len(m.book.students) + 1 + m.report.Students.Created
	m.report.Students.Created++
	m.changes.Students = append(m.changes.Students, Change[Student]{New: &in})
	m.changes.Enrollments = append(m.changes.Enrollments, EnrollmentChange{m.class.ID, in.ID, true})
	entry := &directoryEntry{student: in, here: true}
	m.directory.add(entry)
	return entry
}

// knownStudent adds what the book does not know of a student, and says what it
// knows otherwise.
func (m *importer) knownStudent(entry *directoryEntry, in Student) (details []string) {
	old := entry.student
	in.ID = old.ID
	if in.Name() != old.Name() {
		details = append(details, fmt.Sprintf("the name %s is kept", old.Name()))
	}
	in.FirstName, in.LastName = old.FirstName, old.LastName
	for _, field := range []struct {
		name        string
		have, given *string
	}{
		{"email", &old.Email, &in.Email}, {"id", &old.ExternalID, &in.ExternalID}, {"SIS id", &old.SISID, &in.SISID}, {"login", &old.Login, &in.Login},
	} {
		if differ(*field.have, *field.given) {
			details = append(details, fmt.Sprintf("the %s %s is kept", field.name, *field.have))
		}
		if *field.have != "" {
			*field.given = *field.have
		}
	}
	changed := false
	if !sameStudent(&old, &in) {
		changed = true
		m.changes.Students = append(m.changes.Students, Change[Student]{Old: &old, New: &in})
		details = append(details, "ids or email added")
	}
	if !entry.here {
		changed = true
		m.changes.Enrollments = append(m.changes.Enrollments, EnrollmentChange{m.class.ID, old.ID, true})
		details = append(details, "enrolled")
	}
	if changed {
		m.report.Students.Changed++
	} else {
		m.report.Students.Unchanged++
	}
	return details
}

// cells imports the grades of a row and returns how many change.
func (m *importer) cells(row *SheetRow, entry *directoryEntry, details []string) (changed int, _ []string) {
	rules := &classState{Class: *m.class}
	for i, cell := range row.Cells {
		a := m.columns[i]
		if cell.Kind != CellScore && cell.Kind != CellStatus {
			continue
		}
		old := entry.row.find(a.ID).grade(entry.student.ID)
		in := CellInput{Status: cell.Status}
		if cell.Kind == CellScore {
			in.Score = &cell.Score
		}
		if !old.empty() {
			in.Submitted, in.Comment = old.Submitted, old.Comment
			if in.Status == "" && (old.Status == Late || old.Status == Incomplete) {
				in.Status = old.Status // the file only gives the score
			}
		}
		var f faults
		value := rules.checkCell(&f, &in)
		for _, fault := range f {
			m.refuse(row.Line, a.Title, "%s %s", fault.Field, fault.Detail)
		}
		if cell.Kind == CellScore && cell.Score > a.Points && a.Points > 0 {
			details = append(details, fmt.Sprintf("%s: %s is over the %s possible and counts in full", a.Title, cell.Score, a.Points))
		}
		change := cellChange(old, entry.student.ID, a.ID, value)
		switch {
		case sameValue(change.Old, change.New):
			m.report.Grades.Unchanged++
			continue
		case change.Old == nil:
			m.report.Grades.Created++
		default:
			m.report.Grades.Changed++
		}
		changed++
		m.changes.Cells.Add(&change)
	}
	return changed, details
}
