package disktest

import (
	"io"
	"io/fs"
	"math/rand/v2"
	"slices"
)

// file is the content behind a name.
type file struct {
	isDir   bool
	content []byte  // as the running system sees it
	kept    []byte  // as it is on disk
	pending []write // what the next sync adds to kept, in order
}

// write is a change of content at an offset: data is put there, or the file is
// made offset bytes long.
type write struct {
	offset   int64
	data     []byte
	truncate bool
}

func (w write) apply(content []byte) []byte {
	end := w.offset + int64(len(w.data))
	if missing := end - int64(len(content)); missing > 0 {
		content = append(content, make([]byte, missing)...)
	}
	copy(content[w.offset:], w.data)
	if w.truncate {
		content = content[:w.offset]
	}
	return content
}

// torn returns what a crash may leave of w in a file of size bytes. What was in
// the file before is never replaced by anything but the data written.
func (w write) torn(r *rand.Rand, size int64) write {
	nothing := write{}
	switch r.IntN(4) {
	case 0:
		return nothing
	case 1:
		if w.truncate {
			return nothing
		}
		w.data = w.data[:r.IntN(len(w.data)+1)]
	case 2: // new blocks without their content
		w.data = slices.Clone(w.data)
		clear(w.data[min(max(size-w.offset, 0), int64(len(w.data))):])
	}
	return w
}

func (f *file) write(w write) {
	f.content = w.apply(f.content)
	f.pending = append(f.pending, w)
}

// handle is an open file.
type handle struct {
	disk   *Disk
	path   string
	file   *file
	closed bool
}

func (h *handle) do(name string, f func(fault error) error) error {
	return h.disk.do(name, h.path, func(fault error) error {
		if h.closed {
			return &fs.PathError{Op: name, Path: h.path, Err: fs.ErrClosed}
		}
		err := f(fault)
		if err == nil || err == io.EOF {
			return err
		}
		return &fs.PathError{Op: name, Path: h.path, Err: err}
	})
}

func (h *handle) ReadAt(p []byte, offset int64) (n int, err error) {
	err = h.do("read", func(fault error) error {
		if fault != nil {
			return fault
		}
		if offset < int64(len(h.file.content)) {
			n = copy(p, h.file.content[offset:])
		}
		if n < len(p) {
			return io.EOF
		}
		return nil
	})
	return n, err
}

func (h *handle) WriteAt(p []byte, offset int64) (n int, err error) {
	err = h.do("write", func(fault error) error {
		n = len(p)
		if fault != nil && fault != ErrCrashed {
			n /= 2
		}
		h.file.write(write{offset: offset, data: slices.Clone(p[:n])})
		return fault
	})
	return n, err
}

func (h *handle) Truncate(size int64) error {
	return h.do("truncate", func(fault error) error {
		if fault == nil {
			h.file.write(write{offset: size, truncate: true})
		}
		return fault
	})
}

func (h *handle) Sync() error {
	return h.do("sync", func(fault error) error {
		if fault == ErrCrashed {
			return fault
		}
		if fault == nil {
			for _, w := range h.file.pending {
				h.file.kept = w.apply(h.file.kept)
			}
		}
		h.file.pending = nil
		return fault
	})
}

func (h *handle) Size() (size int64, err error) {
	err = h.do("size", func(fault error) error {
		size = int64(len(h.file.content))
		return fault
	})
	return size, err
}

func (h *handle) Close() error {
	h.disk.mu.Lock()
	defer h.disk.mu.Unlock()
	h.closed = true
	return nil
}
