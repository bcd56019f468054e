package commitlog_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"flag"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"gradebook/log/commitlog"
	"gradebook/log/commitlog/disktest"
)

// thorough has the tests of damage flip every bit and cut at every byte, which
// takes a quarter of an hour. Otherwise they take all of the headers and of the
// first bytes of the very first batch or block and of the last, and one in 1,021 of
// the rest.
var thorough = flag.Bool("thorough", false, "flip every bit of the 64 KiB logs, and cut them at every byte")

// unit is what is lost together: a batch, or a block.
type unit struct {
	begin, end  int // in its file
	data        int // where the frame of the data begins; begin, of a batch
	first, next uint64
}

// logFile is a segment on disk.
type logFile struct {
	path    string
	content []byte
	units   []unit
}

// scene is a log of 64 KiB.
type scene struct {
	o       commitlog.Options
	files   []logFile
	records []string
}

// newScene writes a log of four segments and packs all but the last if there is
// a packer. The first begins with so many small records that they are a block.
func newScene(t *testing.T, packer commitlog.Packer) *scene {
	s := &scene{o: commitlog.Options{SegmentBytes: 18 << 10, Packer: packer}}
	disk := disktest.New()
	synctest.Test(t, func(t *testing.T) {
		o := s.o
		o.FS = disk
		l := open(t, "log", o)
		s.append(t, l, 4096, 1)
		for i := range 40 {
			s.append(t, l, 1+i%2, 700+10*i)
		}
		time.Sleep(time.Second)
		l.Close()
	})
	size := 0
	for _, name := range append(names(t, disk, ".pack"), names(t, disk, ".log")...) {
		f := logFile{path: "log/" + name}
		f.content = disk.Content(f.path)
		f.units = unitsOf(f.content)
		s.files = append(s.files, f)
		size += len(f.content)
	}
	if len(s.files) != 4 || size < 60<<10 || size > 68<<10 {
		t.Fatalf("the log has %d segments and %d bytes, want 4 and about 64 KiB", len(s.files), size)
	}
	return s
}

// append appends n records of size bytes, which hold all bytes there are.
func (s *scene) append(t *testing.T, l *commitlog.Log, n, size int) {
	t.Helper()
	var batch [][]byte
	for range n {
		record := make([]byte, size)
		for i := range record {
			record[i] = byte(i*7 + len(s.records))
		}
		batch = append(batch, record)
		s.records = append(s.records, string(record))
	}
	if _, err := l.Append(batch...); err != nil {
		t.Fatal(err)
	}
}

// unitsOf returns the batches or blocks of a segment, as doc.go describes them.
func unitsOf(content []byte) (units []unit) {
	for at := 0; at < len(content); {
		h := content[at : at+32]
		end := at + 32 + int(binary.BigEndian.Uint32(h[4:]))
		first := binary.BigEndian.Uint64(h[16:])
		u := unit{at, end, at, first, first + uint64(binary.BigEndian.Uint32(h[8:]))}
		if kind := h[3]; kind > 2 { // of a block, after its summary
			u.begin = units[len(units)-1].begin
			units = units[:len(units)-1]
		}
		units, at = append(units, u), end
	}
	return units
}

// disk returns a disk with the log, of which file i holds content.
func (s *scene) disk(i int, content []byte) *disktest.Disk {
	disk := disktest.New()
	for j, f := range s.files {
		if j == i {
			f.content = content
		}
		disk.Put(f.path, f.content)
	}
	return disk
}

// unitAt returns the unit of file i with the byte at position, or the one that
// would begin there.
func (s *scene) unitAt(i, position int) unit {
	units := s.files[i].units
	for _, u := range units {
		if position < u.end {
			return u
		}
	}
	last := units[len(units)-1]
	return unit{last.end, last.end, last.end, last.next, last.next}
}

func (s *scene) isLast(i int) bool { return i == len(s.files)-1 }

// end returns the offset at which the segment after file i begins.
func (s *scene) end(i int) uint64 {
	if s.isLast(i) {
		return uint64(len(s.records)) + 1
	}
	return s.files[i+1].units[0].first
}

// check opens a disk and compares the log with the scene but for the records
// from first on and below next; a last of 0 says that the log ends there.
func (s *scene) check(disk *disktest.Disk, repair bool, lost commitlog.Hole, atEnd bool) (tail string, err error) {
	o := s.o
	o.FS, o.Repair = disk, repair
	l, err := commitlog.Open("log", o)
	if err != nil {
		return "", err
	}
	defer l.Close()
	want := uint64(1)
	for r, err := range l.Read(1) {
		if want == lost.First {
			want = lost.Next
		}
		switch {
		case err != nil:
			return "", fmt.Errorf("Open takes what Read does not: %w", err)
		case r.Offset != want || string(r.Data) != s.records[want-1]:
			return "", fmt.Errorf("record %d is read, want %d, of which there are %d", r.Offset, want, len(s.records))
		}
		want++
	}
	if want != lost.First && want != uint64(len(s.records))+1 {
		return "", fmt.Errorf("the log ends before record %d of %d", want, len(s.records))
	}
	for _, offset := range []uint64{lost.First - 1, lost.First, lost.Next - 1, lost.Next} {
		missing := !atEnd && lost.First <= offset && offset < lost.Next
		if h, ok := l.Hole(offset); ok != missing || ok && h != lost {
			return "", fmt.Errorf("Hole(%d) = %v, %v; %d to %d are lost", offset, h, ok, lost.First, lost.Next)
		}
	}
	return l.Tail(), nil
}

// damaged checks what becomes of the scene when file i holds content: Open
// refuses, naming file wrong and a position in it, and a repair keeps all but
// what is lost, whose bytes are in a file then.
func (s *scene) damaged(i int, content []byte, wrong, position int, lost commitlog.Hole, bytesLost []byte) error {
	disk := s.disk(i, content)
	_, err := s.check(disk, false, lost, false)
	corrupt, ok := errors.AsType[*commitlog.CorruptError](err)
	if !ok || corrupt.Path != s.files[wrong].path || corrupt.Offset != int64(position) {
		return fmt.Errorf("Open: %v, want a *CorruptError at byte %d of %s", err, position, s.files[wrong].path)
	}
	for _, repair := range []bool{true, false} {
		if tail, err := s.check(disk, repair, lost, false); err != nil || tail != "" {
			return fmt.Errorf("Repair %v: tail %q, %w", repair, tail, err)
		}
	}
	aside, err := disk.List("log")
	if err != nil {
		return err
	}
	aside = slices.DeleteFunc(aside, func(name string) bool { return !strings.HasSuffix(name, ".damaged") })
	want := fmt.Sprintf("%020d-%d.damaged", lost.First, lost.Next)
	if len(aside) != 1 || aside[0] != want || !bytes.Equal(disk.Content("log/"+want), bytesLost) {
		return fmt.Errorf("set aside are %q, want %q with %d bytes", aside, want, len(bytesLost))
	}
	return nil
}

// cutShort checks what becomes of the scene when its last file holds content, of
// which the bytes from position on are no batch.
func (s *scene) cutShort(content []byte, position int, first uint64) error {
	for _, repair := range []bool{false, true} {
		disk := s.disk(len(s.files)-1, content)
		tail, err := s.check(disk, repair, commitlog.Hole{First: first, Next: uint64(len(s.records)) + 1}, true)
		if err != nil {
			return fmt.Errorf("Repair %v: %w", repair, err)
		}
		if position == len(content) && tail == "" {
			continue
		}
		if !bytes.Equal(disk.Content(tail), content[position:]) {
			return fmt.Errorf("Repair %v: %q holds %d bytes, want those from %d on", repair, tail, len(disk.Content(tail)), position)
		}
	}
	return nil
}

func scenes(t *testing.T) map[string]*scene {
	return map[string]*scene{"raw": newScene(t, nil), "packed": newScene(t, plainPacker{})}
}

// chosen reports whether this run damages file i at position, which is in u; n
// numbers the damages.
func (s *scene) chosen(i int, u unit, position, n int) bool {
	atEdge := i == 0 && u.begin == 0 || s.isLast(i) && u.end == len(s.files[i].content)
	return *thorough || atEdge && position-u.data < 40 || n%1021 == 0
}

// Every bit that flips is noticed, and costs the batch or block that it is in, or
// nothing if that is not in the data of a block.
func TestFlipAnywhere(t *testing.T) {
	for name, s := range scenes(t) {
		t.Run(name, func(t *testing.T) {
			flips := 0
			for i, f := range s.files {
				for bit := range 8 * len(f.content) {
					u := s.unitAt(i, bit/8)
					if !s.chosen(i, u, bit/8, bit) {
						continue
					}
					flips++
					if err := s.flip(i, u, bit); err != nil {
						t.Fatalf("bit %d of byte %d of %s: %v", bit%8, bit/8, f.path, err)
					}
				}
			}
			t.Logf("%d bits", flips)
		})
	}
}

func (s *scene) flip(i int, u unit, bit int) error {
	content := bytes.Clone(s.files[i].content)
	content[bit/8] ^= 1 << (bit % 8)
	if s.isLast(i) && u.end == len(content) {
		return s.cutShort(content, u.begin, u.first)
	}
	if bit/8 < u.data {
		return s.damaged(i, content, i, u.begin, commitlog.Hole{First: u.first, Next: u.first}, content[u.begin:u.data])
	}
	return s.damaged(i, content, i, u.begin, commitlog.Hole{First: u.first, Next: u.next}, content[u.begin:u.end])
}

// Every cut is noticed, but one of the last segment at the end of a batch, and
// costs what is cut.
func TestTruncateAnywhere(t *testing.T) {
	for name, s := range scenes(t) {
		t.Run(name, func(t *testing.T) {
			cuts := 0
			for i, f := range s.files {
				for size := range len(f.content) {
					u := s.unitAt(i, size)
					if !s.chosen(i, u, size, size) && size != u.begin {
						continue
					}
					cuts++
					if err := s.truncate(i, u, size); err != nil {
						t.Fatalf("%s cut at byte %d: %v", f.path, size, err)
					}
				}
			}
			t.Logf("%d cuts", cuts)
		})
	}
}

func (s *scene) truncate(i int, u unit, size int) error {
	content := s.files[i].content[:size]
	if s.isLast(i) {
		return s.cutShort(content, u.begin, u.first)
	}
	lost := commitlog.Hole{First: u.first, Next: s.end(i)}
	if size == u.begin {
		return s.damaged(i, content, i+1, 0, lost, nil)
	}
	return s.damaged(i, content, i, u.begin, lost, content[u.begin:])
}

// A bit that flips while the log is open is noticed by whoever reads that frame.
// Summaries are in memory then.
func TestFlipWhileOpen(t *testing.T) {
	s := newScene(t, plainPacker{})
	disk := s.disk(-1, nil)
	o := s.o
	o.FS = disk
	l := open(t, "log", o)
	f := s.files[0]
	file, err := disk.OpenFile(f.path, 0)
	if err != nil {
		t.Fatal(err)
	}
	flip := func(bit int) {
		f.content[bit/8] ^= 1 << (bit % 8)
		if _, err := file.WriteAt(f.content[bit/8:bit/8+1], int64(bit/8)); err != nil {
			t.Fatal(err)
		}
	}
	for bit := range 8 * len(f.content) {
		u := s.unitAt(0, bit/8)
		if !s.chosen(0, u, bit/8, bit) {
			continue
		}
		flip(bit)
		for c, err := range l.Chunks(u.next) {
			if err != nil {
				t.Fatal(err)
			}
			filter := u.begin + 32 + len(c.Summary)
			_, filterErr := c.Filter()
			_, dataErr := c.Data()
			var readErr error
			for _, readErr = range c.Records() {
			}
			inFilter, inData := bit/8 >= filter && bit/8 < u.data, bit/8 >= u.data
			for _, tt := range []struct {
				err     error
				noticed bool
			}{{filterErr, inFilter}, {dataErr, inData}, {readErr, inData}} {
				corrupt, ok := errors.AsType[*commitlog.CorruptError](tt.err)
				if ok != tt.noticed || ok && corrupt.Path != f.path || !ok && tt.err != nil {
					t.Fatalf("bit %d of byte %d: %v, %v, %v", bit%8, bit/8, filterErr, dataErr, readErr)
				}
			}
			break
		}
		flip(bit)
	}
}
