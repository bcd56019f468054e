// Package disktest is a disk in memory for tests: it crashes and fails on
// demand, and after a crash it keeps what was synced and no more than that.
//
//	disk := disktest.New()
//	disk.Intercept(disktest.CrashAt(7))     // the power goes out at operation 7
//	… use it as a commitlog.FS, note what was acknowledged …
//	disk = disk.Restart(nil)                // what is left of it
//
// It is stricter than most file systems: a file's name is gone unless its
// directory was synced, and what a failed Sync was to keep stays in the memory
// of the system but never reaches the disk.
package disktest

import (
	"cmp"
	"errors"
	"io"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"gradebook/log/commitlog"
)

// ErrCrashed is what every operation returns after a crash.
var ErrCrashed = errors.New("the machine has crashed")

// Op is an operation on a disk.
type Op struct {
	N    int    // number of the operation, from 1
	Name string // open, list, mkdir, rename, remove, syncdir, lock, read, write, truncate, sync, size
	Path string
}

// Disk is a commitlog.FS in memory. It is safe for concurrent use.
type Disk struct {
	mu        sync.Mutex
	intercept func(Op) error
	ops       int
	crashed   bool
	names     map[string]*file // as the running system sees them
	kept      map[string]*file // as they are on disk
	changes   []change         // not yet on disk, in order
	locked    map[string]bool
}

// change is a change of names that happens as a whole.
type change struct {
	dir       string
	add, drop string // paths, "" for none
	file      *file
}

// New returns an empty disk.
func New() *Disk {
	return &Disk{names: map[string]*file{}, kept: map[string]*file{}, locked: map[string]bool{}}
}

// Intercept makes the disk ask f, which may be nil, before each operation from
// now on; counting starts again. An error that f returns becomes the
// operation's. A write that fails has written half; a sync that fails has lost
// what it was to keep; any other operation has done nothing. ErrCrashed crashes
// the disk.
func (d *Disk) Intercept(f func(Op) error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.intercept, d.ops = f, 0
}

// CrashAt crashes the disk at operation n.
func CrashAt(n int) func(Op) error { return FailAt(n, ErrCrashed) }

// FailAt makes operation n fail with err.
func FailAt(n int, err error) func(Op) error {
	return func(op Op) error {
		if op.N == n {
			return err
		}
		return nil
	}
}

// Ops returns the number of operations since the last Intercept.
func (d *Disk) Ops() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.ops
}

// Restart returns what a start after a power cut at this moment finds: what was
// synced. With r it finds also some of what was not: of the names the first few
// changes, or some of those, of the content each write or not, or a part of it, or zeros where the
// file has grown. The disk itself goes on.
func (d *Disk) Restart(r *rand.Rand) *Disk {
	d.mu.Lock()
	defer d.mu.Unlock()
	kept := maps.Clone(d.kept)
	if r != nil {
		first, all := r.IntN(len(d.changes)+1), r.IntN(2) == 0
		for i, c := range d.changes {
			if i < first && (all || r.IntN(2) == 0) {
				c.apply(kept)
			}
		}
	}
	next := New()
	for path, f := range kept {
		if f.isDir || !exists(kept, filepath.Dir(path)) {
			continue
		}
		content := slices.Clone(f.kept)
		if r != nil {
			for _, w := range f.pending {
				content = w.torn(r, int64(len(content))).apply(content)
			}
		}
		next.Put(path, content)
	}
	return next
}

// Put writes a file and its directories, durably, and without asking Intercept.
func (d *Disk) Put(path string, content []byte) {
	for _, dir := range missing(d.kept, filepath.Dir(path)) {
		f := &file{isDir: true}
		d.names[dir], d.kept[dir] = f, f
	}
	f := &file{content: slices.Clone(content), kept: slices.Clone(content)}
	d.names[path], d.kept[path] = f, f
}

// Content returns a copy of what the running system sees in a file, or nil.
func (d *Disk) Content(path string) []byte {
	d.mu.Lock()
	defer d.mu.Unlock()
	if f := d.names[path]; f != nil {
		return slices.Clone(f.content)
	}
	return nil
}

// do runs an operation under the lock; f is told the error of Intercept, which is
// asked without the lock, so that it may wait.
func (d *Disk) do(name, path string, f func(fault error) error) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.ops++
	var fault error
	if ask, op := d.intercept, (Op{d.ops, name, path}); ask != nil && !d.crashed {
		d.mu.Unlock()
		fault = ask(op)
		d.mu.Lock()
	}
	if d.crashed {
		return ErrCrashed
	}
	d.crashed = fault == ErrCrashed
	return f(fault)
}

// try is do for an operation that does nothing when it fails.
func (d *Disk) try(name, path string, f func() error) error {
	return d.do(name, path, func(fault error) error {
		if fault != nil {
			return &fs.PathError{Op: name, Path: path, Err: fault}
		}
		return f()
	})
}

// OpenFile is commitlog.FS's, like the methods below.
func (d *Disk) OpenFile(path string, flag int) (commitlog.File, error) {
	var h *handle
	err := d.try("open", path, func() error {
		f := d.names[path]
		switch {
		case f == nil && flag&os.O_CREATE == 0:
			return &fs.PathError{Op: "open", Path: path, Err: fs.ErrNotExist}
		case f != nil && flag&os.O_EXCL != 0:
			return &fs.PathError{Op: "open", Path: path, Err: fs.ErrExist}
		case f == nil && !exists(d.names, filepath.Dir(path)):
			return &fs.PathError{Op: "open", Path: path, Err: fs.ErrNotExist}
		case f == nil:
			f = &file{}
			d.change(change{add: path, file: f})
		case flag&os.O_TRUNC != 0:
			f.write(write{truncate: true})
		}
		h = &handle{disk: d, path: path, file: f}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return h, nil
}

// List returns the names in dir, sorted.
func (d *Disk) List(dir string) ([]string, error) {
	var names []string
	err := d.try("list", dir, func() error {
		for path := range d.names {
			if filepath.Dir(path) == filepath.Clean(dir) {
				names = append(names, filepath.Base(path))
			}
		}
		slices.Sort(names)
		return nil
	})
	return names, err
}

// MakeDir creates a directory and its missing parents.
func (d *Disk) MakeDir(path string) error {
	return d.try("mkdir", path, func() error {
		for _, dir := range missing(d.names, path) {
			d.change(change{add: dir, file: &file{isDir: true}})
		}
		return nil
	})
}

// missing returns dir and its parents as far as they do not exist, parents
// first. The directories "." and "/" always exist.
func missing(names map[string]*file, dir string) []string {
	dir = filepath.Clean(dir)
	if dir == filepath.Dir(dir) {
		return nil
	}
	dirs := missing(names, filepath.Dir(dir))
	if names[dir] == nil {
		dirs = append(dirs, dir)
	}
	return dirs
}

func exists(names map[string]*file, dir string) bool { return missing(names, dir) == nil }

// Rename moves a file, or a directory with all that is in it, in one step. Of a
// directory every name must be on disk.
func (d *Disk) Rename(oldPath, newPath string) error {
	return d.try("rename", oldPath, func() error {
		f := d.names[oldPath]
		switch {
		case f == nil:
			return &fs.PathError{Op: "rename", Path: oldPath, Err: fs.ErrNotExist}
		case f.isDir && d.names[newPath] != nil:
			return &fs.PathError{Op: "rename", Path: newPath, Err: fs.ErrExist}
		case slices.ContainsFunc(d.changes, func(c change) bool { return c.dir == filepath.Clean(oldPath) }):
			return &fs.PathError{Op: "rename", Path: oldPath, Err: errUnsynced}
		}
		d.change(change{add: newPath, drop: oldPath, file: f})
		return nil
	})
}

var errUnsynced = errors.New("a crash could leave a part of this directory; sync it before it is renamed")

// Remove removes a file or an empty directory.
func (d *Disk) Remove(path string) error {
	return d.try("remove", path, func() error {
		switch f := d.names[path]; {
		case f == nil:
			return &fs.PathError{Op: "remove", Path: path, Err: fs.ErrNotExist}
		case f.isDir && len(below(d.names, path)) > 0:
			return &fs.PathError{Op: "remove", Path: path, Err: fs.ErrExist}
		}
		d.change(change{drop: path})
		d.changes = slices.DeleteFunc(d.changes, func(c change) bool { return c.dir == filepath.Clean(path) }) // they are of what may be called so next
		return nil
	})
}

// below returns the paths of what is in a directory.
func below(names map[string]*file, dir string) (list []string) {
	for path := range names {
		if strings.HasPrefix(path, filepath.Clean(dir)+string(filepath.Separator)) {
			list = append(list, path)
		}
	}
	return list
}

// SyncDir puts the names in dir on disk.
func (d *Disk) SyncDir(dir string) error {
	return d.try("syncdir", dir, func() error {
		d.changes = slices.DeleteFunc(d.changes, func(c change) bool {
			if c.dir != filepath.Clean(dir) {
				return false
			}
			c.apply(d.kept)
			return true
		})
		return nil
	})
}

// Lock takes path until the Closer is closed; a restart takes no locks over.
func (d *Disk) Lock(path string) (io.Closer, error) {
	err := d.try("lock", path, func() error {
		if d.locked[path] {
			return commitlog.ErrLocked
		}
		d.locked[path] = true
		return nil
	})
	if err != nil {
		return nil, err
	}
	return unlock{d, path}, nil
}

func (d *Disk) change(c change) {
	c.dir = filepath.Dir(cmp.Or(c.add, c.drop))
	c.apply(d.names)
	d.changes = append(d.changes, c)
}

func (c change) apply(names map[string]*file) {
	dropped := names[c.drop]
	delete(names, c.drop)
	if c.add != "" {
		names[c.add] = c.file
	}
	if dropped == nil || !dropped.isDir {
		return
	}
	for _, path := range below(names, c.drop) {
		if c.add != "" {
			names[c.add+strings.TrimPrefix(path, filepath.Clean(c.drop))] = names[path]
		}
		delete(names, path)
	}
}

type unlock struct {
	disk *Disk
	path string
}

func (u unlock) Close() error {
	u.disk.mu.Lock()
	defer u.disk.mu.Unlock()
	delete(u.disk.locked, u.path)
	return nil
}
