package archive

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"iter"

	"gradebook/grades/zipfile"
)

// MaxBytes is the most that an archive may unpack to.
const MaxBytes = 64 << 30

// Reader is an archive that is being read. It is for one goroutine.
type Reader struct {
	Manifest
	zip     *zipfile.Reader
	maxLine int
	at      string // the part that is being read
	line    int    // in it
}

// Open reads what an archive of that size in bytes says of itself. No line of it
// may be longer than maxLine bytes. The error is a *zipfile.Error, or what reading
// the file gave.
func Open(file io.ReaderAt, size int64, maxLine int) (*Reader, error) {
	z, err := zipfile.Open(file, size, zipfile.Limits{Files: 200_000, Total: MaxBytes, Ratio: 100})
	if err != nil {
		return nil, err
	}
	m, err := readManifest(z)
	if err != nil {
		return nil, err
	}
	return &Reader{Manifest: *m, zip: z, maxLine: maxLine}, nil
}

// Texts is all records in order, each valid until the next, once every file for
// people was found to be whole. That all of a part were given does not yet say
// that it is whole: the end of the sequence does. An error, as of Open, ends it.
func (r *Reader) Texts() iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		for i := range r.Parts {
			if p := &r.Parts[i]; !p.isRecords() {
				if err := r.skip(p); err != nil {
					yield(nil, err)
					return
				}
			}
		}
		for i := range r.Parts {
			if p := &r.Parts[i]; p.isRecords() && !r.lines(p, yield) {
				return
			}
		}
	}
}

// Where names the place of the record that was given last.
func (r *Reader) Where() (part string, line int) { return r.at, r.line }

// skip reads a part to see that it is whole.
func (r *Reader) skip(p *Part) error {
	in, err := r.open(p)
	if err != nil {
		return err
	}
	defer in.Close()
	if _, err := io.Copy(io.Discard, in); err != nil {
		return err
	}
	return in.check(p)
}

// lines yields the records of a part, and reports whether to go on.
func (r *Reader) lines(p *Part, yield func([]byte, error) bool) bool {
	in, err := r.open(p)
	if err != nil {
		yield(nil, err)
		return false
	}
	defer in.Close()
	r.at, r.line = p.Name, 0
	lines := bufio.NewReaderSize(in, blockBytes)
	var long []byte
	for {
		text, err := r.next(lines, &long)
		if err == io.EOF {
			break
		}
		r.line++
		if !yield(text, err) || err != nil {
			return false
		}
	}
	if err := in.check(p); err != nil {
		yield(nil, err)
		return false
	}
	if uint64(r.line) != p.Records {
		yield(nil, refuse(p.Name, "has %d lines and the manifest says %d records", r.line, p.Records))
		return false
	}
	return true
}

// next returns the next line, which is in long where it is longer than usual.
func (r *Reader) next(lines *bufio.Reader, long *[]byte) ([]byte, error) {
	text, err := lines.ReadSlice('\n')
	for *long = (*long)[:0]; errors.Is(err, bufio.ErrBufferFull); {
		if *long = append(*long, text...); len(*long) > r.maxLine {
			return nil, refuse(r.at, "has a line %d of over %d MiB, which no change of a gradebook has", r.line+1, r.maxLine>>20)
		}
		text, err = lines.ReadSlice('\n')
	}
	if len(*long) > 0 {
		*long = append(*long, text...)
		text = *long
	}
	if err == io.EOF && len(text) > 0 {
		return nil, refuse(r.at, "ends within line %d; fetch the archive again", r.line+1)
	}
	return bytes.TrimSuffix(text, []byte("\n")), err
}

// summed is a part that is summed as it is read.
type summed struct {
	io.Reader
	io.Closer
	sum hash.Hash
}

func (r *Reader) open(p *Part) (*summed, error) {
	in, err := r.zip.File(p.Name).Open()
	if err != nil {
		return nil, err
	}
	sum := sha256.New()
	return &summed{io.TeeReader(in, sum), in, sum}, nil
}

func (s *summed) check(p *Part) error {
	if got := hex.EncodeToString(s.sum.Sum(nil)); got != p.SHA256 {
		return refuse(p.Name, "was changed or damaged: its SHA-256 is %s and the manifest says %.64s; fetch the archive again", got, p.SHA256)
	}
	return nil
}

// String says how much there is.
func (c Counts) String() string {
	return fmt.Sprintf("%d classes, %d students, %d assignments", c.Classes, c.Students, c.Assignments)
}
