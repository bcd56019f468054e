package log

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"gradebook/log/commitlog"
	"gradebook/log/commitlog/disktest"
)

// sending is two instances that send batches in turn, each until it is acknowledged, to a journal
// whose machine loses power.
type sending struct {
	disk  *disktest.Disk
	r     *rand.Rand
	next  int // batch
	acked map[uint64]string
}

const batches = 24

func (s *sending) open() (*journal, error) {
	return openJournal("log", commitlog.Options{FS: s.disk, SegmentBytes: 400})
}

// batch is three entries of one of the instances.
func (s *sending) batch(n int) []record {
	var records []record
	for i := range 3 {
		records = append(records, record{
			time: int64(n), service: "Sender", instance: fmt.Sprint("instance", n%2), sequence: uint64(n/2*3 + i + 1), message: fmt.Sprintf("%d.%d", n, i),
		})
	}
	return records
}

// live sends what is left until the power goes out, and then restores it.
func (s *sending) live() {
	j, err := s.open()
	if err == nil {
		defer j.log.Close()
	}
	for err == nil && s.next < batches {
		var first uint64
		var stored []record
		if first, stored, err = j.append(s.batch(s.next)); err == nil {
			for i, r := range stored {
				s.acked[first+uint64(i)] = r.message
			}
			s.next++
			time.Sleep(time.Second) // for the packer
		}
	}
	if err != nil {
		s.disk = s.disk.Restart(s.r)
	}
}

// check finds every entry once, in the order in which each instance sent them, and where it was
// acknowledged; and to send all of them again changes nothing.
func (s *sending) check() error {
	j, err := s.open()
	if err != nil {
		return err
	}
	defer j.log.Close()
	for n := range batches {
		if _, stored, err := j.append(s.batch(n)); err != nil || len(stored) > 0 {
			return fmt.Errorf("batch %d is stored again: %v, %v", n, stored, err)
		}
	}
	n := 0
	for stored, err := range j.log.Read(1) {
		if err != nil {
			return err
		}
		r, err := decodeRecord(stored.Data)
		if want := s.batch(n / 3)[n%3]; err != nil || r != want {
			return fmt.Errorf("entry %d is %v, %v, want %v", n+1, r, err, want)
		}
		if acked, ok := s.acked[stored.Offset]; ok && acked != r.message {
			return fmt.Errorf("entry %d is %s, acknowledged was %s", n+1, r.message, acked)
		}
		n++
	}
	if n != 3*batches {
		return fmt.Errorf("%d entries are left of %d", n, 3*batches)
	}
	return nil
}

// What a sender repeats because the power went out before the answer came is stored once, also when
// the log has to learn from packed segments what it has.
func TestPowerCutAnywhere(t *testing.T) {
	for seed := range uint64(4) { // of what is left of what was not synced
		t.Logf("%d operations", powerCutAnywhere(t, seed))
	}
}

// powerCutAnywhere returns how many operations there are.
func powerCutAnywhere(t *testing.T, seed uint64) int {
	n := 1
	for done := false; !done; n++ {
		synctest.Test(t, func(t *testing.T) {
			s := &sending{disk: disktest.New(), r: rand.New(rand.NewPCG(seed, uint64(n))), acked: map[uint64]string{}}
			s.disk.Intercept(disktest.CrashAt(n))
			first := s.disk
			for s.next < batches {
				s.live()
			}
			done = first == s.disk
			first.Intercept(nil)
			if err := s.check(); err != nil {
				t.Errorf("the power went out at operation %d, seed %d: %v", n, seed, err)
			}
			if packed, err := s.disk.List("log"); err != nil || len(packed) < 10 {
				t.Errorf("the log is in the files %q (%v), want many segments", packed, err)
			}
		})
	}
	return n - 2
}
