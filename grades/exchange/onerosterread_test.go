package exchange

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"gradebook/grades"
)

// school is a small school, as 1.1 has it. Its lines are changed in tests.
const school = `manifest.csv:
propertyName,value
manifest.version,1.0
oneroster.version,1.1
file.academicSessions,bulk
file.categories,bulk
file.classes,bulk
file.classResources,absent
file.courses,bulk
file.courseResources,absent
file.demographics,bulk
file.enrollments,bulk
file.lineItems,bulk
file.orgs,bulk
file.resources,absent
file.results,bulk
file.users,bulk
source.systemName,Other
orgs.csv:
sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId
o1,,,Hill School,school,,o2
o2,,,District,district,,
academicSessions.csv:
sourcedId,status,dateLastModified,title,type,startDate,endDate,parentSourcedId,schoolYear
t1,,,Fall 2026,term,2026-08-01,2027-01-15,,2027
courses.csv:
sourcedId,status,dateLastModified,schoolYearSourcedId,title,courseCode,grades,orgSourcedId,subjects,subjectCodes
k1,,,,Algebra,MA1,9,o1,,
categories.csv:
sourcedId,status,dateLastModified,title
g1,,,Homework
g2,,,Exams
classes.csv:
sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType,location,schoolSourcedId,termSourcedIds,subjects,subjectCodes,periods
c1,,,Algebra A,9,k1,,scheduled,,o1,t1,,,
c2,,,Algebra B,9,k1,,scheduled,,o1,t1,,,
users.csv:
sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password
s1,,,true,"o1,o2",student,ann,,Ann,Lee,Q,007,ann@x.example,,,p1,9,
s2,,,true,o1,student,bo,,Bo,Ek,,,,,,,9,
p1,,,true,o1,parent,pat,,Pat,Lee,,,,,,s1,,
w1,,,true,o1,teacher,tea,,Tea,Cher,,,,,,,,
demographics.csv:
sourcedId,status,dateLastModified,birthdate
s1,,,2010-01-01
enrollments.csv:
sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,primary,beginDate,endDate
e1,,,c1,o1,s1,student,false,,
e2,,,c1,o1,s2,student,false,,
e3,,,c2,o1,s2,student,false,,
e4,,,c1,o1,w1,teacher,true,,
lineItems.csv:
sourcedId,status,dateLastModified,title,description,assignDate,dueDate,classSourcedId,categorySourcedId,gradingPeriodSourcedId,resultValueMin,resultValueMax
i1,,,Essay,,2026-09-01,2026-09-10,c1,g1,t1,0,20
i2,,,Test,,2026-09-01,2026-09-20T12:00:00.000Z,c1,g2,t1,0,100
i3,,,Essay,,2026-09-01,2026-09-10,c2,g1,t1,0,20
results.csv:
sourcedId,status,dateLastModified,lineItemSourcedId,studentSourcedId,scoreStatus,score,scoreDate,comment
r1,,,i1,s1,fully graded,18.5,2026-09-11,"Good, ""Ann"""
r2,,,i1,s2,exempt,0,2026-09-11,
r3,,,i2,s1,partially graded,40,2026-09-21,
r4,,,i2,s2,not submitted,0,2026-09-21,
r5,,,i3,s2,submitted,0,2026-09-11,see me
`

// changed is school with lines replaced, given as old and new in turns. One that
// begins with + adds a line after it.
func changed(t *testing.T, text string, pairs ...string) string {
	t.Helper()
	for pair := range slices.Chunk(pairs, 2) {
		before, after := pair[0], pair[1]
		if strings.Count(text, before) != 1 {
			t.Fatalf("%q is there %d times", before, strings.Count(text, before))
		}
		if rest, add := strings.CutPrefix(after, "+"); add {
			after = before + rest
		}
		text = strings.Replace(text, before, after, 1)
	}
	return text
}

func doubtLines(list []grades.Doubt) string {
	var lines []string
	for _, d := range list {
		lines = append(lines, fmt.Sprintf("%s:%d %s: %s", d.File, d.Line, d.Column, d.Detail))
	}
	return strings.Join(lines, "\n")
}

func TestOneRosterRead(t *testing.T) {
	file, err := readZip(oneRoster{"1.2"}, zipText(t, school), grades.ReadOptions{})
	if err != nil {
		t.Fatal(errorLines(err))
	}
	want := `class "Algebra A" c1 term "Fall 2026"  removed=false [{Homework 0 0 0} {Exams 0 0 0}] []
  assignment "Essay" i1 in "Homework" points 20 true due 2026-09-10T23:59:59Z hidden=false removed=false
  assignment "Test" i2 in "Exams" points 100 true due 2026-09-20T12:00:00Z hidden=false removed=false
  student s1: "Ann" "Lee" sis="007" login="ann" email="ann@x.example" removed=false
    0: kind 3 18.5  "Good, \"Ann\"" never
    1: kind 3 40 incomplete "" never
  student s2: "Bo" "Ek" sis="" login="bo" email="" removed=false
    0: kind 4 0 excused "" never
    1: kind 1 0  "" never
class "Algebra B" c2 term "Fall 2026"  removed=false [{Homework 0 0 0}] []
  assignment "Essay" i3 in "Homework" points 20 true due 2026-09-10T23:59:59Z hidden=false removed=false
  student s2: "Bo" "Ek" sis="" login="bo" email="" removed=false
    0: kind 4 0  "see me" never
`
	if got := schoolText(file.Sheets); got != want {
		t.Error(firstDifference(got, want))
	}
	wantDoubts := `courses.csv:0 courseCode: left out of 1 line: the book has no place for it
courses.csv:0 grades: left out of 1 line: the book has no place for it
classes.csv:0 grades: left out of 2 lines: the book has no place for it
users.csv:0 middleName: left out of 1 line: the book has no place for it
users.csv:0 grades: left out of 2 lines: the book has no place for it
demographics.csv:0 : 1 line left out: the book has no place for them
orgs.csv:0 : organizations (2) are left out: the book has no place for them
academicSessions.csv:0 : dates of sessions (1) are left out: the book has no place for them
courses.csv:0 : courses (1) are left out: the book has no place for them
users.csv:0 role: people who are parent (1) are left out: the book has only students
users.csv:0 role: people who are teacher (1) are left out: the book has only students
enrollments.csv:0 role: enrollments as teacher (1) are left out: the book has only students
results.csv:0 scoreStatus: results that are "not submitted" (1) are taken as nothing entered yet; where the work is missing, the column missing must say true`
	if got := doubtLines(file.Doubts); got != wantDoubts {
		t.Errorf("doubts:\n%s\nwant\n%s", got, wantDoubts)
	}
	var guesses []string
	for _, g := range file.Guesses {
		guesses = append(guesses, g.What+" "+g.Value)
	}
	if got, want := strings.Join(guesses, ", "), "format oneroster-1.1, mode bulk, dates end of day"; got != want {
		t.Errorf("guesses %s, want %s", got, want)
	}
}

// What may not be meant as it is understood is said, and what would happen.
func TestOneRosterDoubts(t *testing.T) {
	for _, c := range []struct {
		name, before, after string
		want                string // a doubt; "" for none more than school has
		sheet               string // in the school then
	}{
		{"extra credit", "i1,s1,fully graded,18.5", "i1,s1,fully graded,25", "results.csv:2 score: 25 is over the 20 possible; it counts in full", "kind 3 25 "},
		{"below the lowest", "i1,s1,fully graded,18.5", "i1,s1,fully graded,-1", "results.csv:2 score: -1 is below the lowest result possible, 0", "kind 3 -1 "},
		{"somebody who is not in the class", "r5,,,i3,s2", "r5,,,i3,s1", "results.csv:6 studentSourcedId: s1 is not enrolled in class c2; the result is left out", ""},
		{"two primary teachers", "e4,,,c1,o1,w1,teacher,true,,\n", "+e5,,,c1,o1,p1,teacher,true,,\n", "enrollments.csv:6 primary: the class has a primary teacher in line 5 already", ""},
		{"a parent as a student", "e3,,,c2,o1,s2", "e3,,,c2,o1,p1", "enrollments.csv:4 role: is student, and p1 is no student", `student p1: "Pat" "Lee"`},
		{"enrolled twice", "e4,,,", "e0,,,c1,o1,s1,student,,,\ne4,,,", "enrollments.csv:5 userSourcedId: s1 is in this class by line 2 too", ""},
		{"the same title twice", "i2,,,Test", "i2,,,Essay", `lineItems.csv:3 title: "Essay" is there twice in a class; this one would be called "Essay (i2)"`, `"Essay (i2)"`},
		{"the same category twice", "g2,,,Exams", "g2,,,Homework", `categories.csv:3 title: "Homework" is there twice in a class`, `"Homework (g2)"`},
		{"another order", "sourcedId,status,dateLastModified,title\n", "sourcedId,title,status,dateLastModified\n", "categories.csv:1 : the columns are in another order", ""},
		{"a filled status", "g1,,,", "g1,active,,", "categories.csv:2 status: OneRoster leaves status and dateLastModified empty", ""},
		{"taken away in bulk", "r1,,,", "r1,tobedeleted,,", "results.csv:2 status: is tobedeleted in a bulk file", "0: kind 2 0  "},
		{"an empty cell that OneRoster requires", "c1,,,Algebra A,9,k1,,scheduled", "c1,,,Algebra A,9,k1,,", "classes.csv:2 classType: is empty, and OneRoster requires it", ""},
		{"an odd id", "p1,,,true,o1,parent,pat", "p 2,,,true,o1,student,pat", "", ""},
		{"a score of work not submitted", "i2,s2,not submitted,0", "i2,s2,not submitted,7", `results.csv:5 scoreStatus: is "not submitted", and there is a score, 7; the score is taken`, "kind 3 7 "},
		{"a score that is exempt", "i1,s2,exempt,0", "i1,s2,exempt,3", "results.csv:3 score: 3 is left out, since the result is exempt", "kind 4 0 excused"},
		{"graded without a score", "i1,s1,fully graded,18.5", "i1,s1,fully graded,", "results.csv:2 score: is empty, and the result is fully graded", ""},
		{"a result in words of its own", "i1,s1,fully graded", "i1,s1,ext:odd", `results.csv:2 scoreStatus: is "ext:odd", of which nothing is known`, "kind 3 18.5"},
		{"a lowest result", "t1,0,20\ni2", "t1,5,20\ni2", "lineItems.csv:2 resultValueMin: the lowest result possible, 5, is not kept", ""},
		{"a column of its own", "comment\n", "comment,metadata.mood\n", "", ""},
		{"disabled", "s2,,,true", "s2,,,false", "users.csv:3 enabledUser: is false", ""},
	} {
		text := changed(t, school, c.before, c.after)
		if c.name == "an odd id" {
			text = changed(t, text, ",p1,9,", ",,9,")
			c.want = `users.csv:4 sourcedId: "p 2" has characters that OneRoster does not allow`
		}
		if c.name == "a column of its own" {
			text = changed(t, text, `"Good, ""Ann"""`, "+,glad", "exempt,0,2026-09-11,", "+,", "2026-09-21,\nr4", "2026-09-21,,\nr4", "0,2026-09-21,\nr5", "0,2026-09-21,,\nr5", "see me", "+,")
			c.want = "results.csv:0 metadata.mood: left out of 1 line"
		}
		if c.name == "another order" {
			text = changed(t, text, "g1,,,Homework", "g1,Homework,,", "g2,,,Exams", "g2,Exams,,")
		}
		file, err := readZip(oneRoster{"1.1"}, zipText(t, text), grades.ReadOptions{})
		if err != nil {
			t.Errorf("%s: %s", c.name, errorLines(err))
			continue
		}
		if got := doubtLines(file.Doubts); !strings.Contains(got, c.want) {
			t.Errorf("%s: doubts:\n%s\nwant %s", c.name, got, c.want)
		}
		if got := schoolText(file.Sheets); !strings.Contains(got, c.sheet) {
			t.Errorf("%s: got\n%s\nwant %s", c.name, got, c.sheet)
		}
	}
}

// The same doubt on very many lines is told ten times, and counted.
func TestOneRosterManyDoubts(t *testing.T) {
	var lines strings.Builder
	for i := range 5000 {
		fmt.Fprintf(&lines, "q%d,active,,G%d\n", i, i)
	}
	file, err := readZip(oneRoster{"1.1"}, zipText(t, changed(t, school, "g2,,,Exams\n", "+"+lines.String())), grades.ReadOptions{})
	if err != nil {
		t.Fatal(errorLines(err))
	}
	got := doubtLines(file.Doubts)
	if n := strings.Count(got, "OneRoster leaves status"); n != 10 || !strings.Contains(got, "categories.csv:14 status: the same on 4990 more lines") {
		t.Errorf("%d doubts:\n%s", n, got)
	}
}

func TestOneRosterRefuses(t *testing.T) {
	for _, c := range []struct{ name, before, after, want string }{
		{"a reference to nobody", "e1,,,c1,o1,s1", "e1,,,c1,o1,s9", "enrollments.csv:2 userSourcedId: s9 is in no line of users.csv; add it there, or correct it here"},
		{"to no class", "e1,,,c1", "e1,,,c9", "enrollments.csv:2 classSourcedId: c9 is in no line of classes.csv"},
		{"to no line item", "r1,,,i1", "r1,,,i9", "results.csv:2 lineItemSourcedId: i9 is in no line of lineItems.csv"},
		{"to no category", "c1,g1,t1", "c1,g9,t1", "lineItems.csv:2 categorySourcedId: g9 is in no line of categories.csv"},
		{"to no session", "c1,g1,t1", "c1,g1,t9", "lineItems.csv:2 gradingPeriodSourcedId: t9 is in no line of academicSessions.csv"},
		{"to no organization among several", `"o1,o2"`, `"o1, o9"`, "users.csv:2 orgSourcedIds: o9 is in no line of orgs.csv"},
		{"to no parent", "school,,o2", "school,,o9", "orgs.csv:2 parentSourcedId: o9 is in no line of orgs.csv"},
		{"to no agent, who may follow", ",p1,9,", ",p9,9,", "users.csv:2 agentSourcedIds: p9 is in no line of users.csv"},
		{"a class given twice", "c2,,,Algebra B", "c1,,,Algebra B", "classes.csv:3 sourcedId: c1 is the id of line 2 too"},
		{"a person given twice", "s2,,,true,o1,student,bo", "s1,,,true,o1,student,bo", "users.csv:3 sourcedId: s1 is the id of line 2 too"},
		{"a result given twice", "r2,,,i1,s2", "r2,,,i1,s1", "results.csv:3 studentSourcedId: s1 has a result for line item i1 in line 2 too"},
		{"a column twice", "scoreDate,comment", "scoreDate,score", "results.csv:1 score: columns 7 and 9 have this title"},
		{"a column too few", "sourcedId,status,dateLastModified,lineItemSourcedId,", "sourcedId,status,dateLastModified,", "results.csv:1 lineItemSourcedId: there is no column lineItemSourcedId; add it"},
		{"a title in another case", "lineItemSourcedId,", "LineItemSourcedID,", `results.csv:1 lineItemSourcedId: there is no column lineItemSourcedId, but "LineItemSourcedID" in column 4; write it as lineItemSourcedId`},
		{"a cell too many", "see me", "see, me", `results.csv:6 : this line has 10 cells and there are 9 titles; put "quotation marks"`},
		{"bad quotation marks", `"Good, ""Ann"""`, `"Good, "Ann""`, "results.csv:2 comment: bad quotation marks"},
		{"no score", "fully graded,18.5", "fully graded,eighteen", `results.csv:2 score: "eighteen" is not a number: give one such as 91.5`},
		{"no status", "i1,s1,fully graded", "i1,s1,graded", `results.csv:2 scoreStatus: "graded" is none of exempt, fully graded,`},
		{"no role", "c1,o1,s1,student", "c1,o1,s1,pupil", `enrollments.csv:2 role: "pupil" is none of administrator`},
		{"no title", "i1,,,Essay", "i1,,,", "lineItems.csv:2 title: is empty; OneRoster requires it"},
		{"no id", "i1,,,Essay", ",,,Essay", "lineItems.csv:2 sourcedId: is empty; OneRoster requires it"},
		{"no date", "2026-09-10,c1", "10/9/2026,c1", `lineItems.csv:2 dueDate: "10/9/2026" is no date; write one such as 2026-11-20`},
		{"negative points", "c1,g1,t1,0,20", "c1,g1,t1,0,-20", "lineItems.csv:2 resultValueMax: is -20; the points possible cannot be below 0"},
		{"an odd status", "g1,,,", "g1,gone,,", `categories.csv:2 status: is "gone"; leave it empty in a bulk file`},
		{"a long id", "g2,,,", strings.Repeat("g", 256) + ",,,", "categories.csv:3 sourcedId: has 256 characters, over 255"},
		{"Latin-1", "Algebra A", "Alg\xe8bre", "classes.csv:2 : this line has letters that are not UTF-8"},
		{"a cell of 100 KB", "Algebra A", fmt.Sprint(rand.New(rand.NewPCG(1, 1)).Perm(20_000)), "classes.csv:2 title: a cell of this line is over 64 KiB"},

		{"an unknown version", "oneroster.version,1.1", "oneroster.version,2.0", `manifest.csv:3 value: oneroster.version is "2.0", and 1.1 and 1.2 are read here`},
		{"no version", "oneroster.version,1.1\n", "", "manifest.csv:1 : there is no line oneroster.version"},
		{"another manifest", "manifest.version,1.0", "manifest.version,7", `manifest.csv:2 value: manifest.version is "7", and 1.0 is read here`},
		{"a file that is not there", "file.resources,absent", "file.resources,bulk", "manifest.csv:14 value: says that resources.csv is bulk, and the ZIP has no such file"},
		{"a file that the manifest calls absent", "file.demographics,bulk", "file.demographics,absent", "demographics.csv:1 : is in the ZIP, and line 10 of manifest.csv says that it is absent"},
		{"a file that the manifest does not name", "file.demographics,bulk\n", "", "demographics.csv:1 : is in the ZIP, and the manifest does not name it"},
		{"a file that is none of OneRoster's", "orgs.csv:\n", "notes.txt:\nhello\norgs.csv:\n", "notes.txt:1 : is in the ZIP and is no file of OneRoster 1.1"},
		{"a file of a later version", "file.users,bulk", "+\nfile.roles,bulk", `manifest.csv:17 propertyName: "roles" is no file of OneRoster 1.1`},
		{"a property twice", "file.users,bulk", "+\nfile.users,absent", `manifest.csv:17 propertyName: "file.users" is in line 16 too`},
		{"neither bulk nor delta", "file.users,bulk", "file.users,full", `manifest.csv:16 value: "full" is none of absent, bulk and delta`},
		{"no titles", "propertyName,value", "name,value", "manifest.csv:1 : the first line must be propertyName,value"},
		{"in a folder", "orgs.csv:\n", "roster/orgs.csv:\n", "roster/orgs.csv:1 : is in a folder, and the files of OneRoster are in none"},
		{"no manifest", "manifest.csv:\n", "orgs2.csv:\n", "manifest.csv:1 : is not in the ZIP"},
		{"out of the folder", "orgs.csv:\n", "../orgs.csv:\n", "../orgs.csv:1 : the ZIP: leads out of its folder"},
		{"a nested ZIP", "orgs.csv:\n", "more.zip:\norgs.csv:\n", "more.zip:1 : the ZIP: is a ZIP itself"},
	} {
		_, err := readZip(oneRoster{"1.1"}, zipText(t, changed(t, school, c.before, c.after)), grades.ReadOptions{})
		if got := errorLines(err); !strings.Contains(got, c.want) {
			t.Errorf("%s: got\n%s\nwant\n%s", c.name, got, c.want)
		}
	}
}

// delta is what has changed of the school.
const delta = `manifest.csv:
propertyName,value
manifest.version,1.0
oneroster.version,1.2
file.classes,delta
file.enrollments,delta
file.lineItems,delta
file.results,delta
classes.csv:
sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType,location,schoolSourcedId,termSourcedIds,subjects,subjectCodes,periods
c2,tobedeleted,2026-10-01T00:00:00.000Z,,,,,,,,,,,
enrollments.csv:
sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,primary,beginDate,endDate
e2,tobedeleted,2026-10-01T00:00:00.000Z,c1,o1,s2,student,false,,
lineItems.csv:
sourcedId,status,dateLastModified,title,description,assignDate,dueDate,classSourcedId,categorySourcedId,academicSessionSourcedId,resultValueMin,resultValueMax,schoolSourcedId
i9,active,2026-10-01T00:00:00.000Z,Poster,,2026-09-01,2026-10-10,c1,g1,t1,,10,o1
i2,tobedeleted,2026-10-01T00:00:00.000Z,,,,,,,,,,
results.csv:
sourcedId,status,dateLastModified,lineItemSourcedId,studentSourcedId,scoreStatus,score,scoreDate,comment,textScore,classSourcedId,inProgress,incomplete,late,missing
r1,active,2026-10-01T00:00:00.000Z,i1,s1,fully graded,19,2026-10-01,,,,false,false,true,false
r2,tobedeleted,2026-10-01T00:00:00.000Z,i1,s2,,,,,,,,,,
r7,active,2026-10-01T00:00:00.000Z,i9,s1,not submitted,,2026-10-01,,,c1,,,,true
r8,active,2026-10-01T00:00:00.000Z,i7,s1,fully graded,3,2026-10-01,,,c7,,,,
`

// A delta may refer to what only the book has.
func TestOneRosterDelta(t *testing.T) {
	book := map[string]string{"i1": "c1", "i2": "c1"}
	o := grades.ReadOptions{ClassOf: func(id string) (string, bool) { class, ok := book[id]; return class, ok }}
	file, err := readZip(oneRoster{"1.2"}, zipText(t, delta), o)
	if err != nil {
		t.Fatal(errorLines(err))
	}
	want := `class "" c2 term ""  removed=true [] []

class "" c1 term ""  removed=false [] []
  assignment "Poster" i9 in "" points 10 true due 2026-10-10T23:59:59Z hidden=false removed=false
  assignment "" i2 in "" points 0 false due never hidden=false removed=true
  assignment "" i1 in "" points 0 false due never hidden=false removed=false
  student s1: "" "" sis="" login="" email="" removed=false
    0: kind 4 0 missing "" never
    2: kind 3 19 late "" never
  student s2: "" "" sis="" login="" email="" removed=true
    2: kind 2 0  "" never
class "" c7 term ""  removed=false [] []
  assignment "" i7 in "" points 0 false due never hidden=false removed=false
  student s1: "" "" sis="" login="" email="" removed=false
    0: kind 3 3  "" never
`
	if got := schoolText(file.Sheets); got != want {
		t.Error(firstDifference(got, want))
	}
	_, err = readZip(oneRoster{"1.2"}, zipText(t, delta), grades.ReadOptions{})
	for _, want := range []string{
		"results.csv:2 lineItemSourcedId: i1 is in no line of lineItems.csv, and no assignment of the book has it for an id",
		"lineItems.csv:3 lineItemSourcedId: i2 is in no line",
	} {
		if got := errorLines(err); !strings.Contains(got, want) {
			t.Errorf("got\n%s\nwant\n%s", got, want)
		}
	}
	_, err = readZip(oneRoster{"1.2"}, zipText(t, changed(t, delta, "r7,active", "r7,")), o)
	if got, want := errorLines(err), `results.csv:4 status: is ""; in a delta file it must be active or tobedeleted`; !strings.Contains(got, want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// What a manifest leaves out for 1.2 is taken as absent, and said.
func TestOneRosterManifest(t *testing.T) {
	file, err := readZip(oneRoster{"1.2"}, zipText(t, changed(t, delta, "r8,active,2026-10-01T00:00:00.000Z,i7,s1,fully graded,3,2026-10-01,,,c7,,,,\n", "")),
		grades.ReadOptions{ClassOf: func(string) (string, bool) { return "c1", true }})
	if err != nil {
		t.Fatal(errorLines(err))
	}
	if got := doubtLines(file.Doubts); !strings.Contains(got, "does not say what users.csv is; it is taken as absent") {
		t.Errorf("doubts:\n%s", got)
	}
}

func TestOneRosterRecognizes(t *testing.T) {
	later := hostileSchool(rand.New(rand.NewPCG(1, 1)))
	for _, c := range []struct {
		name       string
		head       []byte
		is11, is12 bool
	}{
		{"1.1", zipText(t, school), true, false},
		{"1.2", zipText(t, delta), false, true},
		{"our 1.1", written(t, oneRoster{"1.1"}, later), true, false},
		{"our 1.2", written(t, oneRoster{"1.2"}, later), false, true},
		{"a manifest further on", zipText(t, "orgs.csv:\nsourcedId\n"), false, true},
		{"a workbook", zipText(t, "[Content_Types].xml:\n<x/>\n"), false, false},
		{"an archive", zipText(t, "manifest.json:\n{}\n"), false, false},
		{"no ZIP", []byte("Student,ID,Section\n"), false, false},
		{"nothing", nil, false, false},
	} {
		if got := (oneRoster{"1.1"}).Recognizes(c.head); got != c.is11 {
			t.Errorf("%s: 1.1 says %v", c.name, got)
		}
		if got := (oneRoster{"1.2"}).Recognizes(c.head); got != c.is12 {
			t.Errorf("%s: 1.2 says %v", c.name, got)
		}
	}
}
