package registry

import (
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

	mu        sync.RWMutex         // guards what follows
	providers map[string][]string  // URLs by name, sorted
	lost      map[string]time.Time // when a name that had a provider lost its last
	onFound   func(Provider)
}

// NewView returns a view that knows nobody.
func NewView() *View {
	return &View{born: time.Now(), providers: make(map[string][]string), lost: make(map[string]time.Time)}
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

// replace makes v what the registry gives. While the registry settles it knows
// less than v may, so what v knows is kept beside it. It returns who is new
// and who is gone.
func (v *View) replace(given map[string][]Provider, settling bool) (found, gone []Provider) {
	v.mu.Lock()
	defer v.mu.Unlock()
	next := make(map[string][]string)
	for name, list := range given {
		for _, p := range list {
			next[name] = append(next[name], p.URL)
		}
	}
	for name, known := range v.providers {
		for _, url := range known {
			switch {
			case slices.Contains(next[name], url):
			case settling:
				next[name] = append(next[name], url)
			default:
				gone = append(gone, Provider{Name: name, URL: url})
			}
		}
	}
	for name, list := range next {
		slices.Sort(list)
		for _, url := range list {
			if !slices.Contains(v.providers[name], url) {
				found = append(found, Provider{Name: name, URL: url})
			}
		}
		if len(list) > 0 {
			delete(v.lost, name)
		}
	}
	for _, p := range gone {
		if len(next[p.Name]) == 0 {
			v.lost[p.Name] = time.Now()
		}
	}
	v.providers = next
	for _, p := range found {
		if v.onFound != nil {
			v.onFound(p)
		}
	}
	return found, gone
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
