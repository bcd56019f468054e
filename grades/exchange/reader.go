package exchange

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"unicode"

	"gradebook/grades"
)

// Read reads a gradebook that Canvas exported, or one of its shape.
func (canvas) Read(file io.ReaderAt, size int64, _ grades.ReadOptions) (*grades.File, error) {
	data, err := io.ReadAll(io.NewSectionReader(file, 0, size))
	if err != nil {
		return nil, err
	}
	p := &parser{seen: map[string]int{}}
	data = decode(data, &p.bad)
	if err := p.bad.err(); err != nil {
		return nil, err // nothing can be said about what is no text
	}
	comma := separator(data)
	p.numbers.comma = comma == ';'
	rows := records(data, comma, &p.bad)
	if len(rows) == 0 {
		p.bad.add(1, "", "the file is empty: export the gradebook from Canvas again")
		return nil, p.bad.err()
	}
	p.parse(rows[0], rows[1:])
	if err := p.bad.err(); err != nil {
		return nil, err
	}
	return &grades.File{Sheets: []*grades.Sheet{&p.sheet}, Guesses: p.guesses}, nil
}

// Recognizes reports whether the first line has the columns that Canvas's own
// import needs.
func (canvas) Recognizes(head []byte) bool {
	var bad refusal
	head = decode(head, &bad)
	line, _, _ := bytes.Cut(head, []byte("\n"))
	rows := records(line, separator(line), &bad)
	if len(rows) == 0 {
		return false
	}
	h := readHeader(rows[0], &bad)
	return h.named() && h.has("ID") && h.has("Section")
}

// parser turns records into a sheet.
type parser struct {
	header  *header
	columns []int // of the sheet's assignments
	numbers numbers
	seen    map[string]int // the line of each id
	unsplit int            // names without a comma
	sheet   grades.Sheet
	guesses []grades.Guess
	bad     refusal
}

func (p *parser) parse(titles record, rows []record) {
	p.header = readHeader(titles, &p.bad)
	for _, r := range rows {
		if !p.header.isPossible(r) {
			continue
		}
		if p.header.possible.line != 0 {
			p.bad.add(r.line, "", "a second row of points possible: delete one of them")
		}
		p.header.possible = r
	}
	p.columns = p.header.assignmentColumns(&p.guesses, &p.bad)
	p.sheet.Assignments = p.header.assignments(p.columns, &p.numbers, &p.guesses, &p.bad)
	if len(p.columns) == 0 {
		p.bad.add(titles.line, "", "there is no column for an assignment: add one, such as Essay (501), with its points in the row Points Possible")
	}
	for _, r := range rows {
		if !isManualPosting(r) && p.rightLength(r) && !p.header.isPossible(r) {
			p.student(r)
		}
	}
	if p.sheet.Len() == 0 && len(p.bad.errors) == 0 {
		p.bad.add(titles.line, "", "there is no student: add a line for each, or export the gradebook from Canvas again")
	}
	p.conclude()
}

// isManualPosting reports whether r is blank, or the row that says which
// assignments are hidden. Canvas does not always give that one as many cells as
// the header.
func isManualPosting(r record) bool {
	for _, cell := range r.cells {
		mark := strings.ToLower(strings.TrimSpace(cell))
		if mark != "" && mark != "muted" && !strings.HasPrefix(mark, "manual posting") {
			return false
		}
	}
	return true
}

func (p *parser) rightLength(r record) bool {
	got, want := len(r.cells), len(p.header.titles)
	switch {
	case got < want:
		p.bad.add(r.line, "", "this line has %d cells, fewer than the %d titles: add the missing ones, empty if need be", got, want)
	case got > want:
		p.bad.add(r.line, "", `this line has %d cells, more than the %d titles: put "quotation marks" around a cell that has the separator in it`, got, want)
	}
	return got == want
}

// student reads the row of a student.
func (p *parser) student(r record) {
	h := p.header
	row := grades.SheetRow{
		Line:       r.line,
		FirstName:  h.cell(r, "FirstName"),
		LastName:   h.cell(r, "LastName"),
		ExternalID: h.cell(r, "ID"),
		SISID:      h.cell(r, "SIS User ID"),
		Login:      h.cell(r, "SIS Login ID"),
		Section:    h.cell(r, "Section"),
	}
	if name := h.cell(r, "Student"); name != "" {
		row.FirstName, row.LastName = splitName(name)
		if row.FirstName != "" && !strings.Contains(name, ",") {
			p.unsplit++
		}
	}
	if row.FirstName == "Test" && row.LastName == "Student" {
		p.guess("test student", "", "line %d, the student that Canvas makes up for trying things, was left out", r.line)
		return
	}
	if row.FirstName == "" && row.LastName == "" && h.named() {
		p.bad.add(r.line, "", "this line has no student's name: add it, or delete the line")
	}
	p.once(r.line, "ID", row.ExternalID)
	p.once(r.line, "SIS User ID", row.SISID)
	for i, cell := range r.cells {
		if h.titles[i] == "" && strings.TrimSpace(cell) != "" {
			p.bad.add(r.line, "", "%.40q, in column %d, has no title above it: add the title, or delete the cell", cell, i+1)
		}
	}
	row.Cells = make([]grades.SheetCell, len(p.columns))
	for at, i := range p.columns {
		cell, err := p.cell(r.cells[i])
		if err != nil {
			p.bad.add(r.line, h.titles[i], "%v", err)
		}
		row.Cells[at] = cell
	}
	p.sheet.Add(&row)
}

// once refuses an id that a line before has too.
func (p *parser) once(line int, column, id string) {
	if id == "" {
		return
	}
	key := column + " " + id
	if before, ok := p.seen[key]; ok {
		p.bad.add(line, column, "%.40s is the id of line %d too: correct one of them, or delete the line that is a copy", id, before)
		return
	}
	p.seen[key] = line
}

// cell reads a cell of an assignment. A score has no status: a file does not
// say whether it came late.
func (p *parser) cell(text string) (grades.SheetCell, error) {
	text = strings.TrimSpace(text)
	switch strings.ToUpper(text) {
	case "":
		return grades.SheetCell{Kind: grades.CellBlank}, nil
	case "EX":
		return grades.SheetCell{Kind: grades.CellStatus, Status: grades.Excused}, nil
	case "N/A":
		return grades.SheetCell{Kind: grades.CellStatus, Status: grades.Unassigned}, nil
	}
	if !strings.ContainsFunc(text, unicode.IsDigit) {
		return grades.SheetCell{}, fmt.Errorf("%.40q is no score: write a number such as 91.5, EX for excused, N/A for not assigned, or nothing", text)
	}
	score, err := p.numbers.parse(text)
	if err != nil {
		return grades.SheetCell{}, err
	}
	return grades.SheetCell{Kind: grades.CellScore, Score: score}, nil
}

// conclude says what holds for the sheet as a whole.
func (p *parser) conclude() {
	s := &p.sheet
	if p.header.possible.line == 0 {
		p.guess("points", "", "the file has no row Points Possible: it does not say what the assignments are out of")
	}
	if p.numbers.decimalComma != "" {
		p.guess("decimal", "comma", "semicolons separate the columns, so a comma in a number was read as the decimal point, as in %s", p.numbers.decimalComma)
	}
	if p.unsplit > 0 {
		p.guess("names", "", "names written without a comma (%d): the last word was taken for the last name", p.unsplit)
	}
	first := true
	for row := range s.Rows() {
		if first {
			s.Title, first = row.Section, false
		} else if row.Section != s.Title {
			s.Title = ""
			break
		}
	}
}

func (p *parser) guess(what, value, detail string, args ...any) {
	p.guesses = append(p.guesses, grades.Guess{What: what, Value: value, Detail: fmt.Sprintf(detail, args...)})
}
