package exchange

import (
	"strings"
	"testing"

	"gradebook/grades"
)

func TestMoodle(t *testing.T) {
	const who = "First name,Last name,ID number,Institution,Department,Email address,"
	checkReads(t, moodle{}, []readCase{
		{name: "as exported", text: who + "Quiz: Midterm (Real),Assignment: Essay (Real),Course total (Real),Last downloaded from this course\n" +
			"Pat,Quill,U1,,,pat@example.org,8.00,90.00,89.09,1700000000\nMo,O'Shea,U2,,,mo@example.org,-,-,-,1700000000\n",
			want: " [Midterm#][Essay#] 2:Pat+Quill# 8 90 3:Mo+O'Shea# - -"},
		{name: "an older one", text: "First name,Surname,\"ID number\",Institution,Department,\"Email address\",\"Assignment: A, b\", \"Feedback: Assignment: A, b\",\"Course total\"\nAnne,Able,,,,a@b.c,56.00,\"Well, done\",56.00\n",
			want: " [A, b#] 2:Anne+Able# 56"},
		{name: "percentages and letters beside", text: who + "Quiz: Q (Real),Quiz: Q (Percentage),Quiz: Q (Letter)\nPat,Quill,,,,,8,80.00 %,B\n",
			want: " [Q#] 2:Pat+Quill# 8"},
		{name: "percentages alone", text: who + "Quiz: Q (Percentage)\nPat,Quill,,,,,80.00 %\n", want: " [Q#/100] 2:Pat+Quill# 80"},
		{name: "letters alone", text: who + "Quiz: Q (Letter),Quiz: R (Real)\nPat,Quill,,,,,B,3\n", want: " [R#] 2:Pat+Quill# 3", notes: "1|Quiz: Q (Letter)|letters are no scores"},
		{name: "feedback of nothing", text: who + "Quiz: Q (Real),Quiz: R (Feedback)\nPat,Quill,,,,,1,good\n", want: " [Q#] 2:Pat+Quill# 1", notes: "1|Quiz: R (Feedback)|left out, since there is no column"},
		{name: "totals", text: who + "Homework total (Real),Quiz: Sum total (Real),Own item (Real)\nPat,Quill,,,,,1,2,3\n", want: " [Sum total#][Own item#] 2:Pat+Quill# 2 3"},
		{name: "one title in two modules", text: who + "Quiz: A (Real),Assignment: A (Real)\nPat,Quill,,,,,1,2\n", want: " [A#][Assignment: A (Real)#] 2:Pat+Quill# 1 2"},
		{name: "a title that begins like no module", text: who + "Chapter 1: Cells (Real)\nPat,Quill,,,,,1\n", want: " [Chapter 1: Cells#] 2:Pat+Quill# 1"},
		{name: "semicolons", text: strings.ReplaceAll(who, ",", ";") + "Quiz: Q (Real)\nPat;Quill;;;;;8,25\n", want: " [Q#] 2:Pat+Quill# 8.25"},
		{name: "a short line", text: who + "Quiz: Q (Real)\nPat,Quill\n", want: "refused", notes: "2||this line has 2 cells, fewer than the 7"},
	})
	sheet, _ := readAs(moodle{}, who+"Quiz: Q (Feedback),Quiz: Q (Real)\nPat,Quill,U1,,,p@x.org,'=good,8\nMo,Li,U2,,,,try again,-\n", grades.ReadOptions{})
	pat, mo := sheet.rows[0], sheet.rows[1]
	if pat.SISID != "U1" || pat.Email != "p@x.org" || pat.Cells[0].Comment != "=good" || pat.Cells[0].Kind != grades.CellScore {
		t.Errorf("%+v", pat)
	}
	if mo.Cells[0].Comment != "try again" || mo.Cells[0].Kind != grades.CellStatus || mo.Cells[0].Status != "" {
		t.Errorf("%+v", mo)
	}
}
