package store

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"time"

	"gradebook/log/commitlog"
)

// batchBytes is how many bytes of records are enough for one batch. With the
// record that goes beyond it, however large, a batch stays below
// commitlog.MaxBatch.
const batchBytes = 4 << 20

// queueLength is how many commands may wait; the callers of more wait to queue.
const queueLength = 1024

// keepBuffer is the largest buffer kept for the next batches.
const keepBuffer = 1 << 20

// command is a call of Do on its way. It is used again for later calls.
type command[M, R any] struct {
	decide   func(m M, at time.Time) (record R, write bool, err error)
	done     chan struct{} // is sent to when revision and err are set
	revision uint64
	err      error
}

// Do makes a change. It calls decide, once, with the state that includes every
// change before this one; decide returns a record that describes the change, or
// false if there is nothing to change, or an error to refuse it. decide must not
// change the machine, nor keep anything of it. at is the time that Apply will
// get, in UTC.
//
// Do returns the revision of the record when it is on disk; without a record,
// the revision that decide saw, when that is on disk. An error of decide is
// returned as it is, and also only when what decide saw is on disk. Other errors:
// ctx's, ErrClosed, *TooLargeError, *PanicError, ErrStopped, why a record could
// not be encoded, or why the disk refused it. After all but ErrStopped, nothing
// was changed.
//
// Once a command is queued, ctx no longer counts: Do returns ctx's error only if
// decide was not called and will not be, and waits for the outcome otherwise.
func (s *Store[M, R]) Do(ctx context.Context, decide func(m M, at time.Time) (record R, write bool, err error)) (revision uint64, err error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	c, _ := s.commands.Get().(*command[M, R])
	if c == nil {
		c = &command[M, R]{done: make(chan struct{}, 1)}
	}
	c.decide = decide
	select {
	case s.queue <- c: // nearly always: ctx.Done would make a channel
	default:
		select {
		case s.queue <- c:
		case <-ctx.Done():
			return 0, ctx.Err()
		case <-s.done:
		}
	}
	select {
	case <-c.done:
	case <-s.done:
		select {
		case <-c.done: // the loop answers before it ends
		default:
			return 0, s.reason()
		}
	}
	revision, err = c.revision, c.err
	*c = command[M, R]{done: c.done}
	s.commands.Put(c)
	return revision, err
}

// run is the loop: one batch after the other, until Close or until the store
// cannot go on.
func (s *Store[M, R]) run() {
	defer func() {
		close(s.done)
		if s.err != nil {
			s.o.Fatal(s.err)
		}
	}()
	for s.err == nil {
		select {
		case c := <-s.queue:
			runtime.Gosched() // lets those who were just answered queue up again
			s.turn(c)
		case <-s.closing:
			return
		}
	}
}

// turn makes one batch of c and the commands queued behind it, and answers them.
func (s *Store[M, R]) turn(c *command[M, R]) {
	result := &outcome{done: make(chan struct{})}
	var commands []*command[M, R]
	var records [][]byte
	var failed error
	at := s.o.Now().UTC().Round(0) // without what JSON does not keep
	b := s.buffer[:0]
	for ; c != nil; c = s.queued(len(b)) {
		commands = append(commands, c)
		start := len(b)
		if b, failed = s.execute(b, c, at, result); failed != nil {
			break
		}
		if len(b) > start {
			records = append(records, b[start:])
		}
	}
	if cap(b) <= keepBuffer {
		s.buffer = b
	}
	if failed == nil {
		failed = s.append(records)
	}
	if failed != nil {
		failed = s.takeBack(failed)
	}
	result.settle(failed)
	for _, c := range commands {
		if failed != nil {
			c.revision, c.err = 0, failed
		}
		c.done <- struct{}{}
	}
	if s.err == nil && s.o.SnapshotEvery > 0 && s.behind >= s.o.SnapshotEvery {
		s.snapshot()
	}
}

// queued returns a command that waits, if there is one and room for it.
func (s *Store[M, R]) queued(size int) *command[M, R] {
	if size >= batchBytes {
		return nil
	}
	select {
	case c := <-s.queue:
		return c
	default:
		return nil
	}
}

// execute decides c and applies its record, if any, which it appends to b.
// failed is an error not of this command but of the store.
func (s *Store[M, R]) execute(b []byte, c *command[M, R], at time.Time, result *outcome) (_ []byte, failed error) {
	var record R
	var write bool
	before := len(b)
	c.err = guard(func() (err error) {
		if record, write, err = c.decide(s.machine, at); err == nil && write {
			b, err = encode(b, at, record)
		}
		return err
	})
	switch {
	case c.err != nil:
		c.revision = 0
		return b, nil
	case !write:
		c.revision = s.applied
		return b, nil
	}
	c.revision = s.applied + 1
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tip = result
	return b, s.apply(Entry[R]{c.revision, at, record}, len(b)-before)
}

// append puts the records of a batch on disk.
func (s *Store[M, R]) append(records [][]byte) error {
	if len(records) == 0 {
		return nil
	}
	first, err := s.log.Append(records...)
	if err == nil && first+uint64(len(records)) != s.applied+1 {
		return fmt.Errorf("%w: record %d is not where it belongs", commitlog.ErrStopped, first)
	}
	return err
}

// takeBack brings the state back to what is on disk, after records of a batch
// were applied, or half applied by an Apply that panicked, but are not on disk.
// It returns what to answer. When nobody knows what is on disk, or it cannot be
// read, the store cannot go on, and s.err is the same.
func (s *Store[M, R]) takeBack(cause error) error {
	if !errors.Is(cause, commitlog.ErrStopped) {
		s.mu.Lock()
		defer s.mu.Unlock()
		err := s.load()
		if err == nil {
			s.tip = known(nil)
			return fmt.Errorf("nothing was changed: %w", cause)
		}
		cause = errors.Join(cause, err)
	}
	s.err = fmt.Errorf("%w: %w", ErrStopped, cause)
	return s.err
}
