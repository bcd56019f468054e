package web

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"path"
	"strings"
)

// looks is what the pages of all services share: files that a browser asks for,
// and parts of templates.
//
//go:embed look
var looks embed.FS

// Pages are a service's pages and the files that they refer to. They are safe
// for concurrent use.
type Pages struct {
	Assets *Assets // served under /static/
	byName map[string]*template.Template
}

// NewPages takes the pages of dir: the files in static, see [NewAssets], and the
// templates in templates. Each of these but layout.html and parts.html is a page,
// which "layout" shows: what it defines is its own, what those two and the looks
// that all our pages share define is common.
func NewPages(files fs.FS, dir string) (Pages, error) {
	static, err := fs.Sub(files, path.Join(dir, "static"))
	if err != nil {
		return Pages{}, err
	}
	assets, err := NewAssets(static, "/static/")
	if err != nil {
		return Pages{}, err
	}
	templates, err := fs.Sub(files, path.Join(dir, "templates"))
	if err != nil {
		return Pages{}, err
	}
	byName, err := parsePages(templates)
	return Pages{assets, byName}, err
}

// parsePages parses the templates in files' top directory.
func parsePages(files fs.FS) (map[string]*template.Template, error) {
	common, err := template.ParseFS(looks, "look/parts.html")
	if err != nil {
		return nil, err
	}
	if common, err = common.ParseFS(files, "layout.html", "parts.html"); err != nil {
		return nil, err
	}
	names, err := fs.Glob(files, "*.html")
	if err != nil {
		return nil, err
	}
	byName := map[string]*template.Template{}
	for _, name := range names {
		own, err := common.Clone()
		if err != nil {
			return nil, err
		}
		if own, err = own.ParseFS(files, name); err != nil {
			return nil, err
		}
		byName[strings.TrimSuffix(name, ".html")] = own
	}
	return byName, nil
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
