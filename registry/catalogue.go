package registry

import "time"

// Service is one entry of the catalogue: the answer of GET /services is an
// array of them. What only the registry and the service may know, the
// instance, is not in it.
type Service struct {
	Name             string            `json:"name"`
	URL              string            `json:"url"`
	RequiredServices []string          `json:"requiredServices"`
	OptionalServices []string          `json:"optionalServices"`
	Health           string            `json:"health"`           // up, flapping, unverified or down
	Reason           string            `json:"reason,omitempty"` // why it is down
	Since            time.Time         `json:"since"`            // of the health
	LastHeartbeat    time.Time         `json:"lastHeartbeat,omitzero"`
	Revision         uint64            `json:"revision"` // of the view it has acknowledged
	Wanted           uint64            `json:"wanted"`   // of the view it should hold
	Version          string            `json:"version,omitempty"`
	Metadata         map[string]string `json:"metadata,omitempty"`
}

// catalogue returns the entries of a name, or all for "", by name and URL.
func (t *table) catalogue(name string) []Service {
	members := t.named(name)
	if name == "" {
		members = t.sorted()
	}
	list := make([]Service, 0, len(members))
	for _, s := range members {
		list = append(list, s.entry())
	}
	return list
}

// entry is what everybody may know of s.
func (s *service) entry() Service {
	return Service{
		Name: s.ServiceName, URL: s.ServiceURL,
		RequiredServices: append([]string{}, s.RequiredServices...), OptionalServices: append([]string{}, s.OptionalServices...),
		Health: string(s.health), Reason: s.reason, Since: s.since, LastHeartbeat: s.beat,
		Revision: s.acked, Wanted: s.revision, Version: s.Version, Metadata: s.Metadata,
	}
}
