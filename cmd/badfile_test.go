package cmd_test

import (
	"net/http"
	"strings"
	"testing"
	"unicode/utf16"
)

// badFile is a file that is refused, and where and why it must say.
type badFile struct {
	what, query, file string
	status            int
	says              []string
}

// TestBadFiles: a file that is wrong is refused whole, by file, line and column,
// and nothing is different afterwards.
func TestBadFiles(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.start(gradingService)
	for range 2 { // of one name, whom no file without ids can tell apart
		s.send(http.StatusCreated, http.MethodPost, gradingService, "/students", `{"firstName":"Kim","lastName":"Lee","class":1}`)
	}
	untouched := s.everything(gradingService)
	for _, bad := range append(badSheets(t), badSets(t)...) {
		a, err := s.ask(http.MethodPost, gradingService, "/imports?"+bad.query, bad.file)
		if err != nil {
			t.Fatalf("%s: %v", bad.what, err)
		}
		if a.status != bad.status || a.header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: got %v, want %d", bad.what, a, bad.status)
		}
		for _, want := range bad.says {
			if !strings.Contains(a.body, want) {
				t.Errorf("%s: does not say %q: %v", bad.what, want, a)
			}
		}
	}
	if now := s.everything(gradingService); now != untouched {
		t.Errorf("refused files have changed something: %s", firstDifference(untouched, now))
	}
	if procfs() && !raceEnabled() {
		if peak := s.running[gradingService].peakMemory(t) >> 20; peak > 128 {
			t.Errorf("bad files took %d MiB, want at most 128", peak)
		}
	}
}

// badSheets are tables with one thing wrong.
func badSheets(t *testing.T) []badFile {
	const canvas = "format=canvas&title=Bad"
	const header = "Student,ID,Section,Essay (1),Quiz (2)\n    Points Possible,,,100,10\n"
	return []badFile{
		{"a cell of 100 MB", canvas, header + "\"Lee, Ann\",7,S,\"" + strings.Repeat("9", 100_000_000) + "\",5\n", 422, []string{"line 3", "Essay"}},
		{"a line of 5 MiB", canvas, header + "\"Lee, Ann\",7,S,1,5" + strings.Repeat(",1", 5<<19) + "\n", 422, []string{"line 3"}},
		{"a header twice", canvas, header + "\"Lee, Ann\",7,S,1,5\n" + header + "\"Ek, Bo\",8,S,1,5\n", 422, []string{"line 4"}},
		{"a column twice", canvas, "Student,ID,ID,Section,Essay (1)\n\"Lee, Ann\",7,7,S,1\n", 422, []string{"line 1", "ID"}},
		{"an assignment twice", canvas, "Student,ID,Section,Essay (1),Essay (1)\n\"Lee, Ann\",7,S,1,2\n", 422, []string{"line 1", "Essay"}},
		{"a student twice", canvas, header + "\"Lee, Ann\",7,S,1,5\n\"Lee, Ann\",7,S,2,5\n", 422, []string{"line 4", "line 3"}},
		{"a name alone that two share", "format=canvas&class=1", header + "\"Lee, Kim\",,S,1,5\n", 422, []string{"line 3", "Kim Lee"}},
		{"a number split in two", canvas, header + "\"Lee, Ann\",7,S,1,234.56,5\n", 422, []string{"line 3"}},
		{"what is no number", canvas, header + "\"Lee, Ann\",7,S,8O,5\n\"Ek, Bo\",8,S,1,five\n", 422, []string{"line 3", "Essay", "8O", "line 4", "Quiz", "five"}},
		{"a quote that does not end", canvas, header + "\"Lee, Ann,7,S,1,5\n", 422, []string{"line 3"}},
		{"no student column", canvas, "Name of fish,Weight\ncod,3\n", 422, []string{"line 1", "Student"}},
		{"nothing", canvas, " ", 422, nil},
		{"UTF-16 with half a character", canvas, utf16LE(header) + "x", 422, nil},
		{"an unknown format", "format=excel", header, 400, []string{"format"}},
		{"what is no gradebook", "format=auto", "\x7fELF\x02\x01\x01" + strings.Repeat("\x00", 500), 422, nil},
		{"a class that is not there", "format=canvas&class=999", header + "\"Lee, Ann\",7,S,1,5\n", 404, []string{"999"}},
		{"an archive of something else", "format=auto", rosterSet{{"readme.txt", "hello"}}.zipped(t), 422, nil},
	}
}

// utf16LE is text as a spreadsheet on Windows writes it.
func utf16LE(text string) string {
	b := []byte{0xff, 0xfe}
	for _, unit := range utf16.Encode([]rune(text)) {
		b = append(b, byte(unit), byte(unit>>8))
	}
	return string(b)
}

// badSets are OneRoster ZIPs with one thing wrong, hostile ones first.
func badSets(t *testing.T) []badFile {
	set := newRosterSet()
	list := []badFile{
		{"a name that leads out", "", set.with("../users.csv", "x").zipped(t), 422, []string{"../users.csv"}},
		{"a name that leads out with backslashes", "", set.with(`..\users.csv`, "x").zipped(t), 422, []string{"users.csv"}},
		{"an absolute name", "", set.with("/etc/passwd", "x").zipped(t), 422, []string{"/etc/passwd"}},
		{"a drive", "", set.with(`C:\users.csv`, "x").zipped(t), 422, []string{"users.csv"}},
		{"a file in a folder", "", set.with("set/extra.csv", "x").zipped(t), 422, []string{"set/extra.csv"}},
		{"a name twice", "", append(set, entry{"users.csv", "x"}).zipped(t), 422, []string{"users.csv"}},
		{"a name twice but for its case", "", append(set, entry{"Users.csv", "x"}).zipped(t), 422, []string{"Users.csv"}},
		{"a bomb", "", set.with("results.csv", strings.Repeat("r9,", 10<<20)).zipped(t), 422, []string{"results.csv"}},
		{"a file that says it is small", "", set.without("results.csv").lying(t, "results.csv", 40<<20), 422, []string{"results.csv"}},
		{"300 MiB in all", "", set.declaring(t, 5, 60<<20), 422, []string{"MiB"}},
		{"a nested ZIP", "", set.with("more.zip", set.zipped(t)).zipped(t), 422, []string{"more.zip"}},
		{"a nested ZIP by another name", "", set.without("orgs.csv").with("orgs.csv", set.zipped(t)).zipped(t), 422, []string{"orgs.csv"}},
		{"no manifest", "", set[1:].zipped(t), 422, []string{"manifest.csv"}},
		{"a manifest of another version", "", set.replaced("manifest.csv", "oneroster.version,1.1", "oneroster.version,3.0").zipped(t), 422, []string{"manifest.csv", "3.0"}},
		{"a manifest that says the set has what it has not", "", set.without("results.csv").zipped(t), 422, []string{"results.csv"}},
		{"a file that the manifest calls absent", "", set.with("demographics.csv", "sourcedId,status,dateLastModified\n").zipped(t), 422, []string{"demographics.csv"}},
		{"a file that the manifest does not name", "", set.with("notes.csv", "a,b\n").zipped(t), 422, []string{"notes.csv"}},
		{"a result of nobody", "", set.with("results.csv", "r9,,,l1,u9,fully graded,5,2026-09-20,\n").zipped(t), 422, []string{"results.csv", "line 5", "studentSourcedId", "u9"}},
		{"an enrolment in no class", "", set.with("enrollments.csv", "e9,,,c9,o1,u1,student,,,\n").zipped(t), 422, []string{"enrollments.csv", "line 5", "classSourcedId", "c9"}},
		{"a class twice", "", set.with("classes.csv", "c1,,,Algebra II,,co1,ALG,scheduled,,o1,t1,,,\n").zipped(t), 422, []string{"classes.csv", "line 3", "c1"}},
		{"no id", "", set.with("categories.csv", ",,,Tests\n").zipped(t), 422, []string{"categories.csv", "line 3", "sourcedId"}},
		{"a title twice", "", set.replaced("categories.csv", "status,", "sourcedId,").zipped(t), 422, []string{"categories.csv", "line 1", "sourcedId"}},
		{"a header twice", "", set.with("categories.csv", "sourcedId,status,dateLastModified,title\n").zipped(t), 422, []string{"categories.csv", "line 3"}},
		{"a score that is none", "", set.with("results.csv", "r9,,,l2,u2,fully graded,ten,2026-09-20,\n").zipped(t), 422, []string{"results.csv", "line 5", "score"}},
		{"a date that is none", "", set.replaced("lineItems.csv", "2026-09-15", "15.9.2026").zipped(t), 422, []string{"lineItems.csv", "line 2", "dueDate"}},
		{"a ZIP that is cut", "", set.zipped(t)[:900], 422, nil},
	}
	for i := range list {
		list[i].query = "format=oneroster-1.1"
	}
	return list
}
