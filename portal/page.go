package portal

import (
	"bytes"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"strings"

	"gradebook/service/web"
)

// page is one answer in HTML.
type page struct {
	Template string // the name of its file, without ".html"
	Title    string
	Section  string // of the navigation: classes, students, status, logs or ""
	Status   int    // 0 is 200
	View     any    // what the template shows
}

// frame is what the layout shows around a page.
type frame struct {
	page
	Pulse  pulse
	Assets *web.Assets
}

// pages holds the parsed templates by name. Each is the layout and the parts
// with one page's "main".
type pages map[string]*template.Template

func parsePages() (pages, error) {
	shared, err := template.ParseFS(files, "templates/layout.html", "templates/parts.html")
	if err != nil {
		return nil, err
	}
	names, err := fs.Glob(files, "templates/*.html")
	if err != nil {
		return nil, err
	}
	parsed := pages{}
	for _, name := range names {
		own, err := shared.Clone()
		if err != nil {
			return nil, err
		}
		if own, err = own.ParseFS(files, name); err != nil {
			return nil, err
		}
		parsed[strings.TrimSuffix(path.Base(name), ".html")] = own
	}
	return parsed, nil
}

// render answers with p. It is rendered before anything is sent, so an error
// can still become a page of its own.
func (s *Server) render(w http.ResponseWriter, r *http.Request, p page) error {
	var b bytes.Buffer
	f := frame{page: p, Pulse: pulseOf(s.watch.look(r.Context())), Assets: s.assets}
	if err := s.pages[p.Template].ExecuteTemplate(&b, "layout", f); err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "private, no-cache")
	if p.Status != 0 {
		w.WriteHeader(p.Status)
	}
	w.Write(b.Bytes()) // a reader who has gone cannot be told
	return nil
}
