package registry

import (
	"embed"
	"io"
	"net/http"
	"time"

	"gradebook/service/web"
)

//go:embed page
var pageFiles embed.FS

// policy lets the page load the registry's own files and read its stream, and
// nothing else.
const policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'"

// pageEvery is how often a live page is drawn without a change: heartbeats are
// none, and people want to see them.
const pageEvery = time.Second

// renderPage returns g as of now in HTML.
func renderPage(pages web.Pages, g Graph, now time.Time) ([]byte, error) {
	return pages.Render("registry", newPageView(g, pages.Assets, now))
}

// getFace answers the root in the form that the client reads: a page that
// stays up to date for browsers, and a table for a terminal.
func (s *Server) getFace(w http.ResponseWriter, r *http.Request) error {
	h := w.Header()
	h.Set("Vary", "Accept")
	h.Set("Cache-Control", "no-store")
	switch {
	case web.Accepts(r, "text/event-stream"):
		return s.streamPage(w, r)
	case web.Accepts(r, "text/html"):
		return s.showPage(w, r)
	}
	h.Set("Content-Type", "text/plain; charset=utf-8")
	g := s.graph(r)
	_, err := io.WriteString(w, g.text(time.Now()))
	return err
}

func (s *Server) showPage(w http.ResponseWriter, r *http.Request) error {
	html, err := renderPage(s.pages, s.graph(r), time.Now())
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	_, err = w.Write(html)
	return err
}

// streamPage sends the whole page at each change and every second. The script
// in it replaces what differs.
func (s *Server) streamPage(w http.ResponseWriter, r *http.Request) error {
	leave, err := s.watchers.enter()
	if err != nil {
		return err
	}
	defer leave()
	return s.stream(w, r, pageEvery, func() (message, <-chan struct{}, error) {
		s.mu.Lock()
		changed := s.journal.wait() // before the graph is taken: what changes then is another event
		s.mu.Unlock()
		html, err := renderPage(s.pages, s.graph(r), time.Now())
		return message{data: html}, changed, err
	})
}
