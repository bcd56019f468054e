package web

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// CheckHost is the middleware against DNS rebinding: a page of another site
// whose name resolves to this machine still sends its own name as Host. Only
// localhost, names under it and loopback addresses are answered, which are all
// the names that a service bound to loopback has; anything else gets 421.
func CheckHost(next http.Handler) http.Handler {
	refuse := Problems(nil)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !IsLoopbackHost(r.Host) {
			refuse(w, r, NewProblem(http.StatusMisdirectedRequest, "this service does not answer as %q; use localhost", r.Host))
			return
		}
		next.ServeHTTP(w, r)
	})
}

// IsLoopbackHost reports whether host, with or without a port, is localhost,
// a name under it, or a loopback address.
func IsLoopbackHost(host string) bool {
	name := hostname(host)
	if name == "localhost" || name == "127.0.0.1" {
		return true // nearly always
	}
	name = strings.ToLower(strings.TrimSuffix(name, "."))
	if name == "localhost" || strings.HasSuffix(name, ".localhost") {
		return true
	}
	addr, err := netip.ParseAddr(name)
	return err == nil && addr.Unmap().IsLoopback()
}

// hostname is host without its port and brackets.
func hostname(host string) string {
	if i := strings.IndexByte(host, ':'); i >= 0 && strings.IndexByte(host[i+1:], ':') < 0 {
		return host[:i]
	}
	if name, _, err := net.SplitHostPort(host); err == nil {
		return name
	}
	return strings.Trim(host, "[]")
}

// CheckOrigin is the middleware against requests that another site's page
// makes in a teacher's browser: those that change something get 403.
func CheckOrigin(next http.Handler) http.Handler {
	refuse := Problems(nil)
	protection := http.NewCrossOriginProtection()
	protection.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		refuse(w, r, NewProblem(http.StatusForbidden, "the request comes from another site's page; open this service's own pages instead"))
	}))
	return protection.Handler(next)
}
