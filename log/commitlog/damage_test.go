package commitlog_test

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"slices"
	"strings"
	"testing"

	"gradebook/log/commitlog"
)

// thorough has the tests of damage flip every bit and cut at every byte, which
// takes a quarter of an hour. Otherwise they take all of the headers and of the
// first bytes of the very first batch or block and of the last, and one in 1,021 of
// the rest.
var thorough = flag.Bool("thorough", false, "flip every bit of the 64 KiB logs, and cut them at every byte")

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
