package exchange

import (
	"bytes"
	"fmt"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"strings"
	"testing"

	"gradebook/grades"
)

// watchedFile is a file that sees, each time that some more of it is read, what
// the last collection of garbage found live on the heap.
type watchedFile struct {
	*bytes.Reader
	peak uint64
	read int64
}

func (f *watchedFile) ReadAt(p []byte, at int64) (int, error) {
	n, err := f.Reader.ReadAt(p, at)
	f.read += int64(n)
	f.peak = max(f.peak, liveHeap())
	return n, err
}

func liveHeap() uint64 {
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(live)
	return live[0].Value.Uint64()
}

// worstFiles are files of about a size that cost the most for each of their
// bytes, below a header that a format knows.
func worstFiles(header string, size int) map[string]string {
	fill := func(text string) string { return strings.Repeat(text, size/len(text)) }
	columns := strings.Count(header, ",")
	row := func(id string) string { return id + strings.Repeat(",", columns) }
	wide := header
	for i := range 1900 {
		wide += ",A" + string(rune('a'+i%26)) + string(rune('a'+i/26%26)) + string(rune('a'+i/676))
	}
	return map[string]string{
		"nothing":               "",
		"only line ends":        fill("\n"),
		"only commas":           fill(","),
		"only quotes":           fill(`"`),
		"only numbers":          fill("1,"),
		"two tiny columns":      fill("a,1\n"),
		"ones below":            header + "\n" + fill("1\n"),
		"short lines":           header + "\n" + fill("a,1\n"),
		"one student":           header + "\n" + fill(row("a")+"\n"),
		"scores":                header + "\n" + fill(row("a")+"1\n"),
		"wide":                  wide + "\n" + fill("a"+strings.Repeat(",", columns)+strings.Repeat(",1", 1900)+"\n"),
		"wide and blank":        wide + "\n" + fill("a"+strings.Repeat(",", columns+1900)+"\n"),
		"wide and excused":      wide + "\n" + fill("a"+strings.Repeat(",", columns)+strings.Repeat(",EX", 1900)+"\n"),
		"wide and refused":      wide + "\n" + fill("a"+strings.Repeat(",", columns)+strings.Repeat(",x", 1900)+"\n"),
		"wide and doubted":      wide + "\n" + fill("a"+strings.Repeat(",", columns)+strings.Repeat(",1%", 1900)+"\n"),
		"wide and short":        wide + "\n" + fill("a\n"),
		"wide and excused once": wide + "\n" + fill("a"+strings.Repeat(",", columns+1)+"EX\n"),
		"a quote left open":     header + "\n\"" + fill("a,1\n"),
		"bad quotes":            header + "\n" + fill("\"a\"b\n"),
		"one cell":              header + "\n" + fill("a"),
		"titles":                fill("a,b,"),
		"no text":               fill("\x00\xFF"),
		"UTF-16":                "\xFF\xFE" + fill("a\x00,\x001\x00\n\x00"),
		"Windows-1252":          header + "\n" + fill("\xE9,1\n"),
		"titles again":          header + "\n" + fill(header+"\n"),
		"a row of points":       header + "\n" + fill("Points Possible\n"),
		"semicolons":            strings.ReplaceAll(header, ",", ";") + "\n" + fill("a;1,5\n"),
		"letters of 4 bytes":    header + "\n" + fill("😀,1\n"),
	}
}

// headers are titles that each format knows, with an assignment.
func headers() map[string]string {
	return map[string]string{
		"canvas": "Student,ID,Section,A (1)",
		"moodle": "First name,Last name,ID number,Email address,Quiz: A (Real)",
		"google": "Last Name,First Name,Email,A (20 points)",
		"plain":  "Name,Quiz 1",
		"text":   "Name,Quiz 1",
	}
}

// worstSchools are schools in OneRoster's files, as school has them, of about a
// size, with one file that is out of proportion.
func worstSchools(size int) map[string]string {
	schools := map[string]string{}
	for _, line := range []string{
		"users.csv:x#,,,true,o1,student,a,,A,B,,,,,,,,", "users.csv:x#,,,true,o1,parent,a,,A,B,,,,,,,,", "users.csv:,", "users.csv:",
		"orgs.csv:x#,,,a,school,,", "academicSessions.csv:x#,,,a,term,2026-08-01,2027-01-15,,2027", "courses.csv:x#,,,,a,,,o1,,", "categories.csv:x#,,,a#",
		"classes.csv:x#,,,a,,k1,,scheduled,,o1,t1,,,", "enrollments.csv:x#,,,c1,o1,s1,student,,,", "enrollments.csv:x#,,,c1,o1,nobody,student,,,",
		"lineItems.csv:x#,,,a#,,2026-09-01,2026-09-10,c1,g1,t1,0,20", "results.csv:x#,,,i1,s1,fully graded,1,2026-09-11,", "results.csv:x#,,,i1,s1,exempt,,,", "results.csv:\"",
	} {
		name, row, _ := strings.Cut(line, ":")
		var text strings.Builder
		for i := 0; text.Len() < size; i++ {
			text.WriteString(strings.ReplaceAll(row, "#", fmt.Sprint(i)) + "\n")
		}
		before, after, _ := strings.Cut(school, "\n"+name+":\n")
		titles, rows, _ := strings.Cut(after, "\n")
		schools[line] = before + "\n" + name + ":\n" + titles + "\n" + text.String() + rows
	}
	return schools
}

// Reading a file takes at most 16 times its size, whatever it holds, and reads
// it a bounded number of times.
func TestMemory(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(10)) // collects each time that the heap grew by a tenth
	const size = 128 << 10
	for name, header := range headers() {
		for kind, text := range worstFiles(header, size) {
			if name == "text" {
				text = strings.ReplaceAll(text, ",", "\t")
			}
			checkMemory(t, Formats()[name], name+", "+kind, []byte(text), size)
		}
	}
	for kind, text := range worstSchools(size) {
		checkMemory(t, oneRoster{"1.2"}, kind, storedZip(text), size)
	}
}

func checkMemory(t *testing.T, format grades.Format, name string, text []byte, size int) {
	file := &watchedFile{Reader: bytes.NewReader(text)}
	runtime.GC()
	before := liveHeap()
	read, err := format.Read(file, file.Size(), grades.ReadOptions{})
	runtime.GC()
	took := int64(max(file.peak, liveHeap())) - int64(before)
	runtime.KeepAlive(read)
	runtime.KeepAlive(err)
	if took > 16*int64(size) {
		t.Errorf("%s: %d KiB at the most for a file of %d", name, took>>10, len(text)>>10)
	} else if testing.Verbose() {
		t.Logf("%s: %.1f bytes for each, error %.80v", name, float64(took)/float64(size), err)
	}
	if most := 4*file.Size() + 1<<20; file.read > most {
		t.Errorf("%s: %d bytes were read of %d", name, file.read, file.Size())
	}
}
