package web

import (
	"strings"
	"testing"
	"testing/fstest"
)

func TestPages(t *testing.T) {
	files := fstest.MapFS{
		"page/templates/layout.html": {Data: []byte(`{{define "layout"}}<body>{{template "brand"}}{{template "main" .}}</body>{{end}}`)},
		"page/templates/parts.html":  {Data: []byte(`{{define "name"}}<b>{{.}}</b>{{end}}`)},
		"page/templates/one.html":    {Data: []byte(`{{define "main"}}One {{template "name" .}}{{end}}`)},
		"page/static/own.css":        {Data: []byte("body{}")},
		"page/templates/two.html":    {Data: []byte(`{{define "main"}}Two {{.Missing}}{{end}}`)},
	}
	p, err := NewPages(files, "page")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := p.Render("one", "<A>"); err != nil || !strings.HasSuffix(string(got), "<span>Gradebook</span>One <b>&lt;A&gt;</b></body>") {
		t.Errorf("got %s, %v", got, err)
	}
	if got, err := p.Part("one", "name", "B"); err != nil || string(got) != "<b>B</b>" {
		t.Errorf("a part: got %s, %v", got, err)
	}
	for _, name := range []string{"own.css", "base.css"} {
		if address, err := p.Assets.Path(name); err != nil || !strings.HasPrefix(address, "/static/") {
			t.Errorf("%s is at %q, %v", name, address, err)
		}
	}
	for _, name := range []string{"two", "three"} {
		if _, err := p.Render(name, 1); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	files["page/templates/bad.html"] = &fstest.MapFile{Data: []byte("{{")}
	if _, err := NewPages(files, "page"); err == nil || !strings.Contains(err.Error(), "bad.html") {
		t.Errorf("a template that does not parse: got %v", err)
	}
}
