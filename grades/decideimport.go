package grades

import (
	"fmt"
	"slices"
)

// importCommand brings a sheet into the book.
type importCommand struct {
	file   *File
	class  int    // 0: by title
	title  string // "": the sheet's
	dryRun bool
}

// importSheet decides all of an import as one change: it is applied whole, or
// refused whole with a *SheetError that names the lines. A blank never clears a
// grade, and what is in the book about a student or assignment is only added
// to, never replaced. So the same file again changes nothing.
func (b *Book) importSheet(in importCommand) (decision, error) {
	m := &importer{book: b, sheet: in.file.Sheets[0]}
	if err := m.findClass(in.class, in.title); err != nil {
		return decision{}, err
	}
	m.findAssignments()
	m.directory = newDirectory(b, m.state)
	for row := range m.sheet.Rows() {
		m.row(row)
	}
	if len(m.refused) > 0 {
		return decision{}, &SheetError{m.refused}
	}
	for _, guess := range in.file.Guesses {
		m.report.Notes = append(m.report.Notes, guess.Detail)
	}
	m.report.DryRun = in.dryRun
	d := decision{action: "import"}
	if !in.dryRun {
		d.changes = m.changes
		if !d.changes.empty() {
			m.report.Revision = b.revision + 1
		}
	} else if m.report.Class.Created {
		m.report.Class.ID = 0
	}
	d.answer = m.report
	return d, nil
}

// importer is an import that is being decided.
type importer struct {
	book      *Book
	sheet     *Sheet
	class     *Class
	state     *classState // nil for a class to create
	columns   []*Assignment
	directory *directory
	changes   Changes
	report    ImportReport
	refused   []LineError
}

func (m *importer) refuse(line int, column, format string, args ...any) {
	m.refused = append(m.refused, LineError{Line: line, Column: column, Detail: fmt.Sprintf(format, args...)})
}

func (m *importer) note(format string, args ...any) {
	m.report.Notes = append(m.report.Notes, fmt.Sprintf(format, args...))
}

// findClass finds the class by id, or the one in use by title, or makes it.
func (m *importer) findClass(id int, title string) error {
	m.report.Lines, m.report.Notes = []LineReport{}, []string{}
	if id != 0 {
		state, err := m.book.writable(id)
		if err != nil {
			return err
		}
		m.useClass(state)
		return nil
	}
	if title == "" {
		title = m.sheet.Title
	}
	var f faults
	if title = f.line("title", title); title == "" {
		f.add("title", "is not given, and the file does not say; give class=, or title=")
	}
	if err := f.err(); err != nil {
		return err
	}
	for _, state := range m.book.classes {
		if state.removed != nil || state.Archived || state.Title != title {
			continue
		}
		if m.state != nil {
			return invalid("title", "is that of class %d and of class %d; give class= instead", m.state.ID, state.ID)
		}
		m.useClass(state)
	}
	if m.state == nil {
		class := newClass(len(m.book.classes) + 1)
		class.Title = title
		m.class = &class
		m.changes.Classes = []Change[Class]{{New: m.class}}
		m.report.Class = ImportClass{class.ID, title, true}
	}
	return nil
}

func (m *importer) useClass(state *classState) {
	m.state, m.class = state, &state.Class
	m.report.Class = ImportClass{ID: state.ID, Title: state.Title}
}

// findAssignments finds each column's assignment by external id, then by
// title, or makes it.
func (m *importer) findAssignments() {
	byExternal, byTitle, used := map[string]*Assignment{}, map[string]*Assignment{}, map[int]int{}
	know := func(a *Assignment) {
		byTitle[a.Title] = a
		if a.ExternalID != "" {
			byExternal[a.ExternalID] = a
		}
	}
	if m.state != nil {
		for _, a := range m.state.assignments {
			know(a)
		}
	}
	for i := range m.sheet.Assignments {
		column := m.sheet.Assignments[i]
		var f faults
		column.Title, column.ExternalID = f.required("title", column.Title), f.line("id", column.ExternalID)
		for _, fault := range f {
			m.refuse(1, column.Title, "column %d: its %s %s", column.Column, fault.Field, fault.Detail)
		}
		a := byExternal[column.ExternalID]
		if a == nil {
			a = byTitle[column.Title]
		}
		if a == nil {
			a = m.newAssignment(&column)
			know(a)
		} else if before, again := used[a.ID]; again {
			m.refuse(1, column.Title, "column %d is the same assignment as column %d; leave one of them out", column.Column, before)
		} else {
			m.knownAssignment(a, &column)
		}
		used[a.ID] = column.Column
		m.columns = append(m.columns, a)
	}
}

func (m *importer) newAssignment(column *SheetAssignment) *Assignment {
	a := &Assignment{
		ID: len(m.book.assignments) + 1 + m.report.Assignments.Created, ClassID: m.class.ID, Title: column.Title,
		Points: column.Points, Posted: true, ExternalID: column.ExternalID,
	}
	if !column.HasPoints {
		a.Points = Points(100)
		m.note("%s: the file does not give the points possible; taken as 100", a.Title)
	}
	if a.Points < 0 {
		m.refuse(1, a.Title, "%s points possible; give 0 or more", a.Points)
	}
	m.choose(a)
	m.report.Assignments.Created++
	m.changes.Assignments = append(m.changes.Assignments, Change[Assignment]{New: a})
	return a
}

// choose gives a new assignment the only category there is, or the one that
// imports are for, where a category has no weight to get wrong.
func (m *importer) choose(a *Assignment) {
	const forImports = "Assignments"
	switch {
	case len(m.class.Categories) == 1:
		a.Category = m.class.Categories[0].Name
	case m.class.has(forImports):
		a.Category = forImports
	case m.class.Weighting == Weighted || len(m.class.Categories) == maxCategories:
		m.refuse(1, a.Title, "is not in class %d, and the file does not say which of %s it belongs to; create it there first", m.class.ID, m.class.categoryNames())
	default:
		old, changed := *m.class, *m.class
		changed.Categories = append(slices.Clip(old.Categories), Category{Name: forImports})
		m.class = &changed
		m.changes.Classes = []Change[Class]{{Old: &old, New: m.class}}
		a.Category = forImports
	}
}

func (m *importer) knownAssignment(have *Assignment, column *SheetAssignment) {
	changed := *have
	if changed.ExternalID == "" {
		changed.ExternalID = column.ExternalID
	}
	if column.Title != have.Title {
		m.note("%s: the file calls it %q; the title is kept", have.Title, column.Title)
	}
	if column.HasPoints && column.Points != have.Points {
		m.note("%s: the file gives %s points possible; the class's %s are kept", have.Title, column.Points, have.Points)
	}
	if changed == *have {
		m.report.Assignments.Unchanged++
		return
	}
	old := *have
	m.report.Assignments.Changed++
	m.changes.Assignments = append(m.changes.Assignments, Change[Assignment]{Old: &old, New: &changed})
}
