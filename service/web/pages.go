package web

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"strings"
)

// looks is what the pages of all services share: files that a browser asks for,
// and parts of templates.
//
//go:embed look
var looks embed.FS

// Pages are the templates of a service's pages. They are safe for concurrent
// use.
type Pages struct{ byName map[string]*template.Template }

// NewPages parses the templates in files' top directory. Each file but
// layout.html and parts.html is a page, which "layout" shows: what it defines is
// its own, what those two and the looks that all our pages share define is
// common.
func NewPages(files fs.FS) (Pages, error) {
	common, err := template.ParseFS(looks, "look/parts.html")
	if err != nil {
		return Pages{}, err
	}
	if common, err = common.ParseFS(files, "layout.html", "parts.html"); err != nil {
		return Pages{}, err
	}
	names, err := fs.Glob(files, "*.html")
	if err != nil {
		return Pages{}, err
	}
	p := Pages{map[string]*template.Template{}}
	for _, name := range names {
		own, err := common.Clone()
		if err != nil {
			return Pages{}, err
		}
		if own, err = own.ParseFS(files, name); err != nil {
			return Pages{}, err
		}
		p.byName[strings.TrimSuffix(name, ".html")] = own
	}
	return p, nil
}

// Render returns the page of that name with data in it: whole, or an error.
func (p Pages) Render(name string, data any) ([]byte, error) { return p.Part(name, "layout", data) }

// Part returns what the page of that name defines as part, with data in it.
func (p Pages) Part(name, part string, data any) ([]byte, error) {
	t := p.byName[name]
	if t == nil {
		return nil, fmt.Errorf("there is no page %q", name)
	}
	var b bytes.Buffer
	err := t.ExecuteTemplate(&b, part, data)
	return b.Bytes(), err
}
