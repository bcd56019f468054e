package commitlog_test

import (
	"errors"
	"fmt"
	"hash/crc32"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"gradebook/log/commitlog"
	"gradebook/log/commitlog/disktest"
)

// oracle notes what a client was told about its records. Each call of Append is
// written as its records joined by commas.
type oracle struct {
	options commitlog.Options
	calls   int           // of one life
	rest    time.Duration // after each call, for the housekeeper; in a bubble

	mu      sync.Mutex
	acked   map[string]uint64 // by call
	refused map[string]bool
	unknown map[string]bool
}

func newOracle() *oracle {
	return &oracle{
		options: commitlog.Options{SegmentBytes: 150},
		calls:   6,
		acked:   map[string]uint64{}, refused: map[string]bool{}, unknown: map[string]bool{},
	}
}

// on returns the options for a disk.
func (o *oracle) on(disk *disktest.Disk) commitlog.Options {
	options := o.options
	options.FS = disk
	return options
}

// append makes a call of n records.
func (o *oracle) append(l *commitlog.Log, name string, n int) {
	var data [][]byte
	var records []string
	for i := range n {
		records = append(records, fmt.Sprint(name, ".", i))
		data = append(data, []byte(records[i]))
	}
	call := strings.Join(records, ",")
	first, err := l.Append(data...)
	o.mu.Lock()
	defer o.mu.Unlock()
	switch {
	case err == nil:
		o.acked[call] = first
	case errors.Is(err, commitlog.ErrStopped):
		o.unknown[call] = true
	default:
		o.refused[call] = true
	}
	if o.rest > 0 {
		time.Sleep(o.rest)
	}
}

// work opens the log twice and appends, one caller at a time.
func (o *oracle) work(disk *disktest.Disk) {
	for life := range 2 {
		l, err := commitlog.Open("log", o.on(disk))
		if err != nil {
			continue
		}
		for i := range o.calls {
			o.append(l, fmt.Sprintf("%d.%d", life, i), 1+i%3)
		}
		l.Close()
	}
}

// check opens what is left on a disk: acknowledged means present once at its
// place, unless retention may have removed it, refused means absent, unknown means
// all of a call or nothing, and at most once. The log works from there on.
func (o *oracle) check(t *testing.T, disk *disktest.Disk, what string) {
	t.Helper()
	options := o.on(disk)
	l, err := commitlog.Open("log", options)
	if err != nil {
		t.Errorf("%s: open: %v", what, err)
		return
	}
	defer l.Close()
	found, err := read(l, 1)
	if err != nil {
		t.Errorf("%s: read: %v", what, err)
	}
	_, next := l.Bounds()
	oldest := next - uint64(len(found)) // as it was when found was read
	if o.options.MaxBytes == 0 && oldest != 1 || next-oldest < min(next-1, 5) {
		t.Errorf("%s: the log begins with record %d of %d", what, oldest, next-1)
	}
	calls := 0
	for call, first := range o.acked {
		if first < oldest {
			continue
		}
		calls += strings.Count(call, ",") + 1
		for i, record := range strings.Split(call, ",") {
			offset := first + uint64(i)
			if at := int(offset - oldest); at >= len(found) || found[at] != fmt.Sprintf("%d:%s", offset, record) {
				t.Errorf("%s: acknowledged %s is not record %d of %q", what, record, offset, found)
			}
		}
	}
	all := "," + strings.Join(found, ",") + ","
	for call := range o.refused {
		for record := range strings.SplitSeq(call, ",") {
			if strings.Contains(all, ":"+record+",") {
				t.Errorf("%s: refused %s is there: %q", what, record, found)
			}
		}
	}
	for call := range o.unknown {
		records := strings.Split(call, ",")
		n := 0
		for _, record := range records {
			n += strings.Count(all, ":"+record+",")
		}
		if calls += n; n != 0 && n != len(records) {
			t.Errorf("%s: %d records of the call %s are there: %q", what, n, call, found)
		}
	}
	if calls != len(found) {
		t.Errorf("%s: %d records are accounted for, found %q", what, calls, found)
	}
	if _, err := l.Append([]byte("after")); err != nil {
		t.Errorf("%s: append after recovery: %v", what, err)
	}
	l.Close()
	l, err = commitlog.Open("log", options)
	if err != nil {
		t.Errorf("%s: second open: %v", what, err)
		return
	}
	defer l.Close()
	if again, err := read(l, next); err != nil || len(again) != 1 {
		t.Errorf("%s: second open reads %q, %v, want what was appended to %q", what, again, err, found)
	}
}

// checkPowerCut checks what a power cut leaves: what was synced, and several
// mixtures with what was not.
func (o *oracle) checkPowerCut(t *testing.T, disk *disktest.Disk, what string) {
	t.Helper()
	o.check(t, disk.Restart(nil), what)
	for seed := range uint64(6) {
		r := rand.New(rand.NewPCG(uint64(crc32.ChecksumIEEE([]byte(what))), seed))
		o.check(t, disk.Restart(r), fmt.Sprint(what, ", seed ", seed))
	}
}

// operations counts those of a run without faults.
func operations(t *testing.T) int {
	disk := disktest.New()
	o := newOracle()
	o.work(disk)
	if len(o.acked) != 12 {
		t.Fatalf("%d of 12 calls are acknowledged without a fault", len(o.acked))
	}
	return disk.Ops()
}

// keepingHouse returns an oracle of a log that packs its segments and removes the
// oldest, between any two calls.
func keepingHouse() *oracle {
	o := newOracle()
	o.options.Packer, o.options.MaxBytes = plainPacker{}, 900
	o.calls, o.rest = 14, time.Minute
	return o
}
