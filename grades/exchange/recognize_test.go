package exchange

import (
	"strings"
	"testing"
)

func TestRecognize(t *testing.T) {
	for _, c := range []struct{ name, head, want string }{
		{"Canvas", "Student,ID,SIS User ID,SIS Login ID,Section,Essay (501)\n", "canvas"},
		{"Canvas, two name columns and semicolons", "\uFEFFLastName;FirstName;ID;Section;Essay (501)\n", "canvas"},
		{"Canvas, pasted", "Student\tID\tSection\tEssay (501)\n", "canvas"},
		{"Canvas in UTF-16", encodeUTF16("\uFEFFStudent,ID,Section,Essay (501)\n", true), "canvas"},
		{"Canvas below a separator", "sep=,\nStudent,ID,Section,Essay (501)\n", "canvas"},
		{"Moodle", "First name,Last name,ID number,Email address,Quiz: Q (Real)\n", "moodle"},
		{"Moodle without addresses", "First name;Surname;Quiz: Q;Last downloaded from this course\n", "moodle"},
		{"Google", "Last Name,First Name,Email,Overall Grade,Essay (20 points)\n", "google"},
		{"ours, plain", "Last name,First name,ID,SIS ID,Login,Email,Section,Essay (20 points)\n", "plain"},
		{"ours, text", "Last name\tFirst name\tID\tSIS ID\tLogin\tEmail\tSection\tEssay (20 points)\n", "text"},
		{"a table", "a;b\n1;2\n", "plain"},
		{"a table cut in the middle of a letter", "Zoë;b\n王;ë"[:len("Zoë;b\n王;ë")-1], "plain"},
		{"a table pasted", "a\tb\n1\t2\n", "text"},
		{"below a title", "Period 3,,,\nStudent,ID,Section,Essay\n", "canvas"},
		{"one column", "hello\nworld\n", ""},
		{"JSON", `{"a":1,"b":2}`, ""},
		{"a ZIP", "PK\x03\x04,,,,", ""},
		{"a workbook", "PK\x03\x04....[Content_Types].xml", "plain"},
		{"an old workbook", "\xD0\xCF\x11\xE0", "plain"},
		{"nothing", "", "plain"},
	} {
		claimed := ""
		for name, format := range Formats() {
			if format.Recognizes([]byte(c.head)) {
				claimed = strings.TrimSpace(claimed + " " + name)
			}
		}
		if claimed != c.want {
			t.Errorf("%s: %q, want %q", c.name, claimed, c.want)
		}
	}
}
