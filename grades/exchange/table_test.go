package exchange

import (
	"bytes"
	"encoding/csv"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"gradebook/grades"
)

// writtenBook is a class that shows what each format makes of a thing.
func writtenBook() *grades.Gradebook {
	points := grades.Points
	percent, letter := grades.Percent(90_91), "A−"
	return &grades.Gradebook{
		Class: grades.Class{Title: "Period 3", Weighting: grades.ByPoints, Categories: []grades.Category{{Name: "HW"}, {Name: "=Tests"}}},
		Students: []grades.Student{
			{ID: 1, FirstName: "Pat", LastName: "Quill", ExternalID: "0010", SISID: "U1", Login: "pq", Email: "+pat@example.org"},
			{ID: 2, FirstName: "Mo", LastName: "=SUM(A1)", ExternalID: "-3"},
		},
		Assignments: []grades.Assignment{
			{ID: 1, Title: "Essay", Category: "HW", Points: points(100), ExternalID: "501", Posted: true},
			{ID: 2, Title: "Part (2)", Category: "HW", Points: points(1) / 8, Posted: true},
			{ID: 3, Title: "+Bonus", Category: "=Tests", Posted: true},
		},
		Cells: []grades.Grade{
			{Student: 1, Assignment: 1, Score: new(points(90)), Status: grades.Graded},
			{Student: 1, Assignment: 2, Score: new(points(1) / 16), Status: grades.Late, Comment: "late, but \"good\""},
			{Student: 1, Assignment: 3, Score: new(-points(1) / 2), Status: grades.Incomplete},
			{Student: 2, Assignment: 1, Status: grades.Excused},
			{Student: 2, Assignment: 2, Status: grades.Unassigned, Comment: "=away"},
			{Student: 2, Assignment: 3, Status: grades.Missing},
		},
		Totals: map[int]grades.Totals{1: {Current: grades.Total{Percent: &percent, Letter: &letter}}},
	}
}

func TestWrite(t *testing.T) {
	for _, c := range []struct {
		format interface {
			Write(w io.Writer, books []*grades.Gradebook) error
		}
		want string
	}{
		{canvas{}, `Student,ID,SIS User ID,SIS Login ID,Section,Essay (501),Part (2) (0),'+Bonus,HW Current Points,HW Final Points,HW Current Score,HW Final Score,'=Tests Current Points,'=Tests Final Points,'=Tests Current Score,'=Tests Final Score,Current Points,Final Points,Current Score,Final Score,Current Grade,Final Grade
"    Points Possible",,,,,100.00,0.125,0.00,(read only),(read only),(read only),(read only),(read only),(read only),(read only),(read only),(read only),(read only),(read only),(read only),(read only),(read only)
"Quill, Pat",0010,U1,pq,Period 3,90.00,0.0625,-0.50,90.0625,90.0625,89.95,89.95,-0.50,-0.50,,,89.5625,89.5625,90.91,,A−,
"'=SUM(A1), Mo",'-3,,,Period 3,EX,N/A,,,,,,,,,,,,,,,
`},
		{moodle{}, `First name,Last name,ID number,Institution,Department,Email address,Assignment: Essay (Real),Assignment: Part (2) (Real),Assignment: Part (2) (Feedback),Assignment: +Bonus (Real),Course total (Percentage),Course total (Letter)
Pat,Quill,U1,,,'+pat@example.org,90.00,0.0625,"late, but ""good""",-0.50,90.91,A−
Mo,'=SUM(A1),,,,,-,-,'=away,-,,
`},
		{google{}, `Last Name,First Name,Email,Overall Grade,Essay (100 points),Part (2) (0.125 points),'+Bonus (0 points)
Quill,Pat,'+pat@example.org,90.91,90.00,0.0625,-0.50
'=SUM(A1),Mo,,,Excused,,Missing
`},
		{spreadsheet{','}, `Last name,First name,ID,SIS ID,Login,Email,Section,Essay (100 points),Part (2) (0.125 points),'+Bonus (0 points),Current total (read only),Current letter (read only),Final total (read only),Final letter (read only)
Quill,Pat,0010,U1,pq,'+pat@example.org,Period 3,90.00,0.0625 late,-0.50 incomplete,90.91,A−,,
'=SUM(A1),Mo,'-3,,,,Period 3,Excused,N/A,Missing,,,,
`},
		{spreadsheet{'\t'}, `Last name	First name	ID	SIS ID	Login	Email	Section	Essay (100 points)	Part (2) (0.125 points)	'+Bonus (0 points)	Current total (read only)	Current letter (read only)	Final total (read only)	Final letter (read only)
Quill	Pat	0010	U1	pq	'+pat@example.org	Period 3	90.00	0.0625 late	-0.50 incomplete	90.91	A−		
'=SUM(A1)	Mo	'-3				Period 3	Excused	N/A	Missing				
`},
	} {
		if got := write(t, c.format, writtenBook()); got != c.want {
			t.Errorf("%T: got\n%s\nwant\n%s", c.format, got, c.want)
		}
	}
}

func TestWriteCanvas(t *testing.T) {
	for _, c := range []struct {
		name string
		make func(book *grades.Gradebook)
		want []string
	}{
		{"a last name with a comma", func(b *grades.Gradebook) { b.Students[1].LastName = "King, Jr." }, []string{"LastName,FirstName,ID,", "\n\"King, Jr.\",Mo,'-3,"}},
		{"a hidden assignment", func(b *grades.Gradebook) { b.Assignments[1].Posted = false }, []string{"\n,,,,,,Manual Posting,,,", "\n\"    Points Possible\","}},
		{"weights", func(b *grades.Gradebook) { b.Class.Weighting = grades.Weighted }, []string{",HW Current Score,HW Final Score,'=Tests Current Score,'=Tests Final Score,Current Score,Final Score,Current Grade,Final Grade\n"}},
		{"an id twice", func(b *grades.Gradebook) { b.Assignments[1].ExternalID = "501" }, []string{",Essay (501),Part (2) (0),"}},
	} {
		book := writtenBook()
		c.make(book)
		for _, want := range c.want {
			if got := write(t, canvas{}, book); !strings.Contains("\n"+got, want) {
				t.Errorf("%s: there is no %q in\n%s", c.name, want, got)
			}
		}
	}
}

func TestWriteLosesNoGrade(t *testing.T) {
	book := &grades.Gradebook{
		Students:    []grades.Student{{ID: 1, LastName: "Doe"}},
		Assignments: []grades.Assignment{{ID: 1, Title: "A"}, {ID: 2, Title: "B"}},
		Cells:       []grades.Grade{{Student: 1, Assignment: 2, Status: grades.Excused}, {Student: 1, Assignment: 1, Status: grades.Excused}},
	}
	if err := (canvas{}).Write(io.Discard, []*grades.Gradebook{book}); err == nil || !strings.Contains(err.Error(), "student 1 in assignment 1 is out of order") {
		t.Errorf("cells out of order: error %v", err)
	}
}

func write(t testing.TB, format interface {
	Write(w io.Writer, books []*grades.Gradebook) error
}, book *grades.Gradebook) string {
	t.Helper()
	var b bytes.Buffer
	if err := format.Write(&b, []*grades.Gradebook{book}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// No cell of a file of text is a formula to a spreadsheet, whatever the names.
func TestNoFormulas(t *testing.T) {
	for seed := range uint64(50) {
		book := hostileBook(rand.New(rand.NewPCG(seed, 8)))
		for name, format := range Formats() {
			if format.Extension() == "zip" {
				continue
			}
			r := csv.NewReader(strings.NewReader(write(t, format, book)))
			r.Comma = map[string]rune{"csv": ',', "tsv": '\t'}[format.Extension()]
			rows, err := r.ReadAll()
			if err != nil {
				t.Fatalf("seed %d, %s: %v", seed, name, err)
			}
			for i, row := range rows {
				for _, cell := range row {
					if cell != "-" && startsFormula(cell) && cell[0] != '\'' && !isNumber(cell) {
						t.Errorf("seed %d, %s, row %d: %q", seed, name, i+1, cell)
					}
				}
			}
		}
	}
}
