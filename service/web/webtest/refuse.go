package webtest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"gradebook/service/web"
)

// Refuses holds that h, which has these routes, refuses what people's routes are
// to refuse: a parameter that is not documented, one that does not fit, and under
// those that take JSON alone what is none, has unknown members, is of another
// media type or too large.
func Refuses(t *testing.T, routes []web.Route, h http.Handler) {
	t.Helper()
	for _, fault := range taken(routes, h) {
		t.Error(fault)
	}
}

// taken says which requests were not refused as they should be.
func taken(routes []web.Route, h http.Handler) (faults []string) {
	for _, route := range routes {
		if route.Wire {
			continue
		}
		for _, bad := range badRequests(&route) {
			w := httptest.NewRecorder()
			web.LimitBodies(h).ServeHTTP(w, bad.request)
			if body := w.Body.String(); w.Code != bad.status || !strings.Contains(strings.ToLower(body), strings.ToLower(bad.says)) {
				faults = append(faults, fmt.Sprintf("%s with %s: %d %s, want %d with %q", route.Pattern, bad.what, w.Code, body, bad.status, bad.says))
			}
		}
	}
	return faults
}

// badRequest is one that must be refused.
type badRequest struct {
	what    string
	request *http.Request
	status  int
	says    string
}

func badRequests(r *web.Route) []badRequest {
	query := func(name, value string) badRequest {
		return badRequest{"?" + name + "=" + value, newRequest(r, "?"+name+"="+value, "", ""), 400, name}
	}
	list := []badRequest{query("undeclared", "1"), {"?%zz", newRequest(r, "?%zz", "", ""), 400, "query"}}
	for _, p := range r.Query {
		if p.Must != nil {
			list = append(list, query(p.Name, "neither-nor"))
		}
		if p.Needed {
			list = append(list, badRequest{"no " + p.Name, newRequest(r, "", "", ""), 400, p.Name})
		}
	}
	if !slices.Contains(r.Fails, http.StatusUnsupportedMediaType) {
		return list
	}
	body := func(what, text, media string, status int, says string) {
		list = append(list, badRequest{what, newRequest(r, "", text, media), status, says})
	}
	if needed := neededMembers(r); needed != nil {
		list = append(list, badRequest{"nothing in the body", newRequest(r, "", "{}", "application/json"), 422, needed[0]})
	}
	body("broken JSON", "{", "application/json", 400, "JSON")
	body("an unknown member", `{"unheardOf":1}`, "application/json", 400, "unheardOf")
	body("another media type", "<a/>", "application/xml", 415, "application/xml")
	body("a large body", strings.Repeat(" ", 1<<20)+"{}", "application/json", 413, "bytes")
	return list
}

// neededMembers are those that a body must have, as the document says.
func neededMembers(r *web.Route) []string {
	var c checker
	text, err := web.Document("Test", "0", "", []web.Route{*r})
	if err != nil || json.Unmarshal(text, &c.document) != nil {
		return nil // which the API of the same routes finds
	}
	schema := at(c.document, "paths", r.Template(), r.Methods()[0], "requestBody", "content", "application/json", "schema")
	return texts(c.resolve(schema)["required"])
}

// newRequest is a request that r takes, but for what is given.
func newRequest(r *web.Route, query, body, media string) *http.Request {
	path := wildcard().ReplaceAllString(r.Template(), "1")
	req := httptest.NewRequest(strings.ToUpper(r.Methods()[0]), fmt.Sprint(path, query), strings.NewReader(body))
	req.Header.Set("If-Match", "*") // a precondition where there is to be one
	if media != "" {
		req.Header.Set("Content-Type", media)
	}
	return req
}
