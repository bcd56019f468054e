package log

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"time"

	"gradebook/service/web"
)

const (
	registryURL = "http://RegistryService/services/"
	askLimit    = 2 * time.Second
	readLookup  = 1 << 20 // of an answer of the registry
)

// watch asks the registry for the services whose silence matters until ctx ends. While it does not
// answer, what was known holds.
func (a *alerts) watch(ctx context.Context) {
	for {
		a.mu.Lock()
		services, every := a.engine.watched()
		a.mu.Unlock()
		for _, service := range services {
			instances, err := lookUp(ctx, a.env.Client, service)
			if err != nil {
				continue
			}
			a.mu.Lock()
			a.engine.see(service, instances, time.Now())
			a.mu.Unlock()
		}
		select {
		case <-time.After(every):
		case <-ctx.Done():
			return
		}
	}
}

// lookUp asks the registry, through c, for all instances of a service; none is no error.
func lookUp(ctx context.Context, c *http.Client, service string) ([]registered, error) {
	ctx, cancel := context.WithTimeout(ctx, askLimit)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, registryURL+url.PathEscape(service), nil)
	if err != nil {
		return nil, err
	}
	resp, err := c.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	switch resp.StatusCode {
	case http.StatusOK:
	case http.StatusNotFound:
		return nil, nil
	default:
		return nil, web.ReadProblem(resp)
	}
	var instances []registered
	err = json.NewDecoder(io.LimitReader(resp.Body, readLookup)).Decode(&instances)
	return instances, err
}
