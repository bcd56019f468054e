package exchange

import (
	"io"
	"strings"
	"unicode/utf8"
)

// Limits of a file, far beyond any gradebook's: what is over them is refused
// without being held.
const (
	maxFile    = 128 << 20
	maxCell    = 64 << 10
	maxLine    = 4 << 20
	maxColumns = 2000
)

// record is one line of a file of text; a quoted cell may make it span several.
type record struct {
	line  int      // where it begins, from 1
	cells []string // valid until the next record; the strings stay
	fault string   // why the line cannot be read, "" when it can
	place int      // the place of the cell that has the fault, -1 for the line as a whole
}

const badQuotes = `bad quotation marks: a cell that begins with " must end with ", and each " inside be written twice`

// recordReader splits text into records, after RFC 4180 and what spreadsheets
// make of it: lines end in LF, CRLF or CR, a line break in a cell is read as LF,
// a quotation mark inside a cell that does not begin with one is that mark, and
// blanks before a quoted cell are none of it. It holds one line at a time, and
// never more of it than the limits.
type recordReader struct {
	in      io.Reader
	comma   byte
	buf     []byte
	at, end int
	err     error // of in, once all before it is read

	line  int
	text  []byte // of all cells of the record
	ends  []int  // of each cell in text
	cells []string
	fault string
	place int // of the cell that has the fault, as in record
}

func newRecordReader(in io.Reader, comma byte) *recordReader {
	return &recordReader{in: in, comma: comma, buf: make([]byte, 64<<10), line: 1}
}

// next returns the next record that is not an empty line, or io.EOF, or an error
// of the file.
func (r *recordReader) next() (record, error) {
	r.text, r.ends, r.fault = r.text[:0], r.ends[:0], ""
	b, ok := r.peek()
	for ; ok && (b == '\n' || b == '\r'); b, ok = r.peek() {
		r.at++
		r.endLine(b)
	}
	if !ok {
		return record{}, r.err
	}
	line := r.line
	for r.cell() {
	}
	if r.err != nil && r.err != io.EOF {
		return record{}, r.err
	}
	return r.record(line), nil
}

// record makes a record of the cells read.
func (r *recordReader) record(line int) record {
	if r.fault != "" {
		return record{line: line, fault: r.fault, place: r.place}
	}
	text := string(r.text)
	if fault := textFault(text); fault != "" {
		return record{line: line, fault: fault, place: -1}
	}
	r.cells = r.cells[:0]
	from := 0
	for _, end := range r.ends {
		r.cells = append(r.cells, text[from:end])
		from = end
	}
	return record{line: line, cells: r.cells}
}

func textFault(text string) string {
	switch {
	case !utf8.ValidString(text):
		return "this line has letters that are not UTF-8, in a file that is: " + saveAs
	case strings.IndexByte(text, 0) >= 0:
		return "this line has a zero byte, which is no text: " + saveAs
	}
	return ""
}

// peek returns the next byte without taking it, false at the end.
func (r *recordReader) peek() (byte, bool) {
	for r.at == r.end {
		if r.err != nil {
			return 0, false
		}
		r.at = 0
		r.end, r.err = r.in.Read(r.buf)
	}
	return r.buf[r.at], true
}

// cell reads a cell and what ends it. It reports whether another follows on the
// line.
func (r *recordReader) cell() (more bool) {
	from, blank := len(r.text), true
	for {
		b, ok := r.peek()
		if !ok {
			r.endCell()
			return false
		}
		r.at++
		switch {
		case b == r.comma:
			r.endCell()
			return true
		case b == '\n' || b == '\r':
			r.endLine(b)
			r.endCell()
			return false
		case b == '"' && blank:
			r.text = r.text[:from]
			r.quoted(from)
			blank = false
		case blank:
			blank = b == ' '
			r.add(from, b)
		default:
			r.at--
			r.run(from, r.comma)
		}
	}
}

// run adds what is in the buffer of a cell, up to what ends it or its line.
func (r *recordReader) run(from int, end byte) {
	at := r.at
	for r.at < r.end && r.buf[r.at] != end && r.buf[r.at] != '\n' && r.buf[r.at] != '\r' {
		r.at++
	}
	r.add(from, r.buf[at:r.at]...)
}

// quoted reads the rest of a cell that began with a quotation mark.
func (r *recordReader) quoted(from int) {
	for {
		b, ok := r.peek()
		if !ok {
			r.refuse(badQuotes, len(r.ends))
			return
		}
		r.at++
		switch b {
		case '"':
			if b, ok = r.peek(); !ok || b != '"' {
				r.closed(from)
				return
			}
			r.at++
		case '\n', '\r':
			r.endLine(b)
			b = '\n'
		}
		r.add(from, b)
		r.run(from, '"')
	}
}

// closed reads up to the end of a cell whose quotation mark was closed. Only
// blanks may follow.
func (r *recordReader) closed(from int) {
	for {
		b, ok := r.peek()
		if !ok || b == r.comma || b == '\n' || b == '\r' {
			return
		}
		if b != ' ' {
			r.refuse(badQuotes, len(r.ends))
			r.text = r.text[:from]
			return
		}
		r.at++
	}
}

// endLine counts a line that ends in b, and takes the LF of a CRLF.
func (r *recordReader) endLine(b byte) {
	r.line++
	if next, ok := r.peek(); b == '\r' && ok && next == '\n' {
		r.at++
	}
}

// add adds text to the cell that begins at from, unless the line is refused.
func (r *recordReader) add(from int, text ...byte) {
	switch {
	case r.fault != "":
	case len(r.text)-from+len(text) > maxCell:
		r.refuse("a cell of this line is over 64 KiB: shorten it; if it is not as long, a quotation mark is missing at its end", len(r.ends))
	case len(r.text)+len(text) > maxLine:
		r.refuse("this line is over 4 MiB: is the file a gradebook?", -1)
	default:
		r.text = append(r.text, text...)
	}
}

func (r *recordReader) endCell() {
	switch {
	case r.fault != "":
		r.text = r.text[:0]
	case len(r.ends) == maxColumns:
		r.refuse("this line has over 2,000 cells: is the file a gradebook? Delete the columns that are not", -1)
	default:
		r.ends = append(r.ends, len(r.text))
	}
}

// refuse notes the first fault of a line, and in which cell it is.
func (r *recordReader) refuse(fault string, place int) {
	if r.fault == "" {
		r.fault, r.place = fault, place
	}
}
