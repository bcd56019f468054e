package web

import (
	"net/http"
	"slices"
	"strings"
)

// HandlerFunc is a handler that may fail. Once it has begun to write an
// answer it returns nil or an error that can only be logged.
type HandlerFunc func(w http.ResponseWriter, r *http.Request) error

// FailFunc answers a request whose handler returned err.
type FailFunc func(w http.ResponseWriter, r *http.Request, err error)

// Mux routes requests by the patterns of http.ServeMux and hands every error,
// its own 404 and 405 among them, to one FailFunc. It knows what its routes say
// of themselves, and holds queries to that.
type Mux struct {
	mux      *http.ServeMux
	fail     FailFunc
	failures []string
	routes   []Route
}

// NewMux returns a Mux without routes. The pattern "/" is its own. failures are
// the media types that fail answers in; none are problem documents alone.
func NewMux(fail FailFunc, failures ...string) *Mux {
	if failures == nil {
		failures = []string{mediaProblem}
	}
	m := &Mux{mux: http.NewServeMux(), fail: fail, failures: failures}
	m.mux.HandleFunc(unmatched, m.notFound)
	return m
}

// unmatched is the pattern of requests that no route takes.
const unmatched = "/"

// Handle registers h for pattern; it panics when patterns conflict. h gets no
// query parameters but those that the route is said to take, and they fit. A
// route of which nothing is said, such as one of a test, takes what comes.
func (m *Mux) Handle(pattern string, h HandlerFunc, about ...About) {
	if len(about) == 0 {
		about = []About{Wire()}
	}
	route := newRoute(pattern, m.failures, about)
	m.routes = append(m.routes, route)
	h = route.guard(h)
	m.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		if err := h(w, r); err != nil {
			m.fail(w, r, err)
		}
	})
}

// Routes returns the routes in the order they were given.
func (m *Mux) Routes() []Route { return slices.Clone(m.routes) }

func (m *Mux) ServeHTTP(w http.ResponseWriter, r *http.Request) { m.mux.ServeHTTP(w, r) }

// notFound tells a path nobody knows from a method it does not take, by asking
// which methods would have found a route.
func (m *Mux) notFound(w http.ResponseWriter, r *http.Request) {
	var allow []string
	probe := *r
	for _, method := range []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"} {
		probe.Method = method
		if _, pattern := m.mux.Handler(&probe); pattern != unmatched && pattern != "" {
			allow = append(allow, method)
		}
	}
	if allow == nil {
		m.fail(w, r, NewProblem(http.StatusNotFound, "there is nothing at %s; check the address", r.URL.Path))
		return
	}
	p := NewProblem(http.StatusMethodNotAllowed, "%s is not possible at %s; it takes %s", r.Method, r.URL.Path, strings.Join(allow, ", "))
	p.Header = http.Header{"Allow": {strings.Join(allow, ", ")}}
	m.fail(w, r, p)
}
