package exchange

import (
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"

	"gradebook/grades"
)

// read reads text as Canvas's.
func read(text string) (*sheetRead, string) { return readAs(canvas{}, text, grades.ReadOptions{}) }

const possible = "    Points Possible,,,10\n"

func TestRead(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"plain", "Student,ID,Section,Essay (5)\n" + possible + "\"Doe, Jo\",7,P1,8.50\n", "P1 [Essay#5/10] 3:Jo+Doe#7 8.5"},
		{"two name columns", "LastName,FirstName,ID,Essay (5)\n  Points Possible,,,10\nDoe,Jo,7,8\n", " [Essay#5/10] 3:Jo+Doe#7 8"},
		{"any order", "Essay (5),ID,Student\n8,7,\"Doe, Jo\"\n", " [Essay#5] 2:Jo+Doe#7 8"},
		{"letter case of the header", "STUDENT,Id,Essay (5)\n\"Doe, Jo\",7,8\n", " [Essay#5] 2:Jo+Doe#7 8"},
		{"leading zeros of an id", "Student,ID,E (5)\n\"Doe, Jo\",007,8\n", " [E#5] 2:Jo+Doe#007 8"},
		{"excused, not assigned, blank", "Student,ID,A,B,C,D\n\"Doe, Jo\",7,EX,n/a,,ex\n", " [A#][B#][C#][D#] 2:Jo+Doe#7 excused unassigned - excused"},
		{"bare titles", "Student,ID,Section,Essay\n" + possible + "\"Doe, Jo\",7,,8\n", " [Essay#/10] 3:Jo+Doe#7 8"},
		{"custom columns", "Student,ID,Section,Notes,Locker,E (5),Late\n\"Doe, Jo\",7,,hi,12,8,1\n", " [E#5][Late#] 2:Jo+Doe#7 8 1"},
		{"custom before a bare title", "Student,ID,Notes,Essay\nPoints Possible,,,10\n\"Doe, Jo\",7,12,8\n", " [Essay#/10] 3:Jo+Doe#7 8"},
		{"a final in a title", "Student,ID,Final exam (5),Final Score (6),Final Score\nPoints Possible,,1,2,(read only)\n\"Doe, Jo\",7,1,2,3\n", " [Final exam#5/1][Final Score#6/2] 3:Jo+Doe#7 1 2"},
		{"a total's title with points", "Student,ID,Term Current Score,Final Score\nPoints Possible,,20,(read only)\n\"Doe, Jo\",7,1,2\n", " [Term Current Score#/20] 3:Jo+Doe#7 1"},
		{"totals without marks", "Student,ID,E (5),HW Unposted Final Score,Current Grade,Final Points (Fall),Override Status\n\"Doe, Jo\",7,1,2,A,3,x\n", " [E#5] 2:Jo+Doe#7 1"},
		{"an override that may be imported", "Student,ID,E (5),Final Score,Override Score\nPoints Possible,,9,(read only),\n\"Doe, Jo\",7,1,2,3\n", " [E#5/9] 3:Jo+Doe#7 1"},
		{"an assignment of that title", "Student,ID,E (5),Unit Final Score,Final Score\nPoints Possible,,9,,(read only)\n\"Doe, Jo\",7,1,2,3\n", " [E#5/9][Unit Final Score#] 3:Jo+Doe#7 1 2"},
		{"manual posting of another length", "Student,ID,E (5)\n,,Manual Posting (scores hidden from instructors),,\n\"Doe, Jo\",7,1\n", " [E#5] 3:Jo+Doe#7 1"},
		{"muted", "Student,ID,E (5)\n,,Muted\n\"Doe, Jo\",7,1\n", " [E#5] 3:Jo+Doe#7 1"},
		{"the test student", "Student,ID,E (5)\n\"Doe, Jo\",7,1\n\"Student, Test\",8,1\n", " [E#5] 2:Jo+Doe#7 1"},
		{"byte-order mark", "\uFEFFStudent,ID,E (5)\n\"Doe, Jo\",7,1\n", " [E#5] 2:Jo+Doe#7 1"},
		{"CRLF and blank lines", "Student,ID,E (5)\r\n\r\n,,\r\n\"Doe, Jo\",7,1\r\n,\r\n", " [E#5] 4:Jo+Doe#7 1"},
		{"CR", "Student,ID,E (5)\r\"Doe,\nJo\",7,1\rRoe,8,2\r", " [E#5] 2:Jo+Doe#7 1 4:+Roe#8 2"},
		{"no line end at the end", "Student,ID,E (5)\n\"Doe, Jo\",7,1", " [E#5] 2:Jo+Doe#7 1"},
		{"tabs", "Student\tID\tE, part 1; (5)\nDoe, Jo\t7\t1.5\n", " [E, part 1;#5] 2:Jo+Doe#7 1.5"},
		{"semicolons", "Student;ID;E, F, G, H (5)\nDoe, Jo;7;1,5\n", " [E, F, G, H#5] 2:Jo+Doe#7 1.5"},
		{"letters of Windows", "Student,ID,E\nM\xfcller,1,1\n", " [E#] 2:+Müller#1 1"},
		{"UTF-16", encodeUTF16("\uFEFFStudent\tID\tE\r\nMüller\t1\t1\r\n", true), " [E#] 2:+Müller#1 1"},
		{"a separator said", "sep=;\nStudent;ID;E\nDoe;1;8,5\n", " [E#] 3:+Doe#1 8.5"},
		{"a decimal comma between commas", "Student,ID,E,F\nDoe,1,\"8,5\",\"1.234,5\"\n", " [E#][F#] 2:+Doe#1 8.5 1234.5"},
		{"thousands that others prove", "Student,ID,E\nDoe,1,\"1,234\"\nRoe,2,8.5\n", " [E#] 2:+Doe#1 1234 3:+Roe#2 8.5"},
		{"percentages", "Student,ID,E,F\nPoints Possible,,40,\nDoe,1,12.5 %,85%\n", " [E#/40][F#/100] 3:+Doe#1 5 85"},
		{"words", "Student,ID,A,B,C,D,E,F\nDoe,1,Missing,Excused,-,LATE,n/a,8 late\n", " [A#][B#][C#][D#][E#][F#] 2:+Doe#1 missing excused - late unassigned 8"},
		{"out of", "Student,ID,E\nPoints Possible,,20\nDoe,1,18/20\n", " [E#/20] 3:+Doe#1 18"},
		{"full-width digits", "Student,ID,E\nDoe,1,８５\n", " [E#] 2:+Doe#1 85"},
		{"cells too many that are empty", "Student,ID,E\nDoe,1,1,,\n", " [E#] 2:+Doe#1 1"},
		{"a mark inside a name", "Student,ID,E\nD\"oe,1,1\n", " [E#] 2:+D\"oe#1 1"},
		{"full-width space", "Student,ID,E (5)\n\"\u3000Doe,\u3000Jo\u3000\",\u30007,\u30001\u3000\n", " [E#5] 2:Jo+Doe#7 1"},
		{"a newline in a cell", "Student,ID,\"E\n(F) (5)\"\n\"Doe,\nJo\",7,1\n\"Roe, Al\",8,2\n", " [E\n(F)#5] 3:Jo+Doe#7 1 5:Al+Roe#8 2"},
		{"guarded cells", "Student,ID,'=E (5)\n\"'=cmd, Jo\",'+7,1\n'quote,''-8,2\n", " [=E#5] 2:Jo+=cmd#+7 1 3:+'quote#'-8 2"},
		{"names", "Student,ID,E (5)\nAna van Dijk,1,1\nCher,2,1\n\"Dijk,\",3,1\n\", Bo\",4,1\n\"King, Jr., Al\",5,1\n", " [E#5] 2:Ana van+Dijk#1 1 3:+Cher#2 1 4:+Dijk#3 1 5:Bo+#4 1 6:Jr., Al+King#5 1"},
		{"two with one title", "Student,ID,E (5),E (6)\nDoe,1,1,2\n", " [E#5][E (6)#6] 2:+Doe#1 1 2"},
		{"no id", "Student,ID,E (0)\nDoe,,1\nRoe,,2\n", " [E#] 2:+Doe# 1 3:+Roe# 2"},
		{"totals that repeat", "Student,ID,E (5),HW Final Score,HW Final Score\nPoints Possible,,9,(read only),(read only)\nDoe,1,1,2,3\n", " [E#5/9] 3:+Doe#1 1"},
		{"a column without title or cells", "Student,ID,E (5),,\nDoe,1,1,,\n", " [E#5] 2:+Doe#1 1"},
		{"negative, extra credit, decimals", "Student,ID,A,B,C\nPoints Possible,,0,10,0.5\nDoe,1,-2.25,12,0.333333\n", " [A#/0][B#/10][C#/0.5] 3:+Doe#1 -2.25 12 0.333333"},
	} {
		sheet, refused := read(c.text)
		if refused != "" {
			t.Errorf("%s: refused: %s", c.name, refused)
		} else if got := brief(sheet); strings.ReplaceAll(got, "] [", "][") != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
	}
}

func TestReadRefuses(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{ // want: start of each error
		{"empty", "", "1||the file is empty"},
		{"only a mark", "\uFEFF", "1||the file is empty"},
		{"only blank lines", "\n\n", "1||the file is empty"},
		{"no text", "S\x00\x00\x00t", "1||the file is no text"},
		{"a workbook", "PK\x03\x04", "1||the file is an Excel workbook"},
		{"partly UTF-8", "Student,ID,E\nM\xfcller,1,1\nMüller,2,1\nK\xe4s,3,1\n", "2||this line has letters\n4||this line has letters"},
		{"no Student", "Name,ID,E (5)\nDoe,1,1\n", "1||there is no column Student"},
		{"no ID", "\nStudent,E (5)\nDoe,1\n", "2||there is no column ID"},
		{"no students", "Student,ID,E (5)\nPoints Possible,,10\n\"Student, Test\",1,\n", "1||there is no student"},
		{"no assignments", "Student,ID,Final Score\nDoe,1,1\n", "1||there is no column for an assignment"},
		{"a title twice", "Student,ID,E,F,E\nDoe,1,1,1,1\n", "1|E|two columns have this title"},
		{"a student's title twice", "Student,ID,E,id\nDoe,1,1,1\n", "1|id|two columns have this title"},
		{"an assignment twice", "Student,ID,E (5),F (5)\nDoe,1,1,1\n", "1|F (5)|another column is of this assignment"},
		{"no numbers", "Student,ID,E,F\nDoe,1,abc,85%\nRoe,2,1,NaN\n", "2|E|\"abc\" is no score\n3|F|\"NaN\" is no score"},
		{"too short and too long", "Student,ID,E\nDoe,1\nDoe, Jo,1,8\n", "2||this line has 2 cells, fewer\n3||this line has 4 cells, more"},
		{"quotes", "Student,ID,E\nD\"oe,1,1\nRoe,2,x\n\"Poe\"s,3,1\n\"Loe,4,1\n", "3|E|\"x\" is no score\n4|Student|bad quotation marks\n5|Student|bad quotation marks"},
		{"a number split in two", "Student,ID,E,F\nDoe,1,1,234.56,7\n", "2||this line has 5 cells, more than the 4 titles: put \"quotation marks\" around"},
		{"points possible", "Student,ID,E,F\nPoints Possible,,-1,many\nDoe,1,1,1\n", "2|E|points possible cannot be below 0\n2|F|points possible: \"many\" is not a number"},
		{"points possible twice", "Student,ID,E\nPoints Possible,,1\nPoints Possible,,2\nDoe,1,1\n", "3||a second row of points possible"},
		{"too many columns", "Student,ID" + strings.Repeat(",", 1999) + "\n", "1||this line has over 2,000 cells"},
		{"a cell without a title", "Student,ID,E,\nDoe,1,1,9\n", "2||\"9\", in column 4, has no title"},
		{"a line without a name", "Student,ID,E\n,1,1\n", "2||this line has no student's name"},
		{"a number of two readings", "Student,ID,E\nDoe,1,\"1,234\"\n", "2|E|1,234 can be read in two ways: write 1234 or 1.2340"},
		{"a letter", "Student,ID,E\nDoe,1,A-\n", "2|E|\"A-\" is a letter"},
		{"an error of the spreadsheet", "Student,ID,E\nDoe,1,#DIV/0!\n", "2|E|\"#DIV/0!\" is an error of the spreadsheet"},
		{"two in one", "Student,ID,E\nDoe,1,18/20\n", "2|E|\"18/20\" is no score: write the points alone"},
		{"the titles again", "Student,ID,E\nDoe,1,1\nStudent,ID,E\nRoe,2,1\n", "3||the titles of line 1 again"},
		{"too precise", "Student,ID,E\nDoe,1,1.2345678\n", "2|E|1.2345678 has more than 6 decimals"},
		{"too large", "Student,ID,E\nDoe,1,10000001\n", "2|E|10000001 is out of range"},
	} {
		sheet, got := read(c.text)
		if sheet != nil {
			t.Errorf("%s: read as %s", c.name, brief(sheet))
			continue
		}
		lines, want := strings.Split(got, "\n"), strings.Split(c.want, "\n")
		if len(lines) != len(want) {
			t.Errorf("%s: %d errors, want %d:\n%s", c.name, len(lines), len(want), got)
			continue
		}
		for i := range want {
			if !strings.HasPrefix(lines[i], want[i]) {
				t.Errorf("%s: error %d:\n got %s\nwant %s…", c.name, i+1, lines[i], want[i])
			}
		}
	}
}

func TestReadSaysWhatItTookForGranted(t *testing.T) {
	data, err := os.ReadFile("testdata/semicolons.csv")
	if err != nil {
		t.Fatal(err)
	}
	sheet, refused := read(string(data))
	if refused != "" {
		t.Fatal(refused)
	}
	want := " [Essay, final version#41/50] [Quiz#42/10] [Final exam#43/1000] 4:Eda+Ünal#0071 47.5 excused 1000.5 5:Ken+Ito#0072 - unassigned 8"
	if got := brief(sheet); got != want {
		t.Errorf("sheet:\n got %s\nwant %s", got, want)
	}
	wantRow := grades.SheetRow{Line: 5, FirstName: "Ken", LastName: "Ito", ExternalID: "0072", SISID: "A2", Login: "ken", Section: "Red and Blue"}
	row := sheet.rows[1]
	row.Cells = nil
	if !reflect.DeepEqual(row, wantRow) {
		t.Errorf("row:\n got %+v\nwant %+v", row, wantRow)
	}
	guesses := strings.Join(sheet.guesses, "\n")
	for _, part := range []string{"first that has: Notes", "(read only): Override Score", "line 6, the student that Canvas makes up", "posted by hand (line 2), so those that are new here are hidden from students: Essay, final version", "as in 47,5"} {
		if !strings.Contains(guesses, part) {
			t.Errorf("no guess says %q in:\n%s", part, guesses)
		}
	}
	if len(sheet.guesses) != 7 {
		t.Errorf("%d guesses, want 7:\n%s", len(sheet.guesses), guesses)
	}
	sheet, _ = read("Student,ID,E (5),E (6),Final Score\nAl Doe,1,1,1,1\n")
	guesses = strings.Join(sheet.guesses, "\n")
	for _, part := range []string{"computed here, or as marked (read only): Final Score", "two assignments are called E: this one is called E (6)", "without a comma (1)"} {
		if !strings.Contains(guesses, part) {
			t.Errorf("no guess says %q in:\n%s", part, guesses)
		}
	}
}

func TestRefusalIsBounded(t *testing.T) {
	text := "Student,ID,A,B,C\n" + strings.Repeat("D,,x,x,x\n", maxErrors)
	_, got := read(text)
	lines := strings.Split(got, "\n")
	if len(lines) != maxErrors+1 || !strings.Contains(lines[maxErrors], fmt.Sprintf("and %d more errors", 2*maxErrors)) {
		t.Errorf("%d errors, the last: %s", len(lines), lines[len(lines)-1])
	}
}
