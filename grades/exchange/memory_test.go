package exchange

import (
	"bytes"
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
		"nothing":            "",
		"only line ends":     fill("\n"),
		"only commas":        fill(","),
		"only quotes":        fill(`"`),
		"only numbers":       fill("1,"),
		"two tiny columns":   fill("a,1\n"),
		"ones below":         header + "\n" + fill("1\n"),
		"short lines":        header + "\n" + fill("a,1\n"),
		"one student":        header + "\n" + fill(row("a")+"\n"),
		"scores":             header + "\n" + fill(row("a")+"1\n"),
		"wide":               wide + "\n" + fill("a"+strings.Repeat(",", columns)+strings.Repeat(",1", 1900)+"\n"),
		"wide and blank":     wide + "\n" + fill("a"+strings.Repeat(",", columns+1900)+"\n"),
		"wide and excused":   wide + "\n" + fill("a"+strings.Repeat(",", columns)+strings.Repeat(",EX", 1900)+"\n"),
		"wide and refused":   wide + "\n" + fill("a"+strings.Repeat(",", columns)+strings.Repeat(",x", 1900)+"\n"),
		"wide and doubted":   wide + "\n" + fill("a"+strings.Repeat(",", columns)+strings.Repeat(",1%", 1900)+"\n"),
		"a quote left open":  header + "\n\"" + fill("a,1\n"),
		"bad quotes":         header + "\n" + fill("\"a\"b\n"),
		"one cell":           header + "\n" + fill("a"),
		"titles":             fill("a,b,"),
		"no text":            fill("\x00\xFF"),
		"UTF-16":             "\xFF\xFE" + fill("a\x00,\x001\x00\n\x00"),
		"Windows-1252":       header + "\n" + fill("\xE9,1\n"),
		"titles again":       header + "\n" + fill(header+"\n"),
		"a row of points":    header + "\n" + fill("Points Possible\n"),
		"semicolons":         strings.ReplaceAll(header, ",", ";") + "\n" + fill("a;1,5\n"),
		"letters of 4 bytes": header + "\n" + fill("😀,1\n"),
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

// Reading a file takes at most 16 times its size, whatever it holds, and reads
// it a bounded number of times.
func TestMemory(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(10)) // collects each time that the heap grew by a tenth
	const size = 256 << 10
	for name, header := range headers() {
		for kind, text := range worstFiles(header, size) {
			if name == "text" {
				text = strings.ReplaceAll(text, ",", "\t")
			}
			file := &watchedFile{Reader: bytes.NewReader([]byte(text))}
			runtime.GC()
			before := liveHeap()
			read, err := Formats()[name].Read(file, file.Size(), grades.ReadOptions{})
			runtime.GC()
			peak := max(file.peak, liveHeap())
			runtime.KeepAlive(read)
			runtime.KeepAlive(err)
			if took := int64(peak) - int64(before); took > 16*size {
				t.Errorf("%s, %s: %d KiB at the most for a file of %d", name, kind, took>>10, len(text)>>10)
			} else if testing.Verbose() {
				t.Logf("%s, %s: %.1f bytes for each", name, kind, float64(took)/float64(max(len(text), 1)))
			}
			if most := 4*file.Size() + 1<<20; file.read > most {
				t.Errorf("%s, %s: %d bytes were read of %d", name, kind, file.read, file.Size())
			}
		}
	}
}
