package web_test

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"gradebook/service/web"
)

func TestQuery(t *testing.T) {
	m := web.NewMux(web.Problems(nil))
	m.Handle("GET /all", nothing, web.Does("All of it."), web.Query(
		web.Whole("limit", "at most so many", 1, 100), web.Flag("removed", "also those"),
		web.OneOf("format", "how", "json", "text"), web.Text("q", "what")))
	m.Handle("GET /none", nothing, web.Does("No more."))
	m.Handle("GET /wire", nothing, web.Does("For programs."), web.Wire(), web.Query(web.Span("wait", "for more", time.Minute)))
	m.Handle("GET /bare", nothing)
	for _, c := range []struct{ target, says string }{
		{"/all", ""},
		{"/all?limit=100&removed=true&format=text&q=%20", ""},
		{"/all?limit=&removed=&format=&q=", ""},
		{"/all?limit=0", `limit: must be a whole number from 1 to 100, not \"0\"`},
		{"/all?limit=101", "not"},
		{"/all?limit=1e1", "not"},
		{"/all?limit=" + strings.Repeat("9", 50), strings.Repeat("9", 40) + "…"},
		{"/all?removed=yes", "must be true or false"},
		{"/all?format=xml", "must be json or text"},
		{"/all?Limit=1", "Limit: is an unknown parameter; this address takes limit, removed, format and q"},
		{"/all?limit=1&limit=2", "limit: appears twice; send it once"},
		{"/all?x=1&limit=x", `"errors":[{"field":"limit"`},
		{"/all?a=1;b=2", "the query of the address cannot be read"},
		{"/all?a=%zz", "the query of the address cannot be read"},
		{"/none?x", "x: is an unknown parameter; this address takes none"},
		{"/none?", ""},
		{"/wire?x=1&x=2&%zz&wait=1m", ""},
		{"/wire?x=1&wait=61s", `wait: must be a time such as 30s, at most 1m0s, not \"61s\"`},
		{"/wire?wait=-1s", "at most 1m0s"},
		{"/wire?wait=soon", "at most 1m0s"},
		{"/bare?x=1", ""},
	} {
		w := httptest.NewRecorder()
		m.ServeHTTP(w, httptest.NewRequest("GET", c.target, nil))
		body := w.Body.String()
		if want := 200; c.says == "" && w.Code != want || c.says != "" && (w.Code != 400 || !strings.Contains(body, c.says)) {
			t.Errorf("%s: %d %s, want %q", c.target, w.Code, body, c.says)
		}
	}
}
