package zipfile

import (
	"archive/zip"
	"cmp"
	"errors"
	"io"
	"io/fs"
	"slices"
	"strings"
)

// Limits bound what a ZIP may unpack to.
type Limits struct {
	Files int   // so many entries
	Total int64 // bytes of all together, unpacked
	Ratio int64 // unpacked bytes for each packed one, of every entry
}

// Reader is a ZIP that may be read. It is safe for concurrent use if the file
// under it is.
type Reader struct {
	files  []*File
	byName map[string]*File
}

// Open reads the directory of a ZIP of that size and checks it, with the first
// bytes of each entry. Its errors are an *Error, or what the reading of r gave.
func Open(r io.ReaderAt, size int64, limits Limits) (*Reader, error) {
	file := &source{r: r, left: 128<<10 + int64(limits.Files)*512}
	z, err := zip.NewReader(file, size)
	switch {
	case file.spent, err == nil && len(z.File) > limits.Files:
		return nil, refuse("", "holds more than %d files, or its list of them is too long; is it what you meant to send?", limits.Files)
	case err != nil && !errors.Is(err, zip.ErrInsecurePath): // which is ours to name
		return nil, damage("", err)
	}
	file.lifted = true
	out := &Reader{byName: map[string]*File{}}
	if err := out.add(z.File, limits); err != nil {
		return nil, err
	}
	if err := apart(z.File); err != nil {
		return nil, err
	}
	for _, f := range out.files {
		if err := f.checkContent(); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// add checks what the directory says of the entries.
func (z *Reader) add(entries []*zip.File, limits Limits) error {
	seen := map[string]string{}
	var total uint64
	for _, f := range entries {
		if err := checkEntry(f, limits); err != nil {
			return err
		}
		if first, again := seen[folded(f.Name)]; again {
			return refuse(f.Name, "is there twice, the other as %q; leave one of them out", first)
		}
		seen[folded(f.Name)] = f.Name
		if total += f.UncompressedSize64; total > uint64(limits.Total) {
			return refuse(f.Name, "brings the ZIP to over %d MiB unpacked; send the files in several ZIPs", limits.Total>>20)
		}
		if !f.Mode().IsDir() {
			file := &File{Name: f.Name, Size: int64(f.UncompressedSize64), file: f}
			z.files, z.byName[f.Name] = append(z.files, file), file
		}
	}
	return nil
}

// apart refuses entries that are made of the same bytes: a small file of such
// entries unpacks to a large one.
func apart(entries []*zip.File) error {
	type extent struct {
		from, to int64
		name     string
	}
	list := make([]extent, 0, len(entries))
	for _, f := range entries {
		from, err := f.DataOffset()
		if err != nil {
			return damage(f.Name, err)
		}
		list = append(list, extent{from, from + int64(f.CompressedSize64), f.Name})
	}
	slices.SortFunc(list, func(a, b extent) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to)) })
	for i := 1; i < len(list); i++ {
		if list[i].from < list[i-1].to {
			return refuse(list[i].name, "is made of the same bytes as %q, which no honest program writes; make the ZIP again", list[i-1].name)
		}
	}
	return nil
}

// checkEntry checks an entry by what the directory says of it.
func checkEntry(f *zip.File, limits Limits) error {
	if err := checkName(f.Name); err != nil {
		return err
	}
	const encrypted = 1
	switch size := f.UncompressedSize64; {
	case f.Flags&encrypted != 0:
		return refuse(f.Name, "is encrypted; make the ZIP again without a password")
	case f.Method != zip.Store && f.Method != zip.Deflate:
		return refuse(f.Name, "is packed in a way that is not read here (method %d); make the ZIP again with the usual one, deflate", f.Method)
	case f.Mode()&fs.ModeType&^fs.ModeDir != 0:
		return refuse(f.Name, "is a link or a device, no file; make the ZIP again from the files themselves")
	case f.Mode().IsDir() && size > 0:
		return refuse(f.Name, "is a folder with content of its own; make the ZIP again")
	case size > uint64(limits.Total):
		return refuse(f.Name, "unpacks to %d MiB, over the %d of a whole ZIP; send the files in several ZIPs", size>>20, limits.Total>>20)
	case size > f.CompressedSize64*uint64(limits.Ratio):
		return refuse(f.Name, "would grow over %d times when unpacked, as files do that are made to harm; check where it comes from", limits.Ratio)
	case strings.HasSuffix(folded(f.Name), ".zip"):
		return refuse(f.Name, nested)
	}
	return nil
}

const nested = "is a ZIP itself; send it on its own, or unpack it first"

// Files returns the entries, without folders, in the order of the ZIP. The
// caller must not change the list.
func (z *Reader) Files() []*File { return z.files }

// File returns the entry of exactly that name, or nil.
func (z *Reader) File(name string) *File { return z.byName[name] }
