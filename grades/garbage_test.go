package grades

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"gradebook/service/web"
)

// garbler makes bad requests of good ones. A seed makes the same ones again.
type garbler struct{ *rand.Rand }

func pick[T any](g garbler, list ...T) T { return list[g.IntN(len(list))] }

// values are what no field expects, or few do.
func (g garbler) value() json.RawMessage {
	return json.RawMessage(pick(g,
		`null`, `true`, `false`, `0`, `-0`, `1`, `6`, `7`, `-1`, `1.5`, `0.1234567`, `1e7`, `-1e7`, `1e400`, `-1e-400`, `99999999999999999999`, `9007199254740993`,
		`""`, `" "`, `"x"`, `"\u0000"`, `"\ud800"`, `"a\u2028b"`, `"1"`, `"NaN"`, `"9999-12-31T23:59:59.999999999+14:00"`, `"0000-01-01T00:00:00Z"`, `"2026-11-20T23:59:00Z"`,
		`"Quiz 1"`, `"Quiz"`, `"points"`, `"weighted"`, `"graded"`, `"excused"`, `"late"`, `"zeroAfterDue"`, `[]`, `{}`, `[[]]`, `[null]`, `[{}]`, `{"a":1}`,
		strings.Repeat("[", 40)+strings.Repeat("]", 40), `"`+strings.Repeat("é", 3000)+`"`))
}

// garble changes a JSON value here and there.
func (g garbler) garble(v any) any {
	if g.IntN(12) == 0 {
		return g.value()
	}
	switch v := v.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			switch g.IntN(20) {
			case 0:
				delete(v, name)
			case 1:
				v[strings.ToUpper(name)] = g.value()
			default:
				v[name] = g.garble(v[name])
			}
		}
	case []any:
		for i := range v {
			v[i] = g.garble(v[i])
		}
		if g.IntN(20) == 0 {
			return append(v, v...)
		}
	}
	return v
}

func (g garbler) body(good string) string {
	var v any
	switch bad := json.Unmarshal([]byte(good), &v); {
	case g.IntN(3) == 0:
		return good
	case bad != nil || g.IntN(20) == 0:
		return pick(g, ``, `{`, `null`, "\xff", good+good, good[:g.IntN(len(good)+1)])
	}
	text, _ := json.Marshal(g.garble(v)) // garbage always has a form
	return string(text)
}

// route is one of all, and often the one that most is asked of.
func (g garbler) route(all []web.Route) web.Route {
	if g.IntN(10) > 0 {
		return pick(g, all...)
	}
	return all[slices.IndexFunc(all, func(r web.Route) bool { return strings.HasPrefix(r.Pattern, http.MethodPut) })]
}

// path fills a pattern's wildcards, mostly with ids that are there.
func (g garbler) path(pattern string) string {
	parts := strings.Split(pattern, "/")
	for i, part := range parts {
		if strings.HasPrefix(part, "{") {
			parts[i] = pick(g, "1", "2", "6")
			if g.IntN(8) == 0 {
				parts[i] = pick(g, "3", "7", "0", "-1", "99", "x", "%00", "1e0", "99999999999999999999")
			}
		}
	}
	return strings.Join(parts, "/")
}

// request is a request of a route, with its parameters and others.
func (g garbler) request(route web.Route) (line, body string) {
	line = g.path(route.Pattern)
	var query []string
	for _, p := range append(slices.Clip(route.Query), web.Param{Name: "x"}) {
		if g.IntN(6) == 0 {
			query = append(query, g.parameter(p.Name))
		}
	}
	if strings.Contains(route.Pattern, "port") { // import and export need one
		query = append(query, "format=plain")
	}
	line += "?" + strings.Join(query, "&")
	if good := goodBodies()[route.Pattern]; good != "" {
		body = g.body(good)
	}
	return line, body
}

func (g garbler) parameter(name string) string {
	return name + "=" + pick(g, "", "0", "1", "2", "-1", "99", "true", "x", "%00", "%ff", "1.5", "plain", "2026-11-20T23:59:00Z", "0000-01-01T00:00:00Z", "18446744073709551615", "99999999999999999999")
}

func (g garbler) headers() []string {
	return []string{
		pick(g, "", `If-Match: "r1"`, `If-Match: *`, `If-Match: "r99"`, `If-Match: x`, `If-None-Match: *`, `If-None-Match: "r1"`),
		pick(g, "", "", "", "", "", "", "", "", "Idempotency-Key: k", "Idempotency-Key: "+strings.Repeat("k", 300)),
		pick(g, "", "", "", "", "", "", "", "Gradebook-Actor: Ines Okoro", "Gradebook-Actor: a\tb", "Gradebook-Actor: "+strings.Repeat("x", 300)),
		pick(g, "", "", "", "", "", "", "", "", "Content-Type: text/plain", "Content-Type: image/png", "Content-Type: ;;"),
	}
}

// goodBodies are what the routes take.
func goodBodies() map[string]string {
	return map[string]string{
		"POST /students":                                     `{"firstName":"A","lastName":"B","email":"a@b","externalID":"x2","class":1}`,
		"PATCH /students/{student}":                          `{"firstName":"C","externalID":"x3"}`,
		"POST /students/{student}/grades":                    `{"title":"T","type":"Quiz","score":5,"class":1}`,
		"POST /students/{student}/undo":                      `{"revision":5,"overwrite":true}`,
		"POST /classes":                                      `{"title":"C","weighting":"weighted","categories":[{"name":"A","weight":50,"dropLowest":1}],"scale":[{"letter":"A","from":90},{"letter":"F","from":0}],"latePolicy":{"intervalHours":24,"percent":10,"floor":50},"missingDeduction":50}`,
		"PATCH /classes/{class}":                             `{"title":"C","blankPolicy":"zero","categories":[{"name":"Quiz","weight":50},{"name":"Homework","dropHighest":1}],"allowNegative":true,"archived":false}`,
		"POST /classes/{class}/assignments":                  `{"title":"N","category":"Quiz","points":5,"due":"2026-11-20T23:59:00Z","posted":true,"neverDrop":true}`,
		"PATCH /classes/{class}/assignments/{assignment}":    `{"title":"N2","category":"Quiz","points":5,"due":null}`,
		"POST /classes/{class}/students":                     `{"student":7}`,
		"PUT /classes/{class}/grades/{student}/{assignment}": `{"score":5,"status":"late","submitted":"2026-11-20T23:59:00Z","comment":"c"}`,
		"POST /classes/{class}/grades":                       `{"atomic":false,"cells":[{"student":6,"assignment":1,"score":5,"revision":0},{"student":1,"assignment":1,"status":"excused","revision":1}]}`,
		"POST /classes/{class}/preview":                      `{"weighting":"weighted","assignments":[{"id":1,"points":5,"category":"Quiz","due":null,"neverDrop":true}]}`,
		"POST /classes/{class}/undo":                         `{"revision":3,"overwrite":true}`,
		"POST /imports":                                      "title Garbage\nassignments A/5 B\n7,Ann,Lee,5,\n8,Bo,Ek,EX,-1\n",
	}
}

// No request, however bad, is answered with a failure of the service; one that
// is refused says why and leaves the book at the revision it was.
func TestGarbage(t *testing.T) {
	const schools, requests = 16, 200
	statuses := map[int]int{}
	for seed := range uint64(schools) {
		g := garbler{rand.New(rand.NewPCG(seed, 5))}
		s := openSchool(t)
		for i := range requests {
			route := g.route(s.server.Routes())
			if strings.HasPrefix(route.Pattern, http.MethodDelete) && g.IntN(10) > 0 {
				continue // or soon nothing is left
			}
			request, body := g.request(route)
			before := s.server.store.Revision()
			resp, text := s.request(t, request, body, g.headers()...)
			statuses[resp.StatusCode]++
			name := fmt.Sprintf("seed %d, request %d: %s %.300s: %s %.500s", seed, i, request, body, resp.Status, text)
			if resp.StatusCode < 400 {
				continue
			}
			if !saysWhy(resp, text) {
				t.Errorf("%s is not a refusal that says why", name)
			}
			if after := s.server.store.Revision(); after != before {
				t.Errorf("%s, but the book went from %d to %d", name, before, after)
			}
		}
	}
	t.Log(statuses)
	for _, status := range []int{http.StatusOK, http.StatusCreated, http.StatusBadRequest, http.StatusNotFound, http.StatusConflict, http.StatusPreconditionFailed, http.StatusUnprocessableEntity} {
		if statuses[status] == 0 {
			t.Errorf("no request was answered with %d: the garbage is not what it was", status)
		}
	}
}

// saysWhy reports whether an answer that is none says why, and that it is not
// the service's fault.
func saysWhy(resp *http.Response, text string) bool {
	var p web.Problem
	return json.Unmarshal([]byte(text), &p) == nil && p.Detail != "" && resp.StatusCode < 500
}

// Garbage from many at once is still refused, or taken, one by one.
func TestGarbageAtOnce(t *testing.T) {
	s := openSchool(t)
	var all sync.WaitGroup
	for seed := range uint64(8) {
		all.Go(func() {
			g := garbler{rand.New(rand.NewPCG(seed, 77))}
			for range 200 {
				request, body := g.request(pick(g, s.server.Routes()...))
				if resp, text := s.request(t, request, body, g.headers()...); resp.StatusCode >= 400 && !saysWhy(resp, text) {
					t.Errorf("seed %d: %s %.300s: %s %.500s is not a refusal that says why", seed, request, body, resp.Status, text)
				}
			}
		})
	}
	all.Wait()
}
