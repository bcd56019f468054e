package archive

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"io"
	"time"
)

const (
	partBytes  = 8 << 20 // of records in a part, but for the last of them
	blockBytes = 64 << 10
	mostPacked = 50 // how many times smaller a part may become

	nameIsUTF8 = 1 << 11 // a flag of a ZIP's files
)

// Writer writes an archive. After an error it is of no more use.
type Writer struct {
	zip     *zip.Writer
	pause   func()
	packer  *flate.Writer
	packed  bytes.Buffer
	records []byte // of the part that is being gathered
	part    Part   // likewise
	made    time.Time
	parts   []Part
}

// NewWriter returns a Writer to w, of an archive made at a time. It calls pause
// after a millisecond's work or so, for others to get their turn.
func NewWriter(w io.Writer, made time.Time, pause func()) *Writer {
	packer, err := flate.NewWriter(nil, flate.BestSpeed)
	if err != nil {
		panic(err) // the level is one
	}
	return &Writer{zip: zip.NewWriter(w), pause: pause, packer: packer, made: made.UTC(), part: Part{First: 1}}
}

// Record adds the next record, a line of JSON.
func (w *Writer) Record(text []byte) error {
	if bytes.IndexByte(text, '\n') >= 0 {
		return fmt.Errorf("record %d is more than a line", w.part.First+w.part.Records)
	}
	blocks := len(w.records) / blockBytes
	w.records = append(append(w.records, text...), '\n')
	w.part.Records++
	if len(w.records)/blockBytes > blocks {
		w.pause()
	}
	if len(w.records) < partBytes {
		return nil
	}
	return w.endRecords()
}

// endRecords writes the records that were gathered.
func (w *Writer) endRecords() error {
	if w.part.Records == 0 {
		return nil
	}
	part, next := w.part, w.part.First+w.part.Records
	part.Name = fmt.Sprintf("%s%06d.ndjson", recordsDir, w.recordParts()+1)
	err := w.add(part, w.records)
	w.records, w.part = w.records[:0], Part{First: next}
	return err
}

func (w *Writer) recordParts() (n int) {
	for i := range w.parts {
		if w.parts[i].isRecords() {
			n++
		}
	}
	return n
}

// File adds a file for people. Records come before all of these but the first.
func (w *Writer) File(name string, content []byte) error {
	if err := w.endRecords(); err != nil {
		return err
	}
	return w.add(Part{Name: name}, content)
}

// Close ends the archive with its manifest, which says what was counted.
func (w *Writer) Close(counts Counts) error {
	if err := w.endRecords(); err != nil {
		return err
	}
	m := Manifest{Format: format, Version: version, Revision: w.part.First - 1, Created: w.made, Counts: counts, Parts: w.parts}
	text, err := json.MarshalIndent(&m, "", "  ")
	if err != nil {
		return err
	}
	if err := w.add(Part{Name: manifestName}, append(text, '\n')); err != nil {
		return err
	}
	return w.zip.Close()
}

// add writes a part, whose content is packed before its header is written, which
// says how long it is.
func (w *Writer) add(part Part, content []byte) error {
	header := &zip.FileHeader{Name: part.Name, Method: zip.Deflate, Modified: w.made, Flags: nameIsUTF8}
	header.UncompressedSize64 = uint64(len(content))
	header.CRC32 = crc32.ChecksumIEEE(content)
	sum := sha256.New()
	if err := w.pack(io.MultiWriter(w.packer, sum), content); err != nil {
		return err
	}
	packed := w.packed.Bytes()
	if len(packed) >= len(content) || len(content) > mostPacked*len(packed) {
		header.Method, packed = zip.Store, content
	}
	header.CompressedSize64 = uint64(len(packed))
	out, err := w.zip.CreateRaw(header)
	if err == nil {
		err = w.blocks(out, packed)
	}
	part.Bytes, part.SHA256 = int64(len(content)), hex.EncodeToString(sum.Sum(nil))
	w.parts = append(w.parts, part)
	return err
}

func (w *Writer) pack(out io.Writer, content []byte) error {
	w.packed.Reset()
	w.packer.Reset(&w.packed)
	if err := w.blocks(out, content); err != nil {
		return err
	}
	return w.packer.Close()
}

// blocks writes content with pauses.
func (w *Writer) blocks(out io.Writer, content []byte) error {
	for len(content) > 0 {
		n := min(len(content), blockBytes)
		if _, err := out.Write(content[:n]); err != nil {
			return err
		}
		content = content[n:]
		w.pause()
	}
	return nil
}
