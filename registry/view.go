package registry

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"
)

// View is what one process knows of who offers what. It is fed by an [Agent],
// or by [Server.Follow], and outlives the registry: what was known stays known
// while the registry is away. It is safe for concurrent use.
type View struct {
	born time.Time

	mu        sync.RWMutex // guards what follows
	providers roster
	lost      map[string]time.Time // when a name that had a provider lost its last
	onFound   func(Provider)
	changed   chan struct{} // closed when providers change; nil while nobody waits
}

// NewView returns a view that knows nobody.
func NewView() *View {
	return &View{born: time.Now(), lost: make(map[string]time.Time)}
}

// Providers returns the URLs at which name is offered, which the caller may
// change; none when nobody is known.
func (v *View) Providers(name string) []string {
	v.mu.RLock()
	defer v.mu.RUnlock()
	return slices.Clone(v.providers[name])
}

// OnFound has f called for each provider that v learns of from now on. f must
// neither wait nor use v.
func (v *View) OnFound(f func(Provider)) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.onFound = f
}

// WaitFor waits until name has a provider. When ctx ends first, the error is a
// *NoProviderError.
func (v *View) WaitFor(ctx context.Context, name string) error {
	for {
		changed := v.change(name)
		if changed == nil {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			_, err := v.find(name)
			return err
		}
	}
}

// change returns what is closed at the next change; nil when name has a
// provider.
func (v *View) change(name string) <-chan struct{} {
	v.mu.Lock()
	defer v.mu.Unlock()
	if len(v.providers[name]) > 0 {
		return nil
	}
	if v.changed == nil {
		v.changed = make(chan struct{})
	}
	return v.changed
}

// replace makes v what the registry gives, which may know less than v does
// while it settles.
func (v *View) replace(given map[string][]Provider, settling bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.adopt(v.providers.next(given, settling))
}

// set makes v what a session holds.
func (v *View) set(r roster, n news) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.adopt(r, n)
}

// adopt notes who came and went. The caller holds v.mu.
func (v *View) adopt(r roster, n news) {
	v.providers = r
	if v.changed != nil {
		close(v.changed)
		v.changed = nil
	}
	for _, p := range n.gone {
		if len(r[p.Name]) == 0 {
			v.lost[p.Name] = time.Now()
		}
	}
	for _, p := range n.found {
		delete(v.lost, p.Name)
		if v.onFound != nil {
			v.onFound(p)
		}
	}
}

// find returns Providers, or a *NoProviderError when there are none.
func (v *View) find(name string) ([]string, error) {
	v.mu.RLock()
	defer v.mu.RUnlock()
	if urls := v.providers[name]; len(urls) > 0 {
		return slices.Clone(urls), nil
	}
	since, known := v.lost[name]
	if !known {
		since = v.born
	}
	return nil, &NoProviderError{Service: name, Since: since}
}

// NoProviderError says that nobody offers a service at present.
type NoProviderError struct {
	Service string
	Since   time.Time // when the last provider was lost, or this process began to look
}

func (e *NoProviderError) Error() string {
	return fmt.Sprintf("no provider of %s since %s", e.Service, clock(e.Since))
}
