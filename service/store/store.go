package store

import (
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"gradebook/log/commitlog"
)

// Machine is the state. The store calls Apply, Restore and Snapshot, one at a
// time; Apply and Restore never while a decide or View function runs, nor the
// function that Snapshot returns.
type Machine[R any] interface {
	// Apply makes the change that record describes. It must not fail and depends
	// on nothing but the state and its arguments, since every start applies all
	// records again. at is in UTC.
	Apply(revision uint64, at time.Time, record R)
	// Snapshot begins to encode the whole state. The function it returns appends
	// the next part to b and reports whether there is more; the store calls it to
	// the end, before it calls Snapshot again. Apply is called in between, and
	// Restore: what is encoded is the state as it was when Snapshot was called.
	// No part should take longer than writers can wait.
	Snapshot() (next func(b []byte) (_ []byte, more bool))
	// Restore replaces the whole state, whatever it was, by one that Snapshot
	// has encoded. It keeps no reference to the bytes.
	Restore([]byte) error
}

// Options of a Store. The zero value of each field is its default.
type Options struct {
	SegmentBytes  int64            // see commitlog.Options
	FS            commitlog.FS     // the operating system's
	Now           func() time.Time // time.Now
	Logger        *slog.Logger     // where recovery and snapshots report; discards
	Fatal         func(error)      // is told once why the store has stopped for good; it may call Close
	SnapshotEvery int              // records between snapshots while open, a large one counting as many; 100,000; negative: only at Close
}

func (o Options) withDefaults() Options {
	if o.FS == nil {
		o.FS = commitlog.OS()
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Fatal == nil {
		o.Fatal = func(error) {}
	}
	if o.SnapshotEvery == 0 {
		o.SnapshotEvery = 100_000 // read again in a second
	}
	return o
}

// Store is an open store. Its methods are safe for concurrent use, but not from
// within a decide or View function.
type Store[M Machine[R], R any] struct {
	dir   string
	o     Options
	log   *commitlog.Log
	empty []byte // snapshot of the machine as it was given to Open

	queue    chan *command[M, R]
	commands sync.Pool      // of *command[M, R]
	closing  chan struct{}  // closed by Close
	done     chan struct{}  // closed when the loop has returned
	err      error          // why the loop stopped for good; set before done is closed
	close    func() error   // the work of Close, once
	writing  atomic.Bool    // a snapshot is being written
	writers  sync.WaitGroup // of snapshots

	// mu guards the machine's state and tip. The loop alone changes them, and
	// therefore reads them without it.
	mu      sync.RWMutex
	machine M
	tip     *outcome // of the batch with which the state ends

	// The loop's own, and Open's before it.
	applied     uint64 // revision of the state
	snapshotted uint64 // revision of the newest snapshot
	behind      int    // weight of the records since then
	buffer      []byte // for the records of a batch
}

// outcome is what became of a batch.
type outcome struct {
	kept atomic.Bool   // it is on disk
	done chan struct{} // closed when it is known
	err  error         // why it is not on disk
}

// known returns an outcome that is known already.
func known(err error) *outcome {
	o := &outcome{done: make(chan struct{})}
	o.settle(err)
	return o
}

func (o *outcome) settle(err error) {
	o.err = err
	o.kept.Store(err == nil)
	close(o.done)
}

// Open opens the store in dir, creating both if there is none, and brings
// machine, which must be new, to the newest revision. The store owns it then.
//
// The error wraps a *commitlog.CorruptError when the log is damaged, and
// commitlog.ErrLocked when another process has the store open.
func Open[M Machine[R], R any](dir string, machine M, o Options) (*Store[M, R], error) {
	o = o.withDefaults()
	if err := settle(o.FS, dir); err != nil {
		return nil, fmt.Errorf("put a store in the place of %s: %w", dir, err)
	}
	s, err := newStore(dir, machine, o)
	if err != nil {
		return nil, err
	}
	if err := s.alone(); err != nil {
		s.log.Close()
		return nil, fmt.Errorf("open store %s: %w", dir, err)
	}
	go s.run() // until Close, or until it cannot go on
	return s, nil
}

// newStore opens a store without its loop.
func newStore[M Machine[R], R any](dir string, machine M, o Options) (*Store[M, R], error) {
	s := &Store[M, R]{
		dir:     dir,
		o:       o,
		queue:   make(chan *command[M, R], queueLength),
		closing: make(chan struct{}),
		done:    make(chan struct{}),
		machine: machine,
		tip:     known(nil),
	}
	s.close = sync.OnceValue(s.shut)
	var err error
	s.log, err = commitlog.Open(dir, commitlog.Options{SegmentBytes: o.SegmentBytes, FS: o.FS, Now: o.Now, Logger: o.Logger})
	if err != nil {
		return nil, fmt.Errorf("open store %s: %w", dir, err)
	}
	if err := s.start(); err != nil {
		s.log.Close()
		return nil, fmt.Errorf("open store %s: %w", dir, err)
	}
	return s, nil
}

func (s *Store[M, R]) start() error {
	if oldest, _ := s.log.Bounds(); oldest != 1 {
		return fmt.Errorf("the log starts with record %d: restore the segments before it from a backup", oldest)
	}
	if holes := s.log.Holes(); len(holes) > 0 {
		return fmt.Errorf("the log has lost the records %d to %d: restore the directory from a backup", holes[0].First, holes[0].Next-1)
	}
	next := s.machine.Snapshot()
	for more := true; more; {
		s.empty, more = next(s.empty)
	}
	return s.load()
}

// load brings the machine from any state to what is on disk.
func (s *Store[M, R]) load() error {
	if err := s.restore(); err != nil {
		return err
	}
	for r, err := range s.log.Read(s.applied + 1) {
		if err != nil {
			return err
		}
		entry, err := decode[R](r.Offset, r.Data)
		if err != nil {
			return err
		}
		if err := s.apply(entry, len(r.Data)); err != nil {
			return err
		}
	}
	return nil
}

// apply applies a record of so many bytes.
func (s *Store[M, R]) apply(e Entry[R], size int) error {
	err := guard(func() error {
		s.machine.Apply(e.Revision, e.At, e.Record)
		return nil
	})
	if err != nil {
		return fmt.Errorf("apply record %d: %w", e.Revision, err)
	}
	s.applied = e.Revision
	s.behind += 1 + size/usualRecord
	return nil
}

// View calls read with the state, under a read lock, and returns when all that
// read could see is on disk. read must change nothing and keep nothing of the
// machine. On an error what it saw must not be used: ErrClosed, ErrStopped, or
// why the disk refused a change that read may have seen.
func (s *Store[M, R]) View(read func(m M)) error {
	tip := s.look(read)
	if tip.kept.Load() {
		return nil
	}
	<-tip.done
	return tip.err
}

func (s *Store[M, R]) look(read func(m M)) *outcome {
	s.mu.RLock()
	defer s.mu.RUnlock()
	read(s.machine)
	return s.tip
}

// Close waits for the batch under way, writes a snapshot, and closes the log.
// Commands that were not taken yet get ErrClosed. A failed snapshot is reported
// to Options.Logger only, because nothing is lost by it.
func (s *Store[M, R]) Close() error { return s.close() }

func (s *Store[M, R]) shut() error {
	close(s.closing)
	<-s.done
	s.writers.Wait()
	if s.err == nil {
		s.snapshot()
		s.writers.Wait()
	}
	s.mu.Lock()
	s.tip = known(s.reason())
	s.mu.Unlock()
	return s.log.Close()
}

// reason says why the loop has returned.
func (s *Store[M, R]) reason() error {
	if s.err != nil {
		return s.err
	}
	return ErrClosed
}

// guard calls f, and returns a panic of it as a *PanicError.
func guard(f func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &PanicError{v, debug.Stack()}
		}
	}()
	return f()
}
