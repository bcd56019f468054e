package webtest

import (
	"net/http"
	"strings"
	"testing"

	"gradebook/service/web"
)

// What a strict handler refuses, one that takes everything does not, and the
// difference is found.
func TestRefuses(t *testing.T) {
	routes := func(h web.HandlerFunc) *web.Mux {
		m := web.NewMux(web.Problems(nil))
		m.Handle("POST /things/{thing}", h, web.Does("A thing."), web.Takes(asked{}), web.Gives(200, nil),
			web.Query(web.Needed(web.Text("manner", "how")), web.Whole("limit", "at most so many", 1, 9)))
		return m
	}
	strict := routes(func(w http.ResponseWriter, r *http.Request) error {
		var in asked
		switch err := web.Decode(r, &in); {
		case err != nil:
			return err
		case in.Name == "":
			return web.Invalid(422, web.FieldError{Field: "name", Detail: "is not given"})
		}
		return nil
	})
	found := taken(strict.Routes(), strict)
	if len(found) != 1 || !strings.Contains(found[0], "with no manner: 400") { // for what it needs it looks at the body first
		t.Errorf("of a strict handler: %q", found)
	}
	lax := http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})
	for _, want := range []string{"?undeclared=1", "?%zz", "?limit=neither-nor", "no manner", "nothing in the body", "broken JSON", "an unknown member", "another media type", "a large body"} {
		if found := strings.Join(taken(strict.Routes(), lax), "\n"); !strings.Contains(found, "with "+want+": 200") {
			t.Errorf("%s is not found among\n%s", want, found)
		}
	}
}
