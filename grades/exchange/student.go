package exchange

import (
	"fmt"
	"slices"
	"strings"

	"gradebook/grades"
)

// lineColumn is what ReadOptions calls the number of a line, which can stand for
// a name where the file has none.
const lineColumn = "#0"

// students reads the file a second time, line by line.
func (r *reading) students() error {
	work := r.work()
	row := grades.SheetRow{Cells: make([]grades.SheetCell, len(r.sheet.Assignments))}
	err := r.each(func(rec record) bool {
		switch {
		case rec.fault != "":
			column := ""
			if rec.place >= 0 && rec.place < len(r.columns) {
				column = r.where(rec.place)
			}
			r.bad.add(rec.line, column, "%s", rec.fault)
		case r.markOf(rec) == noMark && r.rightLength(rec):
			r.student(rec, &row, work)
		}
		return true
	})
	if err == nil && r.sheet.Len() == 0 && len(r.bad.errors) == 0 {
		r.bad.add(r.header.line, "", "there is no student: add a line for each, or export the gradebook again")
	}
	return err
}

// work returns the places of the columns of assignments and feedback.
func (r *reading) work() (list []int) {
	for i, c := range r.columns {
		if c.role == assignment || c.role == feedback {
			list = append(list, i)
		}
	}
	return list
}

// rightLength reports whether a line can be read. Some cells that are missing at
// its end are none where people write files; empty ones too many do no harm.
func (r *reading) rightLength(rec record) bool {
	got, want := len(rec.cells), len(r.columns)
	switch {
	case got < want && !r.exact && got >= (want-20)/2:
		r.doubt(rec.line, "", "this line has %d cells, fewer than the %d titles: nothing was read for the last ones", got, want)
		return true
	case got < want:
		r.bad.add(rec.line, "", "this line has %d cells, fewer than the %d titles: add the missing ones, empty if need be", got, want)
	case slices.ContainsFunc(rec.cells[want:], func(cell string) bool { return trim(cell) != "" }):
		r.bad.add(rec.line, "", `this line has %d cells, more than the %d titles: put "quotation marks" around a cell that has the separator in it`, got, want)
	default:
		return true
	}
	return false
}

// student reads the line of a student into row, and adds that to the sheet.
func (r *reading) student(rec record, row *grades.SheetRow, work []int) {
	*row = grades.SheetRow{
		Line:       rec.line,
		FirstName:  r.text(rec, firstName),
		LastName:   r.text(rec, lastName),
		ExternalID: r.text(rec, externalID),
		SISID:      r.text(rec, sisID),
		Login:      r.text(rec, login),
		Email:      r.text(rec, email),
		Section:    r.text(rec, section),
		Cells:      row.Cells,
	}
	r.name(rec, row)
	r.checkID(rec, externalID, row.ExternalID)
	r.checkID(rec, sisID, row.SISID)
	if r.test && row.FirstName == "Test" && row.LastName == "Student" {
		r.guess("test student", "", "line %d, the student that Canvas makes up for trying things, was left out", rec.line)
		return
	}
	clear(row.Cells)
	for _, i := range work {
		if i < len(rec.cells) {
			r.workCell(rec, i, &row.Cells[r.columns[i].item])
		}
	}
	for i := range row.Cells {
		if c := &row.Cells[i]; c.Kind == grades.CellBlank && c.Comment != "" {
			c.Kind = grades.CellStatus // of none: the comment is all it has
		}
	}
	r.checkUntitled(rec)
	r.noteSection(row.Section)
	r.sheet.Add(row)
}

// checkID refuses an id that a spreadsheet took for a number and rounded.
func (r *reading) checkID(rec record, role role, id string) {
	digits, power, ok := strings.Cut(strings.ToUpper(id), "E+")
	if ok && strings.ContainsAny(digits, ".,") && isNumber(digits) && isNumeric(power) {
		r.bad.add(rec.line, r.where(r.find(role)), "%.40s is an id that a spreadsheet has rounded: export the file again, and give the column the format of text before saving it", id)
	}
}

// name gives row its student's name.
func (r *reading) name(rec record, row *grades.SheetRow) {
	if name := r.text(rec, fullName); name != "" {
		row.FirstName, row.LastName = splitName(name)
		if row.FirstName != "" && !strings.Contains(name, ",") {
			r.unsplit++
		}
	}
	ids := row.ExternalID + row.SISID + row.Login + row.Email
	switch {
	case row.FirstName != "" || row.LastName != "":
		if strings.Contains(row.FirstName+row.LastName, "\uFFFD") {
			r.doubt(rec.line, "", "%s has letters that were lost before: correct the name", strings.TrimSpace(row.FirstName+" "+row.LastName))
		}
	case r.options.Columns[lineColumn] == "name":
		row.FirstName, row.LastName = "Line", fmt.Sprint(rec.line)
	case (r.has(fullName) || r.has(lastName)) && (r.exact || ids == ""):
		r.bad.add(rec.line, "", "this line has no student's name: add it, or delete the line")
	case r.named() && ids == "":
		r.bad.add(rec.line, "", "this line does not say who the student is: add the id, or delete the line")
	}
}

// workCell reads the cell of an assignment or of its feedback.
func (r *reading) workCell(rec record, i int, cell *grades.SheetCell) {
	if r.columns[i].role == feedback {
		cell.Comment = tidy(rec.cells[i])
		return
	}
	read, doubt, err := r.cell(rec.cells[i], &r.sheet.Assignments[r.columns[i].item])
	if err != nil {
		r.bad.add(rec.line, r.where(i), "%v", err)
	}
	if doubt != "" {
		r.doubt(rec.line, r.where(i), "%s", doubt)
	}
	read.Comment = cell.Comment
	*cell = read
}

// checkUntitled refuses what stands below no title.
func (r *reading) checkUntitled(rec record) {
	for i, cell := range rec.cells[:min(len(rec.cells), len(r.columns))] {
		if c := &r.columns[i]; c.title == "" && !c.said && trim(cell) != "" {
			r.bad.add(rec.line, "", "%.40q, in column %d, has no title above it: add the title, or delete the cell", cell, i+1)
		}
	}
}

// noteSection gives the sheet the title that all its lines have as section.
func (r *reading) noteSection(section string) {
	switch {
	case r.sheet.Len() == 0:
		r.sheet.Title = strings.Clone(section)
	case section != r.sheet.Title:
		r.sections++
	}
}

// conclude says what holds for the file as a whole.
func (r *reading) conclude() {
	if r.sections > 0 {
		r.sheet.Title = ""
		const several = "the students are of several sections, and all of them would be in one class, whose title the file does not say"
		if r.exact {
			r.guess("class", "", several)
		} else { // not a course in sections, perhaps, but a list of a school
			r.doubt(r.header.line, r.where(r.find(section)), several+": for a class each, import them one by one")
		}
	}
	r.guess("separator", separatorName(r.comma), "a %s separates the columns", separatorName(r.comma))
	if r.numbers.proven {
		names := map[byte]string{'.': "point", ',': "comma"}
		r.guess("decimal", names[r.numbers.decimal], "decimals come after a %s, as in %s", names[r.numbers.decimal], r.proof)
	}
	if r.unsplit > 0 {
		r.guess("names", "", "names written without a comma (%d): the last word was taken for the last name", r.unsplit)
	}
}
