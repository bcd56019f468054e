package exchange

import (
	"errors"
	"io"
	"slices"
	"strings"

	"gradebook/grades"
)

// dialect is what the files of one system have of their own.
type dialect struct {
	role func(title string) role // of a column that is no assignment; unknown of others
	item func(title string) item // of a column that is one
	// choose decides on the columns whose role is unknown, once the file was
	// surveyed.
	choose func(r *reading)
	exact  bool // a program wrote the file, so a short line is damage
}

// reading is a file of text that is being read: surveyed from beginning to end,
// to find out what its columns and numbers are, and then read line by line.
type reading struct {
	dialect
	file     io.ReaderAt
	size     int64
	options  grades.ReadOptions
	encoding encoding
	comma    byte
	passes   int64 // through the file, that are over
	told     int64 // bytes, of Progress

	header  record
	columns []fileColumn
	places  [feedback + 1]int // from 1, of the first column of each role
	marks   marks
	numbers numbers
	proof   string // a number that shows the decimal mark

	pointsInTitles bool // a title has them, as in "Essay (20 points)"
	test           bool // the test student that Canvas makes up is left out
	unsplit        int  // names without a comma
	sections       int  // other than the first
	sheet          grades.Sheet
	notes
}

// readFile reads a file of a dialect.
func readFile(d dialect, file io.ReaderAt, size int64, options grades.ReadOptions) (*grades.File, error) {
	r := &reading{dialect: d, file: file, size: size, options: options}
	for _, step := range []func() error{r.open, r.findColumns, r.survey, r.decide, r.students} {
		if err := step(); err != nil {
			return nil, err
		}
		if err := r.bad.err(); err != nil {
			return nil, err
		}
	}
	r.conclude()
	if options.Progress != nil {
		options.Progress(size)
	}
	return &grades.File{Sheets: []*grades.Sheet{&r.sheet}, Guesses: r.guesses, Doubts: r.allDoubts(), Questions: r.questions}, nil
}

// open finds the encoding and the separator.
func (r *reading) open() (err error) {
	if r.size > maxFile {
		r.bad.add(1, "", "the file has %d MiB, over %d: is it a gradebook? Import it class by class", r.size>>20, maxFile>>20)
		return nil
	}
	if r.encoding, err = findEncoding(r.file, r.size); err != nil {
		if _, noText := errors.AsType[*noTextError](err); noText {
			r.bad.add(1, "", "%v", err)
			return nil
		}
		return err
	}
	head := make([]byte, 64<<10)
	n, err := io.ReadFull(newTextReader(r.file, r.size, r.encoding), head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return err
	}
	r.comma = separator(head[:n])
	if r.encoding.name != "UTF-8" {
		r.guess("encoding", r.encoding.name, "the file is not UTF-8 and was read as %s: see that names with accents are right", r.encoding.name)
	}
	return nil
}

// each reads the file and gives each line from the one after the header on to
// do, but those that are blank. The first of a file is given every line.
func (r *reading) each(do func(record) (more bool)) error {
	text := newTextReader(r.file, r.size, r.encoding)
	if r.options.Progress != nil {
		text.progress = r.tell
	}
	records := newRecordReader(text, r.comma)
	for {
		rec, err := records.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if rec.line > r.header.line && (rec.fault != "" || slices.ContainsFunc(rec.cells, func(cell string) bool { return trim(cell) != "" })) && !do(rec) {
			return nil
		}
	}
}

// tell tells how far the two passes through the file are, of which the first
// begins again after the header was found.
func (r *reading) tell(at int64) {
	if read := (r.passes*r.size + at) / 2; read > r.told {
		r.told = read
		r.options.Progress(read)
	}
}

// headerLines is how many lines may stand above the titles, and one.
const headerLines = 10

// findColumns finds the header, which is the first line that says who a student
// is, or else the first, and what its titles say.
func (r *reading) findColumns() error {
	var first []record
	err := r.each(func(rec record) bool {
		rec.cells = slices.Clone(rec.cells)
		if !isSeparatorLine(rec) {
			first = append(first, rec)
		}
		return len(first) < headerLines
	})
	if err != nil {
		return err
	}
	if len(first) == 0 {
		r.bad.add(1, "", "the file is empty: export the gradebook again")
		return nil
	}
	at := max(0, slices.IndexFunc(first, r.isHeader))
	for _, before := range first[:at] {
		if before.fault != "" {
			r.bad.add(before.line, "", "%s", before.fault)
			return nil
		}
		r.doubt(before.line, "", "left out, since the titles of the columns come below it: %.100q", strings.TrimSpace(strings.Join(before.cells, " ")))
	}
	r.header = first[at]
	if r.header.fault != "" {
		r.bad.add(r.header.line, "", "%s", r.header.fault)
		return nil
	}
	for _, title := range r.header.cells {
		title = r.line(title)
		r.columns = append(r.columns, fileColumn{title: title, role: r.role(title)})
		r.pointsInTitles = r.pointsInTitles || r.item(title).points != ""
	}
	r.sayColumns()
	r.place()
	return nil
}

func (r *reading) isHeader(rec record) bool {
	return slices.ContainsFunc(rec.cells, func(cell string) bool { return r.role(r.line(cell)).ofStudent() })
}

// line returns a title, or a cell that says who a student is. What people write
// on several lines of a cell is one line.
func (r *reading) line(cell string) string {
	if r.exact {
		return tidy(cell)
	}
	return oneLine(cell)
}

// text returns the cell of the column of that role, "" without one.
func (r *reading) text(rec record, role role) string {
	if i := r.find(role); i >= 0 && i < len(rec.cells) {
		return r.line(rec.cells[i])
	}
	return ""
}
