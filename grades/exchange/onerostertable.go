package exchange

import (
	"hash/maphash"
	"io"
	"strings"

	"gradebook/grades/zipfile"
)

// rosterIDs are the ids of the rows of a file, with the line and what the reader
// of the file gave them for a number. Of an id only a hash is kept, for there may
// be millions: two of a million are alike once in thirty million files.
type rosterIDs map[uint64]rosterPlace

type rosterPlace struct{ line, number int32 }

// rosterTable reads a file of a ZIP, row by row, and checks what can be checked
// of any.
type rosterTable struct {
	*roster
	file  rosterFile
	name  string // with .csv
	delta bool

	titles []string       // of the header
	at     map[string]int // where each column is
	checks []columnCheck
	ids    rosterIDs

	line  int
	cells []string

	unresolved []rosterReference // to rows of the same file, which may follow
	missing    map[string]bool   // columns that refer to a file that is absent
	left       []int             // how many cells of each column the book has no place for
	rows       int
}

type rosterReference struct {
	line   int
	column int
	id     string
}

// read calls row for each row of a file that is there and in order. Nothing is
// read of a file that is absent. An error is one of the disk.
func (r *roster) read(file rosterFile, row func(t *rosterTable)) error {
	mode := r.manifest.modes[file.name]
	if mode != rosterBulk && mode != rosterDelta {
		return nil
	}
	in, err := r.zip.File(file.name + ".csv").Open()
	if err != nil {
		return r.refuseFile(file.name+".csv", err)
	}
	defer in.Close()
	t := &rosterTable{roster: r, file: file, name: file.name + ".csv", delta: mode == rosterDelta, ids: rosterIDs{}}
	r.ids[file.name] = t.ids
	if err := t.readAll(in, row); err != nil {
		return r.refuseFile(t.name, err)
	}
	t.conclude()
	return nil
}

// refuseFile notes what is wrong with an entry of the ZIP, or returns an error
// of the disk.
func (r *roster) refuseFile(name string, err error) error {
	if damage, ok := err.(*zipfile.Error); ok {
		r.bad.add(name, 0, "", "%s", damage.Detail)
		return nil
	}
	return err
}

func (t *rosterTable) readAll(in io.Reader, row func(t *rosterTable)) error {
	records := newRecordReader(skipMark(in), ',')
	for first := true; ; first = false {
		record, err := records.next()
		if err == io.EOF {
			if first {
				t.bad.add(t.name, 1, "", "the file is empty; it must begin with a line of titles, %s", strings.Join(t.file.titles(), ","))
			}
			return nil
		}
		if err != nil {
			return err
		}
		t.line, t.cells = record.line, record.cells
		switch {
		case record.fault != "":
			column := ""
			if record.place >= 0 && record.place < len(t.titles) {
				column = t.titles[record.place]
			}
			t.bad.add(t.name, t.line, column, "%s", record.fault)
			if first {
				return drain(in)
			}
		case first:
			if !t.readHeader() {
				return drain(in)
			}
		case len(t.cells) == 1 && t.cells[0] == "": // a blank line
		case len(t.cells) != len(t.titles):
			t.bad.add(t.name, t.line, "", `this line has %d cells and there are %d titles; put "quotation marks" around a cell that has a comma in it`, len(t.cells), len(t.titles))
		default:
			t.rows++
			if t.check() && !t.file.open {
				row(t)
			}
		}
	}
}

// drain reads a file to its end, where damage shows.
func drain(in io.Reader) error {
	_, err := io.Copy(io.Discard, in)
	return err
}

// skipMark leaves out a byte-order mark.
func skipMark(in io.Reader) io.Reader {
	head := make([]byte, 3)
	n, err := io.ReadFull(in, head)
	if err == nil && string(head) == "\uFEFF" {
		return in
	}
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return strings.NewReader(string(head[:n]))
	}
	return io.MultiReader(strings.NewReader(string(head[:n])), in)
}

// get returns the cell of a column, "" when there is no such column.
func (t *rosterTable) get(column string) string {
	if i, ok := t.at[column]; ok {
		return t.cells[i]
	}
	return ""
}

// ours returns a cell that only this gradebook writes.
func (t *rosterTable) ours(column string) string { return t.get(ourMetadata + column) }

// is reports whether a cell says true.
func (t *rosterTable) is(column string) bool { return t.get(column) == "true" }

func (t *rosterTable) removed() bool { return t.get("status") == "tobedeleted" }

// find returns the number of the row of another file that a cell refers to.
func (t *rosterTable) find(file, id string) (int, bool) {
	place, ok := t.roster.ids[file][t.hash(id)]
	return int(place.number), ok && place.number >= 0
}

func (r *roster) hash(id string) uint64 { return maphash.String(r.seed, id) }
