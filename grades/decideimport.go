package grades

import (
	"fmt"
	"slices"
)

// importCommand brings a file into the book.
type importCommand struct {
	id     string // of the import
	format string // of the file
	file   *File
	o      ImportOptions
	own    ownIDs       // of the book
	chosen map[int]bool // rows to apply; nil: all
	shown  *shown       // what it must come to; nil: whatever it comes to
}

// importing is an import that is being decided: a change of all classes of a
// file, made whole or not at all. A blank clears nothing unless that is asked
// for, and what is in the book about a class, student or assignment is only added
// to, never replaced. So the same file again changes nothing.
type importing struct {
	importCommand
	book        *Book
	revision    uint64 // of the book
	directory   *directory
	sheets      []*sheetImport
	met         int // rows of the file
	students    int // made
	assignments int // made
	changes     Changes
	doubts      []Doubt
	moreDoubts  int
	refused     SheetError
	moved       faults  // what is not as the proposal showed it
	current     []Grade // the cells among it
}

// sheetImport is what is decided for one class.
type sheetImport struct {
	*importing
	sheet   *Sheet
	first   int         // rows before it
	state   *classState // nil for a class to make
	class   Class       // as it will be
	rules   classState  // with class, for checks
	report  ImportClass
	columns []columnImport
	rows    []rowImport
	cells   cellImports // of all rows
	digest  uint64
	names   map[string]int // how many rows have each; made when it is asked for
}

// importFile decides an import. Its error is a *SheetError that names the lines
// that cannot be understood, an *InvalidError when it is not clear which class is
// meant, or a *ConflictError.
func (b *Book) importFile(in importCommand) (*importing, error) {
	m := &importing{importCommand: in, book: b, directory: newDirectory(b), revision: b.revision}
	if len(in.file.Sheets) > 1 && (in.o.Class != 0 || in.o.Title != "") {
		field := "class"
		if in.o.Class == 0 {
			field = "title"
		}
		return nil, invalid(field, "is given, and the file has %d classes; leave it out", len(in.file.Sheets))
	}
	if err := in.file.fits(); err != nil {
		return nil, err
	}
	m.doubts = slices.Clip(in.file.Doubts)
	for i, sheet := range in.file.Sheets {
		if err := m.add(i, sheet); err != nil {
			return nil, err
		}
	}
	if m.refused.count() > 0 {
		refused := m.refused // the rest of m may go
		return nil, &refused
	}
	if len(m.moved) > 0 {
		return nil, m.conflict()
	}
	return m, nil
}

// add decides one sheet. One of whose rows none is chosen is left out.
func (m *importing) add(i int, sheet *Sheet) error {
	first := m.met
	if m.chosen != nil && sheet.Len() > 0 && !m.anyChosen(first, sheet.Len()) {
		m.met += sheet.Len()
		return nil
	}
	s := &sheetImport{importing: m, sheet: sheet, first: first}
	if err := s.findClass(); err != nil {
		return err
	}
	m.sheets = append(m.sheets, s)
	if s.report.Outcome == LineRemoved {
		m.met += sheet.Len()
		m.compareClass(i, s)
	} else {
		s.findAssignments()
		s.settle()
		m.compareClass(i, s)
		for row := range sheet.Rows() {
			if m.met++; m.chosen == nil || m.chosen[m.met] {
				s.row(row)
			}
			if err := m.changes.fits(row); err != nil {
				return err
			}
		}
	}
	return nil
}

func (m *importing) anyChosen(after, rows int) bool {
	for row := range m.chosen {
		if row > after && row <= after+rows {
			return true
		}
	}
	return false
}

// decision is the change, for the store.
func (m *importing) decision() decision {
	return decision{action: "import", changes: m.changes, applies: m.id}
}

func (m *importing) refuse(file string, line int, column, format string, args ...any) {
	if len(m.refused.Errors) > maxLineErrors {
		m.refused.More++
		return
	}
	m.refused.Errors = append(m.refused.Errors, LineError{File: file, Line: line, Column: column, Detail: fmt.Sprintf(format, args...)})
}

// maxDoubts keeps a report readable.
const maxDoubts = 200

func (m *importing) doubt(file string, line int, column, format string, args ...any) {
	if len(m.doubts) >= maxDoubts {
		m.moreDoubts++
		return
	}
	m.doubts = append(m.doubts, Doubt{File: file, Line: line, Column: column, Detail: fmt.Sprintf(format, args...)})
}
