package commitlog

import (
	"io"
	"os"
)

// FS is the part of a file system that a log needs. Paths are as for package
// os. Package disktest has one in memory that crashes and fails on demand.
type FS interface {
	// OpenFile opens a file for reading and writing; flag may add os.O_CREATE,
	// os.O_EXCL and os.O_TRUNC. A created file is private to its owner.
	OpenFile(path string, flag int) (File, error)
	// List returns the names in a directory, sorted.
	List(dir string) ([]string, error)
	// MakeDir creates a directory and its missing parents.
	MakeDir(path string) error
	// Rename replaces newPath, if it exists, in one step.
	Rename(oldPath, newPath string) error
	Remove(path string) error
	// SyncDir makes the creations, renames and removals in dir durable.
	SyncDir(dir string) error
	// Lock takes the file at path for this process until the Closer is closed.
	// When another holds it, the error wraps ErrLocked and names the holder.
	Lock(path string) (io.Closer, error)
}

// File is an open file of an FS. It has no position of its own.
type File interface {
	io.ReaderAt
	io.WriterAt
	io.Closer
	Size() (int64, error)
	Truncate(size int64) error
	// Sync makes the file's content durable, but not its name: see FS.SyncDir.
	Sync() error
}

// OS returns the file system of the operating system.
func OS() FS { return osFS{} }

type osFS struct{}

func (osFS) OpenFile(path string, flag int) (File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|flag, 0o600)
	if err != nil {
		return nil, err
	}
	return osFile{f}, nil
}

func (osFS) List(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = e.Name()
	}
	return names, nil
}

func (osFS) MakeDir(path string) error            { return os.MkdirAll(path, 0o700) }
func (osFS) Rename(oldPath, newPath string) error { return os.Rename(oldPath, newPath) }
func (osFS) Remove(path string) error             { return os.Remove(path) }
func (osFS) SyncDir(dir string) error             { return syncDir(dir) }
func (osFS) Lock(path string) (io.Closer, error)  { return lock(path) }

type osFile struct{ *os.File }

func (f osFile) Size() (int64, error) {
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}
