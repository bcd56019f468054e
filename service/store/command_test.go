package store

import (
	"testing"
	"time"

	"gradebook/log/commitlog"
)

type nothing struct{}

func (nothing) Apply(uint64, time.Time, int) {}
func (nothing) Snapshot() func([]byte) ([]byte, bool) {
	return func(b []byte) ([]byte, bool) { return b, false }
}
func (nothing) Restore([]byte) error { return nil }

// A batch has room for what it takes: the log refuses more than MaxBatch, which
// includes 5 bytes for each record, and that has more than 32 itself.
func TestBatchesAreLimited(t *testing.T) {
	if most := batchBytes + MaxRecord + batchBytes/32*5; most > commitlog.MaxBatch*99/100 {
		t.Errorf("a batch can have %d bytes", most)
	}
	s := &Store[nothing, int]{queue: make(chan *command[nothing, int], 1)}
	s.queue <- &command[nothing, int]{}
	if s.queued(batchBytes) != nil {
		t.Error("a full batch takes another command")
	}
	if s.queued(batchBytes-1) == nil {
		t.Error("a batch that is not full takes no other command")
	}
}
