package web_test

import (
	"net/http"
	"slices"
	"testing"

	"gradebook/service/web"
)

func nothing(http.ResponseWriter, *http.Request) error { return nil }

func TestRoute(t *testing.T) {
	m := web.NewMux(web.Problems(nil))
	m.Handle("GET /{$}", nothing, web.Does("The root."))
	m.Handle("PUT /a/{b}/c/{d}", nothing, web.Does("A thing."), web.Takes(struct{}{}), web.Fails(404, 409),
		web.Path(web.Whole("d", "its id", 1, 9), web.Text("other", "of another route")))
	m.Handle("/api/log/", nothing, web.Does("Passes on."), web.Wire())
	m.Handle("GET /bare", nothing)
	routes := m.Routes()
	for i, want := range []struct {
		template string
		methods  []string
		fails    []int
	}{
		{"/", []string{"get"}, []int{400}},
		{"/a/{b}/c/{d}", []string{"put"}, []int{400, 404, 409, 413, 415}},
		{"/api/log/{path}", []string{"get", "post", "put", "patch", "delete"}, nil},
		{"/bare", []string{"get"}, nil},
	} {
		r := routes[i]
		if r.Template() != want.template || !slices.Equal(r.Methods(), want.methods) || !slices.Equal(r.Fails, want.fails) {
			t.Errorf("%s: %s %v fails %v, want %+v", r.Pattern, r.Template(), r.Methods(), r.Fails, want)
		}
	}
	if p := routes[1].Path; len(p) != 2 || p[0].Means != "" || p[1].Means != "its id" {
		t.Errorf("the path is %+v", p)
	}
}
