package exchange

import (
	"strings"
	"testing"
)

func TestPlain(t *testing.T) {
	checkReads(t, spreadsheet{','}, []readCase{
		{name: "a name and a score", text: "Name,Essay\nPat Quill,8\n", want: " [Essay#] 2:Pat+Quill# 8"},
		{name: "an id alone", text: "Student ID,Essay\n007,8\n", want: " [Essay#] 2:+#007 8"},
		{name: "students alone", text: "Surname,Forename,Email\nQuill,Pat,pat@example.org\n", want: " 2:Pat+Quill#", notes: "1||the file has no scores"},
		{name: "nothing but text", text: "Name,Colour\nPat Quill,red\n", want: "refused", notes: "1||there is no column for an assignment\n2|Colour|left out, since it has no scores"},
		{name: "an id without its name", text: "ID,Name,Quiz\n7,,8\n", want: " [Quiz#] 2:+#7 8"},
		{name: "nobody's name", text: "ID,Name,Quiz\n,,8\n", want: "refused", notes: "2||this line has no student's name"},
		{name: "nobody's scores", text: "ID,Quiz\n7,8\n,9\n", want: "refused", notes: "3||this line does not say who the student is"},
		{name: "several classes", text: "Name,Class,Quiz\nPat Quill,7a,8\nMo Li,7b,9\nAl Roe,7a,9\n", want: " [Quiz#] 2:Pat+Quill# 8 3:Mo+Li# 9 4:Al+Roe# 9", notes: "1|Class|the students are of several sections"},
		{name: "one class", text: "Name,Class,Quiz\nPat Quill,7a,8\nMo Li,7a,9\n", want: "7a [Quiz#] 2:Pat+Quill# 8 3:Mo+Li# 9"},
		{name: "any titles", text: "Surname,Forename,Fractions,Rivers\nQuill,Pat,8,9\n", want: " [Fractions#][Rivers#] 2:Pat+Quill# 8 9"},
		{name: "first names alone", text: "First name,Quiz\nPat,8\n", want: " [Quiz#] 2:+Pat# 8"},
		{name: "German", text: "Nachname;Vorname;Klausur 1;Summe\nMüller;Jörg;8,5;9\n", want: " [Klausur 1#] 2:Jörg+Müller# 8.5", notes: "1|Summe|left out, since it looks like a total"},
		{name: "German, as Excel saves it", text: "Nachname;Vorname;Klausur 1\r\nM\xfcller;J\xf6rg;8,5\r\n", want: " [Klausur 1#] 2:Jörg+Müller# 8.5"},
		{name: "titles above", text: "Period 3,,\n,,\nName,Quiz 1,Quiz 2\nPat Quill,8,9\n", want: " [Quiz 1#][Quiz 2#] 4:Pat+Quill# 8 9", notes: "1||left out, since the titles"},
		{name: "points", text: "Name,A,B\nOut of,10,20\nPat Quill,8,9\n", want: " [A#/10][B#/20] 3:Pat+Quill# 8 9", notes: `2||"Out of" is taken for a row of points possible`},
		{name: "points in titles", text: "Name,A (10 pts),B (out of 20),C (/5)\nPat Quill,8,9,1\n", want: " [A#/10][B#/20][C#/5] 2:Pat+Quill# 8 9 1"},
		{name: "notes and what is not graded", text: "Name,Quiz,Notes,Locker,Empty\nPat Quill,8,sits front,east 4,\n", want: " [Quiz#] 2:Pat+Quill# 8", notes: `2|Locker|left out, since it has no scores but such as "east 4"`},
		{name: "percentages", text: "Name,Quiz\nPat Quill,85%\nMo Li,\"92,5 %\"\n", want: " [Quiz#/100] 2:Pat+Quill# 85 3:Mo+Li# 92.5"},
		{name: "a line that ends early", text: "Name,Quiz,Lab\nPat Quill,8\nMo Li,7,6\n", want: " [Quiz#][Lab#] 2:Pat+Quill# 8 - 3:Mo+Li# 7 6", notes: "2||this line has 2 cells, fewer than the 3"},
		{name: "ids kept by a formula", text: "Name,ID,Quiz\nPat Quill,=\"007\",8\n", want: " [Quiz#] 2:Pat+Quill#007 8"},
		{name: "titles on two lines", text: "\"Student\nname\",\"Quiz 1\r\n(10 points)\"\n\"Pat\nQuill\",8\n", want: " [Quiz 1#/10] 4:Pat+Quill# 8"},
		{name: "words", text: "Name,A,B,C,D\nPat Quill,Excused,Missing,8 late,N/A\n", want: " [A#][B#][C#][D#] 2:Pat+Quill# excused missing 8 unassigned"},
	})
}

func TestPlainAsks(t *testing.T) {
	const survey = "sex,age,famsize,absences,G1,G2\nF,18,GT3,6,5,6\nM,17,GT3,4,5,5\n"
	const who = `#0: no column says who the students are`
	checkReads(t, spreadsheet{','}, []readCase{
		{name: "who", text: survey, want: " [G1#][G2#] 2:+# 5 6 3:+# 5 5", notes: "2|famsize|left out, since it has no scores\n1|absences|left out, since it has numbers\n" + who},
		{name: "who, with columns that may say", text: "A,B,C\nx1,Pat Quill,8\nx2,Mo Li,9\n", want: " 2:+# 3:+#",
			notes: "2|A|left out\n2|B|left out\nA: A may say who the students are, with such as \"x1\": say what it is [\"id\" \"name\"\nB: B may say who the students are, with such as \"Pat Quill\": say what it is [\"name\" \"id\"\n#0: no column surely says\nC: C has numbers"},
		{name: "who, said", text: "A,B,C\nx1,Pat Quill,8\n", columns: map[string]string{"A": "id", "B": "name", "C": "assignment"}, want: " [C#] 2:Pat+Quill#x1 8"},
		{name: "who, in numbers", text: "Matr,Fractions\n1234,8\n1235,8\n", want: " [Matr#][Fractions#] 2:+# 1234 8 3:+# 1235 8", notes: "Matr: Matr may say who the students are\n#0: no column surely says"},
		{name: "by line", text: survey, columns: map[string]string{"#0": "name", "famsize": "ignore", "#4": "assignment"}, want: " [absences#][G1#][G2#] 2:Line+2# 6 5 6 3:Line+3# 4 5 5"},
		{name: "by a column", text: survey, columns: map[string]string{"sex": "id", "famsize": "ignore", "#4": "ignore"}, want: " [G1#][G2#] 2:+#F 5 6 3:+#M 5 5"},
		{name: "what is work", text: "Name,Team,Speed,Total\nPat Quill,red,8,9\n", want: " 2:Pat+Quill#", notes: "2|Team|left out\nSpeed: Speed has numbers\nTotal: Total looks like a total"},
		{name: "what is no column", text: "Name,Quiz\nPat Quill,8\n", columns: map[string]string{"Quizz": "ignore"}, want: "refused", notes: "1|Quizz|no column has this title"},
		{name: "what no column can be", text: "Name,Quiz\nPat Quill,8\n", columns: map[string]string{"Quiz": "grade"}, want: "refused", notes: `1|Quiz|"grade" is nothing that a column can be`},
		{name: "two of one kind", text: "Name,Student,Quiz\nPat Quill,7,8\n", want: " [Quiz#] 2:Pat+Quill# 8", notes: "Student: Name and Student both look like the students' name"},
		{name: "two of one kind, the second said", text: "Name,Student,Quiz\nPat,Pat Quill,8\n", columns: map[string]string{"Student": "name"}, want: " [Quiz#] 2:Pat+Quill# 8"},
		{name: "two of one kind, the first said", text: "Name,Student,Quiz\nPat Quill,7,8\n", columns: map[string]string{"Name": "name"}, want: " [Quiz#] 2:Pat+Quill# 8"},
		{name: "two of one kind, both said", text: "Name,Student,Quiz\nPat Quill,7,8\n", columns: map[string]string{"Name": "name", "Student": "name"}, want: "refused", notes: "1|Student|two columns"},
		{name: "one title twice", text: "Name,Quiz,Quiz\nPat Quill,7,8\n", want: "refused", notes: "1|Quiz|two columns have this title"},
		{name: "one title twice, one ignored", text: "Name,Quiz,Quiz\nPat Quill,7,8\n", columns: map[string]string{"#3": "ignore"}, want: " [Quiz#] 2:Pat+Quill# 7"},
		{name: "a rounded id", text: "Name,ID,Quiz\nPat Quill,1.23457E+12,8\n", want: "refused", notes: "2|ID|1.23457E+12 is an id that a spreadsheet has rounded"},
		{name: "a line of nothing like the titles", text: "Name" + strings.Repeat(",Q", 1) + strings.Repeat(",", 60) + "\nPat Quill,7\n", want: "refused", notes: "2||this line has 2 cells, fewer"},
		{name: "two of one kind, one ignored", text: "Name,Student,Quiz\nPat Quill,Pat,8\n", columns: map[string]string{"Student": "ignore"}, want: " [Quiz#] 2:Pat+Quill# 8"},
		{name: "letters alone", text: "Name,Quiz,Essay\nPat Quill,8,A-\nMo Li,7,B\n", want: " [Quiz#] 2:Pat+Quill# 8 3:Mo+Li# 7", notes: `2|Essay|left out, since it has no scores but such as "A-"`},
		{name: "letters", text: "Name,Quiz,Essay\nPat Quill,8,A-\nMo Li,7,9\n", want: "refused", notes: `2|Essay|"A-" is a letter`},
		{name: "the order of dates", text: "Name,Quiz\nDue,3/4/2026\nPat Quill,8\n", want: " [Quiz#] 3:Pat+Quill# 8", notes: `2||"Due" is taken` + "\n: in the due dates, the day or the month may come first"},
		{name: "the order of dates said", text: "Name,Quiz\nDue,3/4/2026\nPat Quill,8\n", dates: "mdy", want: " [Quiz#] 3:Pat+Quill# 8", notes: `2||"Due" is taken`},
	})
}

func TestText(t *testing.T) {
	checkReads(t, spreadsheet{'\t'}, []readCase{
		{name: "pasted", text: "Name\tEssay\tLab, part 2\r\nQuill, Pat\t8,5\t9\r\nLi, Mo\t7\t\"two\nlines\"\r\n", want: "refused", notes: `3|Lab, part 2|"two\nlines" is no score`},
		{name: "pasted from a browser", text: "\u200BName\tQuiz\u00a0\nPat Quill\t8 \n", want: " [Quiz#] 2:Pat+Quill# 8"},
		{name: "marks of inches", text: "Name\tQuiz\nPat 5\" Quill\t8\n", want: " [Quiz#] 2:Pat 5\"+Quill# 8"},
	})
}
