package log

import (
	"context"
	"slices"
	"sync"
	"time"

	"gradebook/service/web"
)

const (
	lookEvery   = 100 * time.Millisecond // while there are rules
	lookAtOnce  = 4096                   // entries
	mostPending = 1000                   // entries that could not be stored
)

// alerts keeps the rules at work: it follows the log, asks the registry, and stores what fires. It
// is safe for concurrent use.
type alerts struct {
	journal *journal
	store   func([]record) error // appends what alerts say to the log
	env     web.Env
	file    alertFile

	saving sync.Mutex // held while the file is written; taken before mu
	mu     sync.Mutex // guards engine
	engine alertEngine

	changed chan struct{} // holds a token after a change of the rules
	cancel  context.CancelFunc
	running sync.WaitGroup

	// Of follow alone:
	next    uint64   // offset to read on from; entries below it are known to each rule that has seen any
	pending []record // could not be stored yet
	unsaved bool     // there were transitions since the file was written
	failing bool     // and it has been told that something does not work
}

// openAlerts reads the rules. Nothing happens before start.
func openAlerts(j *journal, file alertFile, env web.Env, store func([]record) error) (*alerts, error) {
	engine, err := file.load()
	if err != nil {
		return nil, err
	}
	return &alerts{journal: j, store: store, env: env, file: file, engine: *engine, changed: make(chan struct{}, 1)}, nil
}

// start begins to follow the log and to ask the registry, until close.
func (a *alerts) start() {
	ctx, cancel := context.WithCancel(context.Background())
	a.cancel = cancel
	_, a.next = a.journal.log.Bounds()
	a.running.Go(func() { a.follow(ctx) })
	a.running.Go(func() { a.watch(ctx) })
}

func (a *alerts) close() {
	a.cancel()
	a.running.Wait()
}

// change changes the rules, once the file says so too.
func (a *alerts) change(do func(*alertEngine) error) error {
	a.saving.Lock()
	defer a.saving.Unlock()
	a.mu.Lock()
	draft := alertEngine{slices.Clone(a.engine.alerts)}
	err := do(&draft)
	saved := draft.saved()
	a.mu.Unlock()
	if err != nil {
		return err
	}
	if err := a.file.save(saved); err != nil {
		return err
	}
	a.mu.Lock()
	a.engine = draft
	a.mu.Unlock()
	select {
	case a.changed <- struct{}{}:
	default: // follow will look anyway
	}
	return nil
}

// views returns how all alerts stand, by name.
func (a *alerts) views() []Alert {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.engine.views()
}

// view returns how one alert stands; false if there is no such rule.
func (a *alerts) view(name string) (Alert, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if alert := a.engine.get(name); alert != nil {
		return alert.view(), true
	}
	return Alert{}, false
}

func (a *alerts) firing() float64 {
	a.mu.Lock()
	defer a.mu.Unlock()
	return float64(a.engine.firing())
}

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
		if err := a.look(ctx); err != nil && ctx.Err() == nil && !a.failing {
			a.failing = true
			a.env.Logger.Warn("alerts are late: they are tried again", "error", err)
		} else if err == nil {
			a.failing = false
		}
		select {
		case <-look.C:
		case <-ctx.Done():
			return
		}
	}
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

// readOn takes what is new in the log.
func (a *alerts) readOn() error {
	var entries []record
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
	a.take(entries)
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
	for _, c := range notices {
		r := c.record()
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
