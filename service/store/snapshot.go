package store

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// A snapshot file is a header and the bytes of Machine.Snapshot:
//
//	byte 0   4 bytes  magic
//	     4   uint32   CRC-32C of what follows
//	     8   uint64   revision
//	    16            the state
//
// The header is written last.
const (
	snapshotMagic  = "\xC9gs\x01" // the last byte is the version
	snapshotHeader = 16
	keepSnapshots  = 2
)

// usualRecord is how many bytes count as one more record on the way to the next
// snapshot: what makes a start slow is as much how large they are as how many.
const usualRecord = 512

func snapshotName(revision uint64) string { return fmt.Sprintf("%020d.snapshot", revision) }

func isSnapshot(name string) bool {
	return len(name) == len(snapshotName(0)) && strings.HasSuffix(name, ".snapshot")
}

// snapshot has the state, which is on disk, written to a file of its own by a
// goroutine that s.writers waits for. One at a time, and none twice.
func (s *Store[M, R]) snapshot() {
	revision := s.applied
	if revision == s.snapshotted || s.writing.Load() {
		return
	}
	s.snapshotted, s.behind = revision, 0
	s.writing.Store(true)
	next := s.machine.Snapshot()
	s.writers.Go(func() {
		defer s.writing.Store(false)
		err := guard(func() error { return s.writeSnapshot(revision, next) })
		if err != nil {
			s.o.Logger.Warn("cannot write a snapshot", "revision", revision, "error", err)
		}
	})
}

// writeSnapshot writes the file aside and moves it to its name when it is on
// disk, then removes the old ones.
func (s *Store[M, R]) writeSnapshot(revision uint64, next func([]byte) ([]byte, bool)) error {
	aside := filepath.Join(s.dir, "snapshot.tmp")
	if err := s.writeFile(aside, revision, next); err != nil {
		return errors.Join(err, s.o.FS.Remove(aside)) // the disk may be full
	}
	if err := s.o.FS.Rename(aside, filepath.Join(s.dir, snapshotName(revision))); err != nil {
		return err
	}
	if err := s.o.FS.SyncDir(s.dir); err != nil {
		return err
	}
	names, err := s.snapshots()
	for _, name := range names[min(len(names), keepSnapshots):] {
		err = errors.Join(err, s.o.FS.Remove(filepath.Join(s.dir, name)))
	}
	return err
}

func (s *Store[M, R]) writeFile(path string, revision uint64, next func([]byte) ([]byte, bool)) error {
	f, err := s.o.FS.OpenFile(path, os.O_CREATE|os.O_TRUNC)
	if err == nil {
		defer f.Close()
	}
	header := make([]byte, snapshotHeader)
	copy(header, snapshotMagic)
	binary.BigEndian.PutUint64(header[8:], revision)
	sum, offset := checksum(0, header[8:]), int64(snapshotHeader)
	var part []byte
	for more := true; more; { // to the end also after an error: the machine is to know that it is over
		s.mu.RLock()
		part, more = next(part[:0])
		s.mu.RUnlock()
		if err == nil {
			_, err = f.WriteAt(part, offset)
			sum, offset = checksum(sum, part), offset+int64(len(part))
		}
	}
	if err != nil {
		return err
	}
	binary.BigEndian.PutUint32(header[4:], sum)
	if _, err := f.WriteAt(header, 0); err != nil {
		return err
	}
	return f.Sync()
}

// snapshots returns the names of the snapshots, newest first.
func (s *Store[M, R]) snapshots() ([]string, error) {
	names, err := s.o.FS.List(s.dir)
	names = slices.DeleteFunc(names, func(name string) bool { return !isSnapshot(name) })
	slices.Reverse(names)
	return names, err
}

// restore brings the machine to the newest snapshot that can be used, or to the
// empty state.
func (s *Store[M, R]) restore() error {
	names, err := s.snapshots()
	if err != nil {
		return err
	}
	for _, name := range names {
		revision, err := s.restoreFile(name)
		if err != nil {
			s.o.Logger.Warn("cannot use a snapshot, reading the log instead", "snapshot", name, "error", err)
			continue
		}
		if last := s.Revision(); revision > last {
			return fmt.Errorf("the log ends with record %d, but there was a record %d when %s was written: restore the log from a backup, or delete this file to go on without the lost records", last, revision, name)
		}
		s.applied, s.snapshotted, s.behind = revision, revision, 0
		return nil
	}
	s.applied, s.snapshotted, s.behind = 0, 0, 0
	return guard(func() error { return s.machine.Restore(s.empty) })
}

// restoreFile brings the machine to a snapshot and returns its revision. After
// an error the state is undefined.
func (s *Store[M, R]) restoreFile(name string) (uint64, error) {
	f, err := s.o.FS.OpenFile(filepath.Join(s.dir, name), 0)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	size, err := f.Size()
	if err != nil {
		return 0, err
	}
	b := make([]byte, size)
	if _, err := f.ReadAt(b, 0); err != nil && err != io.EOF {
		return 0, err
	}
	if len(b) < snapshotHeader || string(b[:4]) != snapshotMagic || binary.BigEndian.Uint32(b[4:]) != checksum(0, b[8:]) {
		return 0, errors.New("it is damaged")
	}
	revision := binary.BigEndian.Uint64(b[8:])
	return revision, guard(func() error { return s.machine.Restore(b[snapshotHeader:]) })
}

// checksum adds b to a checksum.
func checksum(sum uint32, b []byte) uint32 {
	return crc32.Update(sum, crc32.MakeTable(crc32.Castagnoli), b)
}
