package registry

import (
	"context"
	"path/filepath"
	"slices"
	"time"
)

const (
	providersFile    = "providers.json"
	providersVersion = 1
)

// remembered is the file that holds the last known view: with it, a service
// that starts while the registry is away knows whom it can call.
type remembered struct {
	Version   int                   `json:"version"`
	Saved     time.Time             `json:"saved"`
	Providers map[string][]Provider `json:"providers"`
}

// remember writes the view whenever it has changed, at most once a second,
// until ctx is done.
func (a *Agent) remember(ctx context.Context) {
	for {
		select {
		case <-a.changed:
		case <-ctx.Done():
			select {
			case <-a.changed:
				a.writeView()
			default:
			}
			return
		}
		a.writeView()
		sleep(ctx, saveEvery)
	}
}

func (a *Agent) writeView() {
	a.mu.Lock()
	r := a.session.providers
	a.mu.Unlock()
	m := remembered{Version: providersVersion, Saved: time.Now(), Providers: r.given()}
	if err := replaceFile(filepath.Join(a.options.DataDir, providersFile), m); err != nil {
		a.options.Logger.Warn("the known providers are not saved; a start without the registry will find nobody", "error", err)
	}
}

// recall makes the view what it was when this service ran last, unless the
// registry has answered meanwhile. Its first answer replaces it.
func (a *Agent) recall() {
	m, err := readView(a.options.DataDir, a.options.Registration.needs())
	switch {
	case err != nil:
		a.options.Logger.Warn("the providers known before cannot be read", "error", err)
		return
	case len(m.Providers) == 0:
		return
	}
	a.mu.Lock()
	n := a.session.recall(m.Providers)
	a.options.View.set(a.session.providers, n)
	a.mu.Unlock()
	a.options.Logger.Warn("until the registry answers, the providers known before are used", "known", m.Saved.Format(time.DateTime))
	a.say(n)
}

// readView returns what was remembered of those names; nothing when there is
// no file. What is no address of ours is left out: others may write the file.
func readView(dir string, names []string) (remembered, error) {
	var m remembered
	if err := readFile(filepath.Join(dir, providersFile), providersVersion, &m); err != nil {
		return remembered{}, err
	}
	for name, list := range m.Providers {
		list = slices.DeleteFunc(list, func(p Provider) bool { return key(p.URL) == "" })
		if m.Providers[name] = list; len(list) == 0 || !slices.Contains(names, name) {
			delete(m.Providers, name)
		}
	}
	return m, nil
}
