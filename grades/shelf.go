package grades

import (
	"context"
	"iter"
	"sync"
	"time"

	"gradebook/service/store"
)

// shelf is where the book stands. A restore puts another in its place; whoever
// writes or looks meanwhile waits. Its methods are those of the store that keeps
// the book, and no more to be nested than those.
type shelf struct {
	dir string
	o   store.Options

	restoring sync.Mutex // held by a restore

	// mu guards book. It is held for reading while a book is written to or looked at.
	mu   sync.RWMutex
	book *keptBook
}

// keptBook is the store that keeps a book, with what is made of it alone.
type keptBook struct {
	*store.Store[*Book, Record]
	feed     *feed
	replaced chan struct{} // closed when another stands in its place
}

// openShelf opens the book in dir.
func openShelf(dir string, o store.Options) (*shelf, error) {
	if o.Fatal == nil {
		o.Fatal = func(error) {}
	}
	s := &shelf{dir: dir, o: o}
	return s, s.open()
}

// open opens what is in the directory. The caller holds mu if others have s.
func (s *shelf) open() error {
	kept, err := store.Open(s.dir, new(Book), s.o)
	if err != nil {
		return err
	}
	if s.book != nil {
		close(s.book.replaced)
	}
	s.book = &keptBook{kept, newFeed(kept), make(chan struct{})}
	return nil
}

// present is the book that stands there now, for readers of the log, which may be
// slow. What they read of one that is replaced ends with an error.
func (s *shelf) present() *keptBook {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.book
}

// failed is errReplaced for a failure to read a book that was replaced meanwhile,
// and err otherwise.
func (b *keptBook) failed(err error) error {
	select {
	case <-b.replaced:
		if err != nil {
			return errReplaced
		}
	default:
	}
	return err
}

func (s *shelf) Do(ctx context.Context, decide func(b *Book, at time.Time) (Record, bool, error)) (uint64, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.book.Do(ctx, decide)
}

func (s *shelf) View(read func(b *Book)) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.book.View(read)
}

func (s *shelf) Record(revision uint64) (record, error) { return s.present().Record(revision) }

func (s *shelf) Backward(revisions iter.Seq[uint64]) iter.Seq2[record, error] {
	return s.present().Backward(revisions)
}

func (s *shelf) Revision() uint64 { return s.present().Revision() }

func (s *shelf) Close() error { return s.present().Close() }
