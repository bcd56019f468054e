package exchange

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"
)

// split reads text and writes each record as "line:cell|cell".
func split(t *testing.T, in io.Reader, comma byte) string {
	t.Helper()
	r := newRecordReader(in, comma)
	var out []string
	for {
		rec, err := r.next()
		if err == io.EOF {
			return strings.Join(out, "\n")
		}
		if err != nil {
			t.Fatal(err)
		}
		if rec.fault != "" {
			out = append(out, fmt.Sprintf("%d! %s", rec.line, strings.TrimSpace(rec.fault[:20])))
		} else {
			out = append(out, fmt.Sprintf("%d:%s", rec.line, strings.Join(rec.cells, "|")))
		}
	}
}

func TestRecords(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"nothing", "", ""},
		{"lines", "a,b\nc,d\n", "1:a|b\n2:c|d"},
		{"no line end", "a,b\nc,d", "1:a|b\n2:c|d"},
		{"CRLF", "a,b\r\nc,d\r\n", "1:a|b\n2:c|d"},
		{"CR", "a,b\rc,d\r", "1:a|b\n2:c|d"},
		{"blank lines", "\n\na\n", "3:a"},
		{"empty cells", ",\n,,", "1:|\n2:||"},
		{"quoted", `"a,b","c ""d""",""` + "\n", `1:a,b|c "d"|`},
		{"line breaks in a cell", "\"a\r\nb\rc\nd\",e\nf", "1:a\nb\nc\nd|e\n5:f"},
		{"marks inside a cell", `5" disk,="007",d"",e` + "\n", `1:5" disk|="007"|d""|e`},
		{"blanks around a quoted cell", `a,  "b, c" ,d` + "\n", "1:a|b, c|d"},
		{"a cell of blanks", "a,  ,d", "1:a|  |d"},
		{"after a quoted cell", "\"a\"b,1\nc,2\n", "1! bad quotation marks:\n2:c|2"},
		{"no closing mark", "a,1\n\"b,2\nc,3\n", "1:a|1\n2! bad quotation marks:"},
		{"a mark at the end", "a,\"", "1! bad quotation marks:"},
		{"not UTF-8", "a\nM\xfcller\nb", "1:a\n2! this line has letter\n3:b"},
		{"a zero", "a\x00b\nc", "1! this line has a zero\n2:c"},
		{"a long cell", "a\nb," + strings.Repeat("x", maxCell+1) + ",c\nd", "1:a\n2! a cell of this line\n3:d"},
		{"a long quoted cell", "\"" + strings.Repeat("x\n", maxCell) + "\"\nd", "1! a cell of this line\n65538:d"},
		{"a long line", strings.Repeat("x,", 10) + strings.Repeat(strings.Repeat("x", maxCell)+",", 64) + "\nd", "1! this line is over 4\n2:d"},
		{"many cells", strings.Repeat(",", maxColumns) + "\nd", "1! this line has over 2\n2:d"},
	} {
		got := split(t, strings.NewReader(c.text), ',')
		if got != c.want {
			t.Errorf("%s:\n got %.200s\nwant %.200s", c.name, got, c.want)
		}
		if len(c.text) < 1000 {
			if slow := split(t, iotest.OneByteReader(strings.NewReader(c.text)), ','); slow != got {
				t.Errorf("%s, read byte by byte:\n got %.200s\nwant %.200s", c.name, slow, got)
			}
		}
	}
}

func TestRecordsOfABadFile(t *testing.T) {
	r := newRecordReader(io.MultiReader(strings.NewReader("a,b\nc"), iotest.ErrReader(errors.New("disk"))), ',')
	if _, err := r.next(); err != nil {
		t.Fatal(err)
	}
	if rec, err := r.next(); err == nil || err.Error() != "disk" {
		t.Errorf("record %v, error %v, want that of the disk", rec, err)
	}
}

// A cell of 100 MB is refused without being held.
func TestRecordsHoldLittle(t *testing.T) {
	in := io.MultiReader(strings.NewReader("a,\""), io.LimitReader(letters{}, 100<<20), strings.NewReader("\"\nb,c\n"))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	got := split(t, in, ',')
	runtime.ReadMemStats(&after)
	if want := "1! a cell of this line\n2:b|c"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if took := after.TotalAlloc - before.TotalAlloc; took > 1<<20 {
		t.Errorf("took %d bytes of memory", took)
	}
}

// letters is a text of nothing but x.
type letters struct{}

func (letters) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}

func BenchmarkRecords(b *testing.B) {
	text := strings.Repeat("\"Doe, Jo\",10001,doe@example.org,Period 3,91.50,85.00,,77.25,EX,100.00,64.5,88\n", 10_000)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		r := newRecordReader(strings.NewReader(text), ',')
		for {
			if _, err := r.next(); err != nil {
				break
			}
		}
	}
}
