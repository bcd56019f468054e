package log

import (
	"embed"
	"net/http"

	"gradebook/service/web"
)

//go:embed page
var pageFiles embed.FS

// policy lets a page load the log's own files and read its stream, and nothing else: what an entry
// says can do nothing even if it escaped its escaping.
const policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

// page is one answer for people.
type page struct {
	Template string // the name of its file, without ".html"
	Title    string
	Section  string // of the navigation: logs, traces, alerts or ""
	Status   int    // 0 is 200
	View     any    // what the template shows
}

// frame is what the layout shows around a page.
type frame struct {
	page
	Assets *web.Assets
	Pulse  pulse
}

// pulse says in the head of each page whether all is well.
type pulse struct{ Kind, Text string }

func newPulse(firing int) pulse {
	if firing == 0 {
		return pulse{"", "No alert fires"}
	}
	return pulse{"bad", web.Count(firing, "alert fires", "alerts fire")}
}

// show answers with p. It is rendered before anything is sent, so an error can still become a page
// of its own.
func (s *Server) show(w http.ResponseWriter, p page) error {
	html, err := s.pages.Render(p.Template, frame{page: p, Assets: s.pages.Assets, Pulse: newPulse(int(s.alerts.firing()))})
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-store")
	h.Add("Vary", "Accept")
	if p.Status != 0 {
		w.WriteHeader(p.Status)
	}
	w.Write(html) // a reader who has gone cannot be told
	return nil
}

// face answers the root in the form that the client reads: a page for browsers, the lines that
// come after it as its script asks for them, and examples for a terminal.
func (s *Server) face(w http.ResponseWriter, r *http.Request) error {
	switch {
	case web.Accepts(r, "text/event-stream"):
		return s.follow(w, r)
	case web.Accepts(r, "text/html"):
		return s.showLines(w, r)
	}
	return s.help(w, r)
}

// fail answers a request that a handler could not: with a page for people, else with a problem.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	if r.Method != http.MethodGet || !web.Accepts(r, "text/html") {
		web.Problems(problem)(w, r, err)
		return
	}
	p := web.AsProblem(err, problem)
	if p.Status >= http.StatusInternalServerError {
		web.Report(w, err)
	}
	if web.Started(w) {
		return
	}
	for name, values := range p.Header {
		w.Header()[name] = values
	}
	if err := s.show(w, page{Template: "failure", Title: heading(p), Status: p.Status, View: newFailure(p, r)}); err != nil {
		web.Problems(problem)(w, r, err)
	}
}

// failure is a page that says what is wrong.
type failure struct {
	Status        int
	Title, Detail string
	Request       string // its id, which leads to the cause; "" where that is said already
}

func newFailure(p *web.Problem, r *http.Request) failure {
	f := failure{Status: p.Status, Title: heading(p), Detail: p.Detail}
	if p.Status >= http.StatusInternalServerError {
		f.Request = web.RequestID(r.Context())
	}
	return f
}

// heading is what is wrong in a few words.
func heading(p *web.Problem) string {
	switch p.Status {
	case http.StatusBadRequest:
		return "This search is not understood"
	case http.StatusNotFound:
		return "There is nothing here"
	}
	return p.Title
}
