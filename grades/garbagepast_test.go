package grades

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"

	"gradebook/service/web"
)

// Whatever the requests made of the book, each class can be read as it was after
// each of them, to the byte.
func TestPastOfGarbage(t *testing.T) {
	const classes, requests = 4, 1200
	for seed := range uint64(3) {
		g := garbler{rand.New(rand.NewPCG(seed, 9))}
		s := openSchool(t)
		var routes []web.Route
		for _, route := range s.server.Routes() {
			if !strings.HasPrefix(route.Pattern, http.MethodGet) {
				routes = append(routes, route)
			}
		}
		were := map[string]string{}
		keep := func(revision uint64) {
			for class := range classes {
				path := fmt.Sprintf("GET /classes/%d/gradebook?at=", class+1)
				_, were[fmt.Sprint(path, revision)] = s.request(t, path, "")
			}
		}
		keep(s.server.store.Revision())
		for range requests {
			route, before := pick(g, routes...), s.server.store.Revision()
			if strings.HasPrefix(route.Pattern, http.MethodDelete) && g.IntN(4) > 0 {
				continue
			}
			request, body := g.request(route)
			if strings.HasSuffix(route.Pattern, "/undo") {
				body = fmt.Sprintf(`{"revision":%d,"overwrite":%v}`, 1+g.IntN(int(before)), g.IntN(2) == 0)
			}
			s.request(t, request, body, pick(g, "If-Match: *", "If-None-Match: *"))
			if after := s.server.store.Revision(); after != before {
				keep(after)
			}
		}
		for request, want := range were {
			resp, got := s.request(t, request, "")
			if resp.StatusCode == http.StatusNotFound && strings.Contains(want, `"status":404`) {
				continue
			}
			if got != want {
				t.Errorf("seed %d: %s\n%s, was\n%s", seed, request, got, want)
			}
		}
		t.Logf("seed %d: %d gradebooks at %d revisions", seed, len(were), s.server.store.Revision())
	}
}
