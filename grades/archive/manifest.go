package archive

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"gradebook/grades/zipfile"
)

const (
	format  = "gradebook-archive"
	version = 1

	manifestName = "manifest.json"
	recordsDir   = "records/"
)

// Manifest says what an archive is.
type Manifest struct {
	Format   string    `json:"format"`
	Version  int       `json:"version"`
	Revision uint64    `json:"revision"` // of the newest change in it
	Created  time.Time `json:"created"`
	Counts   Counts    `json:"counts"`
	Parts    []Part    `json:"parts"` // every other file, in the order of the ZIP
}

// Counts are of all that was ever made, also of what was removed.
type Counts struct {
	Classes     int `json:"classes"`
	Students    int `json:"students"`
	Assignments int `json:"assignments"`
	Enrollments int `json:"enrollments"`
}

// Part is a file of an archive.
type Part struct {
	Name    string `json:"name"`
	Bytes   int64  `json:"bytes"` // unpacked
	SHA256  string `json:"sha256"`
	First   uint64 `json:"first,omitempty"` // revision of its first record
	Records uint64 `json:"records,omitempty"`
}

// maxManifest is far more than one of 100,000 parts.
const maxManifest = 64 << 20

// readManifest reads the manifest of a ZIP and compares it with what is there.
func readManifest(z *zipfile.Reader) (*Manifest, error) {
	file := z.File(manifestName)
	switch {
	case file == nil && z.File("manifest.csv") != nil:
		return nil, refuse("", "is a OneRoster file, not an archive of a gradebook: import it with POST /imports?format=auto")
	case file == nil:
		return nil, refuse("", "has no %s: it is no archive of a gradebook, or was packed again without it", manifestName)
	case file.Size > maxManifest:
		return nil, refuse(manifestName, "has %d MiB, over %d: it is none of ours", file.Size>>20, maxManifest>>20)
	}
	text, err := readAll(file)
	if err != nil {
		return nil, err
	}
	m, err := parseManifest(text)
	if err != nil {
		return nil, err
	}
	return m, m.check(z)
}

func parseManifest(text []byte) (*Manifest, error) {
	var kind struct {
		Format  string
		Version int
	}
	if err := json.Unmarshal(text, &kind); err != nil || kind.Format != format {
		return nil, refuse(manifestName, "is not of an archive of a gradebook: its format is %.40q, want %q", kind.Format, format)
	}
	if kind.Version != version {
		return nil, refuse(manifestName, "has version %d and this program reads version %d: use the program that made the archive, or a newer one", kind.Version, version)
	}
	m := new(Manifest)
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(m); err != nil {
		return nil, refuse(manifestName, "cannot be read: %v", err)
	}
	return m, nil
}

// check compares the parts with the files of the ZIP, and with each other.
func (m *Manifest) check(z *zipfile.Reader) error {
	next := uint64(1)
	named := map[string]bool{manifestName: true}
	for _, p := range m.Parts {
		file := z.File(p.Name)
		switch {
		case named[p.Name]:
			return refuse(manifestName, "names %.100q twice", p.Name)
		case file == nil:
			return refuse(p.Name, "is missing: the manifest names it; fetch the archive again")
		case file.Size != p.Bytes:
			return refuse(p.Name, "has %d bytes and the manifest says %d; fetch the archive again", file.Size, p.Bytes)
		case !p.isRecords() && p.Records != 0:
			return refuse(p.Name, "cannot have records, which are in %s", recordsDir)
		case p.isRecords() && p.First != next:
			return refuse(p.Name, "begins with revision %d and %d follows: a part is missing, or they are in another order", p.First, next)
		}
		named[p.Name] = true
		next += p.Records
	}
	for _, file := range z.Files() {
		if !named[file.Name] {
			return refuse(file.Name, "is not in the manifest: it was added later; take it out of the ZIP")
		}
	}
	if next != m.Revision+1 {
		return refuse(manifestName, "says that the newest change is %d, and its parts hold %d", m.Revision, next-1)
	}
	return nil
}

func (p *Part) isRecords() bool { return strings.HasPrefix(p.Name, recordsDir) }

// refuse is a *zipfile.Error about a part, "" for the whole.
func refuse(name, detail string, args ...any) error {
	return &zipfile.Error{Name: name, Detail: fmt.Sprintf(detail, args...)}
}

func readAll(file *zipfile.File) ([]byte, error) {
	in, err := file.Open()
	if err != nil {
		return nil, err
	}
	defer in.Close()
	return io.ReadAll(in)
}
