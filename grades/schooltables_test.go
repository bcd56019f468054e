package grades

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"maps"
	"strings"
	"testing"
	"time"

	"gradebook/grades/archive"
)

// The tables in an archive are what an export was at its revision, of the classes
// that there were then.
func TestTables(t *testing.T) {
	s := openSchool(t)
	if err := s.RemoveClass(t.Context(), 3); err != nil {
		t.Fatal(err)
	}
	a := &schoolArchive{book: s.server.store.present(), table: plainFormat{}, now: time.Now()}
	if err := a.begin(); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{}
	for name, path := range map[string]string{"classes/1 Sample class.plain": "/classes/1", "classes/2 Weighted.plain": "/classes/2"} {
		_, want[name] = s.request(t, "GET "+path+"/export?format=plain", "")
	}
	_, err := s.ChangeClass(t.Context(), 1, ClassInput{Title: new("Later")})
	if err := errors.Join(err, s.RemoveClass(t.Context(), 2)); err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	if err := a.write(t.Context(), &file); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(file.Bytes()), int64(file.Len()))
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, f := range z.File {
		if !strings.HasPrefix(f.Name, "classes/") {
			continue
		}
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		got[f.Name] = string(text)
	}
	if !maps.Equal(got, want) {
		t.Errorf("the tables are %q, want %q", got, want)
	}
}

// Whatever a class is called, its table has a name that archives may have.
func TestTableName(t *testing.T) {
	var out bytes.Buffer
	w := archive.NewWriter(&out, toldAt(), func() {})
	for i, c := range []struct{ title, want string }{
		{"Physics", "classes/1 Physics.csv"},
		{"../../etc/passwd", "classes/2 ..-..-etc-passwd.csv"},
		{`C:\math?`, "classes/3 C--math-.csv"},
		{"Ünïcode \u202eesrever\u0000", "classes/4 Ünïcode -esrever-.csv"},
		{"", "classes/5 .csv"},
		{strings.Repeat("ß", 200), "classes/6 " + strings.Repeat("ß", 75) + ".csv"},
		{"physics", "classes/7 physics.csv"},
	} {
		got := tableName(i+1, c.title, "csv")
		if got != c.want {
			t.Errorf("%q is in %q, want %q", c.title, got, c.want)
		}
		if err := w.File(got, []byte(c.title)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(archive.Counts{}); err != nil {
		t.Fatal(err)
	}
	r, err := archive.Open(bytes.NewReader(out.Bytes()), int64(out.Len()), 1)
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range r.Texts() {
		t.Error(err)
	}
}
