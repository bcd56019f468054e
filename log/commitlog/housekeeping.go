package commitlog

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"time"
)

// tidyEvery is how often the age of segments is looked at.
const tidyEvery = time.Minute

// housekeeper packs sealed segments and removes those that retention does not
// keep. No promise depends on it, so that what fails is only told, and tried
// again. It is for one goroutine.
type housekeeper struct {
	log    *Log
	doomed []string // files to remove, in this order, before any other is
}

// keepHouse works until Close: at once on what an earlier process left, then
// whenever a segment was sealed and every minute.
func (h *housekeeper) keepHouse() {
	tick := time.NewTicker(tidyEvery)
	defer tick.Stop()
	for {
		if err := h.tidy(); err != nil && !errors.Is(err, errClosing) {
			h.log.o.Logger.Error("old parts of the log are not packed or removed: it is tried again later, and nothing is lost", "error", err)
		}
		select {
		case <-h.log.sealed:
		case <-tick.C:
		case <-h.log.closing:
			return
		}
	}
}

func (h *housekeeper) tidy() error {
	return errors.Join(h.packAll(), h.expireAll())
}

// packAll packs every sealed raw segment, oldest first. One that cannot be
// packed does not keep the next ones from it.
func (h *housekeeper) packAll() (failed error) {
	l := h.log
	if l.o.Packer == nil {
		return nil
	}
	for after := uint64(0); ; {
		s, ok := l.find(func(s *segment) bool { return !s.packed && s.base > after }, false)
		if !ok || s.base == l.activeBase() {
			return failed
		}
		after = s.base
		packed, err := l.pack(s)
		if err == nil {
			l.replace(packed)
			err = h.remove(s.path)
		}
		if errors.Is(err, errClosing) {
			return err
		}
		if err != nil {
			failed = errors.Join(failed, fmt.Errorf("pack %s: %w", s.path, err))
		}
	}
}

// expireAll removes the oldest segments as long as there is one too many.
func (h *housekeeper) expireAll() error {
	for {
		s, ok := h.log.expire(h.log.o.Now())
		if !ok {
			return h.remove()
		}
		// Both, since the one that was packed may still be waiting for its removal.
		if err := h.remove(h.log.path(segmentName(s.base, rawSuffix)), h.log.path(segmentName(s.base, packedSuffix))); err != nil {
			return err
		}
	}
}

// remove removes files for good, one after the other, and those that could not
// be removed before them first: a power cut must not bring back an old segment
// without the one that followed it.
func (h *housekeeper) remove(paths ...string) error {
	h.doomed = append(h.doomed, paths...)
	for len(h.doomed) > 0 {
		if err := h.log.o.FS.Remove(h.doomed[0]); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		if err := h.log.o.FS.SyncDir(h.log.dir); err != nil {
			return fmt.Errorf("sync directory %s: %w", h.log.dir, err)
		}
		h.doomed = h.doomed[1:]
	}
	return nil
}

func (l *Log) activeBase() uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.segments[len(l.segments)-1].base
}

// rawSegments returns how many segments are not packed.
func (l *Log) rawSegments() (n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := range l.segments {
		if !l.segments[i].packed {
			n++
		}
	}
	return n
}

// replace puts a packed segment in the place of the raw one.
func (l *Log) replace(packed segment) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := range l.segments {
		if l.segments[i].base == packed.base {
			l.segments[i] = packed
		}
	}
}

// expire takes the oldest segment out of the log, and returns it, if retention
// does not keep it. The active one is always kept.
func (l *Log) expire(now time.Time) (segment, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	total := int64(0)
	for i := range l.segments {
		total += l.segments[i].size
	}
	oldest := l.segments[0]
	tooMuch := l.o.MaxBytes > 0 && total > l.o.MaxBytes
	tooOld := l.o.MaxAge > 0 && oldest.newest().Before(now.Add(-l.o.MaxAge))
	if len(l.segments) == 1 || !tooMuch && !tooOld {
		return segment{}, false
	}
	l.segments = slices.Delete(l.segments, 0, 1)
	return oldest, true
}
