package commitlog

import (
	"io"
	"log/slog"
	"path/filepath"
	"sync"
	"time"
)

// Options of a Log. The zero value of each field is its default.
type Options struct {
	SegmentBytes int64            // a segment that would outgrow it is sealed; 64 MiB
	Packer       Packer           // packs segments once they are sealed; nil: they stay as they are
	MaxAge       time.Duration    // segments of which every record is older are removed; 0: none
	MaxBytes     int64            // above this size on disk the oldest segments are removed; 0: no limit
	Repair       bool             // sets aside what is damaged, in .damaged files, instead of refusing to open
	FS           FS               // OS()
	Now          func() time.Time // time.Now
	Logger       *slog.Logger     // where recovery reports; discards
}

func (o Options) withDefaults() Options {
	if o.SegmentBytes <= 0 {
		o.SegmentBytes = 64 << 20
	}
	if o.FS == nil {
		o.FS = OS()
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return o
}

// Log is an open log. Its methods are safe for concurrent use.
type Log struct {
	dir   string
	o     Options
	lock  io.Closer
	tail  string
	holes []Hole

	wake    chan struct{}  // holds a token when the committer has something to do
	sealed  chan struct{}  // likewise for the housekeeper
	closing chan struct{}  // closed by Close
	workers sync.WaitGroup // committer and housekeeper
	output  output         // the committer's

	// mu guards what follows. The committer alone changes next and err, and
	// therefore reads them without it.
	mu       sync.Mutex
	segments []segment // in order, the last one active
	next     uint64
	err      error
	changed  chan struct{}
	pending  *group // of the callers that wait for the next batch
	closed   bool
}

// Open opens the log in dir, creating both if there is none. It checks every
// byte, sets an interrupted write aside, and leaves on disk all that it found.
// With Repair it moves damaged bytes to .damaged files, and what can be read of a
// damaged segment stays in the log, at its offsets; if it is interrupted, or
// fails, it must be opened with Repair again.
//
// The error is a *CorruptError when the log is damaged, wraps ErrLocked when it
// is in use, and is the file system's otherwise.
func Open(dir string, o Options) (*Log, error) {
	l := &Log{
		dir:     dir,
		o:       o.withDefaults(),
		wake:    make(chan struct{}, 1),
		sealed:  make(chan struct{}, 1),
		closing: make(chan struct{}),
		next:    1,
		changed: make(chan struct{}),
		pending: newGroup(nil),
	}
	if err := l.recover(); err != nil {
		l.release()
		return nil, err
	}
	l.workers.Go(l.run) // until Close
	if l.o.Packer != nil || l.o.MaxAge > 0 || l.o.MaxBytes > 0 {
		l.workers.Go((&housekeeper{log: l}).keepHouse) // until Close
	}
	return l, nil
}

// path returns the path of a file of the log.
func (l *Log) path(name string) string { return filepath.Join(l.dir, name) }

// Bounds returns the offset of the oldest record and the one that the next
// record will get. They are equal when the log is empty.
func (l *Log) Bounds() (oldest, next uint64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.segments[0].base, l.next
}

// Changed returns a channel that is closed at the next commit. To follow the
// log without missing a record, take the channel first, then Read to the end,
// then wait. Close does not close it.
func (l *Log) Changed() <-chan struct{} {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.changed
}

// Err returns nil as long as the log works. When it has stopped for good, the
// error wraps ErrStopped and the cause.
func (l *Log) Err() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.err
}

// Tail returns the path of the file into which Open put the damaged end of the
// last segment, or "". What is in it was acknowledged to nobody, unless the disk
// has damaged the last batch later.
func (l *Log) Tail() string { return l.tail }

// Close waits for the appends under way, then closes the files and gives up the
// lock. Readers under way go on. A second Close does nothing.
func (l *Log) Close() error {
	l.mu.Lock()
	again := l.closed
	if !again {
		close(l.closing)
	}
	l.closed = true
	l.mu.Unlock()
	l.signal()
	l.workers.Wait()
	if again {
		return nil
	}
	return l.release()
}

// release closes the file and the lock. All was synced, so that only the lock's
// error matters.
func (l *Log) release() error {
	if l.output.file != nil {
		l.output.file.Close()
	}
	if l.lock == nil {
		return nil
	}
	return l.lock.Close()
}
