package commitlog_test

import (
	"encoding/binary"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"gradebook/log/commitlog"
	"gradebook/log/commitlog/disktest"
)

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

// check opens a disk and compares the log with the scene, but for what is lost:
// a hole, or atEnd what the log is shorter by. It returns the path of the tail.
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

// scenes are a raw log and a packed one.
func scenes(t *testing.T) map[string]*scene {
	return map[string]*scene{"raw": newScene(t, nil), "packed": newScene(t, plainPacker{})}
}

// survivors says which records are left on a disk, and checks that they are what
// they were.
func (s *scene) survivors(disk *disktest.Disk, repair bool) (left string, err error) {
	o := s.o
	o.FS, o.Repair = disk, repair
	l, err := commitlog.Open("log", o)
	if err != nil {
		return "", err
	}
	defer l.Close()
	next := uint64(0)
	for r, err := range l.Read(1) {
		if err != nil {
			return left, err
		}
		if string(r.Data) != s.records[r.Offset-1] {
			return left, fmt.Errorf("record %d is another one", r.Offset)
		}
		if h, lost := l.Hole(r.Offset); lost {
			return left, fmt.Errorf("record %d is there, and in hole %v", r.Offset, h)
		}
		if h, _ := l.Hole(r.Offset - 1); r.Offset != next && r.Offset > 1 && h.Next != r.Offset {
			return left, fmt.Errorf("%d to %d are in no hole", next, r.Offset)
		}
		if r.Offset != next {
			left += fmt.Sprintf("%d to %d, ", next, r.Offset)
		}
		next = r.Offset + 1
	}
	return left + fmt.Sprint(next), nil
}
