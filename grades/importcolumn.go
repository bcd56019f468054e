package grades

import (
	"fmt"
	"slices"
)

// columnImport is an assignment of a sheet.
type columnImport struct {
	*Assignment             // as it will be; nil for one without a place
	old         *Assignment // as it is; nil for a new one
	own         int         // the number of an assignment whose id the book itself gave, or 0
	removed     bool
}

// How a column was matched.
const (
	matchedByID    = "id"
	matchedByTitle = "title"
)

// findAssignments finds each column's assignment by external id, then by
// title, or makes it.
func (s *sheetImport) findAssignments() {
	s.columns = make([]columnImport, len(s.sheet.Assignments))
	s.report.Columns = make([]ImportColumn, len(s.sheet.Assignments))
	used := make(map[int]*SheetAssignment) // by id of the assignment
	titles := make(map[string]bool)        // of new ones
	said := slices.Clone(s.sheet.Assignments)
	for i := range said {
		s.tidy(&said[i])
		if s.columns[i].own = s.own.number(ownAssignment, said[i].ExternalID); s.columns[i].own != 0 {
			said[i].ExternalID = ""
		}
	}
	for _, by := range []string{matchedByID, matchedByTitle} {
		for i := range said {
			if s.columns[i].Assignment == nil {
				s.match(i, &said[i], by, used)
			}
		}
	}
	for i := range said {
		if s.columns[i].Assignment == nil {
			s.newAssignment(i, &said[i], titles)
		}
	}
}

// tidy checks the texts of a column.
func (s *sheetImport) tidy(column *SheetAssignment) {
	var f faults
	column.Title, column.ExternalID, column.Category = f.line("title", column.Title), f.line("id", column.ExternalID), f.line("category", column.Category)
	if column.Title == "" && column.ExternalID == "" { // a file of changes may name what the book has by its id alone
		f.required("title", "")
	}
	for _, fault := range f {
		s.refuseColumn(column, "has a fault: its %s %s", fault.Field, fault.Detail)
	}
}

// refuseColumn refuses a column, of which the sentence is.
func (s *sheetImport) refuseColumn(column *SheetAssignment, sentence string, args ...any) {
	s.refuse(column.File, max(1, column.Line), column.Title, "%s %s", column.place(), fmt.Sprintf(sentence, args...))
}

// match finds the assignment of a column in the book.
func (s *sheetImport) match(i int, column *SheetAssignment, by string, used map[int]*SheetAssignment) {
	if s.state == nil {
		return
	}
	var found *Assignment
	for _, a := range s.state.assignments {
		sameID := a.ID == s.columns[i].own || column.ExternalID != "" && a.ExternalID == column.ExternalID
		if by == matchedByTitle && a.Title == column.Title || by == matchedByID && sameID {
			if found != nil {
				s.refuseColumn(column, "has the id %s, as have assignments %d and %d; make it unique first", column.ExternalID, found.ID, a.ID)
				return
			}
			found = a
		}
	}
	if found == nil {
		return
	}
	if before := used[found.ID]; before != nil {
		if by == matchedByTitle && column.ExternalID != "" && differ(column.ExternalID, before.ExternalID) {
			return // another of the same title
		}
		s.refuseColumn(column, "is the same assignment as %s; leave one of them out", before.place())
	}
	used[found.ID] = column
	s.knownAssignment(i, found, column, by)
}

// place says where a column is.
func (a *SheetAssignment) place() string {
	if a.Column > 0 {
		return fmt.Sprintf("column %d", a.Column)
	}
	return fmt.Sprintf("line %d", a.Line)
}

func (s *sheetImport) knownAssignment(i int, have *Assignment, column *SheetAssignment, by string) {
	changed := *have
	report := &s.report.Columns[i]
	*report = ImportColumn{Column: column.Column, Assignment: have.ID, Title: have.Title, Matched: by, Outcome: LineUnchanged}
	say := func(format string, args ...any) {
		report.Details = append(report.Details, fmt.Sprintf(format, args...))
	}
	s.columns[i] = columnImport{Assignment: &changed, old: have, removed: column.Removed}
	if column.Removed {
		old := *have
		report.Outcome = LineRemoved
		s.changes.Assignments = append(s.changes.Assignments, Change[Assignment]{Old: &old})
		s.report.Assignments.count(LineRemoved)
		return
	}
	if changed.ExternalID == "" {
		changed.ExternalID = column.ExternalID
	}
	if differ(changed.ExternalID, column.ExternalID) {
		say("its id %s is kept", changed.ExternalID)
		s.doubt(column.File, column.Line, column.Title, "matched by title with assignment %d, whose id is %s and not the file's %s", have.ID, have.ExternalID, column.ExternalID)
	}
	if differ(column.Title, have.Title) {
		say("the file calls it %q; the title is kept", column.Title)
	}
	if column.HasPoints && column.Points != have.Points {
		say("the file gives %s points possible; the class's %s are kept", column.Points, have.Points)
	}
	if differ(have.Category, column.Category) {
		say("it stays in category %s; the file says %s", have.Category, column.Category)
	}
	switch {
	case changed.Due == nil:
		changed.Due = column.Due
	case column.Due != nil && !column.Due.Equal(*changed.Due):
		say("its due date is kept; the file says %s", column.Due.Format("2006-01-02 15:04"))
	}
	if !sameAssignment(have, &changed) {
		old := *have
		report.Outcome = LineChanged
		s.changes.Assignments = append(s.changes.Assignments, Change[Assignment]{Old: &old, New: &changed})
	}
	s.report.Assignments.count(report.Outcome)
}

func (s *sheetImport) newAssignment(i int, column *SheetAssignment, titles map[string]bool) {
	report := &s.report.Columns[i]
	if column.Removed {
		*report = ImportColumn{Column: column.Column, Title: column.Title, Outcome: LineUnchanged, Details: []string{"the file removes it, and it is not in the book"}}
		s.columns[i].removed = true
		return
	}
	if column.Title == "" {
		s.refuseColumn(column, "has no title, and no assignment of class %s has the id %s; give the title", s.class.Title, column.ExternalID)
	}
	a := &Assignment{
		ID: len(s.book.assignments) + 1 + s.assignments, ClassID: s.class.ID, Title: column.Title,
		Points: column.Points, Due: column.Due, Posted: !column.Hidden, NeverDrop: column.NeverDrop, ExternalID: column.ExternalID,
	}
	s.assignments++
	*report = ImportColumn{Column: column.Column, Assignment: a.ID, Outcome: LineCreated}
	if taken := titles[a.Title] || s.state != nil && s.state.byTitle[a.Title] != nil; taken && a.ExternalID != "" {
		a.Title = fmt.Sprintf("%s (%s)", a.Title, a.ExternalID)
		report.Details = append(report.Details, fmt.Sprintf("another assignment is called %s", column.Title))
	}
	if report.Title = a.Title; titles[a.Title] {
		s.refuseColumn(column, "is the same assignment as %s; leave one of them out", s.sameTitle(i).place())
	}
	titles[column.Title], titles[a.Title] = true, true
	if !column.HasPoints {
		a.Points = Points(100)
		report.Details = append(report.Details, "the file does not give the points possible; taken as 100")
	}
	if a.Points < 0 {
		s.refuseColumn(column, "has %s points possible; give 0 or more", a.Points)
	}
	a.Category = column.Category
	s.choose(a, column)
	s.report.Assignments.count(LineCreated)
	s.columns[i] = columnImport{Assignment: a}
	s.changes.Assignments = append(s.changes.Assignments, Change[Assignment]{New: a})
}

// sameTitle is the column before one with its title.
func (s *sheetImport) sameTitle(i int) *SheetAssignment {
	at := slices.IndexFunc(s.sheet.Assignments, func(a SheetAssignment) bool { return a.Title == s.sheet.Assignments[i].Title })
	return &s.sheet.Assignments[max(0, at)]
}

// choose gives a new assignment its category, or when the file does not say the
// only one there is, or the one that imports are for. One that the class does not
// have is added where it has no weight to get wrong.
func (s *sheetImport) choose(a *Assignment, column *SheetAssignment) {
	const forImports = "Assignments"
	switch {
	case a.Category != "":
	case len(s.class.Categories) == 1:
		a.Category = s.class.Categories[0].Name
	default:
		a.Category = forImports
	}
	switch {
	case s.class.has(a.Category):
	case s.class.Weighting == Weighted && column.Category != "":
		s.refuse(column.File, max(1, column.Line), a.Title, "is in category %s, which class %d does not have; add the category with its weight there first", a.Category, s.class.ID)
	case s.class.Weighting == Weighted || len(s.class.Categories) == maxCategories:
		s.refuse(column.File, max(1, column.Line), a.Title, "is not in class %d, and the file does not say which of %s it belongs to; create it there first", s.class.ID, s.class.categoryNames())
	default:
		category := Category{Name: a.Category}
		if at := slices.IndexFunc(s.sheet.Class.Categories, func(c Category) bool { return c.Name == a.Category }); at >= 0 {
			category = s.sheet.Class.Categories[at]
		}
		s.class.Categories = append(slices.Clip(s.class.Categories), category)
	}
}
