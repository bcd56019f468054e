package exchange

import (
	"fmt"
	"hash/maphash"
	"io"
	"maps"
	"slices"
	"strings"

	"gradebook/grades"
	"gradebook/grades/zipfile"
)

// rosterLimits are those of a OneRoster ZIP.
func rosterLimits() zipfile.Limits { return zipfile.Limits{Files: 100, Total: 256 << 20, Ratio: 100} }

// roster is what the files of a ZIP say, while they are read.
type roster struct {
	zip      *zipfile.Reader
	options  grades.ReadOptions
	manifest manifest
	seed     maphash.Seed
	ids      map[string]rosterIDs // by file
	bad      rosterFaults
	doubts   rosterDoubts

	terms      []string // titles of sessions
	categories []rosterCategory
	classes    []*rosterClass
	users      []rosterUser
	items      []rosterItem
	results    []rosterResult
	extras     []rosterExtra
	scales     []rosterScale
	others     rosterOthers
}

// Read reads a ZIP of either version. A whole that refers to what is not there is
// refused; a delta may refer to what is in the book.
func (f oneRoster) Read(file io.ReaderAt, size int64, o grades.ReadOptions) (*grades.File, error) {
	r := &roster{options: o, seed: maphash.MakeSeed(), ids: map[string]rosterIDs{}}
	var err error
	if r.zip, err = zipfile.Open(&progress{ReaderAt: file, size: size, told: o.Progress}, size, rosterLimits()); err != nil {
		if damage, ok := err.(*zipfile.Error); ok {
			r.bad.add(damage.Name, 0, "", "the ZIP: %s", damage.Detail)
			return nil, r.bad.err()
		}
		return nil, err
	}
	if err := r.readManifest(); err != nil {
		return nil, err
	}
	if err := r.bad.err(); err != nil {
		return nil, err
	}
	if err := r.readFiles(); err != nil {
		return nil, err
	}
	sheets := r.sheets()
	switch modes := slices.Collect(maps.Values(r.manifest.modes)); {
	case len(sheets) > 0:
	case !slices.Contains(modes, rosterBulk) && slices.Contains(modes, rosterDelta):
		r.bad.add(manifestFile, 1, "", "nothing has changed in any class, so there is nothing to import")
	default:
		r.bad.add(manifestFile, 1, "", "the ZIP has no class: it needs classes.csv at least, with users.csv and enrollments.csv for its students")
	}
	if err := r.bad.err(); err != nil {
		return nil, err
	}
	return &grades.File{Sheets: sheets, Guesses: r.guesses(f.version), Doubts: r.doubts.all()}, nil
}

// readManifest reads the manifest, and holds it against what is in the ZIP.
func (r *roster) readManifest() error {
	var names []string
	for _, f := range r.zip.Files() {
		if folder, _, inFolder := strings.Cut(f.Name, "/"); folder == "__MACOSX" || strings.HasSuffix(f.Name, ".DS_Store") {
			r.doubts.add(f.Name, 0, "", "left out: macOS has put it into the ZIP")
			continue
		} else if inFolder {
			r.bad.add(f.Name, 0, "", "is in a folder, and the files of OneRoster are in none; make the ZIP of the files, not of the folder")
		}
		names = append(names, f.Name)
	}
	file := r.zip.File(manifestFile)
	if file == nil {
		r.bad.add(manifestFile, 1, "", "is not in the ZIP; a OneRoster ZIP says in it what its files are. Export the files again")
		return nil
	}
	if file.Size > 64<<10 {
		r.bad.add(manifestFile, 1, "", "has %d KiB; a manifest has some twenty lines. Export the files again", file.Size>>10)
		return nil
	}
	in, err := file.Open()
	if err != nil {
		return r.refuseFile(manifestFile, err)
	}
	defer in.Close()
	rows, err := r.manifestRows(in)
	if err != nil {
		return r.refuseFile(manifestFile, err)
	}
	r.manifest = readManifest(rows, names, &r.bad)
	return nil
}

// manifestRows reads the lines of a manifest.
func (r *roster) manifestRows(in io.Reader) (rows []manifestRow, err error) {
	records := newRecordReader(skipMark(in), ',')
	for first := true; ; first = false {
		record, err := records.next()
		switch {
		case err == io.EOF:
			return rows, nil
		case err != nil:
			return nil, err
		case record.fault != "":
			r.bad.add(manifestFile, record.line, "", "%s", record.fault)
		case first && (len(record.cells) != 2 || record.cells[0] != "propertyName" || record.cells[1] != "value"):
			r.bad.add(manifestFile, record.line, "", "the first line must be propertyName,value; correct it")
		case first || len(record.cells) == 1 && record.cells[0] == "":
		case len(record.cells) != 2:
			r.bad.add(manifestFile, record.line, "", "this line has %d cells and there are 2 titles; correct it", len(record.cells))
		default:
			rows = append(rows, manifestRow{record.line, record.cells[0], strings.TrimSpace(record.cells[1])})
		}
	}
}

// readFiles reads all files, each after those it refers to.
func (r *roster) readFiles() error {
	rows := map[string]func(*rosterTable){
		"orgs": r.org, "academicSessions": r.session, "courses": r.course, "categories": r.category, "classes": r.class,
		"users": r.user, "roles": r.role, "enrollments": r.enrollment, "lineItems": r.lineItem, "results": r.result,
		"scoreScales": r.scoreScale, "lineItemScoreScales": r.itemScale, "resultScoreScales": r.resultScale,
	}
	for _, file := range rosterFiles(r.manifest.version) {
		if r.manifest.modes[file.name] == "" {
			r.doubts.add(manifestFile, 0, "", "does not say what %s.csv is; it is taken as absent", file.name)
		}
		if err := r.read(file, rows[file.name]); err != nil {
			return err
		}
	}
	r.others.tell(&r.doubts)
	return nil
}

// guesses says what was taken for granted of the ZIP.
func (r *roster) guesses(asked string) []grades.Guess {
	detail := "the manifest says that it is OneRoster " + r.manifest.version
	if asked != r.manifest.version {
		detail += ", so it was read as that and not as " + asked
	}
	list := []grades.Guess{{What: "format", Value: "oneroster-" + r.manifest.version, Detail: detail}}
	modes := slices.Collect(maps.Values(r.manifest.modes))
	if slices.Contains(modes, rosterBulk) {
		list = append(list, grades.Guess{What: "mode", Value: rosterBulk, Detail: "the files are a whole; what they do not have stays in the book: nobody and nothing is taken away for not being there"})
	}
	if slices.Contains(modes, rosterDelta) {
		list = append(list, grades.Guess{What: "mode", Value: rosterDelta, Detail: "the files are changes; what they refer to and do not have is looked for in the book"})
	}
	if r.others.dates > 0 {
		list = append(list, grades.Guess{What: "dates", Value: "end of day", Detail: fmt.Sprintf("due dates without a time (%d) are taken as the end of that day, UTC", r.others.dates)})
	}
	return list
}

// progress tells how much of a file was read.
type progress struct {
	io.ReaderAt
	size, read, next int64
	told             func(bytes int64)
}

func (p *progress) ReadAt(b []byte, at int64) (int, error) {
	n, err := p.ReaderAt.ReadAt(b, at)
	p.read += int64(n)
	if p.told != nil && p.read >= p.next {
		p.next = p.read + 256<<10
		p.told(min(p.read, p.size))
	}
	return n, err
}
