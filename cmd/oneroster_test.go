package cmd_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
)

// entry is a file of a ZIP.
type entry struct{ name, text string }

// rosterSet is a OneRoster 1.1 set as its standard describes it, in bulk: a class
// with a teacher, two students, two line items and three results. Its manifest
// comes first.
type rosterSet []entry

// rosterNames are the files that a manifest of OneRoster 1.1 tells of.
func rosterNames() []string {
	return []string{
		"academicSessions", "categories", "classes", "classResources", "courses", "courseResources", "demographics",
		"enrollments", "lineItems", "orgs", "resources", "results", "users",
	}
}

func newRosterSet() rosterSet {
	table := func(name, header string, rows ...string) entry {
		text := "sourcedId,status,dateLastModified," + header + "\n"
		for _, row := range rows {
			id, rest, _ := strings.Cut(row, ",")
			text += id + ",,," + rest + "\n"
		}
		return entry{name + ".csv", text}
	}
	set := rosterSet{
		{},
		table("academicSessions", "title,type,startDate,endDate,parentSourcedId,schoolYear", "t1,Autumn,term,2026-08-01,2027-01-01,,2027"),
		table("categories", "title", "k1,Homework"),
		table("classes", "title,grades,courseSourcedId,classCode,classType,location,schoolSourcedId,termSourcedIds,subjects,subjectCodes,periods",
			"c1,Algebra I,,co1,ALG,scheduled,,o1,t1,,,"),
		table("courses", "schoolYearSourcedId,title,courseCode,grades,orgSourcedId,subjects,subjectCodes", "co1,,Algebra,ALG,,o1,,"),
		table("enrollments", "classSourcedId,schoolSourcedId,userSourcedId,role,primary,beginDate,endDate",
			"e1,c1,o1,u1,student,,,", "e2,c1,o1,u2,student,,,", "e3,c1,o1,u3,teacher,true,,"),
		table("lineItems", "title,description,assignDate,dueDate,classSourcedId,categorySourcedId,gradingPeriodSourcedId,resultValueMin,resultValueMax",
			"l1,Essay,,2026-09-01,2026-09-15,c1,k1,t1,0,100", "l2,Quiz,,2026-09-02,2026-09-16,c1,k1,t1,0,10"),
		table("orgs", "name,type,identifier,parentSourcedId", "o1,Our School,school,,"),
		table("results", "lineItemSourcedId,studentSourcedId,scoreStatus,score,scoreDate,comment",
			"r1,l1,u1,fully graded,91.5,2026-09-20,", "r2,l1,u2,exempt,,2026-09-20,ill", "r3,l2,u1,fully graded,8,2026-09-21,"),
		table("users", "enabledUser,orgSourcedIds,role,username,userIds,givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password",
			"u1,true,o1,student,ada,,Ada,Lovelace,,,ada@example.org,,,,,", "u2,true,o1,student,alan,,Alan,Turing,,,,,,,,", "u3,true,o1,teacher,grace,,Grace,Hopper,,,,,,,,"),
	}
	set[0] = set.manifest("1.1")
	return set
}

// manifest tells of the files that the set has, each in bulk.
func (set rosterSet) manifest(version string) entry {
	text := "propertyName,value\nmanifest.version,1.0\noneroster.version," + version + "\n"
	for _, name := range rosterNames() {
		mode := "absent"
		if slices.ContainsFunc(set, func(e entry) bool { return e.name == name+".csv" }) {
			mode = "bulk"
		}
		text += fmt.Sprintf("file.%s,%s\n", name, mode)
	}
	return entry{"manifest.csv", text}
}

// with is the set with more at the end of a file, or with a file more.
func (set rosterSet) with(name, text string) rosterSet {
	changed := slices.Clone(set)
	for i, e := range changed {
		if e.name == name {
			changed[i].text += text
			return changed
		}
	}
	return append(changed, entry{name, text})
}

// without is the set without a file, which the manifest still names.
func (set rosterSet) without(name string) rosterSet {
	return slices.DeleteFunc(slices.Clone(set), func(e entry) bool { return e.name == name })
}

// replaced is the set with other text in a file.
func (set rosterSet) replaced(name, old, with string) rosterSet {
	changed := slices.Clone(set)
	for i, e := range changed {
		if e.name == name {
			changed[i].text = strings.Replace(e.text, old, with, 1)
		}
	}
	return changed
}

// zipped is the set as a ZIP, names as they are.
func (set rosterSet) zipped(t testing.TB) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, e := range set {
		f, err := w.CreateHeader(&zip.FileHeader{Name: e.name, Method: zip.Deflate})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte(e.text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// lying is a ZIP of the set with one more file, which says that it is as small as
// it is packed.
func (set rosterSet) lying(t testing.TB, name string, size int) string {
	t.Helper()
	large := rosterSet{{name, strings.Repeat("sourcedId,", size/10)}}.zipped(t)
	r, err := zip.NewReader(strings.NewReader(large), int64(len(large)))
	if err != nil {
		t.Fatal(err)
	}
	packed, err := r.File[0].OpenRaw()
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(packed)
	if err != nil {
		t.Fatal(err)
	}
	return set.raw(t, content, zip.FileHeader{Name: name, CRC32: r.File[0].CRC32, UncompressedSize64: uint64(len(content))})
}

// declaring is a ZIP of the set with n more files that each say they are of that
// size, a sixtieth of it packed.
func (set rosterSet) declaring(t testing.TB, n int, size uint64) string {
	t.Helper()
	var headers []zip.FileHeader
	for i := range n {
		headers = append(headers, zip.FileHeader{Name: fmt.Sprintf("large%d.csv", i), UncompressedSize64: size})
	}
	return set.raw(t, make([]byte, size/60), headers...)
}

// raw is a ZIP of the set with files more whose headers say what they like.
func (set rosterSet) raw(t testing.TB, packed []byte, headers ...zip.FileHeader) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, e := range set {
		f, err := w.Create(e.name)
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(f, e.text) // into memory
	}
	for _, header := range headers {
		header.Method, header.CompressedSize64 = zip.Deflate, uint64(len(packed))
		f, err := w.CreateRaw(&header)
		if err != nil {
			t.Fatal(err)
		}
		f.Write(packed)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
