package log

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"gradebook/service/web"
)

const (
	graphURL   = "http://RegistryService/graph"
	graphLimit = 2 * time.Second
	maxGraph   = 16 << 20 // bytes
)

// graph is what the registry knows of the services: the part of its GET /graph that explains why
// something is not in the log.
type graph struct {
	Nodes   []node
	Changes []change // newest first
}

type node struct {
	Name, State, Reason string // Reason is a sentence
	Since               time.Time
	Instances           []instance
}

type instance struct {
	URL, Health, Reason string
	Since               time.Time
}

type change struct {
	Time time.Time
	Text string
}

// askGraph asks the registry through c, which resolves service names.
func askGraph(ctx context.Context, c *http.Client) (*graph, error) {
	ctx, cancel := context.WithTimeout(ctx, graphLimit)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, graphURL, nil)
	if err != nil {
		return nil, err
	}
	resp, err := c.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, web.ReadProblem(resp)
	}
	var g graph
	if err := json.NewDecoder(io.LimitReader(resp.Body, maxGraph)).Decode(&g); err != nil {
		return nil, fmt.Errorf("answer of the registry: %w", err)
	}
	return &g, nil
}

// away reports whether nobody can be reached under the node's name.
func (n *node) away() bool { return n.State == "down" || n.State == "absent" }

// cause returns why the node is as it is: what its sentence says after the colon.
func (n *node) cause() string {
	_, cause, _ := strings.Cut(n.Reason, ": ")
	return strings.TrimSuffix(cause, ".")
}

func (g *graph) node(name string) *node {
	if i := slices.IndexFunc(g.Nodes, func(n node) bool { return n.Name == name }); i >= 0 {
		return &g.Nodes[i]
	}
	return nil
}

// noted returns the newest change about a service until a moment, nil if none is remembered.
func (g *graph) noted(service string, until time.Time) *change {
	for i, c := range g.Changes {
		if strings.HasPrefix(c.Text, service+" ") && !c.Time.After(until) {
			return &g.Changes[i]
		}
	}
	return nil
}
