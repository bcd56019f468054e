package webtest

import (
	"cmp"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"gradebook/service/web"
)

// API is what is documented of a handler and what was seen of it. The zero value
// knows nothing yet. It is safe for concurrent use.
type API struct {
	mu     sync.Mutex // guards what follows
	routes map[string]web.Route
	schema checker
	seen   map[sight]bool
	faults map[string]bool
}

// sight is one form of an answer; or with a part, that a request which did not
// fail had a parameter, or its answer a header.
type sight struct {
	pattern string
	status  int
	media   string // "" of a failure, and of an answer without a body
	part    string
}

func (s sight) String() string {
	if s.part != "" {
		return s.pattern + ": " + s.part
	}
	return strings.TrimSpace(fmt.Sprintf("%s: %d %s", s.pattern, s.status, s.media))
}

// Main runs the tests and returns their exit code: 1 also when the document and
// what they saw differ.
func (a *API) Main(m *testing.M) int {
	code := m.Run()
	faults := slices.Sorted(maps.Keys(a.faults))
	if code == 0 && isWhole() {
		faults = append(faults, a.unseen()...)
	}
	for _, fault := range faults {
		fmt.Fprintln(os.Stderr, "openapi:", fault)
	}
	if len(faults) > 0 {
		return cmp.Or(code, 1)
	}
	return code
}

// Check reports what Main would at the end: for the one test that looks at a
// handler.
func (a *API) Check(t *testing.T) {
	t.Helper()
	for _, fault := range append(slices.Sorted(maps.Keys(a.faults)), a.unseen()...) {
		t.Error(fault)
	}
}

// isWhole reports whether all tests of the package ran, once.
func isWhole() bool {
	for _, name := range []string{"run", "skip", "list", "fuzz", "short", "bench"} {
		if value := flag.Lookup("test." + name).Value.String(); value != "" && value != "false" {
			return false
		}
	}
	return true
}

// Record returns h with each of its answers noted and compared with what its
// routes say. h must pass on the request that it gets, which is marked with the
// pattern that took it. While there are benchmarks it is left alone.
func (a *API) Record(routes []web.Route, h http.Handler) http.Handler {
	if flag.Lookup("test.bench").Value.String() != "" {
		return h
	}
	a.learn(routes)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		tap := newTap(w, r)
		h.ServeHTTP(tap, r)
		if r.Context().Err() == nil || tap.status != 0 { // else nobody was answered
			a.note(r, tap)
		}
	})
}

// learn takes in the routes, which are the same for all of one package.
func (a *API) learn(routes []web.Route) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.routes != nil {
		return
	}
	a.routes, a.seen, a.faults = map[string]web.Route{}, map[sight]bool{}, map[string]bool{}
	for _, route := range routes {
		a.routes[route.Pattern] = route
	}
	text, err := web.Document("Test", "0", "", routes)
	if err == nil {
		err = json.Unmarshal(text, &a.schema.document)
	}
	if err != nil {
		a.faults[err.Error()] = true
		return
	}
	for _, fault := range CheckDocument(a.schema.document) {
		a.faults[fault] = true
	}
}

// note compares an answer with the document.
func (a *API) note(r *http.Request, got *tap) {
	if r.Pattern == "" || r.Pattern == "/" {
		return // no route took it
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	route, known := a.routes[r.Pattern]
	if !known {
		a.faults[r.Pattern+" is not documented"] = true
		return
	}
	media := mediaType(got.Header().Get("Content-Type"))
	saw := sight{pattern: route.Pattern, status: cmp.Or(got.status, http.StatusOK), media: media}
	fault := ""
	switch {
	case slices.Contains(route.Fails, saw.status), !isGiven(route, saw.status) && web.CommonFailure(saw.status):
		saw.media = ""
		if !slices.Contains(route.Failures, media) {
			fault = "a failure has no form " + media
		}
	case got.length == 0:
		saw.media = ""
		fallthrough
	default:
		if !slices.ContainsFunc(route.Gives, saw.is) {
			fault = "is not documented"
		}
	}
	a.seen[saw] = true
	if saw.status < 400 {
		a.noteParts(&route, r, got)
	}
	faults := a.schema.checkAnswer(&route, saw.status, media, got)
	if fault != "" {
		faults = append(faults, fault)
	}
	for _, fault := range faults {
		a.faults[fmt.Sprintf("%v (%s %s): %s", saw, r.Method, r.URL, fault)] = true
	}
}

// noteParts sees which parameters were taken, and which headers were sent.
func (a *API) noteParts(route *web.Route, r *http.Request, got *tap) {
	for name := range r.URL.Query() {
		a.seen[sight{pattern: route.Pattern, part: "?" + name}] = true
	}
	for name := range got.Header() {
		a.seen[sight{pattern: route.Pattern, part: name}] = true
	}
}

// is reports whether this is what a route gives. A gateway's gives anything.
func (s sight) is(a web.Answer) bool {
	return a.Status == web.AnyStatus || a.Status == s.status && a.Media == s.media
}

func isGiven(route web.Route, status int) bool {
	return slices.ContainsFunc(route.Gives, func(a web.Answer) bool { return a.Status == status || a.Status == web.AnyStatus })
}

// unseen returns what is documented and was seen by no test.
func (a *API) unseen() []string {
	var list []string
	for _, route := range a.routes {
		var documented []sight
		for _, given := range route.Gives {
			if given.Status != web.AnyStatus {
				documented = append(documented, sight{pattern: route.Pattern, status: given.Status, media: given.Media})
			}
		}
		for _, status := range route.Fails {
			documented = append(documented, sight{pattern: route.Pattern, status: status})
		}
		for _, p := range route.Query {
			documented = append(documented, sight{pattern: route.Pattern, part: "?" + p.Name})
		}
		for _, p := range route.Sends {
			documented = append(documented, sight{pattern: route.Pattern, part: http.CanonicalHeaderKey(p.Name)})
		}
		for _, saw := range documented {
			if !a.seen[saw] {
				list = append(list, saw.String()+" is documented, but no test has seen it")
			}
		}
	}
	slices.Sort(list)
	return list
}

func mediaType(contentType string) string {
	media, _, _ := strings.Cut(contentType, ";")
	return media
}
