package log

import (
	"context"
	"slices"
	"sync"

	"gradebook/service/web"
)

// alerts keeps the rules at work: it follows the log, asks the registry, and stores what fires. It
// is safe for concurrent use.
type alerts struct {
	journal *journal
	store   func([]record) error // appends what alerts say to the log
	env     web.Env
	file    alertFile

	saving sync.Mutex // held while the file is written; taken before mu
	mu     sync.Mutex // guards engine and looked
	engine alertEngine
	looked chan struct{} // closed when follow has looked at the log again

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
	return &alerts{
		journal: j, store: store, env: env, file: file, engine: *engine,
		looked: make(chan struct{}), changed: make(chan struct{}, 1),
	}, nil
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

// await waits until the window of an alert has been read from the log, or ctx ends.
func (a *alerts) await(ctx context.Context, name string) {
	for {
		a.mu.Lock()
		alert, looked := a.engine.get(name), a.looked
		done := alert == nil || alert.judged()
		a.mu.Unlock()
		if done {
			return
		}
		select {
		case <-looked:
		case <-ctx.Done():
			return
		}
	}
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
