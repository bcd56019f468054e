package log

import (
	"context"
	"time"
)

const (
	lookEvery   = 100 * time.Millisecond // while there are rules
	lookAtOnce  = 4096                   // entries
	mostPending = 1000                   // entries that could not be stored
)

// follow looks at what is new in the log until ctx ends. While there are no rules it costs nothing.
func (a *alerts) follow(ctx context.Context) {
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	for {
		for a.idle() {
			select {
			case <-a.changed:
			case <-ctx.Done():
				return
			}
			_, a.next = a.journal.log.Bounds() // what came meanwhile is read back
		}
		a.report(ctx, a.look(ctx))
		select {
		case <-look.C:
		case <-a.changed:
		case <-ctx.Done():
			return
		}
	}
}

// report ends the wait for a look, and says when looking begins to fail.
func (a *alerts) report(ctx context.Context, err error) {
	if err != nil && !a.failing && ctx.Err() == nil {
		a.env.Logger.Warn("alerts are late: they are tried again", "error", err)
	}
	a.failing = err != nil
	a.mu.Lock()
	defer a.mu.Unlock()
	close(a.looked)
	a.looked = make(chan struct{})
}

// idle reports whether there is nothing to do until the rules change.
func (a *alerts) idle() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.engine.alerts) == 0 && len(a.pending) == 0 && !a.unsaved
}

// look brings all rules up to date and tells what changed.
func (a *alerts) look(ctx context.Context) error {
	if err := a.readBack(ctx); err != nil {
		return err
	}
	if err := a.readOn(); err != nil {
		return err
	}
	a.mu.Lock()
	notices := a.engine.tick(time.Now())
	a.mu.Unlock()
	a.note(notices)
	return a.tell()
}

// readOn takes what is new in the log, up to what cannot be read.
func (a *alerts) readOn() error {
	var entries []record
	defer func() { a.take(entries) }()
	for stored, err := range a.journal.log.Read(a.next) {
		var r record
		if err == nil {
			r, err = decodeRecord(stored.Data)
		}
		if err != nil {
			return err
		}
		if entries = append(entries, r); len(entries) == lookAtOnce {
			a.take(entries)
			entries = entries[:0]
		}
		a.next = stored.Offset + 1
	}
	return nil
}

func (a *alerts) take(entries []record) {
	a.mu.Lock()
	notices := a.engine.step(entries, time.Now())
	a.mu.Unlock()
	a.note(notices)
}

// readBack fills the windows of rules that are new, or were here before the service started, with
// what is in the log below next.
func (a *alerts) readBack(ctx context.Context) error {
	for {
		a.mu.Lock()
		unread := a.engine.unread()
		a.mu.Unlock()
		if unread == nil {
			return nil
		}
		seen, err := a.journal.rebuild(ctx, unread, a.next, time.Now())
		if err != nil {
			return err
		}
		a.mu.Lock()
		unread.seen = seen
		a.mu.Unlock()
	}
}

// rebuild returns what a rule has seen by now of the entries below an offset.
func (j *journal) rebuild(ctx context.Context, a *alert, below uint64, now time.Time) (*seen, error) {
	s, early := newSeen(&a.rule, now), false
	f := a.filter
	f.before = below
	f.since = now.Add(-a.window - a.window/manyBuckets).UnixNano()
	texts := 0 // that it takes to tell
	if a.instance != "" {
		texts = fieldInstance + 1
	}
	for found, err := range j.scanShort(ctx, &f, texts) {
		switch {
		case err != nil:
			return nil, err
		case !a.matches(&found.record):
		case found.time > now.UnixNano():
			early = true
		default:
			s.add(found.time, now)
		}
		if a.silent && s.last > 0 {
			break // the newest will do
		}
	}
	if early {
		return s, j.rebuildEarly(a, s, below, now)
	}
	return s, nil
}

// rebuildEarly adds entries that are from the future even now, when they arrived.
func (j *journal) rebuildEarly(a *alert, s *seen, below uint64, now time.Time) error {
	for stored, err := range j.log.Read(j.log.Since(now.Add(-a.window))) {
		var r record
		if err == nil {
			r, err = decodeRecord(stored.Data)
		}
		if err != nil || stored.Offset >= below {
			return err
		}
		if r.time > now.UnixNano() && a.matches(&r) && a.filter.matches(&r) {
			s.add(stored.Time.UnixNano(), now)
		}
	}
	return nil
}

// note remembers what is to be told.
func (a *alerts) note(notices []notice) {
	for _, n := range notices {
		r := n.record()
		r.service, r.instance = a.env.Name, a.env.Instance
		a.pending = append(a.pending, r)
		a.unsaved = true
	}
	a.pending = a.pending[max(0, len(a.pending)-mostPending):]
}

// tell stores what alerts say, and then their states: after a crash between the two it is rather
// said twice than not at all.
func (a *alerts) tell() error {
	if len(a.pending) > 0 {
		if err := a.store(a.pending); err != nil {
			return err
		}
		a.pending = nil
	}
	if !a.unsaved {
		return nil
	}
	a.saving.Lock()
	defer a.saving.Unlock()
	a.mu.Lock()
	saved := a.engine.saved()
	a.mu.Unlock()
	err := a.file.save(saved)
	a.unsaved = err != nil
	return err
}
