package grades

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
)

// plainFormat is a small kind of file: "title T", then "assignments A/10 B/5",
// then "id,first,last,score,score" with EX for excused, x for a grade to take away
// and . for one of which it says nothing; another title begins another class.
// "ask C" asks what column C is. A line that begins with ! removes the student.
type plainFormat struct{}

func (plainFormat) ContentType() string { return "text/plain" }

func (plainFormat) Extension() string { return "plain" }

func (plainFormat) Recognizes(head []byte) bool { return bytes.HasPrefix(head, []byte("title ")) }

func (plainFormat) Write(w io.Writer, books []*Gradebook) error {
	g := books[0]
	_, err := fmt.Fprintf(w, "%s: %d students\n", g.Class.Title, len(g.Students))
	return err
}

func (plainFormat) Read(file io.ReaderAt, size int64, o ReadOptions) (*File, error) {
	sheet := &Sheet{}
	out := &File{Sheets: []*Sheet{sheet}}
	scanner := bufio.NewScanner(io.NewSectionReader(file, 0, size))
	for line := 1; scanner.Scan(); line++ {
		text := scanner.Text()
		if title, ok := strings.CutPrefix(text, "title "); ok {
			if sheet.Title != "" {
				sheet = &Sheet{}
				out.Sheets = append(out.Sheets, sheet)
			}
			sheet.Title = title
			continue
		}
		if column, ok := strings.CutPrefix(text, "ask "); ok {
			if o.Columns[column] == "" {
				out.Questions = append(out.Questions, Question{Column: column, Detail: "what is it?", Choices: []string{"id", "ignore"}})
			}
			continue
		}
		if list, ok := strings.CutPrefix(text, "assignments "); ok {
			for name := range strings.FieldsSeq(list) {
				title, points, has := strings.Cut(name, "/")
				possible, _ := ParseScore(points)
				sheet.Assignments = append(sheet.Assignments, SheetAssignment{
					Column: len(sheet.Assignments) + 4, Title: title, Points: possible, HasPoints: has,
				})
			}
			continue
		}
		text, removed := strings.CutPrefix(text, "!")
		fields := strings.Split(text, ",")
		if len(fields) != 3+len(sheet.Assignments) {
			return nil, &SheetError{Errors: []LineError{{Line: line, Detail: "has too few cells"}}}
		}
		row := SheetRow{Line: line, ExternalID: fields[0], FirstName: fields[1], LastName: fields[2], Removed: removed}
		for _, cell := range fields[3:] {
			switch {
			case cell == ".":
				row.Cells = append(row.Cells, SheetCell{})
			case cell == "x":
				row.Cells = append(row.Cells, SheetCell{Kind: CellClear})
			case cell == "":
				row.Cells = append(row.Cells, SheetCell{Kind: CellBlank})
			case cell == "EX":
				row.Cells = append(row.Cells, SheetCell{Kind: CellStatus, Status: Excused})
			default:
				score, err := ParseScore(cell)
				if err != nil {
					return nil, &SheetError{Errors: []LineError{{Line: line, Detail: err.Error()}}}
				}
				row.Cells = append(row.Cells, SheetCell{Kind: CellScore, Score: score})
			}
		}
		sheet.Add(&row)
	}
	return out, scanner.Err()
}

func (s *service) mustImport(t testing.TB, req ImportRequest, file string) *ImportReport {
	t.Helper()
	req.Format = "plain"
	report, err := s.Import(t.Context(), req, strings.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// summaryOf is a report in a line, one for each of its details and doubts, and one
// more for each line of the file.
func summaryOf(r *ImportReport) string {
	var out strings.Builder
	c := r.Classes[0]
	fmt.Fprintf(&out, "class %d %s %s, students %v, assignments %v, cells %v", c.ID, c.Title, c.Outcome, c.Students, c.Assignments, c.Cells)
	for _, row := range r.Rows {
		fmt.Fprintf(&out, "\n%d %s: %s %s", row.Line, row.Name, row.Outcome, row.Detail)
	}
	for _, column := range c.Columns {
		for _, detail := range column.Details {
			fmt.Fprintf(&out, "\n%s: %s", column.Title, detail)
		}
	}
	for _, doubt := range r.Doubts {
		fmt.Fprintf(&out, "\n%d? %s", doubt.Line, doubt.Detail)
	}
	return out.String()
}

const algebra = "title Algebra\nassignments A/10 B\n7,Ann,Lee,9,\n8,Bo,Ek,11,EX\n"

func TestImport(t *testing.T) {
	s := openService(t, t.TempDir())
	before := s.everything(t)
	dry := s.mustImport(t, ImportRequest{DryRun: true}, algebra)
	if after := s.everything(t); after != before || dry.State != ImportProposed || dry.Revision != 1 || dry.Classes[0].ID != 0 {
		t.Errorf("a dry run has changed something, or says so: %+v", dry)
	}
	for _, c := range []struct {
		name string
		req  ImportRequest
		file string
		want string
	}{
		{"new", ImportRequest{}, algebra, `class 2 Algebra created, students {2 0 0 0}, assignments {2 0 0 0}, cells {3 0 0 0 0}
3 Ann Lee: created 1 grade entered
4 Bo Ek: created 2 grades entered; A: 11 is over the 10 possible and counts in full
B: the file does not give the points possible; taken as 100`},
		{"the same again", ImportRequest{}, algebra, `class 2 Algebra unchanged, students {0 0 2 0}, assignments {0 0 2 0}, cells {0 0 0 0 3}
3 Ann Lee: unchanged 
4 Bo Ek: unchanged A: 11 is over the 10 possible and counts in full`},
		{"blanks clear nothing, a score fills and another changes", ImportRequest{ImportOptions: ImportOptions{Class: 2}}, "assignments A/10 B/50\n7,Ann,Lee,,40\n8,Bo,Ek,8,\n", `class 2 Algebra unchanged, students {0 0 2 0}, assignments {0 0 2 0}, cells {1 1 0 2 0}
2 Ann Lee: changed 1 grade entered
3 Bo Ek: changed 1 grade entered
B: the file gives 50 points possible; the class's 100 are kept`},
		{"by name, and from another class", ImportRequest{ImportOptions: ImportOptions{Title: "Algebra"}}, "assignments A\n,Ann,Lee,9\n,Averill,Simen,3\n9,Bo,Ek,1\n", `class 2 Algebra unchanged, students {1 1 1 0}, assignments {0 0 1 0}, cells {2 0 0 0 1}
2 Ann Lee: unchanged 
3 Averill Simen: changed 1 grade entered; enrolled
4 Bo Ek: created 1 grade entered
3? Averill Simen is matched by name alone with student 1, who is not in the class yet and would be enrolled
4? Bo Ek would be a new student: student 7 has the name, but not what this line has for an id`},
		{"another name for the same id", ImportRequest{ImportOptions: ImportOptions{Class: 2}}, "assignments A\n7,Ann,Lee-Moe,9\n", `class 2 Algebra unchanged, students {0 0 1 0}, assignments {0 0 1 0}, cells {0 0 0 0 1}
2 Ann Lee-Moe: unchanged the name Ann Lee is kept`},
		{"an id for who had none", ImportRequest{ImportOptions: ImportOptions{Class: 1}}, "5,Kylee,Attwood\n", `class 1 Sample class unchanged, students {0 1 0 0}, assignments {0 0 0 0}, cells {0 0 0 0 0}
1 Kylee Attwood: changed ids or email added`},
	} {
		if got := summaryOf(s.mustImport(t, c.req, c.file)); got != c.want {
			t.Errorf("%s: got\n%s\nwant\n%s", c.name, got, c.want)
		}
	}
}

// What a teacher has said of a cell stays when a file only knows its score.
func TestImportKeepsStatus(t *testing.T) {
	s := openService(t, t.TempDir())
	for student, cell := range map[int]CellInput{
		1: {Status: Late, Score: new(Points(85)), Comment: "why?"},
		2: {Status: Missing},
		3: {Status: Late, Score: new(Points(77))},
	} {
		cell.Student, cell.Assignment, cell.Revision = student, 1, 1
		if _, err := s.PutCell(t.Context(), 1, cell); err != nil {
			t.Fatal(err)
		}
	}
	report := s.mustImport(t, ImportRequest{ImportOptions: ImportOptions{Class: 1}}, "assignments Quiz_1\n")
	if report.Classes[0].Assignments.Created != 1 {
		t.Fatalf("%+v", report)
	}
	if _, err := s.ChangeAssignment(t.Context(), 1, 1, AssignmentInput{Title: new("Quiz-1")}); err != nil {
		t.Fatal(err)
	}
	s.mustImport(t, ImportRequest{ImportOptions: ImportOptions{Class: 1}}, "assignments Quiz-1\n,Averill,Simen,85\n,Marge,Garrard,50\n,Sydnie,Barber,70\n")
	book, err := s.Gradebook(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	got := map[int]string{}
	for _, g := range book.Cells {
		if g.Assignment == 1 && g.Student <= 3 {
			got[g.Student] = g.text() + " " + g.Comment
		}
	}
	want := map[int]string{1: "85, late why?", 2: "50 ", 3: "70, late "}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestImportRefuses(t *testing.T) {
	s := openService(t, t.TempDir())
	if _, err := s.CreateClass(t.Context(), ClassInput{Title: new("Weighted"), Weighting: new(Weighted), Categories: []Category{{Name: "X", Weight: Points(50)}, {Name: "Y", Weight: Points(50)}}}, ""); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := s.CreateClass(t.Context(), ClassInput{Title: new("Twin")}, ""); err != nil {
			t.Fatal(err)
		}
	}
	before := s.everything(t)
	for _, c := range []struct{ name, file, want string }{
		{"a student twice", "title N\nassignments A/5\n7,Ann,Lee,1\n8,Bo,Ek,1\n7,Ann,Lee,2\n", "line 5: Ann Lee is the student of line 3 too; leave one of the lines out, or give both an id if they are two people"},
		{"two of a name", "title N\nassignments A/5\n,Ann,Lee,1\n,Ann,Lee,2\n", "line 4: Ann Lee is the student of line 3 too; leave one of the lines out, or give both an id if they are two people"},
		{"two of a name that is in the class", "title Sample class\nassignments A/5\n7,Averill,Simen,1\n8,Averill,Simen,2\n", "line 3: 2 lines are called Averill Simen, and student 1 could be any of them; give the student in the book the id of one first\nline 4: 2 lines are called Averill Simen, and student 1 could be any of them; give the student in the book the id of one first"},
		{"every bad line", "title N\nassignments A/5\n7,,,1\n8,Bo,Ek,-1\n", "line 3, name: is empty; give the student's name\nline 4, A: score is -1; give 0 or more, or let class 5 allow negative scores"},
		{"a title twice", "title N\nassignments A/5 A/6\n", "line 1, A: column 5 is the same assignment as column 4; leave one of them out"},
		{"one assignment twice", "title Sample class\nassignments Quiz_1/5 Quiz_1/5\n", "line 1, Quiz_1: column 5 is the same assignment as column 4; leave one of them out"},
		{"no category", "title Weighted\nassignments A/5\n", "line 1, A: is not in class 2, and the file does not say which of X, Y it belongs to; create it there first"},
		{"two classes of a title", "title Twin\nassignments A/5\n", "title: is that of class 3 and of class 4; give class= instead"},
	} {
		_, err := s.Import(t.Context(), ImportRequest{ImportOptions: ImportOptions{Format: "plain"}}, strings.NewReader(c.file))
		var got []string
		for _, e := range problem(t, err, http.StatusUnprocessableEntity).Errors {
			got = append(got, e.Field+": "+e.Detail)
		}
		if strings.Join(got, "\n") != c.want {
			t.Errorf("%s: got\n%s\nwant\n%s", c.name, strings.Join(got, "\n"), c.want)
		}
	}
	if after := s.everything(t); after != before {
		t.Error("a refused import has changed something")
	}
}

// A class of a thousand students and thirty assignments is one record.
func TestImportLarge(t *testing.T) {
	s := openService(t, t.TempDir())
	var file strings.Builder
	file.WriteString("title Large\nassignments")
	for i := range 30 {
		fmt.Fprintf(&file, " A%d/10", i)
	}
	for i := range 1000 {
		fmt.Fprintf(&file, "\n%d,First,Last %d%s", i+1, i, strings.Repeat(",7.5", 30))
	}
	report := s.mustImport(t, ImportRequest{}, file.String())
	if report.Classes[0].Cells.New != 30_000 || report.Revision != 2 {
		t.Errorf("%d grades at revision %d, want 30000 at 2", report.Classes[0].Cells.New, report.Revision)
	}
	book, err := s.Gradebook(t.Context(), 2)
	if err != nil || len(book.Cells) != 30_000 || book.Totals[6].Current.Percent.String() != "75.00" {
		t.Errorf("%d cells, %v", len(book.Cells), err)
	}
}

func TestExport(t *testing.T) {
	s := openService(t, t.TempDir())
	file, err := s.Export(t.Context(), 1, "plain")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	text, err := io.ReadAll(file)
	if err != nil || string(text) != "Sample class: 5 students\n" {
		t.Errorf("%q, %v", text, err)
	}
	resp, _ := s.request(t, "GET /classes/1/export?format=plain", "")
	if got := resp.Header.Get("Content-Disposition"); got != `attachment; filename="class-1.plain"` {
		t.Errorf("Content-Disposition %s", got)
	}
}
