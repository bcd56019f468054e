package commitlog

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"time"
)

// Chunk is a run of consecutive records as they lie on disk: a block of a packed
// segment, or a few batches of a raw one. It is valid during its iteration and
// for one goroutine.
type Chunk struct {
	First, Next uint64 // offsets of its first record, and after its last one
	// Summary is what the Packer made of its records; nil in a raw segment.
	Summary []byte

	r          *reader
	mark       *mark
	begin, end int64 // in the file
}

// reader is a segment that is open for reading.
type reader struct {
	segment
	file   File
	packer Packer
	buffer []byte
}

func (l *Log) openReader(s segment) (*reader, error) {
	f, err := l.o.FS.OpenFile(s.path, 0)
	if err != nil {
		return nil, err
	}
	return &reader{segment: s, file: f, packer: l.o.Packer}, nil
}

func (r *reader) close() { r.file.Close() }

func (r *reader) chunk(i int) *Chunk {
	m := &r.marks[i]
	c := &Chunk{First: m.offset, Summary: m.summary, r: r, mark: m, begin: m.position}
	c.Next, c.end = r.chunkEnd(i)
	return c
}

// Filter returns what the Packer gave as filter, read from disk and checked. It
// is nil in a raw segment, and valid until the next call of a method.
func (c *Chunk) Filter() ([]byte, error) {
	if c.Summary == nil {
		return nil, nil
	}
	begin := c.begin + headerSize + int64(len(c.Summary))
	f, err := c.block(begin, begin+int64(c.mark.filter), kindFilter)
	return f.body, err
}

// Data returns what the Packer gave as data; as Filter.
func (c *Chunk) Data() ([]byte, error) {
	if c.Summary == nil {
		return nil, nil
	}
	f, err := c.data()
	return f.body, err
}

func (c *Chunk) data() (frame, error) {
	return c.block(c.begin+headerSize+int64(len(c.Summary))+int64(c.mark.filter), c.end, kindData)
}

// block reads one frame of a block.
func (c *Chunk) block(begin, end int64, want kind) (frame, error) {
	b, err := c.r.read(begin, end)
	if err != nil {
		return frame{}, err
	}
	f, rest, err := cutFrame(b)
	if err == nil && (f.kind != want || f.base != c.First || f.next() != c.Next || len(rest) > 0) {
		err = damage("another part of a block than the one that belongs here")
	}
	if err != nil {
		return frame{}, c.r.failed(begin, err)
	}
	return f, nil
}

// Records returns the records of the chunk, oldest first. Their bytes are valid as
// long as the chunk, until another of its methods is called.
func (c *Chunk) Records() iter.Seq2[Record, error] {
	if c.Summary != nil {
		return c.unpacked
	}
	return c.raw
}

func (c *Chunk) unpacked(yield func(Record, error) bool) {
	f, err := c.data()
	if err != nil {
		yield(Record{}, err)
		return
	}
	records, err := c.r.packer.Unpack(f.body)
	if err == nil && uint64(len(records)) != c.Next-c.First {
		err = fmt.Errorf("%d records, not %d", len(records), c.Next-c.First)
	}
	if err != nil {
		yield(Record{}, fmt.Errorf("unpack %s at byte %d: %w", c.r.path, c.begin, err))
		return
	}
	for i, data := range records {
		if !yield(Record{c.First + uint64(i), f.time, data}, nil) {
			return
		}
	}
}

func (c *Chunk) raw(yield func(Record, error) bool) {
	rest, err := c.r.read(c.begin, c.end)
	position := c.begin
	for err == nil && len(rest) > 0 {
		var f frame
		before := len(rest)
		if f, rest, err = cutFrame(rest); err != nil {
			err = c.r.failed(position, err)
			break
		}
		if !f.records(yield) {
			return
		}
		position += int64(before - len(rest))
	}
	if err != nil {
		yield(Record{}, err)
	}
}

// records yields the records of a checked batch, and reports whether to go on.
func (f *frame) records(yield func(Record, error) bool) bool {
	rest := f.body
	for offset := f.base; offset < f.next(); offset++ {
		var data []byte
		data, rest, _ = cutRecord(rest) // parseFrame has checked them
		if !yield(Record{offset, f.time, data}, nil) {
			return false
		}
	}
	return true
}

// cutFrame checks the frame at the start of b, and returns what follows it.
func cutFrame(b []byte) (f frame, rest []byte, err error) {
	if len(b) < headerSize {
		return f, nil, errCutShort
	}
	size, err := frameSize(b, int64(len(b)))
	if err != nil {
		return f, nil, err
	}
	f, err = parseFrame(b[:size])
	return f, b[size:], err
}

// read returns a part of the file, valid until the next read.
func (r *reader) read(begin, end int64) ([]byte, error) {
	if size := int(end - begin); cap(r.buffer) < size {
		r.buffer = make([]byte, size)
	}
	b := r.buffer[:end-begin]
	if n, err := r.file.ReadAt(b, begin); n < len(b) {
		return nil, r.failed(begin, noEOF(err))
	}
	return b, nil
}

// failed tells damage from a file that could not be read.
func (s *segment) failed(position int64, err error) error {
	_, damaged := errors.AsType[damage](err)
	_, misplaced := errors.AsType[*misplacedError](err)
	if damaged || misplaced || err == io.ErrUnexpectedEOF {
		return s.corrupt(position, err)
	}
	return fmt.Errorf("read %s at byte %d: %w", s.path, position, err)
}

// Record is a record with its place.
type Record struct {
	Offset uint64
	Time   time.Time // when its batch was written, UTC; in a packed segment, when the last of its block was
	Data   []byte    // valid until the next iteration
}
