package grades

import (
	"context"
	"flag"
	"maps"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"gradebook/service/store"
	"gradebook/service/telemetry"
	"gradebook/service/web"
)

// Server is the grading service.
type Server struct {
	store   *store.Store[*Book, Record]
	formats map[string]Format
	changes *telemetry.CounterVec
	mux     *web.Mux
	surveys chan struct{} // holds one while statistics of all classes are made
}

// Flags declares the flags of the service.
func Flags(fs *flag.FlagSet) {
	fs.Bool("sample", true, "put the sample class into an empty data directory")
}

// Open returns the function that opens the service, with the kinds of files it
// reads and writes by name.
func Open(formats map[string]Format) func(web.Env, *telemetry.Metrics) (web.App, error) {
	return func(env web.Env, metrics *telemetry.Metrics) (web.App, error) {
		s, err := openServer(formats, env, metrics, store.Options{})
		if err != nil {
			return nil, err
		}
		return s, nil
	}
}

// openServer opens the service on a book with these options.
func openServer(formats map[string]Format, env web.Env, metrics *telemetry.Metrics, o store.Options) (*Server, error) {
	s := &Server{
		formats: formats,
		changes: metrics.Counter("gradebook_changes_total", "Changes of the book that were made.", "action"),
		mux:     web.NewMux(web.Problems(problems)),
		surveys: make(chan struct{}, 1),
	}
	o.Logger, o.Fatal = env.Logger, env.Fatal
	var err error
	if s.store, err = store.Open(filepath.Join(env.DataDir, "book"), new(Book), o); err != nil {
		return nil, err
	}
	metrics.GaugeFunc("gradebook_revision", "Revision of the book.", func() float64 { return float64(s.store.Revision()) })
	if err := s.addSample(env.Flag("sample") == "true"); err != nil {
		s.store.Close()
		return nil, err
	}
	s.routes()
	return s, nil
}

// addSample puts the sample class into a book that was never written to.
func (s *Server) addSample(wanted bool) error {
	_, err := s.store.Do(context.Background(), func(b *Book, _ time.Time) (Record, bool, error) {
		return sampleRecord(), wanted && b.revision == 0, nil
	})
	return err
}

// routes is the API.
func (s *Server) routes() {
	for pattern, handler := range map[string]web.HandlerFunc{
		"GET /students":                                      s.getStudents,
		"POST /students":                                     s.write(s.postStudent),
		"GET /students/{student}":                            s.getStudent,
		"PATCH /students/{student}":                          s.write(s.patchStudent),
		"DELETE /students/{student}":                         s.write(s.deleteStudent),
		"POST /students/{student}/grades":                    s.write(s.postGrade),
		"GET /classes":                                       s.getClasses,
		"POST /classes":                                      s.write(s.postClass),
		"GET /classes/{class}":                               s.getClass,
		"PATCH /classes/{class}":                             s.write(s.patchClass),
		"DELETE /classes/{class}":                            s.write(s.deleteClass),
		"GET /classes/{class}/assignments":                   s.getAssignments,
		"POST /classes/{class}/assignments":                  s.write(s.postAssignment),
		"PATCH /classes/{class}/assignments/{assignment}":    s.write(s.patchAssignment),
		"DELETE /classes/{class}/assignments/{assignment}":   s.write(s.deleteAssignment),
		"GET /classes/{class}/students":                      s.getRoster,
		"POST /classes/{class}/students":                     s.write(s.postEnrollment),
		"DELETE /classes/{class}/students/{student}":         s.write(s.deleteEnrollment),
		"GET /classes/{class}/gradebook":                     s.getGradebook,
		"GET /classes/{class}/grades/{student}/{assignment}": s.getCell,
		"PUT /classes/{class}/grades/{student}/{assignment}": s.write(s.putCell),
		"POST /classes/{class}/grades":                       s.write(s.postCells),
		"GET /classes/{class}/history":                       s.getClassHistory,
		"GET /students/{student}/history":                    s.getStudentHistory,
		"POST /classes/{class}/preview":                      s.postPreview,
		"GET /classes/{class}/checks":                        s.getChecks,
		"GET /classes/{class}/statistics":                    s.getClassStatistics,
		"GET /statistics":                                    s.getStatistics,
		"POST /classes/{class}/undo":                         s.write(s.postClassUndo),
		"POST /students/{student}/undo":                      s.write(s.postStudentUndo),
		"POST /imports":                                      s.postImport,
		"GET /classes/{class}/export":                        s.getExport,

		"GET /classes/{class}/students/{student}/explanation": s.getExplanation,
	} {
		s.mux.Handle(pattern, handler)
	}
}

// Routes returns what the service says of its routes.
func (s *Server) Routes() []web.Route { return s.mux.Routes() }

func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

// Close closes the book; no request may be under way.
func (s *Server) Close() error { return s.store.Close() }

// format returns the format that the query names.
func (s *Server) format(r *http.Request) (Format, error) {
	name := r.URL.Query().Get("format")
	if f, ok := s.formats[name]; ok {
		return f, nil
	}
	return nil, web.Invalid(http.StatusBadRequest, web.FieldError{
		Field: "format", Detail: "must be one of " + strings.Join(slices.Sorted(maps.Keys(s.formats)), ", "),
	})
}
