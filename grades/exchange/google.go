package exchange

import (
	"io"

	"gradebook/grades"
)

// Read reads a gradebook that Google Classroom exported.
func (google) Read(file io.ReaderAt, size int64, o grades.ReadOptions) (*grades.File, error) {
	return readFile(dialect{role: googleRole, item: plainItem, choose: chooseGoogle}, file, size, o)
}

// Recognizes reports whether the titles are Google Classroom's: names and an
// address, and no id.
func (google) Recognizes(head []byte) bool { return recognize(head) == "google" }

// chooseGoogle takes every column for an assignment that says nothing of the
// student, but for totals.
func chooseGoogle(r *reading) {
	if i := r.titled("Overall Grade"); i >= 0 && r.columns[i].role == ignored {
		r.guess("column", "ignore", "left out as a total, which is computed here: %s", r.columns[i].title)
	}
	r.choosePlain()
}
