package commitlog

import (
	"errors"
	"os"
	"time"
)

// A Packer makes sealed segments small. It must be safe for concurrent use.
type Packer interface {
	// Pack returns the form in which consecutive records, at least one, are kept
	// from now on. It may not keep the slices.
	Pack(records [][]byte) (Packed, error)
	// Unpack returns the records of a block, exactly as they were.
	Unpack(data []byte) (records [][]byte, err error)
}

// Packed is a block of records as a Packer made it.
type Packed struct {
	Summary []byte // kept in memory as long as the block is in the log: some 100 bytes
	Filter  []byte // read when it is asked for, to learn whether Data is worth it
	Data    []byte // from which Unpack gives the records back
}

const (
	blockRecords = 4096    // of one block, at most
	blockBytes   = 1 << 20 // of the records of one block, at most, unless a single one is larger
)

var errClosing = errors.New("commit log is closing")

// pack writes s, a sealed raw segment, as a packed one beside it, on disk, and
// returns that.
func (l *Log) pack(s segment) (segment, error) {
	r, err := l.openReader(s)
	if err != nil {
		return segment{}, err
	}
	defer r.close()
	path := l.path(segmentName(s.base, packedSuffix))
	f, err := l.o.FS.OpenFile(path+tempSuffix, os.O_CREATE|os.O_TRUNC)
	if err != nil {
		return segment{}, err
	}
	defer f.Close()
	w := packing{log: l, file: f, segment: segment{base: s.base, next: s.base, path: path, packed: true}}
	if err := w.all(r); err != nil {
		return segment{}, err
	}
	if err := f.Sync(); err != nil {
		return segment{}, err
	}
	f.Close() // not every system renames open files
	if err := l.o.FS.Rename(path+tempSuffix, path); err != nil {
		return segment{}, err
	}
	return w.segment, l.o.FS.SyncDir(l.dir)
}

// packing is a packed segment that is being written.
type packing struct {
	segment
	log    *Log
	file   File
	block  [][]byte // records of the next block
	bytes  []byte   // of theirs
	time   time.Time
	buffer []byte
}

func (p *packing) all(r *reader) error {
	for i := range r.marks {
		for record, err := range r.chunk(i).Records() {
			if err != nil {
				return err
			}
			if err := p.add(record); err != nil {
				return err
			}
		}
	}
	return p.flush()
}

// add copies a record, whose bytes are only lent.
func (p *packing) add(r Record) error {
	if len(p.block) == blockRecords || len(p.bytes) > 0 && len(p.bytes)+len(r.Data) > blockBytes {
		if err := p.flush(); err != nil {
			return err
		}
	}
	start := len(p.bytes)
	p.bytes = append(p.bytes, r.Data...)
	p.block = append(p.block, p.bytes[start:])
	if r.Time.After(p.time) {
		p.time = r.Time
	}
	return nil
}

// flush packs the records that have come together and writes them as a block,
// and rests.
func (p *packing) flush() error {
	if len(p.block) == 0 {
		return nil
	}
	start := time.Now()
	packed, err := p.log.o.Packer.Pack(p.block)
	if err != nil {
		return err
	}
	if err := p.write(packed); err != nil {
		return err
	}
	p.block, p.bytes = p.block[:0], p.bytes[:0]
	return p.rest(time.Since(start))
}

const (
	busyRecords = 1000                  // a second: from that on the log is busy
	busyLook    = 20 * time.Millisecond // how long one looks whether it is, at least
	maxWaiting  = 8                     // segments that wait for a busy log
)

// rest leaves the machine to those who append: three times as long as the work
// took, and on as long as the log is busy, unless too many segments wait.
func (p *packing) rest(took time.Duration) error {
	for wait := min(max(3*took, busyLook), time.Second); ; wait = busyLook {
		_, before := p.log.Bounds()
		select {
		case <-p.log.closing:
			return errClosing
		case <-time.After(wait):
		}
		_, next := p.log.Bounds()
		if busy := float64(next-before) > busyRecords*wait.Seconds(); !busy || p.log.rawSegments() > maxWaiting {
			return nil
		}
	}
}

// write writes a block and notes where it is.
func (p *packing) write(packed Packed) error {
	m := mark{
		offset: p.next, position: p.size, newest: p.time.UnixNano(),
		summary: append([]byte{}, packed.Summary...), filter: headerSize + len(packed.Filter),
	}
	b, err := appendBlock(p.buffer[:0], packed, p.next, uint32(len(p.block)), p.time)
	if err != nil {
		return err
	}
	if _, err := p.file.WriteAt(b, p.size); err != nil {
		return err
	}
	p.buffer = b
	p.marks = append(p.marks, m)
	p.size += int64(len(b))
	p.next += uint64(len(p.block))
	return nil
}

// appendBlock appends the three frames of a block.
func appendBlock(b []byte, packed Packed, base uint64, count uint32, at time.Time) ([]byte, error) {
	for i, body := range [][]byte{packed.Summary, packed.Filter, packed.Data} {
		if headerSize+len(body) > MaxBatch {
			return nil, ErrTooLarge
		}
		start := len(b)
		b = append(append(b, make([]byte, headerSize)...), body...)
		seal(b[start:], kindSummary+kind(i), base, count, at)
	}
	return b, nil
}
