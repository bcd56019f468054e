package registry

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"gradebook/service/web"
)

const maxCatalogue = 16 << 20 // bytes of an answer of the registry

// Client speaks to the registry. Every method needs a context with a deadline;
// errors are *web.Problem for what the registry answered, else what the
// transport gave. It is safe for concurrent use.
type Client struct {
	http *http.Client
	base string
}

// NewClient returns a client of the registry; c resolves names, see [Transport].
func NewClient(c *http.Client) *Client {
	return &Client{http: c, base: "http://" + RegistryService}
}

// Register registers r, or replaces what was registered under its URL.
func (c *Client) Register(ctx context.Context, r Registration) (Registered, error) {
	body, err := json.Marshal(r)
	if err != nil {
		return Registered{}, err
	}
	var answer Registered
	err = c.do(ctx, http.MethodPost, "/services", bytes.NewReader(body), &answer)
	return answer, err
}

// Deregister removes what is registered under serviceURL; with an instance,
// only that instance. It waits at most wait until the dependents know, and
// returns whom that concerns.
func (c *Client) Deregister(ctx context.Context, serviceURL, instance string, wait time.Duration) (Departure, error) {
	query := url.Values{"wait": {wait.String()}}
	if instance != "" {
		query.Set("instance", instance)
	}
	var answer Departure
	err := c.do(ctx, http.MethodDelete, "/services?"+query.Encode(), strings.NewReader(serviceURL), &answer)
	return answer, err
}

// suspect reports a provider that may be gone.
func (c *Client) suspect(ctx context.Context, s suspicion) error {
	body, err := json.Marshal(s)
	if err != nil {
		return err
	}
	var answer struct{}
	return c.do(ctx, http.MethodPost, "/services/suspect", bytes.NewReader(body), &answer)
}

// Graph returns the dependency graph.
func (c *Client) Graph(ctx context.Context) (Graph, error) {
	var g Graph
	err := c.do(ctx, http.MethodGet, "/graph", nil, &g)
	return g, err
}

// Services returns the catalogue, by name and URL.
func (c *Client) Services(ctx context.Context) ([]Service, error) {
	var list []Service
	err := c.do(ctx, http.MethodGet, "/services", nil, &list)
	return list, err
}

func (c *Client) do(ctx context.Context, method, path string, body io.Reader, answer any) error {
	req, err := http.NewRequestWithContext(ctx, method, c.base+path, body)
	if err != nil {
		return err
	}
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode/100 != 2 {
		return web.ReadProblem(resp)
	}
	if err := json.NewDecoder(io.LimitReader(resp.Body, maxCatalogue)).Decode(answer); err != nil {
		return fmt.Errorf("read the registry's answer to %s %s: %w", method, path, err)
	}
	return nil
}
