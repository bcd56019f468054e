package portal

import (
	"fmt"
	"strings"
	"time"

	"gradebook/grades"
	"gradebook/service/web"
)

// proposalView says what an import would do, or has done.
type proposalView struct {
	ID, State   string
	Heading     string
	Summary     string // in a sentence
	File        string
	Format      string
	Until       string // when it is forgotten
	Percent     int    // of a file that is being read
	Progress    string
	Problem     string           // why something could not be done
	Moved       []web.FieldError // what was in the way
	Errors      []lineView
	Questions   []questionView
	Counts      []importCount
	Kept        int // blanks over scores
	Cleared     int
	Removes     bool // students, assignments or grades
	Guesses     []grades.Guess
	Doubts      []lineView
	Classes     []proposedClass
	Rows        []proposedRow
	Same        string // how many rows of the page change nothing
	First       bool   // the page of rows is the first
	Next        string
	Undo        bool // there is something to take back
	Undone      bool
	ClearBlanks bool
}

// lineView is something about a place in a file.
type lineView struct{ Where, Detail string }

type questionView struct {
	grades.Question
	ID string // of the field
}

// lineColumn stands for the number of the line, where a column is asked about.
const lineColumn = "#0"

// Name is the field of the form that answers it.
func (q questionView) Name() string {
	switch q.Option {
	case "title":
		return "Title"
	case "class":
		return "Class"
	case "dates":
		return "Dates"
	case "format":
		return "Format"
	}
	return "Meaning"
}

// Label is what is asked in a word or two.
func (q questionView) Label() string {
	switch q.Option {
	case "title":
		return "Title of the class"
	case "class":
		return "Number of the class"
	case "dates":
		return "Order of the dates"
	case "format":
		return "Kind of file"
	}
	if q.Column == lineColumn {
		return "Who the students are"
	}
	return "Column " + q.Column
}

// ChoiceText is a choice in words.
func (q questionView) ChoiceText(choice string) string {
	if q.Column == lineColumn {
		return map[string]string{"ignore": "a column above says it", "name": "nobody says: call them Line 2, Line 3 and so on"}[choice]
	}
	words := map[string]string{
		"dmy": "day, month, year", "mdy": "month, day, year", "id": "the student’s ID", "sis": "the school’s ID", "login": "the login", "firstName": "the first name",
		"lastName": "the last name", "name": "the full name", "email": "the email address", "section": "the section", "ignore": "nothing: leave it out", "assignment": "an assignment",
	}
	if text := words[choice]; text != "" {
		return text
	}
	return choice
}

type importCount struct{ What, Created, Changed, Unchanged, Removed string }

// proposedClass is what happens to a class.
type proposedClass struct {
	classLink
	New     bool
	Outcome string
	Details []string
	Columns []grades.ImportColumn // those of which there is something to say
}

// proposedRow is what happens to a student's line.
type proposedRow struct {
	grades.ImportRow
	Kind  string // a class of the stylesheet
	Cells []proposedCell
}

type proposedCell struct{ Title, What, From, To string }

func newProposalView(r *grades.ImportReport) proposalView {
	v := proposalView{
		ID: r.ID, State: r.State, File: importName(r), Format: formatName(r.Format), Next: r.Next,
		Until:       r.Expires.Local().Format("2 January, 15:04"),
		ClearBlanks: r.Asked.Blanks == grades.BlanksClear, Undo: r.State == grades.ImportApplied && r.Revision != 0,
	}
	for _, e := range r.Errors {
		v.Errors = append(v.Errors, newLineView(e.File, e.Line, e.Column, e.Detail))
	}
	for _, d := range r.Doubts {
		v.Doubts = append(v.Doubts, newLineView(d.File, d.Line, d.Column, d.Detail))
	}
	for i, q := range r.Questions {
		v.Questions = append(v.Questions, questionView{q, fmt.Sprint("answer-", i+1)})
	}
	for _, g := range r.Guesses {
		if g.What != "format" || g.Value != r.Format { // which the page says anyway
			v.Guesses = append(v.Guesses, g)
		}
	}
	v.count(r)
	v.describe(r)
	v.list(r)
	return v
}

func newLineView(file string, line int, column, detail string) lineView {
	var where []string
	if file != "" {
		where = append(where, file)
	}
	if line > 0 {
		where = append(where, fmt.Sprint("line ", line))
	}
	if column != "" {
		where = append(where, column)
	}
	return lineView{strings.Join(where, ", "), sentence(detail)}
}

// count adds up the classes.
func (v *proposalView) count(r *grades.ImportReport) {
	var students, assignments grades.ImportCounts
	var cells grades.CellCounts
	add := func(sum *grades.ImportCounts, c grades.ImportCounts) {
		sum.Created += c.Created
		sum.Changed += c.Changed
		sum.Unchanged += c.Unchanged
		sum.Removed += c.Removed
	}
	for _, c := range r.Classes {
		add(&students, c.Students)
		add(&assignments, c.Assignments)
		cells.New += c.Cells.New
		cells.Changed += c.Cells.Changed
		cells.Unchanged += c.Cells.Unchanged + c.Cells.Kept
		v.Cleared += c.Cells.Cleared
		v.Kept += c.Cells.Kept
		v.Classes = append(v.Classes, newProposedClass(c))
	}
	v.Removes = v.Cleared+students.Removed+assignments.Removed > 0
	for _, c := range []struct {
		what string
		grades.ImportCounts
	}{{"Students", students}, {"Assignments", assignments}, {"Grades", grades.ImportCounts{Created: cells.New, Changed: cells.Changed, Unchanged: cells.Unchanged, Removed: v.Cleared}}} {
		v.Counts = append(v.Counts, importCount{c.what, web.Thousands(c.Created), web.Thousands(c.Changed), web.Thousands(c.Unchanged), web.Thousands(c.Removed)})
	}
}

func newProposedClass(c grades.ImportClass) proposedClass {
	p := proposedClass{classLink: classLink{c.ID, c.Title}, New: c.Outcome == grades.LineCreated, Outcome: c.Outcome, Details: c.Details}
	for _, column := range c.Columns {
		if column.Outcome != grades.LineUnchanged || column.Details != nil {
			p.Columns = append(p.Columns, column)
		}
	}
	return p
}

// describe says in words where the import is.
func (v *proposalView) describe(r *grades.ImportReport) {
	var titles []string
	for _, c := range r.Classes {
		titles = append(titles, c.Title)
	}
	into := series(titles)
	if len(titles) > 3 {
		into = fmt.Sprintf("%d classes", len(titles))
	}
	switch v.State {
	case grades.ImportReading:
		v.Heading = "Reading the file"
		if p := r.Progress; p != nil && p.Of > 0 {
			v.Percent = int(100 * p.Bytes / p.Of)
			v.Progress = fmt.Sprintf("%s of %s MiB", mebibytes(p.Bytes), mebibytes(p.Of))
			if p.Waits {
				v.Progress = "It waits for another file, for one is read at a time."
			}
		}
	case grades.ImportAsks:
		v.Heading, v.Summary = "Something is not clear yet", "Answer this, and you see what the file would do. Nothing was changed."
	case grades.ImportRefused:
		v.Heading, v.Summary = "The file is not imported", "Nothing was changed. Mend these lines in the file and import it again."
	case grades.ImportApplied:
		v.Heading, v.Summary = "Imported into "+into, "This is what was done."
		if !v.Undo {
			v.Heading, v.Summary = "Nothing new for "+into, "All of it was there already."
		}
	default:
		v.Heading, v.Summary = "What the file would do in "+into, "Nothing was changed yet. Look through it, and then apply it."
	}
}

// mebibytes writes a size with one decimal.
func mebibytes(n int64) string { return fmt.Sprintf("%.1f", float64(n)/(1<<20)) }

// list takes over the rows that do something, or of which there is something to
// say.
func (v *proposalView) list(r *grades.ImportReport) {
	same := 0
	for _, row := range r.Rows {
		if row.Outcome == grades.LineUnchanged && row.Detail == "" && len(row.Cells) == 0 {
			same++
			continue
		}
		out := proposedRow{ImportRow: row, Kind: map[string]string{grades.LineCreated: "ok", grades.LineChanged: "info", grades.LineRemoved: "bad"}[row.Outcome]}
		for _, c := range row.Cells {
			out.Cells = append(out.Cells, proposedCell{c.Title, c.What, valueText(c.From), valueText(c.To)})
		}
		v.Rows = append(v.Rows, out)
	}
	switch {
	case same == 1:
		v.Same = "One other line changes nothing."
	case same > 1:
		v.Same = web.Thousands(same) + " other lines change nothing."
	}
}

// valueText is what a cell holds.
func valueText(v *grades.CellValue) string {
	if v == nil {
		return "empty"
	}
	var parts []string
	if v.Score != nil {
		parts = append(parts, v.Score.String())
	}
	if v.Status != "" {
		parts = append(parts, v.Status)
	}
	if v.Submitted != nil {
		parts = append(parts, "submitted "+v.Submitted.Local().Format(time.DateOnly))
	}
	if v.Comment != "" {
		parts = append(parts, "“"+v.Comment+"”")
	}
	return strings.Join(parts, ", ")
}
