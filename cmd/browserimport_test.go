package cmd_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestBrowserImportsAFile brings the real class in: looks at what it would do,
// applies it, finds nothing new when it comes again, and takes it back.
func TestBrowserImportsAFile(t *testing.T) {
	t.Parallel()
	file := shared(t, "data", "oulad-aaa-2013j.canvas.csv")
	b := openBrowser(t)
	s := started(t)
	upload := func() {
		t.Helper()
		b.open(s.url(portalService) + "/import")
		b.fill("input[type=file]", file)
		b.seeAtAllSizes("import")
		b.click("main form .primary")
	}
	upload()
	b.waitText("main", "Grades 1,631 0 0", "TMA 1", "Nothing was changed yet.") // new, changed, the same
	b.seeAtAllSizes("proposal")
	b.click("button[value=all]")
	b.waitText("main", "Imported into AAA 2013J", "Undo this import")
	b.seeAtAllSizes("applied")
	var applied string
	b.eval("return location.href", &applied)
	b.click("link:AAA 2013J")
	b.waitText("main", "365 students · 6 assignments")
	b.seeAtAllSizes("real-class")
	upload()
	b.waitText("main", "Grades 0 0 1,631")
	b.click("button[value=all]")
	b.waitText("main", "Nothing new for AAA 2013J")
	b.seeAtAllSizes("nothing-new")
	b.open(applied)
	b.click("form[action$='/undo'] button")
	b.waitText("main", "taken back")
	for _, c := range b.complaints() {
		t.Errorf("console: %s %s", c.Level, c.Message)
	}
}

// TestBrowserAnswersAFile imports what needs a teacher's eye: rows that are pasted
// and not clear, a spreadsheet of names from everywhere that changes some grades
// and leaves others, of which some lines are chosen, and a file with mistakes.
func TestBrowserAnswersAFile(t *testing.T) {
	t.Parallel()
	b := openBrowser(t)
	s := started(t)
	save := func(name, text string) string {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}

	b.open(s.url(portalService) + "/import")
	b.click("details summary")
	b.paste("textarea[name=Paste]", "Nobody\tQuiz\tRemarks made\nAda Lovelace\t7\tearly\nAlan Turing\t9\t\n")
	b.fill("input[name=Title]", "Pasted")
	b.click("main form .primary")
	b.waitText("main", "Please say")
	b.seeAtAllSizes("asks")
	b.click("#answer-1 option[value=name]")
	b.click("main form .primary")
	b.waitText("main", "What the file would do in Pasted", "Ada Lovelace")

	b.open(s.url(portalService) + "/classes/1/import")
	b.fill("input[type=file]", save("spring, final <b>.csv", strings.Join([]string{
		"Last name,First name,Quiz 1 (100 points),Week 1 Homework,Essay on a subject with a very long title that says all that is to be done (20 points)",
		"Simen,Averill,86,,19.5", "Attwood,Kylee,95,,", "Barber,Sydnie,,Missing,7",
		"\"=HYPERLINK(\"\"http://x\"\")\",Éva,1,2,3", "בן דוד,נועה,50,50,10", "Wolfeschlegelsteinhausenbergerdorff-Welchevoralternwaren,Hubert Blaine,EX,99 late,20", "🦉,Owl,77,,",
	}, "\n")+"\n"))
	b.click("main form .primary")
	b.waitText("main", "Averill Simen", "85 → 86", "kept, blank in the file", "Please check")
	b.seeAtAllSizes("differences")
	b.click("tbody tr:nth-child(1) input[type=checkbox]")
	b.click("button[value=chosen]")
	b.waitText("main", "Undo this import")
	b.seeAtAllSizes("applied-some")
	b.open(s.url(portalService) + "/students/1")
	b.waitText("main", "85")

	b.open(s.url(portalService) + "/import")
	b.fill("input[type=file]", save("wrong.csv", "Student,ID,Section,Essay (1)\n    Points Possible,,,100\n\"Lee, Ann\",7,S,8O\n\"Ek, Bo\",8,S,five\n\"Ek, Bo\",8,S,5\n"))
	b.click("main form .primary")
	b.waitText("main", "line 3, Essay", "8O", "line 4, Essay", "five")
	b.seeAtAllSizes("wrong")
	for _, c := range b.complaints() {
		if !strings.Contains(c.Message, "422") { // Chromium notes the status of a refused file
			t.Errorf("console: %s %s", c.Level, c.Message)
		}
	}
}
