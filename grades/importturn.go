package grades

import (
	"context"
	"errors"
	"io"
	"runtime/debug"
	"sync"
)

// turn waits until no other file is held in memory; release ends the turn, and may
// be called again.
func (l *imports) turn(ctx context.Context, p *proposal) (release func(), err error) {
	p.waits.Store(true)
	defer p.waits.Store(false)
	select {
	case l.reading <- struct{}{}:
	case <-ctx.Done():
		return func() {}, ctx.Err()
	case <-l.ctx.Done():
		return func() {}, errImportsStop
	}
	more := spare(p.Size)
	return sync.OnceFunc(func() {
		more()
		<-l.reading
	}), nil
}

// spare gives time for memory while a large file is held, until more is called:
// the service as a whole does the opposite, and a file of a million cells would
// have it take several times what it needs.
func spare(size int64) (more func()) {
	const large, percent = 4 << 20, 100
	if size < large {
		return func() {}
	}
	before := debug.SetGCPercent(percent)
	return func() { debug.SetGCPercent(before) }
}

// errImportsStop ends the reading of a file when the service stops.
var errImportsStop = errors.New("the service is stopping; the file is read again when it is back")

// spooled is a file that cannot be read any more when the service stops. It keeps
// why it could not be read, which is no fault of the file's.
type spooled struct {
	io.ReaderAt
	stopping <-chan struct{}
	err      error
}

func (s *spooled) ReadAt(p []byte, at int64) (n int, err error) {
	select {
	case <-s.stopping:
		err = errImportsStop
	default:
		n, err = s.ReaderAt.ReadAt(p, at)
	}
	if err != nil && err != io.EOF {
		s.err = err
	}
	return n, err
}
