package registry

import (
	"fmt"
	"maps"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"gradebook/service/web"
)

// RegistryService is the registry's own name. Nobody can register it;
// [Transport] sends it to the registry's address.
const RegistryService = "RegistryService"

const (
	maxNeeds    = 64        // names in requiredServices and optionalServices together
	maxURL      = 2 << 10   // bytes
	maxText     = 256       // bytes of version, instance, and of each key and value of the metadata
	maxMetadata = 16        // pairs
	maxBody     = 256 << 10 // of a registration; 64 names, three URLs and the metadata fit many times
)

// Registration is what a service says of itself: the body of POST /services.
// Field names are matched without regard to letter case, so the Go field names
// that clients of the earlier demo send are understood.
type Registration struct {
	ServiceName      string            `json:"serviceName" api:"needed"` // letter, then letters, digits and hyphens; at most 63
	ServiceURL       string            `json:"serviceURL" api:"needed"`  // http, loopback, at most 2 KiB; with the name it identifies the entry
	RequiredServices []string          `json:"requiredServices"`         // names without which it cannot do its work
	OptionalServices []string          `json:"optionalServices,omitempty"`
	ServiceUpdateURL string            `json:"serviceUpdateURL" api:"needed"` // where views are pushed: same scheme, host and port as ServiceURL
	HeartbeatURL     string            `json:"heartbeatURL" api:"needed"`     // likewise
	Instance         string            `json:"instance,omitempty"`            // random per process; absent for old clients
	Version          string            `json:"version,omitempty"`
	Metadata         map[string]string `json:"metadata,omitempty"`
}

// Provider is one place where a service is offered.
type Provider struct {
	Name string `json:"name,omitempty"`
	URL  string `json:"url"`
}

// Registered answers a registration.
type Registered struct {
	Epoch             string                `json:"epoch"`              // of this run of the registry, compared for equality only
	Revision          uint64                `json:"revision"`           // of the view below, ordered within the epoch
	Providers         map[string][]Provider `json:"providers"`          // for every name asked for; names left out inside, empty where there is none
	HeartbeatInterval string                `json:"heartbeatInterval"`  // a Go duration
	Settling          bool                  `json:"settling,omitempty"` // keep the providers you knew beside these
	Warnings          []string              `json:"warnings,omitempty"` // sentences: requirements that nobody has ever offered, and circles of them
}

// Departure answers a deregistration.
type Departure struct {
	Laggards []Provider `json:"laggards"` // dependents that live and have not acknowledged it
	Affected []string   `json:"affected"` // names that are blocked by it: it was the last provider of one they require
}

// needs returns the names r depends on, each once, sorted. The registry itself
// is always there and never listed.
func (r *Registration) needs() []string {
	names := slices.Concat(r.RequiredServices, r.OptionalServices)
	slices.Sort(names)
	return slices.DeleteFunc(slices.Compact(names), func(n string) bool { return n == RegistryService })
}

// equal reports whether r and o say the same, in the same words.
func (r *Registration) equal(o *Registration) bool {
	return r.ServiceName == o.ServiceName && r.ServiceURL == o.ServiceURL &&
		slices.Equal(r.RequiredServices, o.RequiredServices) && slices.Equal(r.OptionalServices, o.OptionalServices) &&
		r.ServiceUpdateURL == o.ServiceUpdateURL && r.HeartbeatURL == o.HeartbeatURL &&
		r.Instance == o.Instance && r.Version == o.Version && maps.Equal(r.Metadata, o.Metadata)
}

// validate returns everything that is wrong with r, by field. The registry
// calls the addresses it is given, so they must belong to the service that
// gives them: anything else would let one service aim the registry at another.
func (r *Registration) validate() []web.FieldError {
	var errs []web.FieldError
	wrong := func(field, format string, args ...any) {
		errs = append(errs, web.FieldError{Field: field, Detail: fmt.Sprintf(format, args...)})
	}
	switch {
	case !validName(r.ServiceName):
		wrong("serviceName", "must be a letter followed by at most 62 letters, digits and hyphens")
	case r.ServiceName == RegistryService:
		wrong("serviceName", "%s is the registry's own name; choose another", RegistryService)
	}
	home, err := parseURL(r.ServiceURL)
	switch {
	case err != nil:
		wrong("serviceURL", "%v", err)
	case home.RawQuery != "":
		wrong("serviceURL", "must have no query: paths are put after it")
	}
	for _, f := range []struct{ field, url string }{{"serviceUpdateURL", r.ServiceUpdateURL}, {"heartbeatURL", r.HeartbeatURL}} {
		switch u, err := parseURL(f.url); {
		case err != nil:
			wrong(f.field, "%v", err)
		case home != nil && address(u) != address(home):
			wrong(f.field, "must have the scheme, host and port of serviceURL (%s)", r.ServiceURL)
		}
	}
	for _, f := range []struct {
		field string
		names []string
	}{{"requiredServices", r.RequiredServices}, {"optionalServices", r.OptionalServices}} {
		if i := slices.IndexFunc(f.names, func(n string) bool { return !validName(n) }); i >= 0 {
			wrong(f.field, "entry %d, %q, is not the name of a service", i+1, f.names[i])
		}
	}
	if n := len(r.RequiredServices) + len(r.OptionalServices); n > maxNeeds {
		wrong("requiredServices", "%d names with optionalServices; at most %d", n, maxNeeds)
	}
	if !validText(r.Instance) {
		wrong("instance", "must be at most %d printable ASCII characters without spaces", maxText)
	}
	if len(r.Version) > maxText {
		wrong("version", "must be at most %d bytes", maxText)
	}
	if len(r.Metadata) > maxMetadata {
		wrong("metadata", "must be at most %d pairs", maxMetadata)
	}
	for k, v := range r.Metadata {
		if len(k) > maxText || len(v) > maxText {
			wrong("metadata", "keys and values must be at most %d bytes", maxText)
			break
		}
	}
	return errs
}

// validName reports whether s can name a service: [A-Za-z][A-Za-z0-9-]{0,62}.
func validName(s string) bool {
	if s == "" || len(s) > 63 {
		return false
	}
	for i := range len(s) {
		c := s[i]
		letter := 'a' <= c|0x20 && c|0x20 <= 'z'
		if !letter && (i == 0 || c != '-' && (c < '0' || c > '9')) {
			return false
		}
	}
	return true
}

// validText reports whether s can travel in a header: instances do.
func validText(s string) bool {
	return len(s) <= maxText && !strings.ContainsFunc(s, func(c rune) bool { return c <= ' ' || c >= 0x7f })
}

// parseURL accepts an absolute http URL on this machine. Its errors read on
// from the name of a field.
func parseURL(s string) (*url.URL, error) {
	if s == "" {
		return nil, fmt.Errorf("is missing: give a URL such as http://localhost:6000")
	}
	if len(s) > maxURL {
		return nil, fmt.Errorf("must be at most %d bytes", maxURL)
	}
	u, err := url.Parse(s)
	switch {
	case err != nil:
		return nil, fmt.Errorf("is not a URL")
	case u.Scheme != "http" || u.Host == "":
		return nil, fmt.Errorf("must begin with http:// and a host")
	case u.User != nil || u.Fragment != "":
		return nil, fmt.Errorf("must have no user and no fragment")
	case !validPort(u.Port()):
		return nil, fmt.Errorf("must have a port from 1 to 65535")
	case !loopback(u.Hostname()):
		return nil, fmt.Errorf("must be on this machine (localhost, 127.0.0.1 or [::1]), not %q", u.Hostname())
	}
	return u, nil
}

func validPort(s string) bool {
	n, err := strconv.ParseUint(s, 10, 16)
	return s == "" || err == nil && n > 0
}

func loopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return strings.EqualFold(host, "localhost") || err == nil && ip.Unmap().IsLoopback()
}

// address returns where u is served, the same for every spelling of the
// loopback host: a service listens on IPv4 and IPv6.
func address(u *url.URL) string {
	host, port := strings.ToLower(u.Hostname()), u.Port()
	if host == "127.0.0.1" || host == "::1" {
		host = "localhost"
	}
	if port == "" {
		port = "80"
	}
	return host + ":" + strings.TrimLeft(port, "0")
}

// key identifies an entry: one process answers at one address. It returns ""
// for what is no URL of ours.
func key(serviceURL string) string {
	u, err := parseURL(serviceURL)
	if err != nil {
		return ""
	}
	return address(u) + strings.TrimRight(u.EscapedPath(), "/")
}
