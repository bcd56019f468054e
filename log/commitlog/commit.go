package commitlog

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
)

// keepBuffer is the largest buffer kept for the next batches.
const keepBuffer = 1 << 20

// maxGroup is from how many bytes on a batch takes no further callers. A larger
// Append makes a batch of its own.
const maxGroup = 16 << 20

// group is the callers whose records make up one batch.
type group struct {
	buffer []byte // room for the header, then the records
	count  uint32
	done   chan struct{} // closed when first and err are set
	first  uint64
	err    error
}

// newGroup returns an empty group that uses buffer.
func newGroup(buffer []byte) *group {
	return &group{buffer: append(buffer[:0], make([]byte, headerSize)...), done: make(chan struct{})}
}

// Append adds records to the log and returns the offset of the first; the
// others follow it. It returns when they are on disk, and keeps none of the
// slices. Without records it returns the next offset.
//
// When the error wraps ErrStopped, the records may turn up at the next Open;
// after any other (ErrClosed, ErrTooLarge, or the file system's, such as a full
// disk) they are certainly not in the log, and the log goes on.
func (l *Log) Append(records ...[]byte) (first uint64, err error) {
	if len(records) == 0 {
		_, next := l.Bounds()
		return next, nil
	}
	size := 0
	for _, r := range records {
		size += len(r) + binary.MaxVarintLen32
	}
	if size > MaxBatch-headerSize {
		return 0, fmt.Errorf("%w: %d bytes, the limit is %d", ErrTooLarge, size, MaxBatch-headerSize)
	}
	g, index, err := l.join(records, size)
	if err != nil {
		return 0, err
	}
	l.signal()
	<-g.done
	if g.err != nil {
		return 0, g.err
	}
	return g.first + uint64(index), nil
}

// join adds records to the group that will be written next and returns it, and
// their place in it. It waits as long as they do not fit.
func (l *Log) join(records [][]byte, size int) (*group, uint32, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for l.pending.count > 0 && len(l.pending.buffer)+size > maxGroup {
		full := l.pending
		l.mu.Unlock()
		<-full.done
		l.mu.Lock()
	}
	if l.err != nil {
		return nil, 0, l.err
	}
	if l.closed {
		return nil, 0, ErrClosed
	}
	g := l.pending
	index := g.count
	for _, r := range records {
		g.buffer = appendRecord(g.buffer, r)
	}
	g.count += uint32(len(records))
	return g, index, nil
}

// signal makes the committer look at the pending group.
func (l *Log) signal() {
	select {
	case l.wake <- struct{}{}:
	default: // it will look anyway
	}
}

// output is the active segment as the committer writes it.
type output struct {
	file File
	path string
	size int64 // bytes that are frames on disk
}

// run is the committer: one batch after the other, until Close.
func (l *Log) run() {
	var spare []byte // for the group after the pending one
	for range l.wake {
		runtime.Gosched() // lets those who were just answered join
		l.mu.Lock()
		g, closed := l.pending, l.closed
		taken := g.count > 0 // asked once, under the lock: an empty group is still being joined
		if taken {
			l.pending = newGroup(spare)
		}
		l.mu.Unlock()
		if taken {
			l.commit(g)
			if spare = nil; cap(g.buffer) <= keepBuffer {
				spare = g.buffer
			}
			close(g.done)
		}
		if closed {
			return
		}
	}
}

// commit writes and syncs the batch of g, makes it readable, and fills in g.
func (l *Log) commit(g *group) {
	if g.err = l.err; g.err != nil {
		return
	}
	b := g.buffer
	if size := l.output.size; size > 0 && size+int64(len(b)) > l.o.SegmentBytes {
		if g.err = l.roll(); g.err != nil {
			return
		}
	}
	now := l.o.Now()
	seal(b, kindBatch, l.next, g.count, now)
	if g.err = l.write(b); g.err != nil {
		return
	}
	g.first = l.next
	l.mu.Lock()
	defer l.mu.Unlock()
	l.segments[len(l.segments)-1].add(frame{base: l.next, count: g.count, time: now}, len(b))
	l.next += uint64(g.count)
	close(l.changed)
	l.changed = make(chan struct{})
}

// write puts b at the end of the active segment, and on disk. A failed write is
// taken back, on disk too, so that what was refused cannot turn up later. After
// a failed sync the system may take for written what is not on disk, and never
// say so again: nothing can be promised about the file until the next Open.
func (l *Log) write(b []byte) error {
	o := &l.output
	n, err := o.file.WriteAt(b, o.size)
	if err == nil && n < len(b) {
		err = io.ErrShortWrite
	}
	if err != nil {
		err = fmt.Errorf("append to %s: %w", o.path, err)
		if undo := cut(o.file, o.size); undo != nil {
			return l.stop(errors.Join(err, undo))
		}
		return err
	}
	if err := o.file.Sync(); err != nil {
		return l.stop(fmt.Errorf("sync %s: %w", o.path, err))
	}
	o.size += int64(len(b))
	return nil
}

// cut shortens f to size, on disk.
func cut(f File, size int64) error {
	if err := f.Truncate(size); err != nil {
		return err
	}
	return f.Sync()
}

// roll seals the active segment, which is synced, and starts the next one.
func (l *Log) roll() error {
	path := l.path(segmentName(l.next, rawSuffix))
	f, err := l.o.FS.OpenFile(path, os.O_CREATE|os.O_EXCL)
	if err != nil {
		return err
	}
	if err := l.o.FS.SyncDir(l.dir); err != nil {
		f.Close()
		return l.stop(fmt.Errorf("sync directory %s: %w", l.dir, err))
	}
	if l.output.file != nil {
		l.output.file.Close()
	}
	l.output = output{file: f, path: path}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.segments = append(l.segments, segment{base: l.next, next: l.next, path: path})
	select {
	case l.sealed <- struct{}{}:
	default: // it will look anyway
	}
	return nil
}

// stop makes the log refuse everything from now on.
func (l *Log) stop(cause error) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.err = fmt.Errorf("%w: %w", ErrStopped, cause)
	return l.err
}
