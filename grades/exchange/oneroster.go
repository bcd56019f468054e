package exchange

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"encoding/binary"
	"io"

	"gradebook/grades"
)

// oneRoster is the ZIP of CSV files that OneRoster 1.1 or 1.2 exchanges: bulk,
// which has everything, or delta, which has what changed.
//
// It holds a whole school: each class is a Sheet. What of it the book has no place
// for (organizations, teachers, demographics and the like) is counted in doubts.
// What of the book OneRoster has no place for stands in columns whose titles
// begin with ourMetadata, as OneRoster allows and other systems do not look at.
type oneRoster struct{ version string }

// ContentType is that of a ZIP.
func (oneRoster) ContentType() string { return "application/zip" }

// Extension is that of a ZIP.
func (oneRoster) Extension() string { return "zip" }

// Recognizes reports whether head is of a ZIP whose manifest is of this version.
// A ZIP of CSV files whose manifest is further on is taken for 1.2, which reads
// both, unless it is surely something else.
func (f oneRoster) Recognizes(head []byte) bool {
	if !bytes.HasPrefix(head, []byte("PK\x03\x04")) || !bytes.Contains(head, []byte(".csv")) {
		return false
	}
	for _, other := range []string{"[Content_Types].xml", "_rels/", "manifest.json", "mimetypeapplication/"} {
		if bytes.Contains(head, []byte(other)) {
			return false
		}
	}
	return f.is12() != bytes.Contains(headOf(head, manifestFile), []byte("oneroster.version,1.1"))
}

func (f oneRoster) is12() bool { return f.version == "1.2" }

// headOf returns the content of a file in the head of a ZIP as far as it is there,
// without quotation marks.
func headOf(head []byte, name string) []byte {
	const header = 30
	for at := 0; ; {
		next := bytes.Index(head[at:], []byte("PK\x03\x04"))
		if next < 0 || at+next+header > len(head) {
			return nil
		}
		local := head[at+next:]
		at += next + header
		nameEnd := header + int(binary.LittleEndian.Uint16(local[26:]))
		begin := nameEnd + int(binary.LittleEndian.Uint16(local[28:]))
		if begin > len(local) || string(local[header:nameEnd]) != name {
			continue
		}
		var in io.Reader = bytes.NewReader(local[begin:])
		if binary.LittleEndian.Uint16(local[8:]) == zip.Deflate {
			in = flate.NewReader(in)
		}
		content, _ := io.ReadAll(io.LimitReader(in, 8<<10)) // cut off or not
		return bytes.ReplaceAll(content, []byte(`"`), nil)
	}
}

// ourMetadata begins the titles of the columns that only this gradebook writes.
const ourMetadata = "metadata.gradebook."

var _ grades.Format = oneRoster{}
