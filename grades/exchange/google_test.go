package exchange

import "testing"

func TestGoogle(t *testing.T) {
	checkReads(t, google{}, []readCase{
		{name: "as exported", text: "Last Name,First Name,Email,Overall Grade,Essay (20 points),Lab (5 points)\nQuill,Pat,pat@example.org,90%,18,Missing\nO'Shea,Mo,mo@example.org,,Excused,\n",
			want: " [Essay#/20][Lab#/5] 2:Pat+Quill# 18 missing 3:Mo+O'Shea# excused -"},
		{name: "another order, without points", text: "First Name,Last Name,Email Address,Essay\nPat,Quill,pat@example.org,18\n", want: " [Essay#] 2:Pat+Quill# 18"},
		{name: "rows of dates and points", text: "Last Name,First Name,Email,Essay,Lab\nDue date,,,21/11/2026,1/12/2026\nPoints,,,20,5\nQuill,Pat,p@x.org,18,4\nClass average,,,18,4\n",
			want:  " [Essay#/20][Lab#/5] 4:Pat+Quill# 18 4",
			notes: `2||"Due date" is taken for a row of due dates` + "\n" + `3||"Points" is taken for a row of points possible` + "\n" + `5||"Class average" is no student`},
		{name: "a total with points", text: "Last Name,First Name,Email,Final project (9 points)\nQuill,Pat,p@x.org,8\n", want: " [Final project#/9] 2:Pat+Quill# 8", notes: `1|Final project (9 points)|"Final project (9 points)" looks like a total`},
		{name: "a score out of", text: "Last Name,First Name,Email,Essay (20 points)\nQuill,Pat,p@x.org,18/20\n", want: " [Essay#/20] 2:Pat+Quill# 18"},
	})
}
