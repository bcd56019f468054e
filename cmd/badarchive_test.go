package cmd_test

import (
	"archive/zip"
	"bytes"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestBadArchives: what is no archive, not whole, or not for this service is
// refused by name, and nothing is different; an archive goes into an empty
// service only.
func TestBadArchives(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.start(gradingService)
	file := filepath.Join(t.TempDir(), "sample.zip")
	s.send(http.StatusCreated, http.MethodPost, gradingService, "/students/1/grades", `{"title":"Essay","type":"Quiz","score":91.5}`)
	s.download("/archive", file)
	archive, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	flipped := flip(t, archive, "records/000001.ndjson")
	empty := s.another(gradingService)
	s.start(empty)
	untouched := s.everything(empty)
	for _, c := range []struct {
		what, body string
		service    string
		status     int
		says       string
	}{
		{"one bit is another", string(flipped), empty, 422, "records/000001.ndjson"},
		{"its end is missing", string(archive[:len(archive)-30]), empty, 422, "cut short"},
		{"half of it is missing", string(archive[:len(archive)/2]), empty, 422, "cut short"},
		{"no ZIP", "hello", empty, 422, "no ZIP"},
		{"nothing", "", empty, 422, ""},
		{"a set of OneRoster", newRosterSet().zipped(t), empty, 422, "OneRoster"},
		{"a bomb", rosterSet{{"records-1.ndjson", string(make([]byte, 40<<20))}}.zipped(t), empty, 422, "records-1.ndjson"},
		{"a service in use", string(archive), gradingService, 409, "-data"},
	} {
		a := s.send(c.status, http.MethodPost, c.service, "/restore", c.body, "Content-Type", "application/zip")
		if !strings.Contains(a.body, c.says) {
			t.Errorf("%s: does not say %q: %v", c.what, c.says, a)
		}
	}
	if now := s.everything(empty); now != untouched {
		t.Errorf("refused archives have changed something: %s", firstDifference(untouched, now))
	}
	s.restore(empty, file)
	if got, want := s.everything(empty), s.everything(gradingService); got != want {
		t.Errorf("restored, it differs: %s", firstDifference(got, want))
	}
}

// flip is a ZIP with another bit in the middle of what is packed in a file of it.
func flip(t *testing.T, archive []byte, name string) []byte {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range r.File {
		if at, err := f.DataOffset(); f.Name == name && err == nil {
			flipped := bytes.Clone(archive)
			flipped[at+int64(f.CompressedSize64/2)] ^= 1
			return flipped
		}
	}
	t.Fatalf("the archive has no %s", name)
	return nil
}
