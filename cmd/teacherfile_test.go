package cmd_test

import (
	"net/http"
	"os"
	"strings"
	"testing"
)

// TestTeachersFiles gives the service what teachers have, as they have it, and
// does not say what it is: it is recognised, and what was guessed is said.
func TestTeachersFiles(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.start(gradingService)
	example := func(name string) string {
		file, err := os.ReadFile(shared(t, "data", name))
		if err != nil {
			t.Fatal(err)
		}
		return string(file)
	}
	const canvas = "Student,ID,Section,Essay (1),Quiz (2)\n    Points Possible,,,100,10\n\"Öz, Zoë\",7,S,91.5,8\n\"Ek, Bo\",8,S,EX,\n"
	const european = "Last name;First name;ID;Aufsatz (100 points)\nMüller;Jörg;7;91,5\nÖz;Zoë;8;1,5\n"
	const tabbed = "First name\tLast name\tID\tEssay\tQuiz\nZoë\tÖz\t7\t91.5\t8\nBo\tEk\t8\t77\t9\n"
	latin := strings.NewReplacer("ü", "\xfc", "ö", "\xf6", "Ö", "\xd6", "ë", "\xeb")
	for _, c := range []struct {
		what, file, format     string
		students, items, cells int
		guesses                string
	}{
		{"Canvas's own", example("canvas-example.csv"), "canvas", 2, 3, 5, ""},
		{"Moodle's own", example("moodle-example.csv"), "moodle", 2, 2, 2, ""},
		{"a real class", example("oulad-aaa-2013j.canvas.csv"), "canvas", 365, 6, 1631, ""},
		{"as a spreadsheet on Windows saves Unicode", utf16LE(tabbed), "text", 2, 2, 4, "UTF-16"},
		{"UTF-16", utf16LE(canvas), "canvas", 2, 2, 3, "UTF-16"},
		{"with a byte-order mark", "\ufeff" + canvas, "canvas", 2, 2, 3, ""},
		{"Latin-1", latin.Replace(canvas), "canvas", 2, 2, 3, "1252"},
		{"in another order", "Section,Quiz (2),ID,Essay (1),Student\n,10,,100,    Points Possible\nS,8,7,91.5,\"Öz, Zoë\"\n", "canvas", 1, 2, 2, ""},
		{"lines that end as on Windows", strings.ReplaceAll(canvas, "\n", "\r\n"), "canvas", 2, 2, 3, ""},
		{"Google's", "Last Name,First Name,Email,Overall Grade,Essay (100 points),Quiz (10 points)\nÖz,Zoë,zoe@example.org,91,91.5,Missing\nEk,Bo,bo@example.org,,Excused,\n", "google", 2, 2, 3, ""},
		{"a spreadsheet with names", "First name,Last name,ID,Essay,Quiz\nZoë,Öz,7,91.5,8\nBo,Ek,8,77,9\n", "plain", 2, 2, 4, ""},
		{"copied from a spreadsheet", tabbed, "text", 2, 2, 4, ""},
		{"OneRoster 1.1", newRosterSet().zipped(t), "oneroster-1.1", 2, 2, 3, ""},
		{"OneRoster with its columns in another order", newRosterSet().replaced("categories.csv", "sourcedId,status,dateLastModified,title\nk1,,,Homework", "title,sourcedId,status,dateLastModified\nHomework,k1,,").zipped(t), "oneroster-1.1", 2, 2, 3, "categories.csv"},
		{"European, Latin-1, with a comma for the decimals", latin.Replace(european), "plain", 2, 1, 2, "semicolon"},
	} {
		a, err := s.ask(http.MethodPost, gradingService, "/imports?dryRun=true&format=auto&title="+strings.ReplaceAll(c.what, " ", "%20"), c.file)
		if err != nil {
			t.Fatal(err)
		}
		if a.status != http.StatusCreated {
			t.Errorf("%s: got %v", c.what, a)
			continue
		}
		p := read[proposal](t, a)
		t.Logf("%s: %s %s, %s, guesses %v, doubts %v, questions %v", c.what, p.Format, p.State, p.counts(), p.Guesses, p.Doubts, p.Questions)
		if p.State != "proposed" || p.Format != c.format || len(p.Classes) != 1 {
			t.Errorf("%s: it is %s %s of %d classes, want %s", c.what, p.State, p.Format, len(p.Classes), c.format)
			continue
		}
		if k := p.Classes[0]; k.Students.Created != c.students || k.Assignments.Created != c.items || k.Cells.New != c.cells {
			t.Errorf("%s: %s, want %d students, %d assignments, %d cells", c.what, p.counts(), c.students, c.items, c.cells)
		}
		if !strings.Contains(a.body, c.guesses) {
			t.Errorf("%s: it does not say that it guessed %s: %v", c.what, c.guesses, p.Guesses)
		}
	}
}

// TestUnclearFile: what a file does not say is asked, answered, and then applied;
// before that it is not.
func TestUnclearFile(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.start(gradingService)
	const file = "who,what,how\n7,Ann Lee,91\n8,Bo Ek,77\n"
	path, p := s.propose("format=plain&title=Unclear", file)
	if p.State != "asks" || len(p.Questions) == 0 {
		t.Fatalf("an unclear file is %s and asks %v", p.State, p.Questions)
	}
	s.apply(http.StatusConflict, path, "")
	a := s.send(http.StatusOK, http.MethodPatch, gradingService, path, `{"columns":{"who":"id","what":"name","how":"assignment"}}`)
	t.Logf("answered: %v", a)
	if p = read[proposal](t, a); p.State != "proposed" {
		t.Fatalf("the questions are answered, and it is %s: %v", p.State, p.Questions)
	}
}
