package archive

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"gradebook/grades/zipfile"
)

const maxLine = 1 << 20

var made = time.Date(2026, 11, 21, 20, 0, 0, 0, time.UTC)

// write writes an archive of records and two files for people.
func write(t testing.TB, records ...string) []byte {
	t.Helper()
	var out bytes.Buffer
	w := NewWriter(&out, made, func() {})
	err := w.File("README.txt", []byte("Read me.\n"))
	for _, r := range records {
		err = errors.Join(err, w.Record([]byte(r)))
	}
	err = errors.Join(err, w.File("classes/1 Ärt.csv", []byte("a,b\n")), w.Close(Counts{Classes: 1, Students: 2}))
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// read reads all records of an archive.
func read(file []byte) (records []string, r *Reader, err error) {
	if r, err = Open(bytes.NewReader(file), int64(len(file)), maxLine); err != nil {
		return nil, nil, err
	}
	for text, err := range r.Texts() {
		if err != nil {
			return nil, r, err
		}
		records = append(records, string(text))
	}
	return records, r, nil
}

func TestRoundTrip(t *testing.T) {
	long := `{"c":"` + strings.Repeat("x", maxLine-100) + `"}`
	for _, records := range [][]string{
		nil,
		{`{"a":1}`},
		{`{"a":1}`, `{"ü":"\n"}`, long, `{}`},
		slices.Repeat([]string{`{"the":"same"}`}, partBytes/15+2),             // packs so well that it must not be packed
		slices.Repeat([]string{long[:blockBytes-1], long[:blockBytes]}, 1000), // no JSON, and just about a block
	} {
		file := write(t, records...)
		got, r, err := read(file)
		if err != nil || !slices.Equal(got, records) {
			t.Errorf("%d records are %d, %v", len(records), len(got), err)
			continue
		}
		if r.Revision != uint64(len(records)) || !r.Created.Equal(made) || r.Counts != (Counts{Classes: 1, Students: 2}) {
			t.Errorf("the manifest says %+v", r.Manifest)
		}
	}
}

// A ZIP that anybody can open, in the order that the documentation says.
func TestLayout(t *testing.T) {
	file := write(t, slices.Repeat([]string{`{"n":"` + fmt.Sprint(made) + `"}`}, 250_000)...)
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range z.File {
		names = append(names, f.Name)
	}
	want := []string{"README.txt", "records/000001.ndjson", "records/000002.ndjson", "classes/1 Ärt.csv", "manifest.json"}
	if !slices.Equal(names, want) {
		t.Errorf("the files are %q, want %q", names, want)
	}
}

// pack packs other files, or the same ones after edit; nil leaves one out.
func pack(t testing.TB, file []byte, edit func(name string, content []byte) (string, []byte)) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range z.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		name, content := edit(f.Name, content)
		if content == nil {
			continue
		}
		part, err := w.Create(name)
		if err == nil {
			_, err = part.Write(content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestRefuses(t *testing.T) {
	const records = "records/000001.ndjson"
	valid := write(t, `{"a":1}`, `{"b":2}`)
	// change replaces text in one of the files.
	change := func(in, old, text string) []byte {
		return pack(t, valid, func(name string, content []byte) (string, []byte) {
			if name != in {
				return name, content
			}
			if !bytes.Contains(content, []byte(old)) {
				t.Fatalf("%s has no %q", in, old)
			}
			return name, bytes.Replace(content, []byte(old), []byte(text), 1)
		})
	}
	without := func(left string) []byte {
		return pack(t, valid, func(name string, content []byte) (string, []byte) {
			if name == left {
				return name, nil
			}
			return name, content
		})
	}
	renamed := func(old, now string) []byte {
		return pack(t, valid, func(name string, content []byte) (string, []byte) {
			return strings.Replace(name, old, now, 1), content
		})
	}
	flipped := slices.Clone(valid)
	flipped[bytes.Index(valid, []byte(`{"a":1}`))] ^= 1
	for _, c := range []struct {
		what string
		file []byte
		want string
	}{
		{"nothing", nil, "no ZIP"},
		{"no ZIP", []byte("title,score\n"), "no ZIP"},
		{"cut", valid[:len(valid)-30], "cut short"},
		{"a flipped bit", flipped, `"records/000001.ndjson" in the ZIP is damaged`},
		{"foreign", without("manifest.json"), "has no manifest.json: it is no archive"},
		{"OneRoster", renamed("manifest.json", "manifest.csv"), "is a OneRoster file"},
		{"of another format", change("manifest.json", `"gradebook-archive"`, `"backup"`), `its format is "backup"`},
		{"newer", change("manifest.json", `"version": 1`, `"version": 2`), "has version 2 and this program reads version 1: use"},
		{"with a field more", change("manifest.json", `"version": 1`, `"version": 1, "key": "x"`), `unknown field "key"`},
		{"no JSON", change("manifest.json", `{`, ``), "is not of an archive"},
		{"of another revision", change("manifest.json", `"revision": 2`, `"revision": 3`), "newest change is 3, and its parts hold 2"},
		{"part missing", without(records), `"records/000001.ndjson" in the ZIP is missing`},
		{"part added", renamed("README", "LIESMICH"), `"README.txt" in the ZIP is missing`},
		{"part not named", change("manifest.json", `"README.txt"`, `"manifest.json"`), `names "manifest.json" twice`},
		{"part named twice", change("manifest.json", `"classes/1 Ärt.csv"`, `"README.txt"`), `names "README.txt" twice`},
		{"longer", change(records, `{"a":1}`, `{"a":11}`), "has 17 bytes and the manifest says 16"},
		{"changed", change(records, `{"a":1}`, `{"a":3}`), "records/000001.ndjson\" in the ZIP was changed or damaged"},
		{"changed for people", change("classes/1 Ärt.csv", `a,b`, `a,c`), "classes/1 Ärt.csv\" in the ZIP was changed or damaged"},
		{"from another revision on", change("manifest.json", `"first": 1`, `"first": 2`), "begins with revision 2 and 1 follows"},
		{"a name that leads out", renamed("README.txt", "../README.txt"), "leads out of its folder"},
		{"an absolute name", renamed("README.txt", "/README.txt"), "absolute path"},
		{"a ZIP in it", renamed("README.txt", "README.zip"), "is a ZIP itself"},
		{"a bomb", change("README.txt", "Read me.\n", strings.Repeat("0", 10<<20)), "would grow over 100 times"},
		{"a line too long", write(t, strings.Repeat("long", maxLine/4+blockBytes)), "has a line 1 of over 1 MiB"},
	} {
		_, _, err := read(c.file)
		if _, refused := errors.AsType[*zipfile.Error](err); !refused || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.what, err, c.want)
		}
	}
}

func TestRecordOfTwoLines(t *testing.T) {
	w := NewWriter(io.Discard, made, func() {})
	if err := errors.Join(w.Record([]byte(`{}`)), w.Record([]byte("{\n}"))); err == nil || !strings.Contains(err.Error(), "record 2 is more than a line") {
		t.Errorf("%v, want it refused", err)
	}
}

// Where names the record that the caller did not like.
func TestWhere(t *testing.T) {
	file := write(t, `{"a":1}`, `{"b":2}`, `{"c":3}`)
	r, err := Open(bytes.NewReader(file), int64(len(file)), maxLine)
	if err != nil {
		t.Fatal(err)
	}
	for text := range r.Texts() {
		if string(text) == `{"b":2}` {
			break
		}
	}
	if part, line := r.Where(); part != "records/000001.ndjson" || line != 2 {
		t.Errorf("%s, line %d", part, line)
	}
}

// Whatever a file holds, it is read or refused.
func FuzzRead(f *testing.F) {
	f.Add([]byte("PK"))
	f.Add(write(f, `{"a":1}`))
	f.Add(write(f, slices.Repeat([]string{`{"a":1}`}, 100)...))
	f.Fuzz(func(t *testing.T, file []byte) {
		records, r, err := read(file)
		if err == nil && uint64(len(records)) != r.Revision {
			t.Errorf("%d records of %d", len(records), r.Revision)
		}
	})
}
