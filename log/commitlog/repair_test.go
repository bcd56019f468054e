package commitlog_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"gradebook/log/commitlog"
	"gradebook/log/commitlog/disktest"
)

// repaired describes what a repair makes of a disk with the small log: the
// records, each .damaged file as "[first-next bytes]", and the size of the tail.
func repaired(t *testing.T, disk *disktest.Disk) string {
	t.Helper()
	o := commitlog.Options{FS: disk, SegmentBytes: smallLimit, Repair: true}
	l, err := commitlog.Open("log", o)
	if err != nil {
		return err.Error()
	}
	defer l.Close()
	records, err := read(l, 1)
	if err != nil {
		t.Error(err)
	}
	for _, name := range names(t, disk, ".damaged") {
		hole := strings.TrimLeft(strings.TrimSuffix(name, ".damaged"), "0")
		records = append(records, fmt.Sprintf("[%s %d]", hole, len(disk.Content("log/"+name))))
	}
	if _, next := l.Bounds(); next < 5 {
		t.Errorf("the next record gets offset %d, where another one was", next)
	}
	if l.Tail() != "" {
		records = append(records, fmt.Sprint("tail ", len(disk.Content(l.Tail()))))
	}
	l.Close()
	if left := names(t, disk, ".tmp"); len(left) > 0 {
		t.Errorf("left over: %q", left)
	}
	return strings.Join(records, " ")
}

func TestRepair(t *testing.T) {
	first, last := small(t)
	e := ends(last)
	batch := func(n int) []byte { return last[append([]int{0}, e...)[n-1]:e[n-1]] }
	join := func(parts ...[]byte) []byte { return bytes.Join(parts, nil) }
	without := func(offsets ...int) string {
		all := slices.Clone(smallRecords)
		for _, offset := range offsets {
			all[offset-1] = ""
		}
		return strings.Join(strings.Fields(strings.Join(all, " ")), " ")
	}
	newer := bytes.Clone(batch(2))
	newer[3] = 9
	reseal(newer)
	for _, tt := range []struct {
		name        string
		first, last []byte
		want        string
	}{
		{"good", first, last, without()},
		{"unfinished write", first, last[:len(last)-3], without(8) + " tail 35"},
		{"last segment is empty", first, []byte{}, without(5, 6, 7, 8)},
		{"last segment is zeros", first, make([]byte, 64), without(5, 6, 7, 8) + " tail 64"},
		{"last segment is empty and the one before is cut", first[:ends(first)[2]], []byte{}, without(4, 5, 6, 7, 8) + " [4-5 0]"},
		{"garbage between batches", first, join(batch(1), []byte("???"), batch(2)), without(7, 8) + " [6-6 3]"},
		{"garbage before an earlier batch", first, join(last, []byte("?"), batch(1)), without() + " [9-9 36]"},
		{"batch missing", first, join(batch(1), batch(3)), without(6, 8) + " [6-7 0]"},
		{"two missing, with garbage and an unfinished write", first, join(batch(1), []byte("?"), batch(3), []byte("??")), without(6, 8) + " [6-7 1] tail 2"},
		{"every other batch is missing", first, join(batch(2), batch(4)), without(5, 7) + " [5-6 0] [7-8 0]"},
		{"batch twice", first, join(batch(1), batch(1), batch(2)), without(7, 8) + " [6-6 35]"},
		{"batches swapped", first, join(batch(2), batch(1)), without(7, 8)},
		{"batch of a later version", first, join(batch(1), newer, batch(3)), "repair log/00000000000000000005.log: written by a later version of this program (kind 9)"},
		{"sealed segment has garbage at its end", join(first, []byte("?")), last, without() + " [5-5 1]"},
		{"sealed segment has garbage at its start", join([]byte("?"), first), last, without() + " [1-1 1]"},
		{"sealed segment is cut", first[:len(first)-1], last, without(4) + " [4-5 37]"},
		{"sealed segment is cut at a batch's end", first[:ends(first)[2]], last, without(4) + " [4-5 0]"},
		{"sealed segment is empty", []byte{}, last, without(1, 2, 3, 4) + " [1-5 0]"},
		{"sealed segment is zeros", make([]byte, 100), last, without(1, 2, 3, 4) + " [1-5 100]"},
		{"sealed segment has later batches, too", join(first, last), last, without() + " [5-5 146]"},
		{"sealed segment is empty, and the last one, too", []byte{}, []byte{}, "[1-5 0]"},
		{"both are zeros", make([]byte, 10), make([]byte, 10), "[1-5 10] tail 10"},
		{"only an earlier batch is in the last", nil, first, "[5-5 " + fmt.Sprint(len(first)) + "]"},
		{"an earlier batch is in the last, too", nil, join(first, last), without(1, 2, 3, 4) + " [5-5 " + fmt.Sprint(len(first)) + "]"},
		{"oldest segment is missing", nil, last, without(1, 2, 3, 4)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			disk, want := diskOf(tt.first, tt.last), tt.want
			for range 2 { // the second has nothing to do
				if got := repaired(t, disk); got != want {
					t.Errorf("got  %q\nwant %q", got, want)
				}
				want, _, _ = strings.Cut(want, " tail")
			}
			want, _, _ = strings.Cut(" "+want, " [")
			if want = strings.TrimSpace(want); strings.HasPrefix(want, "repair") {
				want = "error"
			}
			if got := state(t, disk); got != want {
				t.Errorf("Open after the repair: %q, want %q", got, want)
			}
		})
	}
}

// A segment that was being packed when the process ended is there twice. When the
// raw one is damaged, nothing is lost.
func TestRepairTakesThePackedSegment(t *testing.T) {
	s := newScene(t, plainPacker{})
	raw := newScene(t, nil).files[1]
	for _, content := range [][]byte{raw.content[:raw.units[3].end], append(bytes.Clone(raw.content), '?'), {}} {
		disk := s.disk(-1, nil)
		disk.Put(raw.path, content)
		_, err := s.survivors(disk, false)
		if corrupt, ok := errors.AsType[*commitlog.CorruptError](err); !ok || len(names(t, disk, ".pack")) != 3 {
			t.Errorf("Open: %v, leaving %q; want a *CorruptError, and all left as it was", corrupt, names(t, disk, ".pack"))
		}
		left, err := s.survivors(disk, true)
		if want := fmt.Sprintf("0 to 1, %d", len(s.records)+1); left != want || err != nil {
			t.Errorf("after the repair: %q, %v, want %q", left, err, want)
		}
		if aside := names(t, disk, ".damaged"); len(aside) > 0 {
			t.Errorf("set aside: %q", aside)
		}
	}
}

// A record that looks like a frame does not become one by the damage of its own.
func TestRepairIsNotFooled(t *testing.T) {
	disk := disktest.New()
	l := open(t, "log", commitlog.Options{FS: disk})
	appendAll(t, l, "one")
	forged := disk.Content(sealed)
	binary.BigEndian.PutUint64(forged[16:], 2)
	reseal(forged)
	appendAll(t, l, string(forged), "three")
	l.Close()
	content := disk.Content(sealed)
	content[bytes.Index(content, forged)-1] ^= 1 // the length of the record
	disk.Put(sealed, content)
	l = open(t, "log", commitlog.Options{FS: disk, Repair: true})
	wantRecords(t, l, 1, "1:one 3:three")
}

// wreck returns the scene with several things wrong in each of its segments.
func (s *scene) wreck() *disktest.Disk {
	disk := disktest.New()
	for i, f := range s.files {
		content := bytes.Clone(f.content)
		flip := func(position int) { content[position] ^= 1 }
		switch units := f.units; i {
		case 0: // a filter and data, or two batches
			flip(max(units[0].data-1, 40))
			flip(units[len(units)/2].end - 1)
		case 1:
			continue
		case 2:
			flip(units[0].data + 40)
			content = append(content, "garbage"...)
		case 3:
			flip(units[1].begin + 5)
			flip(units[4].begin + 5)
			flip(len(content) - 1)
		}
		disk.Put(f.path, content)
	}
	return disk
}

// A repair that was interrupted at any operation, or in which any operation
// failed, can be made again, and comes to the same result. Until then Open
// refuses, unless all was done.
func TestRepairInterrupted(t *testing.T) {
	for name, s := range scenes(t) {
		t.Run(name, func(t *testing.T) {
			want, err := s.survivors(s.wreck(), true)
			if err != nil || strings.Count(want, ",") < 3 {
				t.Fatalf("a repair leaves %q, %v", want, err)
			}
			check := func(disk *disktest.Disk, what string) {
				t.Helper()
				left, err := s.survivors(disk, false)
				if _, refused := errors.AsType[*commitlog.CorruptError](err); !refused && (err != nil || left != want) {
					t.Errorf("%s: Open: %q, %v, want a *CorruptError or %q", what, left, err, want)
				}
				for _, repair := range []bool{true, false} {
					if left, err := s.survivors(disk, repair); err != nil || left != want {
						t.Errorf("%s: then Open, Repair %v: %q, %v, want %q", what, repair, left, err, want)
					}
				}
			}
			n := 1
			for done := false; !done; n++ {
				for _, fault := range []error{disktest.ErrCrashed, errorsOfDisks()[n%4]} {
					what := fmt.Sprintf("%v at operation %d", fault, n)
					disk := s.wreck()
					disk.Intercept(disktest.FailAt(n, fault))
					s.survivors(disk, true)
					done = disk.Ops() < n
					disk.Intercept(nil)
					if fault != disktest.ErrCrashed {
						check(disk.Restart(nil), what+", then a power cut")
						check(disk, what)
						continue
					}
					for seed := range uint64(3) {
						check(disk.Restart(rand.New(rand.NewPCG(uint64(n), seed))), fmt.Sprint(what, ", seed ", seed))
					}
					check(disk.Restart(nil), what)
				}
			}
			t.Logf("%d operations", n)
		})
	}
}

// FuzzRepair repairs two segments of arbitrary bytes: Open takes the result, and a
// second repair finds nothing to do.
func FuzzRepair(f *testing.F) {
	first, last := small(f)
	f.Add(first, last)
	f.Add(first[40:], last)
	f.Add(last, first)
	f.Add([]byte{}, append([]byte("?"), last...))
	for n := 1; n < len(last); n += 11 {
		a, b := bytes.Clone(first), bytes.Clone(last)
		a[n] ^= 0x10
		f.Add(a, last[:n])
		b[n] ^= 1
		f.Add(first[:n], b)
	}
	f.Fuzz(func(t *testing.T, first, last []byte) {
		disk := diskOf(first, last)
		got := repaired(t, disk)
		if strings.HasPrefix(got, "repair") {
			if !strings.Contains(got, "later version") {
				t.Error(got)
			}
			return
		}
		if again := repaired(t, disk); !strings.HasPrefix(got, again) {
			t.Errorf("a second repair makes %q of %q", again, got)
		}
		if s := state(t, disk); s == "error" || strings.HasPrefix(s, "corrupt") {
			t.Errorf("Open after the repair: %s", s)
		}
	})
}
