package portal

import (
	"net/http"

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

// render answers with p. It is rendered before anything is sent, so an error
// can still become a page of its own.
func (s *Server) render(w http.ResponseWriter, r *http.Request, p page) error {
	f := frame{page: p, Pulse: pulseOf(s.watch.look(r.Context())), Assets: s.pages.Assets}
	html, err := s.pages.Render(p.Template, f)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "private, no-cache")
	if p.Status != 0 {
		w.WriteHeader(p.Status)
	}
	w.Write(html) // a reader who has gone cannot be told
	return nil
}
