package webtest

import (
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"gradebook/service/web"
)

type asked struct {
	Name string `json:"name" api:"needed"`
	Tags []int  `json:"tags"`
}

type thing struct {
	Name string   `json:"name"`
	Size *int     `json:"size"`
	Tags []string `json:"tags,omitempty"`
}

// newThings answers with what the tests put into it.
func newThings(answer func(w http.ResponseWriter) error) *web.Mux {
	m := web.NewMux(web.Problems(nil))
	h := func(w http.ResponseWriter, r *http.Request) error {
		if _, err := io.ReadAll(r.Body); err != nil {
			return err
		}
		return answer(w)
	}
	m.Handle("POST /things/{thing}", h, web.Does("A thing."), web.Takes(asked{}), web.Fails(404),
		web.Query(web.Text("q", "what"), web.Text("r", "which")), web.Sends(web.Text("ETag", "its state"), web.Text("link", "the next")),
		web.Gives(200, thing{}), web.Gives(200, thing{}, "text/event-stream", "application/x-ndjson"), web.Gives(204, nil))
	return m
}

// faultsOf are what an API finds wrong with one answer.
func faultsOf(target, body string, answer func(w http.ResponseWriter) error) string {
	var a API
	m := newThings(answer)
	h := a.Record(m.Routes(), m)
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("POST", target, strings.NewReader(body)))
	return strings.Join(slices.Sorted(maps.Keys(a.faults)), "\n")
}

func TestAPI(t *testing.T) {
	write := func(status int, media, body string) func(w http.ResponseWriter) error {
		return func(w http.ResponseWriter) error {
			w.Header().Set("Content-Type", media)
			w.WriteHeader(status)
			io.WriteString(w, body)
			return nil
		}
	}
	fail := func(err error) func(http.ResponseWriter) error {
		return func(http.ResponseWriter) error { return err }
	}
	const target, object = "/things/1", "application/json"
	for _, c := range []struct {
		name, target, body string
		answer             func(w http.ResponseWriter) error
		fault              string // "" is none
	}{
		{"as documented", target, `{"name":"a"}`, write(200, object, `{"name":"a","size":null,"tags":["x"]}`), ""},
		{"null for a member", target, `{"name":null,"tags":[null]}`, write(204, "", ""), ""},
		{"without a body", target, "", write(204, "", ""), ""},
		{"a failure of its own", target, "", fail(web.NewProblem(404, "no thing")), ""},
		{"a failure like any", target, "", fail(errors.New("broken")), ""},
		{"events", target, "", write(200, "text/event-stream", ": ping\n\nid: 1\ndata: {\"name\":\"a\",\ndata: \"size\":1}\n\nevent: bye\ndata: x\n\n"), ""},
		{"lines", target, "", write(200, "application/x-ndjson", "{\"name\":\"a\",\"size\":1}\n"), ""},
		{"an address that nobody has", "/nowhere", "", nil, ""},
		{"a status", target, "", write(202, object, `{}`), "202 application/json (POST /things/1): is not documented"},
		{"a failure", target, "", fail(web.NewProblem(410, "gone")), "410 application/problem+json (POST /things/1): is not documented"},
		{"a form", target, "", write(200, "text/plain", `x`), "200 text/plain"},
		{"a body where there is none", target, "", write(204, object, `{}`), "204 application/json"},
		{"a failure's form", target, "", write(404, "text/html", `x`), "a failure has no form text/html"},
		{"no JSON", target, "", write(200, object, `x`), "is not JSON"},
		{"a type", target, "", write(200, object, `{"name":1,"size":null}`), "$.name is 1, not string"},
		{"no whole number", target, "", write(200, object, `{"name":"","size":1.0}`), "$.size is 1.0, not [integer null]"},
		{"a missing member", target, "", write(200, object, `{"name":"a"}`), `$ lacks "size"`},
		{"an unknown member", target, "", write(200, object, `{"name":"a","size":1,"x":1}`), `$ has "x", which is not documented`},
		{"an item", target, "", write(200, object, `{"name":"a","size":1,"tags":[null]}`), "$.tags[0] is <nil>, not string"},
		{"an event", target, "", write(200, "text/event-stream", "data: {}\n\n"), `$ lacks "name"`},
		{"a line", target, "", write(200, "application/x-ndjson", "{\"name\":\"a\",\"size\":1}\n[]\n"), "$ is [], not object"},
		{"a request in another letter case", target, `{"Name":"a","TAGS":null}`, write(204, "", ""), ""},
		{"a request with another member", target, `{"name":"a","x":1}`, write(204, "", ""), `the request was taken, but $ has "x"`},
		{"a request without one", target, `{"tags":[]}`, write(204, "", ""), `the request was taken, but $ lacks "name"`},
		{"a request of another type", target, `{"name":"a","Tags":["b"]}`, write(204, "", ""), "the request was taken, but $.Tags[0] is b, not integer"},
	} {
		if got := faultsOf(c.target, c.body, c.answer); !strings.Contains(got, c.fault) || c.fault == "" && got != "" {
			t.Errorf("%s: found %q, want %q", c.name, got, c.fault)
		}
	}
}

func TestAPIUnseen(t *testing.T) {
	var a API
	m := newThings(func(w http.ResponseWriter) error {
		w.Header().Set("Link", "<>")
		w.WriteHeader(204)
		return nil
	})
	a.Record(m.Routes(), m).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("POST", "/things/1?q=1", nil))
	got := strings.Join(a.unseen(), "\n")
	for status, want := range map[string]bool{
		": 200 application/json is": true, ": 200 text/event-stream is": true, ": 204": false, ": 404 is": true, ": 415 is": true,
		": ?q": false, ": ?r is": true, ": Etag is": true, ": Link": false,
	} {
		if strings.Contains(got, status) != want {
			t.Errorf("unseen is %s, want %s %t", got, status, want)
		}
	}
}

// A route of which nothing is said is a fault before anything is seen of it.
func TestBareRoute(t *testing.T) {
	var a API
	m := web.NewMux(web.Problems(nil))
	m.Handle("GET /bare", func(http.ResponseWriter, *http.Request) error { return nil })
	a.Record(m.Routes(), m)
	if got := strings.Join(slices.Sorted(maps.Keys(a.faults)), "\n"); !strings.Contains(got, "get /bare: does not say what it does") {
		t.Errorf("found %q", got)
	}
}

func TestSchemaKeywords(t *testing.T) {
	for _, c := range []struct {
		schema, value, fault string
	}{
		{`{"type":"string","enum":["a","b"]}`, `"a"`, ""},
		{`{"type":"string","enum":["a","b"]}`, `"c"`, "none of [a b]"},
		{`{"type":"integer","minimum":1,"maximum":3}`, `2`, ""},
		{`{"type":"integer","minimum":1}`, `0`, "below 1"},
		{`{"type":"integer","maximum":3}`, `4`, "over 3"},
		{`{"type":"string","format":"date-time"}`, `"2026-11-21T10:00:00.5Z"`, ""},
		{`{"type":"string","format":"date-time"}`, `"yesterday"`, "no time"},
		{`{"anyOf":[{"type":"string"},{"type":"null"}]}`, `null`, ""},
		{`{"anyOf":[{"type":"string"},{"type":"null"}]}`, `1`, "none of what it may be"},
		{`{"type":"object","additionalProperties":{"type":"integer"}}`, `{"a":1}`, ""},
		{`{"type":"object","additionalProperties":{"type":"integer"}}`, `{"a":"b"}`, "$.a is b"},
		{`{"type":"object"}`, `{"a":"b"}`, ""},
		{`{}`, `[1,{"a":null}]`, ""},
		{`{"multipleOf":2}`, `2`, "the checker does not know"},
	} {
		var schema map[string]any
		if err := json.Unmarshal([]byte(c.schema), &schema); err != nil {
			t.Fatal(err)
		}
		got := strings.Join(new(checker).checkText(schema, []byte(c.value)), "\n")
		if !strings.Contains(got, c.fault) || c.fault == "" && got != "" {
			t.Errorf("%s under %s: %q, want %q", c.value, c.schema, got, c.fault)
		}
	}
}

func TestDocumentRules(t *testing.T) {
	for want, change := range map[string]func(d map[string]any){
		"": func(map[string]any) {},
		"refers to #/components/schemas/None": func(d map[string]any) {
			at(d, "components", "schemas", "Thing", "properties")["name"] = map[string]any{"$ref": "#/components/schemas/None"}
		},
		`components/schemas: has the name "a b"`: func(d map[string]any) { at(d, "components", "schemas")["a b"] = map[string]any{} },
		"differs from":                           func(d map[string]any) { at(d, "paths")["/things/{other}"] = map[string]any{} },
		"is no template":                         func(d map[string]any) { at(d, "paths")["/{a/b}"] = map[string]any{} },
		"has a method that no path has":          func(d map[string]any) { at(d, "paths", "/things/{thing}")["fetch"] = map[string]any{} },
		"which another has":                      func(d map[string]any) { at(d, "paths")["/x"] = at(d, "paths", "/things/{thing}") },
		`has the parameters [] in its path`:      func(d map[string]any) { delete(at(d, "paths", "/things/{thing}", "post"), "parameters") },
		"does not say what it does":              func(d map[string]any) { delete(at(d, "paths", "/things/{thing}", "post"), "summary") },
		"does not describe 204": func(d map[string]any) {
			delete(at(d, "paths", "/things/{thing}", "post", "responses", "204"), "description")
		},
		"takes a body of no form": func(d map[string]any) { clear(at(d, "paths", "/things/{thing}", "post", "requestBody", "content")) },
		"never succeeds": func(d map[string]any) {
			delete(at(d, "paths", "/things/{thing}", "post", "responses"), "200")
			delete(at(d, "paths", "/things/{thing}", "post", "responses"), "204")
		},
	} {
		text, err := web.Document("Things", "1", "", newThings(nil).Routes())
		if err != nil {
			t.Fatal(err)
		}
		var document map[string]any
		if err := json.Unmarshal(text, &document); err != nil {
			t.Fatal(err)
		}
		change(document)
		got := strings.Join(CheckDocument(document), "\n")
		if !strings.Contains(got, want) || want == "" && got != "" {
			t.Errorf("found %q, want %q", got, want)
		}
	}
}
