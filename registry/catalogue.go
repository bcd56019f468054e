package registry

import (
	"fmt"
	"strings"
	"text/tabwriter"
	"time"
)

// Service is one entry of the catalogue: the answer of GET /services is an
// array of them. What only the registry and the service may know, the
// instance, is not in it.
type Service struct {
	Name             string            `json:"name"`
	URL              string            `json:"url"`
	RequiredServices []string          `json:"requiredServices"`
	OptionalServices []string          `json:"optionalServices"`
	Health           string            `json:"health"`           // up, down or unverified
	Reason           string            `json:"reason,omitempty"` // why it is down
	Since            time.Time         `json:"since"`            // of the health
	LastHeartbeat    time.Time         `json:"lastHeartbeat,omitzero"`
	Revision         uint64            `json:"revision"` // of the view it holds
	Version          string            `json:"version,omitempty"`
	Metadata         map[string]string `json:"metadata,omitempty"`
}

// catalogue returns the entries of a name, or all for "", by name and URL.
func (t *table) catalogue(name string) []Service {
	list := []Service{}
	for _, s := range t.sorted() {
		if name != "" && s.ServiceName != name {
			continue
		}
		list = append(list, Service{
			Name: s.ServiceName, URL: s.ServiceURL,
			RequiredServices: append([]string{}, s.RequiredServices...), OptionalServices: append([]string{}, s.OptionalServices...),
			Health: string(s.health), Reason: s.reason, Since: s.since, LastHeartbeat: s.beat,
			Revision: s.acked, Version: s.Version, Metadata: s.Metadata,
		})
	}
	return list
}

// text returns the graph for people with a terminal.
func (g *Graph) text() string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "SERVICE\tSTATE\tADDRESS\tWHY")
	for _, n := range g.Nodes {
		urls := []string{}
		for _, i := range n.Instances {
			urls = append(urls, i.URL)
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", n.Name, n.State, strings.Join(urls, " "), n.Reason)
	}
	w.Flush()
	return b.String()
}
