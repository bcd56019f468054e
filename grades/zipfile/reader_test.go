package zipfile

import (
	"archive/zip"
	"bytes"
	"errors"
	"hash/crc32"
	"io"
	"io/fs"
	"strings"
	"testing"
)

// entry is a file to put into a ZIP.
type entry struct {
	name, content string
	mode          fs.FileMode
}

// zipOf makes a ZIP as any program does.
func zipOf(t testing.TB, entries ...entry) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, e := range entries {
		h := &zip.FileHeader{Name: e.name, Method: zip.Deflate}
		h.SetMode(e.mode)
		w, err := z.CreateHeader(h)
		if err == nil {
			_, err = io.WriteString(w, e.content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// rawZip makes a ZIP whose one entry says of itself what h says.
func rawZip(t *testing.T, h zip.FileHeader, packed string) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	h.CompressedSize64 = uint64(len(packed))
	w, err := z.CreateRaw(&h)
	if err == nil {
		_, err = io.WriteString(w, packed)
	}
	if err := errors.Join(err, z.Close()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func limits() Limits { return Limits{Files: 5, Total: 1 << 20, Ratio: 100} }

// readAll opens a ZIP and reads all of it, as name=content.
func readAll(data []byte, l Limits) (string, error) {
	z, err := Open(bytes.NewReader(data), int64(len(data)), l)
	if err != nil {
		return "", err
	}
	var out strings.Builder
	for _, f := range z.Files() {
		in, err := f.Open()
		if err != nil {
			return "", err
		}
		text, err := io.ReadAll(in)
		if err := errors.Join(err, in.Close()); err != nil {
			return "", err
		}
		if len(text) != int(f.Size) || z.File(f.Name) != f {
			return "", errors.New("a file is not what its entry says")
		}
		out.WriteString(f.Name + "=" + string(text) + " ")
	}
	return out.String(), nil
}

func TestReader(t *testing.T) {
	data := zipOf(t, entry{name: "a.csv", content: "1,2"}, entry{name: "part/", mode: fs.ModeDir}, entry{name: "part/é b.csv"}, entry{name: "..c", content: "P"})
	got, err := readAll(data, limits())
	if want := "a.csv=1,2 part/é b.csv= ..c=P "; got != want || err != nil {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
}

func TestReaderRefuses(t *testing.T) {
	plain := zipOf(t, entry{name: "a.csv", content: "1,2\n3,4\n"})
	content := strings.Repeat("one of many ", 3)
	stored := zip.FileHeader{Name: "a", Method: zip.Store, CRC32: crc32.ChecksumIEEE([]byte(content)), UncompressedSize64: uint64(len(content))}
	with := func(change func(*zip.FileHeader)) []byte {
		h := stored
		change(&h)
		return rawZip(t, h, content)
	}
	for _, c := range []struct {
		name, want string
		data       []byte
	}{
		{"out of the folder", `"../a" in the ZIP leads out of its folder`, zipOf(t, entry{name: "../a"})},
		{"out of a folder within", `"x/../../a" in the ZIP leads out`, zipOf(t, entry{name: "x/../../a"})},
		{"out at the end", `"x/.." in the ZIP leads out`, zipOf(t, entry{name: "x/.."})},
		{"absolute", `"/etc/passwd" in the ZIP has an absolute path`, zipOf(t, entry{name: "/etc/passwd"})},
		{"absolute on Windows", `"C:\\a" in the ZIP has an absolute path`, zipOf(t, entry{name: `C:\a`})},
		{"another machine", `"\\\\host\\a" in the ZIP has an absolute path`, zipOf(t, entry{name: `\\host\a`})},
		{"backslash", `"x\\a" in the ZIP is no name`, zipOf(t, entry{name: `x\a`})},
		{"control character", `"a\x00.csv" in the ZIP is no name`, zipOf(t, entry{name: "a\x00.csv"})},
		{"no name", `ZIP is no name`, zipOf(t, entry{})},
		{"not tidy", `"x//a" in the ZIP is no name`, zipOf(t, entry{name: "x//a"})},
		{"not UTF-8", `"\xff" in the ZIP has a name that is not UTF-8`, zipOf(t, entry{name: "\xff"})},
		{"long name", `has a name of 256 bytes, over 255`, zipOf(t, entry{name: strings.Repeat("n", 256)})},
		{"twice", `"a" in the ZIP is there twice, the other as "a"`, zipOf(t, entry{name: "a"}, entry{name: "a"})},
		{"twice in another case", `"A" in the ZIP is there twice, the other as "a"`, zipOf(t, entry{name: "a"}, entry{name: "A"})},
		{"a folder and a file", `"a" in the ZIP is there twice, the other as "a/"`, zipOf(t, entry{name: "a/", mode: fs.ModeDir}, entry{name: "a"})},
		{"a bomb by ratio", `"b" in the ZIP would grow over 100 times`, zipOf(t, entry{name: "a", content: "a"}, entry{name: "b", content: strings.Repeat("0", 100_000)})},
		{"a bomb by size", `"a" in the ZIP unpacks to 1 MiB, over the 1 of a whole ZIP`, with(func(h *zip.FileHeader) { h.UncompressedSize64 = 1<<20 + 1 })},
		{"a bomb in parts", `"b" in the ZIP brings the ZIP to over 0 MiB`, zipOf(t, entry{name: "a", content: noise(700_000)}, entry{name: "b", content: noise(700_000)})},
		{"too many files", `the ZIP holds more than 5 files`, zipOf(t, entry{name: "1"}, entry{name: "2"}, entry{name: "3"}, entry{name: "4"}, entry{name: "5"}, entry{name: "6"})},
		{"far too many files", `the ZIP holds more than 5 files`, many(t, 6_000)},
		{"nested by name", `"x.ZIP" in the ZIP is a ZIP itself`, zipOf(t, entry{name: "x.ZIP", content: "1"})},
		{"nested by content", `"x" in the ZIP is a ZIP itself`, zipOf(t, entry{name: "x", content: string(plain)})},
		{"a link", `"a" in the ZIP is a link`, zipOf(t, entry{name: "a", mode: fs.ModeSymlink, content: "/etc"})},
		{"encrypted", `"a" in the ZIP is encrypted`, with(func(h *zip.FileHeader) { h.Flags |= 1 })},
		{"another method", `"a" in the ZIP is packed in a way that is not read here (method 12)`, with(func(h *zip.FileHeader) { h.Method = 12 })},
		{"longer than it says", `"a" in the ZIP is damaged or cut short`, with(func(h *zip.FileHeader) { h.UncompressedSize64-- })},
		{"shorter than it says", `"a" in the ZIP is damaged or cut short`, with(func(h *zip.FileHeader) { h.UncompressedSize64++ })},
		{"another checksum", `"a" in the ZIP is damaged: its checksum`, with(func(h *zip.FileHeader) { h.CRC32++ })},
		{"badly packed", `"a" in the ZIP is damaged or cut short`, with(func(h *zip.FileHeader) { h.Method = zip.Deflate })},
		{"made of the same bytes", `is made of the same bytes as`, overlapping(t)},
		{"cut short", `the ZIP is damaged, cut short, or no ZIP`, plain[:len(plain)-10]},
		{"no ZIP", `the ZIP is damaged, cut short, or no ZIP`, []byte("Student,ID,Section\n")},
		{"nothing", `the ZIP is damaged, cut short, or no ZIP`, nil},
	} {
		l := limits()
		if c.name == "a bomb in parts" {
			l.Total = 1_000_000
		}
		_, err := readAll(c.data, l)
		if _, ok := errors.AsType[*Error](err); !ok || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %s", c.name, err, c.want)
		}
	}
}

// noise is text that does not pack well.
func noise(n int) string {
	b := make([]byte, n)
	x := uint32(1)
	for i := range b {
		x = x*1664525 + 1013904223
		b[i] = byte(x >> 24)
	}
	return string(b)
}

func many(t *testing.T, n int) []byte {
	entries := make([]entry, n)
	return zipOf(t, entries...)
}

// overlapping is a ZIP with two entries at one place: the directory's second
// entry points to the first file.
func overlapping(t *testing.T) []byte {
	data := zipOf(t, entry{name: "a", content: "same"}, entry{name: "b", content: "same"})
	second := bytes.LastIndex(data, []byte("PK\x01\x02"))
	copy(data[second+42:], "\x00\x00\x00\x00") // where its local header is
	return data
}

// A disk that fails is not the fault of the file.
func TestReaderDisk(t *testing.T) {
	_, err := Open(failing{}, 1000, limits())
	if !errors.Is(err, errDisk) {
		t.Errorf("got %v, want %v", err, errDisk)
	}
}

var errDisk = errors.New("no disk")

type failing struct{}

func (failing) ReadAt([]byte, int64) (int, error) { return 0, errDisk }

// Whatever the bytes, they are read or refused with an *Error, and no more is
// read than the limits allow.
func FuzzReader(f *testing.F) {
	f.Add(zipOf(f, entry{name: "a.csv", content: "1,2\n"}, entry{name: "x/", mode: fs.ModeDir}, entry{name: "x/b", content: strings.Repeat("ab", 50)}))
	f.Add(zipOf(f, entry{name: "../a"}, entry{name: "a"}))
	f.Add([]byte("PK\x05\x06" + strings.Repeat("\x00", 18)))
	f.Fuzz(func(t *testing.T, data []byte) {
		text, err := readAll(data, limits())
		if _, ok := errors.AsType[*Error](err); err != nil && !ok {
			t.Errorf("%v (%T)", err, err)
		}
		if len(text) > 1<<20+5*(maxName+2) {
			t.Errorf("%d bytes", len(text))
		}
	})
}
