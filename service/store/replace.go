package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"path/filepath"
	"slices"
	"time"

	"gradebook/log/commitlog"
)

// A store is replaced by one that was made beside it:
//
//	DIR.making     is not whole yet, or not wanted
//	DIR.replacing  is whole: the next Open puts it in the place of DIR
//	DIR.lock       is held by who does that
//
// The rename from the one to the other is what decides, so that whoever opens the
// store after a crash finds all of the one or all of the other.
const (
	makingSuffix    = ".making"
	replacingSuffix = ".replacing"
)

// Replacement is a store, on disk as a whole and closed, that can take the place
// of another.
type Replacement struct {
	Revision uint64 // of its newest record

	fsys commitlog.FS
	dir  string // of the other
}

// Replace makes the store that is to take the place of the one in dir, which
// goes on meanwhile. texts are all its records as [Store.Texts] gives them, with
// their own times; each is valid until the next. machine must be new, and check,
// which gets it with a record before that is applied, refuses records that do not
// follow from those before. A record with a field that R does not have is
// refused: it was written by a later program.
//
// After an error nothing is left. It is that of texts, a *RecordError with that of
// check or with what is wrong with the text that was yielded last, or the disk's.
// One replacement of a store can be under way at a time.
func Replace[M Machine[R], R any](dir string, machine M, o Options, texts iter.Seq2[[]byte, error], check func(M, Entry[R]) error) (*Replacement, error) {
	o = o.withDefaults()
	r := &Replacement{fsys: o.FS, dir: dir}
	if err := r.Discard(); err != nil {
		return nil, err
	}
	s, err := newStore(dir+makingSuffix, machine, o)
	if err == nil {
		err = errors.Join(s.take(texts, check), s.log.Close())
		r.Revision = s.applied
	}
	if err != nil {
		return nil, errors.Join(err, r.Discard())
	}
	return r, nil
}

// Commit has the next Open of the other store open this one in its place. What
// is in the other is lost then, so whoever commits holds it open and is sure of
// what is in it. After an error that wraps ErrStopped it is not known which one
// will be opened, so that nothing may be written to the other; after any other
// it is the other.
func (r *Replacement) Commit() error {
	if err := r.fsys.Rename(r.dir+makingSuffix, r.dir+replacingSuffix); err != nil {
		return err
	}
	if err := r.fsys.SyncDir(filepath.Dir(r.dir)); err != nil {
		return fmt.Errorf("%w: %w", ErrStopped, err)
	}
	return nil
}

// Discard removes the replacement.
func (r *Replacement) Discard() error {
	return errors.Join(removeDir(r.fsys, r.dir+makingSuffix), removeDir(r.fsys, r.dir+replacingSuffix))
}

// take fills the empty store, whose loop does not run.
func (s *Store[M, R]) take(texts iter.Seq2[[]byte, error], check func(M, Entry[R]) error) error {
	var b []byte
	var records [][]byte
	for text, err := range texts {
		if err != nil {
			return err
		}
		if err := s.takeOne(text, check); err != nil {
			return &RecordError{s.applied + 1, err}
		}
		start := len(b)
		b = append(b, text...)
		records = append(records, b[start:len(b):len(b)])
		if len(b) >= batchBytes {
			if _, err := s.log.Append(records...); err != nil {
				return err
			}
			b, records = b[:0], records[:0]
		}
	}
	if _, err := s.log.Append(records...); err != nil {
		return err
	}
	s.snapshot()
	s.writers.Wait()
	return nil
}

func (s *Store[M, R]) takeOne(text []byte, check func(M, Entry[R]) error) error {
	entry, err := decodeStrictly[R](s.applied+1, text)
	if err == nil {
		err = guard(func() error { return check(s.machine, entry) })
	}
	if err == nil {
		err = s.apply(entry, len(text))
	}
	return err
}

// decodeStrictly is decode for a text that was not written by this store.
func decodeStrictly[R any](revision uint64, text []byte) (Entry[R], error) {
	if len(text) > MaxRecord {
		return Entry[R]{}, &TooLargeError{len(text), MaxRecord}
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	var e envelope[R]
	err := d.Decode(&e)
	if _, more := d.Token(); err == nil && more != io.EOF {
		err = errors.New("something follows it")
	}
	switch {
	case err != nil:
	case e.Version != recordVersion:
		err = fmt.Errorf("it has version %d, this program knows version %d", e.Version, recordVersion)
	case e.At.IsZero() || e.At.Location() != time.UTC:
		err = errors.New("it does not say when it was made, in UTC")
	}
	return Entry[R]{revision, e.At, e.Record}, err
}

// Texts returns all records up to a revision that is on disk, as they are kept:
// each is JSON on one line, valid until the next. An error ends the sequence.
func (s *Store[M, R]) Texts(last uint64) iter.Seq2[[]byte, error] {
	records := s.log.Read(1)
	return func(yield func([]byte, error) bool) {
		for r, err := range records {
			if err == nil && r.Offset > last || !yield(r.Data, err) || err != nil {
				return
			}
		}
	}
}

// settle puts a store that was to replace the one in dir in its place. Nobody
// else may have either open.
func settle(fsys commitlog.FS, dir string) (err error) {
	if waits, err := exists(fsys, dir+replacingSuffix); err != nil || !waits {
		return err
	}
	lock, err := fsys.Lock(dir + ".lock")
	if err != nil {
		return err
	}
	defer func() {
		err = errors.Join(err, lock.Close(), ignoreMissing(fsys.Remove(dir+".lock")))
	}()
	if waits, err := exists(fsys, dir+replacingSuffix); err != nil || !waits {
		return err // somebody else has done it
	}
	if err := unused(fsys, dir); err != nil {
		return err
	}
	if err := removeDir(fsys, dir); err != nil {
		return err
	}
	if err := fsys.Rename(dir+replacingSuffix, dir); err != nil {
		return err
	}
	return fsys.SyncDir(filepath.Dir(dir))
}

// alone clears away what is left of a replacement that came to nothing, now that
// the store is open, and refuses one that was decided upon meanwhile.
func (s *Store[M, R]) alone() error {
	if waits, err := exists(s.o.FS, s.dir+replacingSuffix); err != nil || waits {
		return errors.Join(err, errors.New("it is being replaced; try again"))
	}
	return removeDir(s.o.FS, s.dir+makingSuffix)
}

// unused returns an error when somebody has the store in dir open.
func unused(fsys commitlog.FS, dir string) error {
	if there, err := exists(fsys, dir); err != nil || !there {
		return err
	}
	lock, err := fsys.Lock(filepath.Join(dir, "lock"))
	if err != nil {
		return err
	}
	return lock.Close()
}

func exists(fsys commitlog.FS, path string) (bool, error) {
	names, err := fsys.List(filepath.Dir(path))
	return slices.Contains(names, filepath.Base(path)), ignoreMissing(err)
}

// removeDir removes a directory of files, if there is one.
func removeDir(fsys commitlog.FS, dir string) error {
	there, err := exists(fsys, dir)
	if err != nil || !there {
		return err
	}
	names, err := fsys.List(dir)
	for _, name := range names {
		err = errors.Join(err, fsys.Remove(filepath.Join(dir, name)))
	}
	if err != nil {
		return err
	}
	return fsys.Remove(dir)
}

func ignoreMissing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
