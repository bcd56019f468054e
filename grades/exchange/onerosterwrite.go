package exchange

import (
	"archive/zip"
	"encoding/csv"
	"io"
	"iter"
	"slices"
	"strings"
	"time"

	"gradebook/grades"
)

// Write writes any number of classes as a bulk ZIP.
func (f oneRoster) Write(w io.Writer, books []*grades.Gradebook) error {
	out := f.newSchool(books, newRosterNames())
	z := zip.NewWriter(w)
	if err := f.writeManifest(z, rosterBulk); err != nil {
		return err
	}
	for _, file := range f.written() {
		if err := f.writeFile(z, file, out.rows(file.name)); err != nil {
			return err
		}
	}
	return z.Close()
}

// WriteDelta writes what has changed of a school, as a delta ZIP: what is new or
// differs, and by its old row what is gone. at is when the last of it changed.
func (f oneRoster) WriteDelta(w io.Writer, before, after []*grades.Gradebook, at time.Time) error {
	ids := newRosterNames()
	old, out := f.newSchool(before, ids), f.newSchool(after, ids)
	z := zip.NewWriter(w)
	if err := f.writeManifest(z, rosterDelta); err != nil {
		return err
	}
	for _, file := range f.written() {
		if err := f.writeFile(z, file, changedRows(old.rows(file.name), out.rows(file.name), at)); err != nil {
			return err
		}
	}
	return z.Close()
}

// changedRows are the rows of after that before has not, and as deleted those of
// before whose ids after has not.
func changedRows(before, after iter.Seq[[]string], at time.Time) iter.Seq[[]string] {
	const status, modified = 1, 2
	when := at.UTC().Format("2006-01-02T15:04:05.000Z")
	return func(yield func([]string) bool) {
		old, order := map[string][]string{}, []string{}
		for row := range before {
			old[row[0]] = slices.Clone(row)
			order = append(order, row[0])
		}
		for row := range after {
			was, there := old[row[0]]
			delete(old, row[0])
			if there && slices.Equal(was, row) {
				continue
			}
			row[status], row[modified] = "active", when
			if !yield(row) {
				return
			}
		}
		for _, id := range order {
			if row := old[id]; row != nil {
				row[status], row[modified] = "tobedeleted", when
				if !yield(row) {
					return
				}
			}
		}
	}
}

// written are the files that are written, in order.
func (f oneRoster) written() []rosterFile {
	return slices.DeleteFunc(rosterFiles(f.version), func(file rosterFile) bool {
		return file.open || file.name == "lineItemScoreScales" || file.name == "resultScoreScales"
	})
}

func (f oneRoster) writeManifest(z *zip.Writer, mode string) error {
	modes := map[string]string{}
	for _, file := range rosterFiles(f.version) {
		modes[file.name] = rosterAbsent
	}
	for _, file := range f.written() {
		modes[file.name] = mode
	}
	w, err := z.Create(manifestFile)
	if err != nil {
		return err
	}
	return writeManifest(w, f.version, modes)
}

// writeFile writes a file of rows, whose cells are in the order of its columns
// and then of ours.
func (f oneRoster) writeFile(z *zip.Writer, file rosterFile, rows iter.Seq[[]string]) error {
	w, err := z.Create(file.name + ".csv")
	if err != nil {
		return err
	}
	out := csv.NewWriter(w)
	titles := file.titles()
	for _, name := range ourColumns(file.name) {
		titles = append(titles, ourMetadata+name)
	}
	out.Write(titles)
	for row := range rows {
		out.Write(row)
	}
	out.Flush()
	return out.Error()
}

// ourColumns are those for what OneRoster has no place for. none names the columns
// of a row that it requires and there is nothing for; they have a dash.
func ourColumns(file string) []string {
	columns := ""
	switch file {
	case "academicSessions":
		columns = "none"
	case "categories":
		columns = "class weight dropLowest dropHighest"
	case "classes":
		columns = "externalID weighting scale rules"
	case "users":
		columns = "externalID none"
	case "lineItems":
		columns = "externalID due posted neverDrop"
	case "results":
		columns = "status submitted"
	}
	return strings.Fields(columns)
}
