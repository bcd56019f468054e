package portal

import (
	"net/http"
	"time"

	"gradebook/grades"
	"gradebook/log"
	"gradebook/registry"
	"gradebook/service/telemetry"
	"gradebook/service/web"
)

// Server serves the portal's pages. It is a web.App and safe for concurrent use.
type Server struct {
	mux    *web.Mux
	pages  web.Pages
	grades *grades.Client
	logs   *log.Client
	watch  *watch
	now    func() time.Time
}

// Open returns the portal. It needs no data directory and no other service to
// be there: a page whose service is away says so.
func Open(env web.Env, _ *telemetry.Metrics) (web.App, error) {
	pages, err := web.NewPages(files, ".")
	if err != nil {
		return nil, err
	}
	s := &Server{
		pages:  pages,
		grades: grades.NewClient(env.Client),
		logs:   log.NewClient(env.Client),
		watch:  newWatch(registry.NewClient(env.Client).Graph, time.Now),
		now:    time.Now,
	}
	s.routes(newGateway(env.Client.Transport, env.Draining))
	return s, nil
}

// policy lets a page load the portal's own stylesheet and images and nothing
// else, so text that escaped its escaping could still do nothing.
const policy = "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	s.mux.ServeHTTP(w, r)
}

// Close ends what the portal does beside its requests.
func (s *Server) Close() error {
	s.watch.close()
	return nil
}
