package commitlog_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"

	"gradebook/log/commitlog"
	"gradebook/log/commitlog/disktest"
)

// A small log: two segments, the first sealed, four batches in each.
const (
	sealed     = "log/00000000000000000001.log"
	active     = "log/00000000000000000005.log"
	smallLimit = 160
)

// small writes the small log, and returns its files.
func small(t testing.TB) (first, last []byte) {
	t.Helper()
	disk := disktest.New()
	l := open(t, "log", commitlog.Options{FS: disk, SegmentBytes: smallLimit})
	appendAll(t, l, "a1", "b22", "c333", "d4444", "e5", "f66", "g777", "h8888")
	l.Close()
	first, last = disk.Content(sealed), disk.Content(active)
	if len(ends(first)) != 4 || len(ends(last)) != 4 {
		t.Fatalf("the small log has %d and %d batches, want 4 and 4", len(ends(first)), len(ends(last)))
	}
	return first, last
}

// ends returns the positions at which the batches of a good segment end.
func ends(segment []byte) (positions []int) {
	for position := 0; position < len(segment); {
		position += 32 + int(segment[position+6])<<8 + int(segment[position+7])
		positions = append(positions, position)
	}
	return positions
}

// reseal makes the checksum of a frame right again.
func reseal(frame []byte) {
	table := crc32.MakeTable(crc32.Castagnoli)
	binary.BigEndian.PutUint32(frame[12:], crc32.Update(crc32.Checksum(frame[:12], table), table, frame[16:]))
}

// diskOf returns a disk with these segments; nil for none.
func diskOf(first, last []byte) *disktest.Disk {
	disk := disktest.New()
	if first != nil {
		disk.Put(sealed, first)
	}
	if last != nil {
		disk.Put(active, last)
	}
	return disk
}

// state describes what Open makes of a disk: "records" or "records tail N", N
// the bytes set aside, or "corrupt FILE", or "error". After an Open that
// succeeds it checks that the log can be appended to, and opened again.
func state(t testing.TB, disk *disktest.Disk) string {
	t.Helper()
	o := commitlog.Options{FS: disk, SegmentBytes: smallLimit}
	l, err := commitlog.Open("log", o)
	if corrupt, ok := errors.AsType[*commitlog.CorruptError](err); ok {
		return "corrupt " + corrupt.Path[len("log/"):]
	}
	if err != nil {
		return "error"
	}
	defer l.Close()
	records, err := read(l, 1)
	if err != nil {
		t.Errorf("Open accepts what Read does not: %v", err)
	}
	got := strings.Join(records, " ")
	if l.Tail() != "" {
		got += fmt.Sprint(" tail ", len(disk.Content(l.Tail())))
	}
	offset, err := l.Append([]byte("new"))
	if err != nil {
		t.Errorf("append after recovery: %v", err)
	}
	if err := l.Close(); err != nil {
		t.Error(err)
	}
	l, err = commitlog.Open("log", o)
	if err != nil {
		t.Errorf("open after recovery: %v", err)
		return got
	}
	defer l.Close()
	wantRecords(t, l, 1, strings.Join(append(records, fmt.Sprintf("%d:new", offset)), " "))
	if l.Tail() != "" {
		t.Errorf("the second Open sets %s aside again", l.Tail())
	}
	return got
}

var smallRecords = []string{"1:a1", "2:b22", "3:c333", "4:d4444", "5:e5", "6:f66", "7:g777", "8:h8888"}

func TestRecovery(t *testing.T) {
	first, last := small(t)
	all := strings.Join(smallRecords, " ")
	e := ends(last)
	batch := func(n int) []byte { return last[append([]int{0}, e...)[n-1]:e[n-1]] }
	join := func(parts ...[]byte) []byte { return bytes.Join(parts, nil) }
	newer := bytes.Clone(batch(4))
	newer[3] = 9
	reseal(newer)
	for _, tt := range []struct {
		name        string
		first, last []byte
		want        string
	}{
		{"good", first, last, all},
		{"zeros at the end", first, join(last, make([]byte, 100)), all + " tail 100"},
		{"text at the end", first, join(last, []byte("gb garbage")), all + " tail 10"},
		{"a magic at the end", first, join(last, []byte("\xC9gb\x01")), all + " tail 4"},
		{"a huge length at the end", first, join(last, []byte("\xC9gb\x01\xff\xff\xff\xff"), make([]byte, 40)), all + " tail 48"},
		{"half a batch", first, last[:len(last)-3], strings.Join(smallRecords[:7], " ") + " tail 35"},
		{"last segment is empty", first, []byte{}, strings.Join(smallRecords[:4], " ")},
		{"last segment is empty and the one before is cut", first[:ends(first)[2]], []byte{}, "corrupt 00000000000000000005.log"},
		{"last segment is zeros", first, make([]byte, 64), strings.Join(smallRecords[:4], " ") + " tail 64"},
		{"garbage between batches", first, join(batch(1), []byte("?"), batch(2)), "corrupt 00000000000000000005.log"},
		{"garbage and then a later batch", first, join(last, []byte("?"), batch(1)), "corrupt 00000000000000000005.log"},
		{"batch missing", first, join(batch(1), batch(3)), "corrupt 00000000000000000005.log"},
		{"batch twice", first, join(batch(1), batch(1)), "corrupt 00000000000000000005.log"},
		{"batches swapped", first, join(batch(2), batch(1)), "corrupt 00000000000000000005.log"},
		{"batch of a later version", first, join(last, newer), "error"},
		{"sealed segment has garbage at its end", join(first, []byte("?")), last, "corrupt 00000000000000000001.log"},
		{"sealed segment is cut", first[:len(first)-1], last, "corrupt 00000000000000000001.log"},
		{"sealed segment is cut at a batch's end", first[:ends(first)[2]], last, "corrupt 00000000000000000005.log"},
		{"sealed segment is empty", []byte{}, last, "corrupt 00000000000000000005.log"},
		{"segments swapped", last, first, "corrupt 00000000000000000001.log"},
		{"oldest segment is missing", nil, last, strings.Join(smallRecords[4:], " ")},
		{"last segment is missing, which nothing shows", first, nil, strings.Join(smallRecords[:4], " ")},
		{"no segment", nil, nil, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			disk := diskOf(tt.first, tt.last)
			for _, stray := range []string{"5.log", "00000000000000000000.log", "0000000000000000000x.log", "00000000000000000007.log.bak", "notes.txt"} {
				disk.Put("log/"+stray, []byte("stray"))
			}
			if got := state(t, disk); got != tt.want {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
		})
	}
}

// Every cut of either segment is set aside or refused, but for the cuts of the
// last one at the end of a batch.
func TestCutAnywhere(t *testing.T) {
	first, last := small(t)
	for n := range len(last) {
		whole := 0 // batches
		for whole < 4 && ends(last)[whole] <= n {
			whole++
		}
		want := strings.Join(smallRecords[:4+whole], " ")
		if n > 0 && !slices.Contains(ends(last), n) {
			want += fmt.Sprint(" tail ", n-append([]int{0}, ends(last)...)[whole])
		}
		if got := state(t, diskOf(first, last[:n])); got != want {
			t.Errorf("last segment cut at %d:\ngot  %q\nwant %q", n, got, want)
		}
	}
	for n := range len(first) {
		if got := state(t, diskOf(first[:n], last)); !strings.HasPrefix(got, "corrupt") {
			t.Errorf("sealed segment cut at %d: %q, want corrupt", n, got)
		}
	}
}

// Every changed bit, and every byte set to 0, FF or the first byte of a batch, is
// refused, or, in the last batch, set aside.
func TestChangeAnywhere(t *testing.T) {
	first, last := small(t)
	beforeLast := ends(last)[2]
	aside := strings.Join(smallRecords[:7], " ") + fmt.Sprint(" tail ", len(last)-beforeLast)
	for i := range len(first) + len(last) {
		for change := range 11 {
			a, b := bytes.Clone(first), bytes.Clone(last)
			at := &a[min(i, len(a)-1)]
			if i >= len(a) {
				at = &b[i-len(a)]
			}
			switch old := *at; {
			case change < 8:
				*at ^= 1 << change
			case []byte{0, 0xFF, 0xC9}[change-8] == old:
				continue
			default:
				*at = []byte{0, 0xFF, 0xC9}[change-8]
			}
			got := state(t, diskOf(a, b))
			refused := strings.HasPrefix(got, "corrupt") || got == "error"
			if inLast := i >= len(first)+beforeLast; !refused && !(inLast && got == aside) {
				t.Fatalf("byte %d, change %d: %q, want it refused or set aside", i, change, got)
			}
		}
	}
}

func TestCorruptErrorNamesThePlace(t *testing.T) {
	first, last := small(t)
	position := ends(first)[1]
	first[position+34] ^= 1
	_, err := commitlog.Open("log", commitlog.Options{FS: diskOf(first, last)})
	corrupt, ok := errors.AsType[*commitlog.CorruptError](err)
	if !ok || corrupt.Path != sealed || corrupt.Offset != int64(position) || !strings.Contains(err.Error(), "checksum") {
		t.Errorf("%v, want a *CorruptError at byte %d of %s", err, position, sealed)
	}
}

// What was damaged while the log was open is noticed by the reader.
func TestReadChecks(t *testing.T) {
	disk := disktest.New()
	l := open(t, "log", commitlog.Options{FS: disk})
	appendAll(t, l, "a1", "b2", "c3")
	f, err := disk.OpenFile(sealed, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteAt([]byte("X"), int64(ends(disk.Content(sealed))[1]-1)); err != nil {
		t.Fatal(err)
	}
	got, err := read(l, 1)
	if _, ok := errors.AsType[*commitlog.CorruptError](err); !ok || len(got) != 1 {
		t.Errorf("read %q, %v, want one record and a *CorruptError", got, err)
	}
}

// A tail does not replace one that was set aside earlier.
func TestTailsAreKept(t *testing.T) {
	first, last := small(t)
	disk := diskOf(first, append(last, "one"...))
	for _, garbage := range []string{"one", "two"} {
		f, err := disk.OpenFile(active, os.O_CREATE)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.WriteAt([]byte(garbage), int64(len(last))); err != nil {
			t.Fatal(err)
		}
		l := open(t, "log", commitlog.Options{FS: disk})
		if got := string(disk.Content(l.Tail())); got != garbage {
			t.Errorf("%s holds %q, want %q", l.Tail(), got, garbage)
		}
		l.Close()
	}
}

// A log opens on a full disk: an unfinished batch is cut off, and then there is
// room for it, or not. One that is whole and wrong stays.
func TestTailOnAFullDisk(t *testing.T) {
	first, last := small(t)
	wrong := bytes.Clone(last)
	wrong[len(wrong)-1] ^= 1
	for _, c := range []struct {
		name  string
		last  []byte
		room  string // the operation that makes some
		opens bool
		keeps bool
	}{
		{"unfinished", last[:len(last)-1], "truncate", true, true},
		{"unfinished, without any room", last[:len(last)-1], "none", true, false},
		{"wrong", wrong, "truncate", false, false},
	} {
		disk, full := diskOf(first, c.last), true
		disk.Intercept(func(op disktest.Op) error {
			full = full && op.Name != c.room
			if full && op.Name == "write" && strings.HasSuffix(op.Path, ".tail") {
				return syscall.ENOSPC
			}
			return nil
		})
		l, err := commitlog.Open("log", commitlog.Options{FS: disk})
		if c.opens != (err == nil) || err != nil && !errors.Is(err, syscall.ENOSPC) {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if err != nil {
			if got := disk.Content(active); !bytes.Equal(got, c.last) {
				t.Errorf("%s: %d bytes of %d are left", c.name, len(got), len(c.last))
			}
			continue
		}
		if keeps := l.Tail() != ""; keeps != c.keeps {
			t.Errorf("%s: the tail is %q", c.name, l.Tail())
		} else if size := len(disk.Content(l.Tail())); keeps && size != len(c.last)-len(disk.Content(active)) {
			t.Errorf("%s: %d bytes of the tail are kept", c.name, size)
		}
		l.Close()
	}
}

// FuzzRecovery opens a last segment of arbitrary bytes: it is refused, or the
// log works from there on.
func FuzzRecovery(f *testing.F) {
	first, last := small(f)
	f.Add(last)
	f.Add([]byte{})
	f.Add(make([]byte, 100))
	f.Add(append(bytes.Clone(last), make([]byte, 40)...))
	f.Add(append(bytes.Clone(last), last...))
	f.Add(append([]byte("?"), last...))
	for n := 1; n < len(last); n += 7 {
		f.Add(last[:n])
		changed := bytes.Clone(last)
		changed[n] ^= 0x10
		f.Add(changed)
	}
	f.Fuzz(func(t *testing.T, segment []byte) { state(t, diskOf(first, segment)) })
}
