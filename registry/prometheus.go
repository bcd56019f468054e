package registry

import (
	"cmp"
	"net"
	"net/http"
	"net/url"
	"time"

	"gradebook/service/web"
)

// targetGroup is one element of Prometheus's HTTP service discovery. Labels
// that begin with __meta_ are for its relabelling and are not stored.
// See https://prometheus.io/docs/prometheus/latest/http_sd/.
type targetGroup struct {
	Targets []string          `json:"targets"` // host:port
	Labels  map[string]string `json:"labels"`
}

// getTargets answers where Prometheus finds metrics. While the registry
// settles it answers 503, upon which Prometheus keeps the targets it has: a
// registry that comes back empty takes no target away either.
func (s *Server) getTargets(w http.ResponseWriter, r *http.Request) error {
	s.step(nil)
	s.mu.Lock()
	groups, settling := s.table.targets(r.Host), s.table.settling
	s.mu.Unlock()
	if settling {
		p := web.NewProblem(http.StatusServiceUnavailable, "the registry has just started and has not heard from everybody yet; ask again in a moment")
		p.Header = http.Header{"Retry-After": {"1"}}
		return p
	}
	return web.WriteJSON(w, http.StatusOK, groups)
}

// targets returns a group for the registry, which answers at self, and for each
// process that lives and is one of ours: clients of the earlier demo, which
// register without an instance, have no metrics.
func (t *table) targets(self string) []targetGroup {
	groups := []targetGroup{target(RegistryService, "http://"+self, string(up), "", t.started)}
	for _, s := range t.sorted() {
		if s.lives() && s.Instance != "" {
			groups = append(groups, target(s.ServiceName, s.ServiceURL, string(s.health), s.Version, s.registered))
		}
	}
	return groups
}

// target returns the group of one process at a valid URL.
func target(name, at, health, version string, started time.Time) targetGroup {
	host := ""
	if u, err := url.Parse(at); err == nil {
		host = net.JoinHostPort(u.Hostname(), cmp.Or(u.Port(), "80"))
	}
	return targetGroup{
		Targets: []string{host},
		Labels: map[string]string{
			"service":                  name,
			"__metrics_path__":         "/metrics",
			"__meta_gradebook_url":     at,
			"__meta_gradebook_health":  health,
			"__meta_gradebook_version": version,
			"__meta_gradebook_started": started.UTC().Format(time.RFC3339),
		},
	}
}
